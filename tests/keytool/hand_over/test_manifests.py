"""A received folder against its manifest: whole, as signed, by whom, and nothing slipped in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.hand_over.agencies import NAME, Agency, received


def verified(tool: Tool, folder: Path, *more: str) -> Ended:
    """As an agency does it: with the pin file, and nothing of an officer's."""
    return tool.run(
        "manifest", "verify", str(folder), "--roots", tool.path("roots"),
        "--home", tool.path("nobody"), *more,
    )  # fmt: skip


@pytest.fixture
def folder(tool: Tool, reporter: Reporter, tmp_path: Path) -> Path:
    """What an agency unpacked."""
    photo = reporter.attach(b"photo" * 100)
    message = reporter.send_text("ถนนพัง", photo)
    tool.unlocked("sync")
    chosen = ("--messages", message, "--attachments", photo.id)
    return received(tool, Agency(tmp_path), reporter.tip, *chosen)


def test_a_whole_folder_holds(tool: Tool, folder: Path) -> None:
    """For whoever pinned the roots; the directory comes with it."""
    ended = verified(tool, folder)

    assert ended.code == 0, ended.err
    assert f"Whole: 4 files, handed over by somsri to {NAME} on 2026-11-23" in ended.out
    data = verified(tool, folder, "--json").data
    assert [file["name"] for file in data["files"]] == [
        "directory.txt", "files/1.jpg", "readme.txt", "report.txt",
    ]  # fmt: skip
    assert data["withheld"] == {"field": 1}


def add_stranger(folder: Path) -> None:
    (folder / "files" / "2.jpg").write_bytes(b"never sent")


def add_link(folder: Path) -> None:
    (folder / "files" / "2.jpg").symlink_to("/etc/passwd")


def swap_for_link(folder: Path) -> None:
    path = folder / "report.txt"
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")


def edit(name: str, before: bytes, after: bytes) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        path = folder / name
        octets = path.read_bytes()
        assert before in octets
        path.write_bytes(octets.replace(before, after, 1))

    return do


def list_twice(folder: Path) -> None:
    path = folder / "manifest.txt"
    lines = path.read_bytes().split(b"\n")
    again = next(line for line in lines if line.endswith(b"report.txt"))
    path.write_bytes(path.read_bytes().replace(again, again + b"\n" + again))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file changed": (edit("report.txt", "ถนน".encode(), "บ้าน".encode()), "report.txt is not"),
    "one byte changed": (edit("files/1.jpg", b"photo", b"phOto"), "1.jpg is not"),
    "a file gone": (lambda f: (f / "files" / "1.jpg").unlink(), "listed and not there"),
    "a file added": (add_stranger, "not listed"),
    "a link added": (add_link, "not listed"),
    "a file swapped for a link": (swap_for_link, "report.txt is not"),
    "another agency": (edit("manifest.txt", b"agency ", b"agency x"), "signature"),
    "a hash changed": (edit("manifest.txt", b"file ", b"file 0"), "no manifest"),
    "a name that leads out": (edit("manifest.txt", b"report.txt", b"../r.txt"), "no manifest"),
    "a file listed twice": (list_twice, "no manifest"),
    "a count changed": (edit("manifest.txt", b"field 1", b"field 2"), "signature"),
    "a kind that is none": (edit("manifest.txt", b"field 1", b"x 1"), "no manifest"),
    "cut short": (edit("manifest.txt", b"\n\n", b"\n"), "no manifest"),
    "no manifest": (lambda f: (f / "manifest.txt").unlink(), "Cannot read"),
    "huge": (lambda f: (f / "manifest.txt").write_bytes(b"x" * (1 << 19)), "Cannot read"),
    "the directory changed": (edit("directory.txt", b"serial 7", b"serial 8"), "Too few"),
    "no directory": (lambda f: (f / "directory.txt").unlink(), "Cannot read"),
}  # fmt: skip


def test_a_folder_that_is_not_as_it_was_sent_is_refused(
    tool: Tool, folder: Path, tmp_path: Path
) -> None:
    """Each fault with one line that says which file and why."""
    for name, (spoil, said) in BAD.items():
        spoilt = tmp_path / name
        shutil.copytree(folder, spoilt)
        spoil(spoilt)
        ended = verified(tool, spoilt)
        assert (ended.code, ended.out) == (1, ""), name
        assert said in ended.err, (name, ended.err)
        assert len(ended.err.strip().split("\n")) == 1, name


def test_a_manifest_of_strangers_is_refused(tool: Tool, folder: Path) -> None:
    """Another organisation's roots vouch for nothing here."""
    tool.propose("other", 8, tool.deployment())
    tool.sign("other", "anan", "busaba")
    ended = verified(tool, folder, "--directory", tool.path("other"))

    assert (ended.code, "not at hand" in ended.err) == (1, True)
