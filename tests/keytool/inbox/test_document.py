"""docs/desk.md shows what a terminal shows: every line of it is typed here."""

import re
from pathlib import Path

from mustshare_api.crypto.receipts import keys_of
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.inbox.test_tying import publish
from tests.runbook.transcripts import Pause, compare, sections, words

DOCUMENT = Path(__file__).parents[3] / "docs" / "desk.md"


def test_every_line_of_the_document_is_true(tool: Tool, reporter: Reporter) -> None:
    """Section by section, on two tips that were sent before."""
    reporter.send_text(
        "เสาไฟกินรีต้นละแสน ตั้งในป่า", category="building", campaign="lamp-posts", place="100101"
    )
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    publish(reporter.door, kinnari_lamp_posts="a1" * 16)
    other.send_text("เสาไฟหงส์ อีกจังหวัด ราคาเดียวกัน", category="building", place="500101")
    known: dict[str, str] = {}
    typed = 0
    for section in sections(DOCUMENT):
        for step in section.steps:
            assert not isinstance(step, Pause)
            program, *argv = words(step.command, known)
            ended = tool.unlocked(*argv)
            said = ended.out + ended.err if ended.code != 2 else ""
            tool.clock.advance(seconds=1)
            typed += 1
            assert (program, ended.code) == ("mustshare-key", step.exit_code), step.command
            differs = compare(step.expected, said, known)
            assert differs is None, f"{step.command}\n{differs}"
    assert typed > 25


def test_the_document_names_every_command_of_the_desk() -> None:
    """A command that is not on the page is one that no officer finds."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in (
        "inbox", "show", "assign", "label", "note", "check", "verify", "set-aside", "merge",
        "search", "desk", "tie", "untie", "case tips",
    ):  # fmt: skip
        assert re.search(rf"mustshare-key {name}\b", text), name
