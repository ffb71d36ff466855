"""How GeoReport v2 asks for requests: by id, service, status and time, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mustshare_api.api.operation import Parameter
from mustshare_api.clock import BANGKOK
from mustshare_api.domain.campaign import is_open
from mustshare_api.errors import Malformed
from mustshare_api.flows.public_campaigns import MapCell

REQUESTS_MOST: Final = 1000
"""The standard's own bound for one answer."""

_STAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):([0-5][0-9]|60)(?:\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_FORMS: Final = {
    "service_request_id": re.compile(r"[a-z0-9._-]{1,89}(,[a-z0-9._-]{1,89}){0,9}"),
    "service_code": re.compile(r"[a-z0-9-]{1,63}(,[a-z0-9-]{1,63}){0,9}"),
    "status": re.compile(r"(open|closed)(,(open|closed))?"),
    "jurisdiction_id": re.compile(r"[A-Za-z0-9._-]{1,60}"),
    "page": re.compile(r"[1-9][0-9]{0,5}"),
    "page_size": re.compile(r"[1-9][0-9]{0,2}|1000"),
}
"""What is asked for, but times. All at their longest together still are a target we read."""


def _form(name: str) -> dict[str, str]:
    if name not in _FORMS:
        return {"type": "string", "format": "date-time"}
    return {"type": "string", "pattern": f"^({_FORMS[name].pattern})$"}


PARAMETERS: Final = tuple(
    Parameter(name, "query", text, _form(name))
    for name, text in (
        ("service_request_id", "Some alone, at most ten, with commas between."),
        ("service_code", "Of some campaigns, at most ten, with commas between."),
        ("start_date", "From the day of this W3C time on."),
        ("end_date", "Up to the day of this W3C time."),
        ("status", "`open`, `closed`, or both with a comma between."),
        ("jurisdiction_id", "Passed over: there is one."),
        ("page", "Which page of them, from 1 on. One behind the last is empty."),
        ("page_size", "How many stand on a page, at most 1,000."),
    )
)
_ASKED: Final = frozenset(each.name for each in PARAMETERS)


@dataclass(frozen=True, slots=True)
class Query:
    """Which requests are asked for."""

    ids: frozenset[str] | None
    codes: frozenset[str] | None
    start: date
    end: date
    states: frozenset[str]
    page: int
    size: int

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> "Query":
        """Reads the query.

        Raises:
            Malformed: `open311.bad_query`.
        """
        said = dict(pairs)
        if not said.keys() <= _ASKED or len(said) < len(pairs):
            raise Malformed("open311.bad_query")
        for name, pattern in _FORMS.items():
            if name in said and pattern.fullmatch(said[name]) is None:
                raise Malformed("open311.bad_query")
        return cls(
            _several(said.get("service_request_id")),
            _several(said.get("service_code")),
            _day(said.get("start_date"), date.min),
            _day(said.get("end_date"), date.max),
            _several(said.get("status")) or frozenset({"open", "closed"}),
            int(said.get("page", "1")),
            int(said.get("page_size", REQUESTS_MOST)),
        )

    def of_page(self, cells: Sequence[MapCell], today: date) -> list[MapCell]:
        """Those that are asked for, of the page that is asked for."""
        found = [one for one in cells if self._takes(one, today)]
        return found[(self.page - 1) * self.size :][: self.size]

    def _takes(self, one: MapCell, today: date) -> bool:
        return (
            (self.ids is None or one.name in self.ids)
            and (self.codes is None or one.campaign.slug in self.codes)
            and self.start <= one.cell.shown_on <= self.end
            and state_of(one, today) in self.states
        )


def state_of(one: MapCell, today: date) -> str:
    """Open for as long as its campaign takes tips."""
    return "open" if is_open(one.campaign, today) else "closed"


def _several(value: str | None) -> frozenset[str] | None:
    return None if value is None else frozenset(value.split(","))


def _day(value: str | None, otherwise: date) -> date:
    """The Bangkok day of a W3C time.

    Raises:
        Malformed: `open311.bad_query`.
    """
    if value is None:
        return otherwise
    found = _STAMP.fullmatch(value)
    if found is None:
        raise Malformed("open311.bad_query")
    try:  # a leap second is of its minute's day, and a fraction of its second's
        return datetime.fromisoformat(f"{found[1]}:00{found[3]}").astimezone(BANGKOK).date()
    except ValueError:
        raise Malformed("open311.bad_query") from None
    except OverflowError:  # midnight there is before or behind all days that are counted
        return date.min if value.startswith("0001") else date.max
