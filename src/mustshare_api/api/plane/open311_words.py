"""What GeoReport v2 calls a campaign, a question and a cell."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from mustshare_api.api.plane.maps import band_of
from mustshare_api.clock import BANGKOK
from mustshare_api.domain.campaign import CampaignCard
from mustshare_api.domain.questions import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    NumberQuestion,
    ParagraphQuestion,
    Question,
    YesNoQuestion,
)
from mustshare_api.flows.public_campaigns import MapCell

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_CHANGESET: Final = "2026-11-23T00:00:00+07:00"
"""The day on which what is offered here last changed in kind."""


def discovered(base: str, path: str) -> dict[str, Any]:
    """What the standard's service discovery asks of a server."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}{path}",
        "changeset": _CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {
        "changeset": _CHANGESET,
        "contact": f"{base}/docs",
        "key_service": "No key is needed to read; tips go to POST /v1/tips.",
        "endpoints": [endpoint],
    }


def service_of(campaign: CampaignCard) -> dict[str, Any]:
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


def request_of(found: MapCell, *, is_now_open: bool) -> dict[str, Any]:
    """A shown cell as a request."""
    campaign, cell = found.campaign, found.cell
    band, (latitude, longitude) = band_of(cell, found.k), cell.cell.middle
    count = f"{band.at_least}-{band.at_most}" if band.at_most else f"{band.at_least}+"
    stamp = datetime.combine(cell.shown_on, time(), BANGKOK).isoformat()
    return {
        "service_request_id": found.name,
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
