"""Every kind of file the tool reads, spoilt in every way: refused by name, nothing written."""

import argparse
import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mustshare_api.crypto.local_ca import Issued
from mustshare_api.keytool.main import command_line
from tests.keytool.conftest import PASSPHRASE, Ended, MovedClock, Tool
from tests.keytool.every_file import (
    KEY_FILES,
    KINDS,
    NO_FORMAT,
    WRITTEN_BY_HAND,
    Files,
    make_files,
    reach,
)
from tests.keytool.fake_door import FakeDoor
from tests.keytool.file_kind import Kind

OTHERS = "oyster bamboo kettle anthem walnut prairie"


def truncated(octets: bytes) -> bytes:
    return octets[: len(octets) // 2]


def edited(octets: bytes, at: int | None) -> bytes:
    at = len(octets) // 2 if at is None else at % len(octets)
    return octets[:at] + bytes([octets[at] ^ 2]) + octets[at + 1 :]


def emptied(_: bytes) -> bytes:
    return b""


def downgraded(octets: bytes) -> bytes:
    """One pass of Argon2id instead of three, one root instead of two, or an earlier format."""
    if octets.startswith(b"MSK1"):
        return octets[:5] + b"\1" + octets[6:]
    if b"k 2\n" in octets:
        return octets.replace(b"k 2\n", b"k 1\n")
    return octets.replace(b"1", b"0", 1)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    each.__name__: each for each in (truncated, emptied, downgraded)
}
ALL = (*DAMAGE, "edited", "swapped", "foreign", "replayed")


def is_possible(kind: Kind, damage: str) -> bool:
    """Not every kind has an older one, a format's number, or belongs to somebody."""
    needs = {
        "foreign": kind.stays_foreign,
        "replayed": kind.older is not None,
        "downgraded": kind.versioned,
    }
    return needs.get(damage, True)


CASES = [
    (name, damage)
    for name, kind in KINDS.items()
    for damage in ALL
    if is_possible(kind, damage)
]


@dataclass
class Made:
    """Both organisations, made once in a run."""

    ours: Files
    theirs: Path


@pytest.fixture(scope="session")
def kept_by_the_run() -> dict[str, Made]:
    return {}


@pytest.fixture
def made(
    kept_by_the_run: dict[str, Made],
    tmp_path_factory: pytest.TempPathFactory,
    authority: Issued,
    capsys: pytest.CaptureFixture[str],
) -> Made:
    """What the first test that needs it makes, and every other copies."""
    if "made" not in kept_by_the_run:
        ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
        make_files(theirs, OTHERS, authority, capsys)
        files = make_files(ours, PASSPHRASE, authority, capsys)
        kept_by_the_run["made"] = Made(files, theirs)
    return kept_by_the_run["made"]


@pytest.fixture
def whole(
    made: Made, tmp_path: Path, authority: Issued, capsys: pytest.CaptureFixture[str]
) -> Iterator[Files]:
    """A copy of our files, all of them whole, and the door."""
    folder = tmp_path / "ours"
    shutil.copytree(made.ours.tool.folder, folder)
    first = made.ours.door
    door = FakeDoor(MovedClock(), first.signing_keys, first.directory, dict(first.objects))
    door.tips, door.log = dict(first.tips), first.log
    files = Files(Tool(folder, MovedClock(), capsys), door)
    with files.serving(authority, tmp_path):
        reach(files.tool, door)
        yield files


def spoil(files: Files, kind: Kind, damage: str, theirs: Path) -> None:
    """Spoils a file."""
    file = files.tool.folder / kind.file
    octets = file.read_bytes()
    if damage in DAMAGE:
        file.write_bytes(DAMAGE[damage](octets))
    elif damage == "edited":
        file.write_bytes(edited(octets, kind.edit_at))
    elif damage == "swapped":
        file.write_bytes(swapped_for(kind, files.tool.folder))
    elif damage == "foreign":
        file.write_bytes((theirs / kind.file).read_bytes())
    elif kind.older is not None:
        file.write_bytes((files.tool.folder / kind.older).read_bytes())
    assert file.read_bytes() != octets


def swapped_for(kind: Kind, folder: Path) -> bytes:
    """A whole file of another kind, behind the same passphrase where it has one."""
    if kind in KEY_FILES.values():
        other = "rescuer/recovery.msk" if "custodian" in kind.file else "dao.custodian.msk"
        return (folder / other).read_bytes()
    return (folder / ("chai.root.pub" if kind.file.endswith("roots") else "roots")).read_bytes()


def state(folder: Path) -> dict[str, bytes]:
    """Every file there is, but for evidence, of which there is more each time."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        str(file.relative_to(folder)): content_of(file)
        for file in files
        if "evidence" not in file.parts
    }


def content_of(file: Path) -> bytes:
    """Its octets; of a database what it holds, since a write of the same changes those."""
    if file.suffix != ".db":
        return file.read_bytes()
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as held:
        return "\n".join(held.iterdump()).encode()


def run(files: Files, kind: Kind) -> Ended:
    """The command of a kind; where it asks for a passphrase, the right one."""
    argv = files.arguments(kind)
    if "passphrase_file" in vars(command_line().parse_args(argv)):
        argv += ["--passphrase-file", files.tool.path("passphrase")]
    return files.tool.run(*argv)


@pytest.mark.parametrize("name", KINDS)
def test_whole_files_are_taken(whole: Files, name: str) -> None:
    """Otherwise the table below would prove nothing. An auditor here is not listed yet."""
    ended = run(whole, KINDS[name])

    assert ended.code == 0 or "does not know your key" in ended.err, ended.err


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_a_spoilt_file_is_refused_by_name_and_nothing_is_written(
    whole: Files, made: Made, name: str, damage: str
) -> None:
    """One line that says which file and why; an exit code; every file as it was."""
    kind = KINDS[name]
    spoil(whole, kind, damage, made.theirs)
    before = state(whole.tool.folder)
    ended = run(whole, kind)

    assert ended.code in {1, 4, 5}
    assert ended.err.count("\n") == 1
    named = [whole.tool.path(each) for each in (kind.file, kind.named) if each]
    assert any(each in ended.err for each in named)
    assert state(whole.tool.folder) == before


def paths_of(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Every option or argument of every command that takes a path."""
    for action in parser._actions:
        if isinstance(action.choices, dict):
            below: dict[str, argparse.ArgumentParser] = action.choices
            for name, each in below.items():
                yield from paths_of(each, f"{words} {name}".strip())
        elif action.type is Path:
            option = action.option_strings[0] if action.option_strings else action.dest
            if option not in NO_FORMAT and f"{words} {option}" not in WRITTEN_BY_HAND:
                yield f"{words} {option}"


def test_no_kind_of_file_is_missing_from_the_table() -> None:
    """A new option that takes a file belongs to a kind, or is named as having no format."""
    known = [argument for kind in KINDS.values() for argument in kind.arguments]

    assert sorted(known) == sorted(paths_of(command_line()))
