"""Every kind of file that the key tool reads, and a command that reads it.

`make_files` makes a folder in which one of each lies whole. Another such folder, of another
organisation, has what is foreign in the first.
"""

import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.local_ca import Issued
from mustshare_api.crypto.roots import parse as parse_roots
from tests.keytool.conftest import MovedClock, Reporter, Tool, make_organisation
from tests.keytool.escrow.custodians import (
    begin,
    listed,
    make_custodians,
    make_set,
    release,
    secret,
)
from tests.keytool.fake_door import FakeDoor, serving
from tests.keytool.file_kind import Kind
from tests.keytool.hand_over.handed_files import HANDED, hand_over

DRILL: Final = (
    "escrow", "drill", "@vault.escrow", "--released", "@dao.release", "@fon.release",
    "--key", "@flood.box.msk",
)  # fmt: skip
RELEASE: Final = (
    "escrow", "release", "@vault.escrow", "--key", "@ek.custodian.msk",
    "--to", "@flood.box", "--out", "@out",
)  # fmt: skip
NEXT: Final = ("directory", "propose", "--from", "@directory", "--out", "@out/next")
SIGN: Final = ("directory", "sign", "@next", "--key", "@anan.root.msk")
CONNECT: Final = ("connect", "https://127.0.0.1:1", "--roots", "@roots")

KEY_FILES: Final[dict[str, Kind]] = {
    "a root's key file": Kind(
        "anan.root.msk", SIGN, ("directory sign --key", "passphrase --key")
    ),
    "an officer's key file": Kind("somsri/officer.msk", ("epochs", "extend"), home="somsri"),
    "an auditor's key file": Kind("daeng/auditor.msk", ("audit", "verify"), home="daeng"),
    "a recovery's key file": Kind("rescuer/recovery.msk", ("audit", "verify"), home="rescuer"),
    "a witness's key file": Kind(
        "partner.witness.msk",
        ("witness", "cosign", "--key", "@partner.witness.msk"),
        ("witness cosign --key",),
        home="daeng",
    ),
    "a custodian's key file": Kind("ek.custodian.msk", RELEASE, ("escrow release --key",)),
    "a box's key file": Kind(
        "flood.box.msk",
        DRILL,
        ("escrow drill --key", "escrow restore --key"),
        home="somsri",
    ),
}

PUBLIC: Final[dict[str, Kind]] = {
    "a pin file": Kind(
        "roots",
        CONNECT,
        (
            "connect --roots", "directory propose --roots", "directory sign --roots",
            "directory check --roots", "roots show roots",
        ),
        home="somsri",
        named="somsri/roots",
    ),
    "a root's public line": Kind(
        "chai.root.pub",
        (
            "roots", "make", "@anan.root.pub", "@chai.root.pub", "--k", "2",
            "--out", "@out/roots",
        ),
        ("roots make public",),
        stays_foreign=False, versioned=False),
    "a card": Kind(
        "arthit.card",
        (*NEXT, "--cards", "@arthit.card"),
        ("directory propose --cards", "cards show card", "agencies add card"),
        stays_foreign=False,
    ),
    "a directory": Kind(
        "next",
        ("directory", "publish", "@next"),
        (
            "directory publish note", "directory check note", "directory sign note",
            "directory show note",
        ),
        home="somsri",
        older="directory",
    ),
    "the directory before": Kind(
        "directory",
        (*NEXT, "--roots", "@roots"),
        ("directory propose --from", "directory sign --from", "directory show --from"),
    ),
    "directory lines": Kind(
        "vault.escrow.entry",
        (*NEXT, "--entry", "@vault.escrow.entry"),
        ("directory propose --entry",),
        stays_foreign=False, versioned=False),
}  # fmt: skip

ESCROW: Final[dict[str, Kind]] = {
    "a custodian's public file": Kind(
        "dao.custodian",
        (
            "escrow", "make", "other", "--custodians", "@dao.custodian", "@ek.custodian",
            "--m", "2", "--out", "@out",
        ),
        ("escrow make --custodians",),
        stays_foreign=False,
    ),
    "an escrow set": Kind(
        "vault.escrow",
        (*RELEASE[:4], "@fon.custodian.msk", *RELEASE[5:]),
        (
            "escrow drill set", "escrow release set", "escrow restore set", "escrow show set",
        ),
        edit_at=-1,
    ),
    "a box": Kind("flood.box", RELEASE, ("escrow release --to",), stays_foreign=False),
    "a release": Kind(
        "dao.release",
        DRILL,
        ("escrow drill --released", "escrow restore --released"),
        home="somsri",
        older="older.release",
        edit_at=-1,
    ),
    "a set of before": Kind(
        "vault.escrow", DRILL, home="somsri", older="vault0.escrow", edit_at=0
    ),
}  # fmt: skip

KEPT: Final[dict[str, Kind]] = {
    "the checkpoint kept": Kind(
        "somsri/checkpoint.note",
        ("sync",),
        home="somsri",
        edit_at=50,
        named="somsri/evidence",
        versioned=False,
    ),
    "the log's key kept": Kind(
        "somsri/log.key", ("sync", "--full"), home="somsri", versioned=False
    ),
    "the pin file kept": Kind(
        "somsri/roots",
        ("directory", "show"),
        home="somsri",
        named="somsri/directory.note",
        versioned=False,
    ),
    "the directory kept": Kind("somsri/directory.note", ("directory", "show"), home="somsri"),
}
"""What lies in an officer's folder."""

KINDS: Final = {**KEY_FILES, **PUBLIC, **ESCROW, **KEPT, **HANDED}

NO_FORMAT: Final = frozenset(
    {
        "--home", "--out", "--attach", "--file", "--attachments", "--passphrase-file",
        "--new-passphrase-file", "--witness-passphrase-file", "--ca", "pictures", "--pictures",
    }
)  # fmt: skip
"""Folders, what is written, what may hold anything, and PEM, which TLS reads."""

WRITTEN_BY_HAND: Final = frozenset(
    f"{kind} {step}"
    for kind in ("case", "article", "campaign")
    for step in ("new folder", "edit folder", "correct folder", "propose folder", "show page")
)
"""A page's own folder: what its writer may get wrong is tested in tests/keytool/cases."""


@dataclass
class Files:
    """A folder with one of each, and the door it was synced with."""

    tool: Tool
    door: FakeDoor

    def serving(self, authority: Issued, folder: Path) -> AbstractContextManager[FakeDoor]:
        """The door, until the block ends."""
        return serving(self.door, authority, folder)

    def arguments(self, kind: Kind) -> list[str]:
        """The command line of a kind; whatever asks for a passphrase is given it."""
        folder = self.tool.folder
        known = [self.tool.path(w[1:]) if w[:1] == "@" else w for w in kind.command]
        names = iter((next(iter(self.door.tips)), next(iter(self.door.objects))))
        argv = [next(names) if w == self.tool.path("@") else w for w in known]
        return [*argv, "--home", str(folder / kind.home)] if kind.home else argv


def make_files(
    folder: Path, passphrase: str, authority: Issued, capsys: pytest.CaptureFixture[str]
) -> Files:
    """An organisation with all its files."""
    make_organisation(folder, passphrase)
    make_custodians(folder, folder / "passphrase")
    tool = Tool(folder, MovedClock(), capsys)
    officer = Officer.parse(open_key_file((tool.home / "officer.msk").read_bytes(), passphrase))
    keys = {officer.signing_kid.hex(): officer.verify_key}
    files = Files(tool, FakeDoor(tool.clock, keys))
    _make_escrow(tool)
    files.door.directory = listed(tool, "vault", 8)
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    with files.serving(authority, folder) as door:
        reach(tool, door)
        send_one(tool, door)
        assert tool.unlocked("sync").code == 0
        hand_over(tool, next(iter(door.tips)), next(iter(door.objects)))
    _make_people(tool)
    (folder / "next").write_bytes(listed(tool, "vault", 9))
    (folder / "out").mkdir()
    return files


def send_one(tool: Tool, door: FakeDoor) -> None:
    """A tip that is in escrow."""
    roots = parse_roots((tool.folder / "roots").read_bytes())
    read = notes.believe(door.directory, roots)
    recipients = [entry.public_key for entry in read.recipients(read.issued_on)]
    Reporter(door, recipients, tool.clock).send_text("one")


def reach(tool: Tool, door: FakeDoor) -> None:
    """Connects every folder to where the door is now."""
    made = tool.offline(
        "connect", door.url, "--ca", tool.path("ca.pem"), "--roots", tool.path("roots")
    )
    assert made.code == 0, made.err
    for other in ("daeng", "rescuer"):
        if (tool.folder / other).exists():
            shutil.copy(tool.home / "server.json", tool.folder / other)


def _make_escrow(tool: Tool) -> None:
    """A set that is listed and one that never was, a box and its releases, an older box's."""
    for name, box in (("vault0", "older"), ("vault", "flood")):
        assert make_set(tool, name).code == begin(tool, box).code == 0
    assert release(tool, "dao", box="older").code == 0
    (tool.folder / "dao.release").rename(tool.folder / "older.release")
    assert release(tool, "dao").code == release(tool, "fon").code == 0


def _make_people(tool: Tool) -> None:
    """An auditor, a recovery and a witness, and a colleague who is not listed yet."""
    for name, role in (("daeng", "auditor"), ("rescuer", "recovery"), ("arthit", "officer")):
        assert tool.unlocked("init", name, "--role", role, home=name).code == 0
        for kept in ("roots", "server.json", "ca.pem", "directory.note"):
            shutil.copy(tool.home / kept, tool.folder / name)
    shutil.copy(tool.folder / "arthit" / "arthit.card", tool.folder)
    where = ("--out", str(tool.folder), *secret(tool))
    assert tool.run("witness", "init", "partner", *where).code == 0
