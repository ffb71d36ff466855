"""What GeoReport v2 calls a campaign, a question and a cell, and how requests are asked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from mustshare_api.api.operation import Parameter
from mustshare_api.api.plane.maps import band_of
from mustshare_api.clock import BANGKOK
from mustshare_api.domain.campaign import CampaignShown
from mustshare_api.domain.questions import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    Question,
    YesNoQuestion,
)
from mustshare_api.errors import Malformed
from mustshare_api.store.points import ShownCell

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
        )

    def takes(self, request: dict[str, Any], on: date) -> bool:
        """Whether a request is among them."""
        return (
            (self.ids is None or request["service_request_id"] in self.ids)
            and (self.codes is None or request["service_code"] in self.codes)
            and self.start <= on <= self.end
            and request["status"] in self.states
        )


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


def service_of(campaign: CampaignShown) -> dict[str, Any]:
    """A campaign as a service."""
    return {
        "service_code": campaign.slug,
        "service_name": campaign.title.th,
        "description": campaign.summary.th,
        "metadata": bool(campaign.questions),
        "type": "blackbox",
        "keywords": (campaign.hashtag or "").removeprefix("#"),
        "group": "campaign",
    }


def attribute_of(order: int, question: Question) -> dict[str, Any]:
    """A question as an attribute."""
    hint = question.hint.th if question.hint else ""
    made: dict[str, Any] = {
        "variable": True,
        "code": question.id,
        "datatype": _datatype(question),
        "required": question.required,
        "datatype_description": hint,
        "order": order,
        "description": question.label.th,
    }
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        made["values"] = [{"key": o.value, "name": o.label.th} for o in question.options]
    if isinstance(question, YesNoQuestion):
        made["values"] = [{"key": "true", "name": "ใช่"}, {"key": "false", "name": "ไม่ใช่"}]
    return made


def _datatype(question: Question) -> str:
    """The standard's own word for the type of an answer."""
    kinds: Iterable[tuple[type[Any], str]] = (
        (NumberQuestion, "number"),
        (DateQuestion, "datetime"),
        (ParagraphQuestion, "text"),
        (YesNoQuestion, "singlevaluelist"),
        (ChoiceQuestion, "singlevaluelist"),
        (ChoicesQuestion, "multivaluelist"),
    )
    return next((name for kind, name in kinds if isinstance(question, kind)), "string")


def request_of(
    campaign: CampaignShown, cell: ShownCell, k: int, *, is_now_open: bool
) -> dict[str, Any]:
    """A shown cell as a request."""
    band, (latitude, longitude) = band_of(cell, k), cell.cell.middle
    count = f"{band.at_least}-{band.at_most}" if band.at_most else f"{band.at_least}+"
    stamp = datetime.combine(cell.shown_on, time(), BANGKOK).isoformat()
    return {
        "service_request_id": f"{campaign.slug}.{cell.cell.name}",
        "status": "open" if is_now_open else "closed",
        "status_notes": None,
        "service_name": campaign.title.th,
        "service_code": campaign.slug,
        "description": f"{campaign.title.th} · {campaign.title.en}: {count}",
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": stamp,
        "updated_datetime": stamp,
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": latitude,
        "long": longitude,
        "media_url": None,
    }
