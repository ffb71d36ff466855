"""What an export refuses: each with one line, nothing written, nothing written over."""

from dataclasses import replace
from pathlib import Path

import pytest

from mustshare_api.crypto.keys import seal_key_file
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.hand_over.agencies import NAME, Agency, exported
from tests.unit.crypto.test_age import CLASSICAL, TEXT

MESSAGE = "ถนนพัง"


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path)


def refused(tool: Tool, agency: Agency, tip: str, *more: str, code: int = 1) -> str:
    """The one line."""
    ended = exported(tool, agency, tip, *more)
    assert (ended.code, ended.out) == (code, "")
    assert not Path(tool.path("out.age")).exists()
    assert not list(tool.folder.glob(".part-*"))
    (line,) = ended.err.strip().split("\n")
    return line


def test_a_choice_that_names_nothing_is_refused(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """Nothing goes by default, and no slip of an id or number picks something else."""
    photo = reporter.attach(b"photo")
    message = reporter.send_text(MESSAGE, photo)
    other = reporter.follow_up("second")
    tool.unlocked("sync")
    tip = reporter.tip

    assert "Nothing is chosen" in refused(tool, agency, tip)
    assert "No such message" in refused(tool, agency, tip, "--messages", "0000")
    assert "No such message" in refused(tool, agency, tip, "--messages", message[:3])
    assert "No such message" in refused(tool, agency, tip, "--messages", photo.id)
    assert "No such attachment" in refused(tool, agency, tip, "--attachments", message)
    more = ("--messages", message, "--cut")
    assert "A cut is" in refused(tool, agency, tip, *more, f"{message}:0-7")
    assert "A cut is" in refused(tool, agency, tip, *more, f"{other}:0-1")
    assert "A cut is" in refused(tool, agency, tip, *more, "nonsense")
    assert "No such message" in refused(tool, agency, tip, *more, "0000:0-1")
    assert exported(tool, agency, tip, "--include", "everything").code == 2


def test_keys_that_are_no_post_quantum_keys_are_refused(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """Before a passphrase is asked for, and beside good ones too."""
    message = reporter.send_text(MESSAGE)
    tool.unlocked("sync")
    for text, said in (
        (CLASSICAL, "classical"),
        (f"{TEXT}\n{CLASSICAL}", "classical"),
        (TEXT[:-1], "malformed"),
        ("", "malformed"),
        ("#" * 70_000, "Cannot read"),
    ):
        key = tool.folder / "bad.pub"
        key.write_text(text)
        ended = tool.unlocked(
            "export", reporter.tip, "--to", str(key), "--agency", NAME,
            "--out", tool.path("out.age"), "--messages", message,
        )  # fmt: skip
        assert (ended.code, said in ended.err) == (1, True), ended.err
        assert not Path(tool.path("out.age")).exists()


def test_a_file_that_is_there_is_not_written_over(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """It may be the only copy of what another agency was given."""
    message = reporter.send_text(MESSAGE)
    tool.unlocked("sync")
    Path(tool.path("out.age")).write_bytes(b"precious")

    ended = exported(tool, agency, reporter.tip, "--messages", message)

    assert ended.code == 1
    assert Path(tool.path("out.age")).read_bytes() == b"precious"


def test_a_file_that_does_not_open_leaves_nothing_behind(
    tool: Tool, agency: Agency, reporter: Reporter, door: FakeDoor
) -> None:
    """Changed, not there, or nothing that can be stripped: the whole export is refused."""
    changed, gone = reporter.attach(b"a" * 200_000), reporter.attach(b"b")
    document = reporter.attach(b"%PDF-1.7 no picture", server_sealed=False)
    reporter.send_text(MESSAGE, changed, gone, document)
    octets = bytearray(door.objects[changed.id])
    octets[-1] ^= 1
    door.objects[changed.id] = bytes(octets)
    del door.objects[gone.id]
    tool.unlocked("sync")

    line = refused(tool, agency, reporter.tip, "--attachments", changed.id, code=4)
    assert "The envelope was changed" in line
    assert "not on this machine" in refused(
        tool, agency, reporter.tip, "--attachments", gone.id
    )
    line = refused(tool, agency, reporter.tip, "--attachments", document.id)
    assert "cannot be stripped" in line


def test_an_agencys_name_is_one_visible_line(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """What is signed looks on paper like what was signed."""
    message = reporter.send_text(MESSAGE)
    tool.unlocked("sync")
    for name in ("a\nb", "a\u202eb", "ก" * 67):
        ended = tool.unlocked(
            "export", reporter.tip, "--to", agency.public, "--agency", name,
            "--out", tool.path("out.age"), "--messages", message,
        )  # fmt: skip
        assert (ended.code, "one line" in ended.err) == (1, True)
        assert not Path(tool.path("out.age")).exists()


def test_an_officer_whom_no_directory_lists_hands_nothing_over(
    tool: Tool, agency: Agency, reporter: Reporter
) -> None:
    """Nobody could check the manifest."""
    message = reporter.send_text(MESSAGE)
    tool.unlocked("sync")
    known = tool.officer()
    stranger = replace(known, signing_seed=bytes(32))
    octets = seal_key_file(
        stranger.encode(), PASSPHRASE, stranger.signing_kid, memory_kib=CHEAP_KIB
    )
    (tool.home / "officer.msk").write_bytes(octets)

    assert "lists this officer" in refused(tool, agency, reporter.tip, "--messages", message)


def test_an_export_says_what_it_lacks(tool: Tool, reporter: Reporter) -> None:
    """Where to, for whom, into which file."""
    reporter.send_text(MESSAGE)
    tool.unlocked("sync")

    ended = tool.unlocked("export", reporter.tip, "--messages", "0000")

    assert ended.code == 1
    assert "--to, --agency and --out" in ended.err
