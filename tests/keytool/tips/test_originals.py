"""An untouched original stays sealed until an officer says that it must not."""

import msgspec

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import AttachmentName, AttachmentNotice
from tests.keytool.conftest import Reporter, Tool

ORIGINAL = b"\xff\xd8 names its owner" * 9_000


def sent(reporter: Reporter, *, original: bool = True) -> AttachmentName:
    """A file with a notice that names it."""
    name = msgspec.structs.replace(reporter.attach(ORIGINAL), removed=[], original=original)
    notify(reporter, name)
    return name


def notify(reporter: Reporter, name: AttachmentName) -> None:
    notice = AttachmentNotice(reporter.sent_at(), [name])
    reporter.send(notice, Kind.FOLLOW_UP_FROM_REPORTER)


def test_an_original_is_not_written_unasked(tool: Tool, reporter: Reporter) -> None:
    """Nothing that names its owner lands on a disk because a tip was opened."""
    reporter.send_text("ถนนพัง")
    name = sent(reporter)
    tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)

    assert opened.code == 0, opened.err
    assert "--unsafe-original" in opened.out
    folder = tool.home / "opened" / reporter.tip
    assert [path.name for path in folder.glob(f"{name.id}*")] == []


def test_an_original_is_written_and_marked_when_asked(tool: Tool, reporter: Reporter) -> None:
    """Evidence can be had whole, under a name that says what it is."""
    reporter.send_text("ถนนพัง")
    name = sent(reporter)
    tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip, "--unsafe-original")

    assert opened.code == 0, opened.err
    assert "do not pass it on" in opened.out
    written = tool.home / "opened" / reporter.tip / f"{name.id}.original.jpg"
    assert written.read_bytes() == ORIGINAL


def test_a_second_message_cannot_take_the_flag_back(tool: Tool, reporter: Reporter) -> None:
    """Whoever names a flagged file again as a plain one does not get it written."""
    reporter.send_text("ถนนพัง")
    name = sent(reporter)
    notify(reporter, msgspec.structs.replace(name, original=False))
    tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)

    assert opened.code == 0, opened.err
    folder = tool.home / "opened" / reporter.tip
    assert [path.name for path in folder.glob(f"{name.id}*")] == []


def test_what_was_kept_of_a_picture_is_shown(tool: Tool, reporter: Reporter) -> None:
    """The place and the time that a reporter chose to give are read with the file."""
    reporter.send_text("ถนนพัง")
    name = msgspec.structs.replace(
        reporter.attach(ORIGINAL),
        latitude=13.76,
        longitude=100.5,
        location_precision_m=1000,
        taken_at="2026-11-23T05:48:22",
        utc_offset="+07:00",
    )
    notify(reporter, name)
    tool.unlocked("sync")
    opened = tool.unlocked("open", reporter.tip)

    assert "13.76, 100.5 ± 1000 m" in opened.out
    assert "2026-11-23T05:48:22 +07:00" in opened.out
