"""The inbox: one row a tip, and the filters by which an officer narrows it down.

Everything but state and days was sealed: it is asked of the register, and never of the door.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.deadlines import deadlines
from mustshare_api.domain.desk import DeskState
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.register import About
from mustshare_api.keytool.staff_door.wire import TipEntry

NOBODY: Final = "none"
ME: Final = "me"

_FROM_REPORTER: Final = frozenset({Kind.TIP, Kind.FOLLOW_UP_FROM_REPORTER})
_SETTLED: Final = frozenset({"closed", "set_aside"})
"""Where nothing is owed to the reporter any more that a day could say."""


@dataclass(frozen=True, slots=True)
class Row:
    """A tip in the inbox."""

    tip: TipEntry
    about: About
    desk: DeskState
    unread: int
    is_overdue: bool

    @property
    def tip_id(self) -> str:
        """Its id."""
        return self.tip.tip_id

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
            "headline": self.about.headline,
            "officer": self.desk.officer,
            "labels": sorted(self.desk.labels),
            "notes": len(self.desk.notes),
            "merged_into": self.desk.merged_into,
            "relation": self.desk.relation,
            "cases": sorted(self.desk.cases),
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; whatever is not given lets everything through."""

    states: Sequence[str] = ()
    labels: Sequence[str] = ()
    campaign: str | None = None
    category: str | None = None
    province: str | None = None
    first_on: date | None = None
    last_on: date | None = None
    officer: str | None = None
    unread: bool = False
    overdue: bool = False

    def let_through(self, row: Row, me: str) -> bool:
        """Whether a row is what is asked for."""
        checks: tuple[Callable[[Row], bool], ...] = (
            lambda r: not self.states or r.tip.state in self.states,
            lambda r: set(self.labels) <= r.desk.labels,
            lambda r: self.campaign in {None, r.about.campaign},
            lambda r: self.category in {None, r.about.category},
            lambda r: not self.province or (r.about.place or "").startswith(self.province),
            lambda r: self.first_on is None or r.tip.received_on >= self.first_on,
            lambda r: self.last_on is None or r.tip.received_on <= self.last_on,
            lambda r: self._is_theirs(r.desk.officer, me),
            lambda r: bool(r.unread) or not self.unread,
            lambda r: r.is_overdue or not self.overdue,
        )
        return all(check(row) for check in checks)

    def _is_theirs(self, officer: str | None, me: str) -> bool:
        if self.officer is None:
            return True
        if self.officer == NOBODY:
            return officer is None
        return officer == (me if self.officer == ME else self.officer)


def rows(desk: Desk, filters: Filters) -> list[Row]:
    """The tips that live and are let through, the newest day first."""
    about = desk.register.about()
    unread = _unread(desk, desk.shelf)
    living = [tip for tip in desk.tips.values() if tip.bundle is not None]
    found = [_row(desk, tip, about.get(tip.tip_id), unread[tip.tip_id]) for tip in living]
    wanted = [row for row in found if filters.let_through(row, desk.officer.name)]
    wanted.sort(key=lambda row: (-row.tip.received_on.toordinal(), row.tip_id))
    return wanted


def row_of(desk: Desk, tip: TipEntry) -> Row:
    """One tip's row."""
    unread = _unread(desk, [tip.tip_id])[tip.tip_id]
    return _row(desk, tip, desk.register.about_tip(tip.tip_id), unread)


def is_overdue(tip: TipEntry, today: date) -> bool:
    """Whether its reporter waits for longer than they were told."""
    if tip.answered or tip.state in _SETTLED:
        return False
    due = deadlines(tip.received_on)
    seen_to = tip.steps > 0
    return today > (due.answer_by if seen_to else due.acknowledge_by)


def _row(desk: Desk, tip: TipEntry, about: About | None, unread: int) -> Row:
    state = desk.state_of(tip.tip_id)
    return Row(tip, about or About(), state, unread, is_overdue(tip, desk.today))


def _unread(desk: Desk, tip_ids: Iterable[str]) -> Counter[str]:
    """How many of a reporter's messages were not read here, by tip."""
    return Counter(
        entry.tip_id
        for tip_id in tip_ids
        for entry in desk.shelf.get(tip_id, ())
        if entry.kind in _FROM_REPORTER and entry.object_id not in desk.read_ids
    )
