"""The guide for front ends, line by line, against a real service."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.guides import blocks, command
from tests.clients.running import run
from tests.service import Service
from tests.shape.tree import ROOT

GUIDE = ROOT / "docs" / "front-end.md"
TIPS_OF = {"sh": 1, "python": 2, "js": 1}


@pytest.mark.parametrize("language", TIPS_OF)
def test_the_guide_says_what_works(
    language: str, service: Service, reach: dict[str, str], desk: Path
) -> None:
    """Typed as it stands, the guide sends its tips, each with what belongs to it."""
    before = {entry["object_id"] for entry in service.stored()}

    run(command(GUIDE, language, desk), desk, reach)

    new = [entry for entry in service.stored() if entry["object_id"] not in before]
    assert [entry["kind"] for entry in new].count(1) == TIPS_OF[language]
    assert 4 in {entry["kind"] for entry in new}, "the photo did not arrive"


def converter() -> tuple[Callable[[dict[str, Any]], dict[str, Any]], list[bytes]]:
    """What the guide makes of a record, and what its own example sent."""
    sent: list[bytes] = []
    world: dict[str, Any] = {
        "json": json,
        "new_receipt": str,
        "ask": lambda *said: sent.append(said[-1]),
    }
    exec(blocks(GUIDE, "python")[-1], world)  # noqa: S102 - what the guide tells its readers to run
    return world["from_traffy"], sent


def test_nothing_but_words_kind_and_place_comes_from_another_service() -> None:
    """What leads back to the record elsewhere, and so to its sender, is left there."""
    _, sent = converter()

    assert json.loads(sent[0]) == {
        "text": "ถนนทรุดหลังซ่อมหนึ่งเดือน",
        "language": "th",
        "category": "road",
        "coordinates": {"latitude": 13.812, "longitude": 100.553, "precision_m": 100},
    }


def test_a_record_of_the_exchange_api_becomes_a_tip_that_the_door_takes(
    service: Service,
) -> None:
    """In the form of the API, with every field that it gives; none but three come along."""
    record = {
        "type": None,
        "org": ["เขตคลองเตย"],
        "description": "ทางเท้าพังหลังส่งงาน\r\n#1555",
        "ticket_id": "2026-ABCDEF",
        "coords": ["100.58395", "13.71421"],
        "photo_url": "https://example.org/a.jpg",
        "after_photo": None,
        "address": "42/10 แขวงพระโขนง เขตคลองเตย กรุงเทพมหานคร 10110",
        "timestamp": "2026-11-05 03:26:26.117157+00",
        "problem_type_abdul": ["", "ทางเท้า"],
        "star": None,
        "count_reopen": "0",
        "note": "ดำเนินการแล้ว",
        "state": "เสร็จสิ้น",
        "last_activity": "2026-11-07 10:08:02.914625+00",
    }
    tip = converter()[0](record)
    taken = service.request(
        "POST", "/v1/tips", json.dumps(tip).encode(), {"Content-Type": "application/json"}
    )

    assert tip == {
        "text": record["description"],
        "language": "th",
        "category": "road",
        "coordinates": {"latitude": 13.714, "longitude": 100.584, "precision_m": 100},
    }
    assert taken.status == 201


@pytest.mark.parametrize(
    ("coords", "found"),
    [
        (["13.71421", "100.58395"], (13.714, 100.584)),
        ("[100.58395, 13.71421]", (13.714, 100.584)),
        ([100.58395, 13.71421], (13.714, 100.584)),
        (["", ""], None),
        ([None, None], None),
        (["0", "0"], None),
        (["nan", "100.5"], None),
        (["100.58395"], None),
        ("", None),
        (None, None),
    ],
)
def test_a_place_that_is_none_costs_nobody_their_tip(
    coords: object, found: tuple[float, float] | None
) -> None:
    """Turned round it is set right; what is no place in Thailand is left out."""
    point = converter()[0]({"description": "พัง", "coords": coords}).get("coordinates")

    assert (point and (point["latitude"], point["longitude"])) == found
