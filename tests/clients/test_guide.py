"""The guide for front ends, line by line, against a real service."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.clients.running import run
from tests.programs import program
from tests.service import Service
from tests.shape.tree import ROOT

GUIDE = ROOT / "docs" / "front-end.md"
TIPS_OF = {"sh": 1, "python": 2, "js": 1}


def blocks(language: str) -> list[str]:
    """What the guide says in one language, in its order."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, f"the guide has nothing in {language}"
    return found


def script(language: str) -> str:
    """All of it."""
    return "\n".join(blocks(language))


def command(language: str, folder: Path) -> list[str | Path]:
    """How what the guide says is run."""
    if language == "sh":
        return ["bash", "-euo", "pipefail", "-c", script("sh")]
    name = folder / ("guide.py" if language == "python" else "guide.mjs")
    name.write_text(script(language), "utf-8")
    return [sys.executable if language == "python" else program("node"), name]


@pytest.mark.parametrize("language", TIPS_OF)
def test_the_guide_says_what_works(
    language: str, service: Service, reach: dict[str, str], desk: Path
) -> None:
    """Typed as it stands, the guide sends its tips, each with what belongs to it."""
    before = {entry["object_id"] for entry in service.stored()}

    run(command(language, desk), desk, reach)

    new = [entry for entry in service.stored() if entry["object_id"] not in before]
    assert [entry["kind"] for entry in new].count(1) == TIPS_OF[language]
    assert 4 in {entry["kind"] for entry in new}, "the photo did not arrive"


def test_nothing_but_words_kind_and_place_comes_from_another_service() -> None:
    """What leads back to the record elsewhere, and so to its sender, is left there."""
    sent: list[bytes] = []
    world = {"json": json, "new_receipt": str, "ask": lambda *said: sent.append(said[-1])}

    exec(blocks("python")[-1], world)  # noqa: S102 - what the guide tells its readers to run

    assert json.loads(sent[0]) == {
        "text": "ถนนทรุดหลังซ่อมหนึ่งเดือน",
        "language": "th",
        "category": "road",
        "coordinates": {"latitude": 13.812, "longitude": 100.553, "precision_m": 100},
    }
