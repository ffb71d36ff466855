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

_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_ASKED: Final = frozenset(
    {"service_request_id", "service_code", "start_date", "end_date", "status"}
)
PARAMETERS: Final = tuple(
    Parameter(name, "query", text, {"type": "string", "maxLength": 4000})
    for name, text in (
        ("service_request_id", "Some alone, with commas between."),
        ("service_code", "Of some campaigns, with commas between."),
        ("start_date", "From the day of this W3C time on."),
        ("end_date", "Up to the day of this W3C time."),
        ("status", "`open`, `closed`, or both with a comma between."),
        ("jurisdiction_id", "Passed over: there is one."),
    )
)


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
        said = {name: value for name, value in pairs if name != "jurisdiction_id"}
        if not set(said) <= _ASKED or len(dict(pairs)) < len(pairs):
            raise Malformed("open311.bad_query")
        states = _several(said.get("status")) or frozenset({"open", "closed"})
        if not states <= {"open", "closed"}:
            raise Malformed("open311.bad_query")
        return cls(
            _several(said.get("service_request_id")),
            _several(said.get("service_code")),
            _day(said.get("start_date"), date.min),
            _day(said.get("end_date"), date.max),
            states,
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
    return None if value is None else frozenset(value.split(",")[:REQUESTS_MOST])


def _day(value: str | None, otherwise: date) -> date:
    """The Bangkok day of a W3C time.

    Raises:
        Malformed: `open311.bad_query`.
    """
    if value is None:
        return otherwise
    if _STAMP.fullmatch(value) is None:
        raise Malformed("open311.bad_query")
    try:
        return datetime.fromisoformat(value).astimezone(BANGKOK).date()
    except (ValueError, OverflowError):
        raise Malformed("open311.bad_query") from None


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
