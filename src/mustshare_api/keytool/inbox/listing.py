"""The inbox: one row a tip, and the filters by which an officer narrows it down.

Everything but state, days and a link in clear was sealed: it is asked of the
register, and never of the door.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from mustshare_api.domain.deadlines import deadlines
from mustshare_api.keytool.inbox.at_desk import About, AtDesk, Summary, TipFacts
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.place_names import is_in, name_of
from mustshare_api.keytool.inbox.tied import Case, asked_case, cases_through
from mustshare_api.keytool.staff_door.wire import TipEntry

NOBODY: Final = "none"
ME: Final = "me"

_SETTLED: Final = frozenset({"closed", "set_aside"})
"""Where nothing is owed to the reporter any more that a day could say."""


@dataclass(frozen=True, slots=True)
class Row:
    """A tip in the inbox."""

    tip: TipFacts
    about: About
    desk: Summary
    unread: int
    today: date
    cases: tuple[Case, ...] = ()
    """Those that it is tied to, and those of its duplicates."""

    @property
    def tip_id(self) -> str:
        """Its id."""
        return self.tip.tip_id

    @property
    def is_overdue(self) -> bool:
        """Whether its reporter waits for longer than they were told."""
        return is_overdue(self.tip, self.today)

    def data(self) -> dict[str, Any]:
        """For machines."""
        due = deadlines(self.tip.received_on)
        return {
            "tip_id": self.tip.tip_id,
            "state": self.tip.state,
            "received_on": self.tip.received_on.isoformat(),
            "acknowledge_by": due.acknowledge_by.isoformat(),
            "answer_by": due.answer_by.isoformat(),
            "expires_on": self.tip.expires_on.isoformat() if self.tip.expires_on else None,
            "answered": self.tip.answered,
            "overdue": self.is_overdue,
            "unread": self.unread,
            "category": self.about.category,
            "campaign": self.about.campaign,
            "place": self.about.place,
            "place_name": {one: name_of(self.about.place, one) for one in ("th", "en")},
            "case": self.about.case,
            "about": self.tip.about,
            "headline": self.about.headline,
            "officer": self.desk.officer,
            "labels": sorted(self.desk.labels),
            "notes": self.desk.notes,
            "merged_into": self.desk.merged_into,
            "relation": self.desk.relation,
            "cases": sorted(self.desk.cases),
            "case_names": [case.name for case in self.cases],
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; whatever is not given lets everything through."""

    states: Sequence[str] = ()
    labels: Sequence[str] = ()
    campaign: str | None = None
    category: str | None = None
    place: str | None = None
    """The code of a province, district or sub-district."""
    first_on: date | None = None
    last_on: date | None = None
    officer: str | None = None
    unread: bool = False
    overdue: bool = False
    case: str | None = None
    """As typed; it is looked up on the desk that is listed."""

    def checks(self, me: str, case: Case | None) -> list[Callable[[Row], bool]]:
        """What a row has to pass, by the filters that are given.

        A link in clear counts as a sealed one does.
        """
        given: tuple[tuple[object, Callable[[Row], bool]], ...] = (
            (self.states, lambda r: r.tip.state in self.states),
            (self.labels, lambda r: set(self.labels) <= r.desk.labels),
            (self.campaign, lambda r: _answers(r, "campaign", self.campaign or "")),
            (case, lambda r: case is not None and _is_of(r, case)),
            (self.category, lambda r: r.about.category == self.category),
            (self.place, lambda r: is_in(r.about.place, self.place or "")),
            (self.first_on, lambda r: r.tip.received_on >= (self.first_on or date.min)),
            (self.last_on, lambda r: r.tip.received_on <= (self.last_on or date.max)),
            (self.officer is not None, lambda r: self._is_theirs(r.desk.officer, me)),
            (self.unread, lambda r: bool(r.unread)),
            (self.overdue, lambda r: r.is_overdue),
        )
        return [check for wanted, check in given if wanted]

    def _is_theirs(self, officer: str | None, me: str) -> bool:
        if self.officer == NOBODY:
            return officer is None
        return officer == (me if self.officer == ME else self.officer)


def rows(desk: AtDesk, filters: Filters) -> list[Row]:
    """The tips that live and are let through, the newest day first.

    Raises:
        Refusal: `case.unknown`, `case.ambiguous`.
    """
    case = asked_case(desk, filters.case) if filters.case is not None else None
    abouts, named, nothing = desk.abouts(), _Named.of(desk), About()
    found = (_row(desk, tip, abouts.get(tip.tip_id, nothing), named) for tip in desk.living())
    checks = filters.checks(desk.officer.name, case)
    wanted = (row for row in found if all(check(row) for check in checks))
    return sorted(wanted, key=lambda row: _order(row.tip))


@dataclass(frozen=True, slots=True)
class Listing:
    """The tips of a list in order. A row is made when it is looked at, and kept nowhere."""

    desk: Desk
    tips: Sequence[TipEntry]
    named: "_Named"

    @classmethod
    def of(cls, desk: Desk, filters: Filters, found: Collection[str] | None = None) -> Self:
        """What is let through, and of that what a search found, the newest day first.

        Raises:
            Refusal: as `rows`.
        """
        if filters == Filters():
            tips = sorted(desk.living(), key=_order)
        else:
            tips = [desk.tips[row.tip_id] for row in rows(desk, filters)]
        wanted = tips if found is None else [tip for tip in tips if tip.tip_id in found]
        return cls(desk, wanted, _Named.of(desk))

    def row(self, at: int) -> Row:
        """The row of a tip by its place in the list."""
        tip = self.tips[at]
        return _row(self.desk, tip, self.desk.about_tip(tip.tip_id), self.named)

    def place_of(self, tip_id: str, otherwise: int) -> int:
        """Where a tip stands in the list, if it does."""
        places = (at for at, tip in enumerate(self.tips) if tip.tip_id == tip_id)
        return next(places, otherwise)


def _order(tip: TipFacts) -> tuple[int, str]:
    return -tip.received_on.toordinal(), tip.tip_id


def row_of(desk: AtDesk, tip: TipFacts) -> Row:
    """One tip's row."""
    return _row(desk, tip, desk.about_tip(tip.tip_id), _Named.of(desk))


def is_overdue(tip: TipFacts, today: date) -> bool:
    """Whether its reporter waits for longer than they were told."""
    if tip.answered or tip.state in _SETTLED:
        return False
    due = deadlines(tip.received_on)
    seen_to = tip.steps > 0
    return today > (due.answer_by if seen_to else due.acknowledge_by)


@dataclass(frozen=True, slots=True)
class _Named:
    """What the cases of tips are called, and which tips have some by their duplicates."""

    slugs: Mapping[str, str]
    through: Mapping[str, set[str]]

    @classmethod
    def of(cls, desk: AtDesk) -> "_Named":
        return cls(desk.case_slugs(), cases_through(desk))

    def cases(self, tip_id: str, tied: frozenset[str]) -> tuple[Case, ...]:
        """All of a tip's, in the order of their names."""
        found = [Case(i, self.slugs.get(i)) for i in tied | self.through.get(tip_id, set())]
        return tuple(sorted(found, key=lambda case: case.name))


def _row(desk: AtDesk, tip: TipFacts, about: About, named: _Named) -> Row:
    written = desk.summary_of(tip.tip_id)
    cases = named.cases(tip.tip_id, written.cases) if written.cases or named.through else ()
    return Row(tip, about, written, desk.unread_of(tip.tip_id), desk.today, cases)


def _answers(row: Row, kind: str, slug: str) -> bool:
    """Whether a reporter linked the tip to a page, inside the envelope or in clear."""
    sealed = row.about.campaign if kind == "campaign" else row.about.case
    return slug == sealed or row.tip.about == f"{kind}/{slug}"


def _is_of(row: Row, case: Case) -> bool:
    """Whether a tip is of a case: tied, by a duplicate, or as its reporter said."""
    if case.page_id is not None and any(one.page_id == case.page_id for one in row.cases):
        return True
    return case.slug is not None and _answers(row, "case", case.slug)
