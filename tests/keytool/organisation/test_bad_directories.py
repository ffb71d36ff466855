"""Every directory that is not to be believed, by name: one line, and nothing is written over.

Each is handed to `directory publish` on a machine that believes directory 7. The fault is
found here, before a passphrase is asked for and before the door hears of it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.keys import seal_key_file
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.signatory import RootSecret
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Tool
from tests.keytool.organisation.test_proposing import follow, read

Fault = Callable[[Tool], None]


def draft(tool: Tool, *roots: str) -> Path:
    """Directory 8, signed by these."""
    if not (tool.folder / "next").exists():
        assert follow(tool).code == 0
    tool.sign("next", *roots)
    return tool.folder / "next"


def too_few(tool: Tool) -> None:
    draft(tool, "anan")


def doubled(tool: Tool) -> None:
    note = draft(tool, "anan")
    text, _, signature = note.read_bytes().rpartition("— ".encode())
    note.write_bytes(text + 2 * ("— ".encode() + signature))


def wrong(tool: Tool) -> None:
    """A signature of another text, beside two that hold."""
    note = draft(tool, "anan", "busaba")
    other = follow(tool, "--days", "9", out="other")
    assert other.code == 0
    tool.sign("other", "chai")
    line = (tool.folder / "other").read_bytes().rpartition("— ".encode())[2]
    note.write_bytes(note.read_bytes() + "— ".encode() + line)


def foreign(tool: Tool) -> None:
    """Two signatures, of which one is by a root that nobody here pinned, under a known name."""
    note = draft(tool, "anan")
    stranger = RootSecret.new("busaba")
    note.write_bytes(notes.sign(note.read_bytes(), stranger.name, stranger.seed))


def rolled_back(tool: Tool) -> None:
    older = read(tool, "directory")
    entries = older.entries
    octets = notes.compose(
        deployment_id=older.deployment_id,
        serial=6,
        issued_on=older.issued_on,
        expires_on=older.expires_on,
        entries=entries,
    )
    (tool.folder / "next").write_bytes(octets)
    draft(tool, "anan", "busaba")


def same_serial(tool: Tool) -> None:
    tool.propose("next", 7, tool.deployment(), days="20")
    draft(tool, "anan", "busaba")


def other_deployment(tool: Tool) -> None:
    tool.propose("next", 8)
    draft(tool, "anan", "busaba")


def expired(tool: Tool) -> None:
    draft(tool, "anan", "busaba")
    tool.clock.advance(days=29)


def not_yet(tool: Tool) -> None:
    draft(tool, "anan", "busaba")
    tool.clock.advance(days=-1)


def truncated(tool: Tool) -> None:
    note = draft(tool, "anan", "busaba")
    note.write_bytes(note.read_bytes()[:-30])


def edited(tool: Tool) -> None:
    note = draft(tool, "anan", "busaba")
    note.write_bytes(note.read_bytes().replace(b"serial 8", b"serial 9"))


def a_line_taken_out(tool: Tool) -> None:
    note = draft(tool, "anan", "busaba")
    lines = note.read_bytes().split(b"\n")
    note.write_bytes(b"\n".join(line for line in lines if not line.startswith(b"case ")))


def something_else(tool: Tool) -> None:
    shutil.copy(tool.folder / "anan.root.msk", tool.folder / "next")


FAULTS: dict[str, tuple[Fault, str]] = {
    "too few signatures": (too_few, "Too few"),
    "one signature doubled": (doubled, "Too few"),
    "a wrong signature beside enough": (wrong, "Too few"),
    "a foreign root under a known name": (foreign, "Too few"),
    "rolled back": (rolled_back, "older than one seen before"),
    "the same serial, another text": (same_serial, "older than one seen before"),
    "another deployment": (other_deployment, "another deployment"),
    "expired": (expired, "has expired"),
    "not yet in force": (not_yet, "dated in the future"),
    "truncated": (truncated, "cannot be read"),
    "edited": (edited, "Too few"),
    "a line taken out": (a_line_taken_out, "Too few"),
    "no directory at all": (something_else, "cannot be read"),
}


@pytest.mark.parametrize(("fault", "says"), FAULTS.values(), ids=FAULTS)
def test_a_directory_that_is_not_to_be_believed_changes_nothing(
    tool: Tool, fault: Fault, says: str
) -> None:
    """It is named with its fault, and the one that was believed stays."""
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))
    kept = tool.home / "directory.note"
    kept.write_bytes((tool.folder / "directory").read_bytes())
    fault(tool)
    before = [(tool.folder / "next").read_bytes(), kept.read_bytes()]

    ended = tool.offline("directory", "publish", tool.path("next"))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.count("\n") == 1
    assert ended.err.startswith(f"{tool.path('next')}: ")
    assert says in ended.err
    assert [(tool.folder / "next").read_bytes(), kept.read_bytes()] == before


def lowered(tool: Tool) -> str:
    """The pin file, saying that one root is enough."""
    file = tool.folder / "lowered"
    file.write_bytes((tool.folder / "roots").read_bytes().replace(b"k 2", b"k 1"))
    return str(file)


def test_a_lowered_k_is_not_pinned_over_the_true_one(tool: Tool) -> None:
    """It is another set of roots, however alike."""
    tool.offline("connect", "https://127.0.0.1:1", "--roots", tool.path("roots"))
    before = (tool.home / "roots").read_bytes()

    ended = tool.offline("connect", "https://127.0.0.1:1", "--roots", lowered(tool))
    assert ended.code == 1
    assert "Other roots are pinned" in ended.err
    assert (tool.home / "roots").read_bytes() == before


def test_a_lowered_k_has_another_fingerprint(tool: Tool) -> None:
    """Whoever reads out the digits hears it."""
    honest = tool.run("roots", "show", tool.path("roots"), "--json").data
    other = tool.run("roots", "show", lowered(tool), "--json").data

    assert (honest["k"], other["k"]) == (2, 1)
    assert honest["fingerprint"] != other["fingerprint"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda octets: octets[:-1],
        lambda octets: octets.replace(b"k 2", b"k 0"),
        lambda octets: octets.replace(b"k 2", b"k 9"),
        lambda octets: octets + octets.splitlines(keepends=True)[-1],
        lambda octets: octets.replace(b"anan+", b"anah+"),
    ],
    ids=["truncated", "k-of-nothing", "k-too-high", "doubled-root", "edited-name"],
)
def test_a_pin_file_that_protects_nobody_is_refused_by_name(
    tool: Tool, damage: Callable[[bytes], bytes]
) -> None:
    """By every command that reads one."""
    file = tool.folder / "pins"
    file.write_bytes(damage((tool.folder / "roots").read_bytes()))
    for command in (
        ("roots", "show", str(file)),
        ("directory", "check", tool.path("directory"), "--roots", str(file)),
        ("connect", "https://127.0.0.1:1", "--roots", str(file), "--home", str(tool.home)),
    ):
        ended = tool.run(*command)
        assert ended.code == 1
        assert ended.err.startswith(f"{file}: The roots are malformed")
    assert not (tool.home / "roots").exists()


def test_a_root_key_that_nobody_pinned_signs_to_no_avail(tool: Tool) -> None:
    """Its line is there, and counts for nothing with whoever checks."""
    stranger = RootSecret.new("anan")
    kid = parse_roots((tool.folder / "roots").read_bytes()).keys[0].public_key[:16]
    octets = seal_key_file(stranger.encode(), PASSPHRASE, kid, memory_kib=CHEAP_KIB)
    (tool.folder / "anan.root.msk").write_bytes(octets)
    note = draft(tool, "anan", "busaba")

    ended = tool.run("directory", "check", str(note), "--roots", tool.path("roots"))
    assert ended.code == 1
    assert "Too few" in ended.err
