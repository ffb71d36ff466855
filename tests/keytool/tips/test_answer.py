"""Answering a tip: what the reporter can read, and who else can."""

import io
import os
from pathlib import Path

import pytest

from mustshare_api.crypto import reply_box
from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.crypto.receipts import bundle_hash, keys_of
from mustshare_api.domain.message import ReplyBody, decode_message
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tip, save_tip
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

PDF = b"%PDF-1.7 " + bytes(range(256)) * 2000


def expected(reporter: Reporter, octets: bytes, kind: Kind) -> Expected:
    object_id = parse_head(octets).prefix.object_id
    return Expected(kind, reporter.tip_id, object_id, bundle_hash(reporter.keys.bundle))


def read_answer(tool: Tool, reporter: Reporter, octets: bytes) -> ReplyBody:
    """What the reporter reads, with nothing but their receipt and the directory."""
    content = reply_box.open_follow_up(
        octets,
        reporter.keys.reply_seed,
        expect=expected(reporter, octets, Kind.FOLLOW_UP_FROM_STAFF),
        verify_key=tool.officer().verify_key,
    )
    message = decode_message(content)
    assert isinstance(message, ReplyBody)
    return message


@pytest.fixture
def synced(tool: Tool, reporter: Reporter) -> Reporter:
    """A reporter whose tip is on the officer's machine."""
    reporter.send_text("ถนนพัง")
    assert tool.unlocked("sync").code == 0
    return reporter


def test_the_reporter_reads_the_answer(tool: Tool, door: FakeDoor, synced: Reporter) -> None:
    """Signed by the officer, at the second it was written."""
    ended = tool.unlocked("answer", synced.tip, "--text", "ขอบคุณ ส่งรูปเพิ่มได้ไหม")

    assert ended.code == 0, ended.err
    (octets,) = door.follow_ups[synced.tip]
    answer = read_answer(tool, synced, octets)
    assert answer.text == "ขอบคุณ ส่งรูปเพิ่มได้ไหม"
    assert answer.sent_at == synced.sent_at()
    assert answer.signed_by == tool.officer().signing_kid.hex()


def test_an_answer_is_sealed_to_the_reporter_and_this_weeks_staff(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """So that colleagues can read what was said."""
    tool.unlocked("answer", synced.tip, "--text", "hello")

    (octets,) = door.follow_ups[synced.tip]
    head = parse_head(octets)
    assert len(head.kids) == 2
    assert head.kids & set(tool.officer().seeds())
    assert head.prefix.flags == 0


def test_staff_see_the_answer_in_the_tip(tool: Tool, door: FakeDoor, synced: Reporter) -> None:
    """With the name that the directory gives its signer."""
    tool.clock.advance(seconds=5)
    tool.unlocked("answer", synced.tip, "--text", "hello")
    (octets,) = door.follow_ups[synced.tip]
    door.objects[parse_head(octets).prefix.object_id.hex()] = octets
    tool.unlocked("sync")

    out = tool.unlocked("open", synced.tip).out
    assert out.index("│ ถนนพัง") < out.index("Staff (somsri)") < out.index("│ hello")


def test_an_answer_by_nobody_in_the_directory_is_not_shown(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Whoever holds the server cannot speak for staff."""
    tool.unlocked("answer", synced.tip, "--text", "hello")
    (octets,) = door.follow_ups[synced.tip]
    door.objects[parse_head(octets).prefix.object_id.hex()] = octets
    tool.unlocked("sync")
    (tool.home / "directory.note").unlink()

    ended = tool.unlocked("open", synced.tip)
    assert ended.code == 4
    assert "Nobody in the directory signed this" in ended.out


def test_files_go_first_and_are_named_in_the_signed_words(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """The words make the answer visible, so they go last."""
    file = tool.folder / "form.pdf"
    file.write_bytes(PDF)
    other = tool.folder / "other.unknown"
    other.write_bytes(b"?")
    door.requests_seen.clear()

    ended = tool.unlocked(
        "answer", synced.tip, "--text", "a form", "--attach", str(file), "--attach", str(other),
        "--unsafe-original",
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert [method for method, _ in door.requests_seen] == ["PUT", "PUT", "POST"]
    (octets,) = door.follow_ups[synced.tip]
    answer = read_answer(tool, synced, octets)
    assert [name.media_type for name in answer.attachments] == [
        "application/pdf",
        "application/octet-stream",
    ]
    tip_id, object_id, follow_up_id, sealed = door.attachments[0]
    assert (tip_id, object_id) == (synced.tip, answer.attachments[0].id)
    assert follow_up_id == parse_head(octets).prefix.object_id.hex()
    head = parse_head(sealed)
    opener = reply_box.StaffAttachmentOpener(
        head.octets,
        synced.keys.reply_seed,
        expect=expected(synced, sealed, Kind.ATTACHMENT_FROM_STAFF),
    )
    assert opener.update(sealed[head.length :]) + opener.finalize() == PDF


def test_no_answer_is_sealed_to_a_key_that_the_tip_does_not_name(
    tool: Tool, door: FakeDoor, synced: Reporter
) -> None:
    """Not even if the state on this disk was edited to say so."""
    other = Reporter(door, synced.recipients, tool.clock, keys=keys_of(b"o" * 32))
    other.tip_id = synced.tip_id
    kept = load_tip(Home(tool.home), synced.tip)
    assert kept is not None
    kept.bundle = other.keys.bundle
    save_tip(Home(tool.home), kept)

    ended = tool.unlocked("answer", synced.tip, "--text", "hello")
    assert ended.code == 1
    assert "another reporter's key" in ended.err
    assert not (tool.home / "outbox").exists()


@pytest.mark.parametrize("text", ["คำตอบ", "two\nlines"])
@pytest.mark.parametrize("way", ["file", "stdin"])
def test_the_words_come_from_a_file_or_standard_input(
    tool: Tool, synced: Reporter, monkeypatch: pytest.MonkeyPatch, text: str, way: str
) -> None:
    """Where no other user of the machine sees them; one last line end is the editor's."""
    octets = f"{text}\n".encode()
    (tool.folder / "words").write_bytes(octets)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(octets)))
    source = ("--file", tool.path("words")) if way == "file" else ()

    ended = tool.unlocked("answer", synced.tip, *source)

    assert ended.code == 0, ended.err
    (sealed,) = synced.door.follow_ups[synced.tip]
    assert read_answer(tool, synced, sealed).text == text


@pytest.mark.parametrize("octets", [b"", b"\xff", b"a\x00b", "ก".encode() * 14_000])
def test_words_that_nobody_could_read_are_refused(
    tool: Tool, door: FakeDoor, synced: Reporter, octets: bytes
) -> None:
    """Empty, not UTF-8, a NUL, or too long; nothing is kept or sent."""
    (tool.folder / "words").write_bytes(octets)

    ended = tool.unlocked("answer", synced.tip, "--file", tool.path("words"))

    assert ended.code == 1
    assert ended.err.count("\n") == 1
    outbox = tool.home / "outbox"
    assert not outbox.exists() or list(outbox.iterdir()) == []
    assert door.follow_ups == {}


@pytest.mark.parametrize("missing", ["nowhere.pdf", ".", "empty"])
def test_a_file_that_cannot_be_read_is_named(
    tool: Tool, door: FakeDoor, synced: Reporter, missing: str
) -> None:
    """And nothing is sent. An empty one the service would refuse for good."""
    (tool.folder / "empty").touch()
    ended = tool.unlocked(
        "answer", synced.tip, "--text", "a", "--attach", str(tool.folder / missing)
    )

    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert door.follow_ups == {}
    assert list((tool.home / "outbox").iterdir()) == []


def test_a_tip_whose_first_object_is_not_here_cannot_be_answered(
    tool: Tool, synced: Reporter
) -> None:
    """Its prefix is what says which key is the reporter's."""
    for file in (tool.home / "objects").iterdir():
        file.unlink()

    assert tool.unlocked("answer", synced.tip, "--text", "a").code == 1


def test_no_answer_is_sealed_past_the_last_week_of_keys(tool: Tool, synced: Reporter) -> None:
    """It would be for the reporter alone, and colleagues could not read what was said."""
    tool.clock.advance(weeks=12)
    tool.propose("last", 8, tool.deployment())
    tool.sign("last", "anan", "chai")
    synced.door.directory = (tool.folder / "last").read_bytes()
    tool.unlocked("sync")
    tool.clock.advance(weeks=1)

    ended = tool.unlocked("answer", synced.tip, "--text", "hello")
    assert ended.code == 1
    assert "epochs extend" in ended.err


def test_a_large_file_is_sealed_in_pieces(
    tool: Tool, door: FakeDoor, synced: Reporter, tmp_path: Path
) -> None:
    """Longer than any one piece that is read, and not a multiple of one."""
    file = tmp_path / "large"
    content = os.urandom(3 * (1 << 18) + 7)
    file.write_bytes(content)
    tool.unlocked(
        "answer", synced.tip, "--text", "a", "--attach", str(file), "--unsafe-original"
    )
    (octets,) = door.follow_ups[synced.tip]
    _, object_id, _, sealed = door.attachments[0]
    door.objects |= {parse_head(octets).prefix.object_id.hex(): octets, object_id: sealed}
    tool.unlocked("sync")

    data = tool.unlocked("open", synced.tip, "--json").data
    written = Path(data["messages"][1]["files"][0]["path"])
    assert written.read_bytes() == content
