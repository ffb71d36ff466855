"""Custodians and their sets, releases and drills, for tests of escrow and of recoveries.

Put in a test file: `from tests.keytool.escrow.custodians import made_once, vault  # noqa: F401`
"""

import shutil
from pathlib import Path

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.entries import Entry
from mustshare_api.keytool.main import main
from tests.keytool.conftest import CHEAP_KIB, Ended, MovedClock, Tool

CUSTODIANS = ("dao", "ek", "fon")


def secret(tool: Tool) -> tuple[str, str]:
    return ("--passphrase-file", tool.path("passphrase"))


def make_set(tool: Tool, name: str = "vault", m: int = 2) -> Ended:
    files = [tool.path(f"{each}.custodian") for each in CUSTODIANS]
    return tool.run(
        "escrow", "make", name, "--custodians", *files, "--m", str(m),
        "--out", str(tool.folder),
    )  # fmt: skip


@pytest.fixture(scope="session")
def made_once(organisation: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of three custodians, made once: each key costs a stretching."""
    folder = tmp_path_factory.mktemp("custodians")
    make_custodians(folder, organisation / "passphrase")
    return folder


def make_custodians(folder: Path, passphrase_file: Path) -> None:
    """Their key files and what they hand out."""
    passphrase = ("--passphrase-file", str(passphrase_file))
    for name in CUSTODIANS:
        argv = ("custodian", "init", name, "--out", str(folder), *passphrase)
        assert main(argv, clock=MovedClock(), memory_kib=CHEAP_KIB) == 0


@pytest.fixture
def vault(tool: Tool, made_once: Path) -> Tool:
    """Three custodians and a set of theirs, which any two bring back."""
    shutil.copytree(made_once, tool.folder, dirs_exist_ok=True)
    assert make_set(tool).code == 0
    return tool


def listed(tool: Tool, name: str, serial: int, *more: Entry) -> bytes:
    """A directory that lists this set's key and further lines, signed by two roots."""
    old = notes.parse((tool.folder / "directory").read_bytes())
    line = (tool.folder / f"{name}.escrow.entry").read_text().removesuffix("\n")
    draft = notes.compose(
        deployment_id=old.deployment_id,
        serial=serial,
        issued_on=old.issued_on,
        expires_on=old.expires_on,
        entries=[*old.entries, Entry.parse(line), *more],
    )
    (tool.folder / f"directory-{serial}").write_bytes(draft)
    tool.sign(f"directory-{serial}", "anan", "busaba")
    return (tool.folder / f"directory-{serial}").read_bytes()


def release(tool: Tool, name: str, escrow_set: str = "vault", box: str = "flood") -> Ended:
    return tool.run(
        "escrow", "release", tool.path(f"{escrow_set}.escrow"),
        "--key", tool.path(f"{name}.custodian.msk"), "--to", tool.path(f"{box}.box"),
        "--out", str(tool.folder), *secret(tool),
    )  # fmt: skip


def begin(tool: Tool, box: str = "flood") -> Ended:
    return tool.run("escrow", "begin", box, "--out", str(tool.folder), *secret(tool))


def drill(tool: Tool, *names: str, escrow_set: str = "vault", box: str = "flood") -> Ended:
    files = [tool.path(f"{name}.release") for name in names]
    return tool.unlocked(
        "escrow", "drill", tool.path(f"{escrow_set}.escrow"), "--released", *files,
        "--key", tool.path(f"{box}.box.msk"), "--json",
    )  # fmt: skip
