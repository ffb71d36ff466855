"""The guide for front ends, line by line, against a real service."""

import json
from pathlib import Path

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


def test_nothing_but_words_kind_and_place_comes_from_another_service() -> None:
    """What leads back to the record elsewhere, and so to its sender, is left there."""
    sent: list[bytes] = []
    world = {"json": json, "new_receipt": str, "ask": lambda *said: sent.append(said[-1])}

    exec(blocks(GUIDE, "python")[-1], world)  # noqa: S102 - what the guide tells its readers to run

    assert json.loads(sent[0]) == {
        "text": "ถนนทรุดหลังซ่อมหนึ่งเดือน",
        "language": "th",
        "category": "road",
        "coordinates": {"latitude": 13.812, "longitude": 100.553, "precision_m": 100},
    }
