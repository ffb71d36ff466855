"""The guide for newsrooms, line by line, against a service that has published something."""

from pathlib import Path

import pytest

from tests.clients.guides import command
from tests.clients.running import run
from tests.shape.tree import ROOT

GUIDE = ROOT / "docs" / "press.md"


@pytest.mark.parametrize("language", ["sh", "python"])
def test_the_guide_reads_what_was_published(
    language: str, slug: str, reach: dict[str, str], desk: Path
) -> None:
    """Typed as it stands, the guide finds the case, its figures and its history."""
    said = run(command(GUIDE, language, desk), desk, reach)

    if language == "sh":
        assert slug in (desk / "cases.json").read_text("utf-8")
    else:
        assert "Kinnari lamp posts" in said
        assert "642,000,000 บาท" in said
        assert "published" in said
