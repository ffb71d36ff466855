"""An organisation made with the tool itself, a reporter, and a staff door to speak to."""

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from argon2 import low_level

from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.envelope import SERVER_SEALED, Kind, Prefix
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.crypto.local_ca import Issued, make_authority
from mustshare_api.crypto.receipts import ReceiptKeys, bundle_hash, keys_of
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.sealing import AttachmentSealer, seal_message
from mustshare_api.crypto.suite import sha256, signer
from mustshare_api.domain.message import (
    AttachmentName,
    FollowUpBody,
    Message,
    TipBody,
    encode_message,
)
from mustshare_api.keytool.main import main
from tests.keytool.fake_door import FakeDoor, serving

PASSPHRASE = "anchor meadow lantern copper violin harvest"
CHEAP_KIB = 19 * 1024
START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass
class MovedClock:
    """Stands still until it is moved."""

    instant: datetime = START

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return self.instant.timestamp()

    def advance(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass
class Tool:
    """Runs `mustshare-key` in this process, in one folder."""

    folder: Path
    clock: MovedClock
    capsys: pytest.CaptureFixture[str]

    @property
    def home(self) -> Path:
        return self.folder / "somsri"

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def run(self, *argv: str, lang: str = "en") -> Ended:
        self.capsys.readouterr()
        code = main([*argv, "--lang", lang], clock=self.clock, memory_kib=CHEAP_KIB)
        captured = self.capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    def unlocked(self, *argv: str, home: str = "somsri", lang: str = "en") -> Ended:
        """A command that needs the officer's passphrase."""
        own = ("--home", self.path(home), "--passphrase-file", self.path("passphrase"))
        return self.run(*argv, *own, lang=lang)

    def offline(self, *argv: str, lang: str = "en") -> Ended:
        return self.run(*argv, "--home", str(self.home), lang=lang)

    def officer(self) -> Officer:
        octets = (self.home / "officer.msk").read_bytes()
        return Officer.parse(open_key_file(octets, PASSPHRASE))

    def sign(self, note: str, *roots: str) -> None:
        for root in roots:
            ended = self.run(
                "directory", "sign", self.path(note), "--key", self.path(f"{root}.root.msk"),
                "--passphrase-file", self.path("passphrase"),
            )  # fmt: skip
            assert ended.code == 0, ended.err

    def propose(self, note: str, serial: int, deployment: str = "new", **more: str) -> Ended:
        options = [f"--{name}={value}" for name, value in more.items()]
        return self.run(
            "directory", "propose", "--cards", str(self.home / "somsri.card"),
            "--serial", str(serial), "--deployment", deployment, "--out", self.path(note),
            *options,
        )  # fmt: skip

    def deployment(self) -> str:
        return notes.parse((self.folder / "directory").read_bytes()).deployment_id.hex()


@pytest.fixture(scope="session", autouse=True)
def stretched_once() -> Iterator[None]:
    """Copies of the same few key files are opened again and again, with the same passphrase."""
    remembered = lru_cache(maxsize=256)(low_level.hash_secret_raw)
    with mock.patch.object(low_level, "hash_secret_raw", remembered):
        yield


def write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three roots of which two sign, one officer, and a signed directory. Made once."""
    return make_organisation(tmp_path_factory.mktemp("organisation"), PASSPHRASE)


def make_organisation(folder: Path, passphrase: str) -> Path:
    """The same in a folder, all of its key files behind one passphrase."""
    write_private(folder / "passphrase", f"{passphrase}\n")
    clock = MovedClock()

    def run(*argv: str) -> None:
        assert main(argv, clock=clock, memory_kib=CHEAP_KIB) == 0

    secret = ("--passphrase-file", str(folder / "passphrase"))
    names = ("anan", "busaba", "chai")
    for name in names:
        run("root", "init", name, "--out", str(folder), *secret)
    publics = [str(folder / f"{name}.root.pub") for name in names]
    run("roots", "make", *publics, "--k", "2", "--out", str(folder / "roots"))
    run("init", "somsri", "--home", str(folder / "somsri"), *secret)
    run(
        "directory", "propose", "--cards", str(folder / "somsri" / "somsri.card"),
        "--serial", "7", "--deployment", "new", "--out", str(folder / "directory"),
    )  # fmt: skip
    for name in names[:2]:
        key = str(folder / f"{name}.root.msk")
        run("directory", "sign", str(folder / "directory"), "--key", key, *secret)
    return folder


@pytest.fixture(scope="session")
def authority() -> Issued:
    return make_authority(SystemClock().now())


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def tool(
    organisation: Path, tmp_path: Path, clock: MovedClock, capsys: pytest.CaptureFixture[str]
) -> Tool:
    """The tool, in a copy of the organisation's folder."""
    folder = tmp_path / "organisation"
    shutil.copytree(organisation, folder)
    return Tool(folder, clock, capsys)


@pytest.fixture
def door(tool: Tool, authority: Issued, tmp_path: Path) -> Iterator[FakeDoor]:
    """A door with the directory and nothing else; the officer's folder is connected to it."""
    officer = tool.officer()
    keys = {officer.signing_kid.hex(): officer.verify_key}
    fake = FakeDoor(tool.clock, keys, (tool.folder / "directory").read_bytes())
    ca = tool.folder / "ca.pem"
    ca.write_bytes(authority.certificate_pem)
    with serving(fake, authority, tmp_path):
        ended = tool.offline(
            "connect", fake.url, "--ca", str(ca), "--roots", tool.path("roots")
        )
        assert ended.code == 0, ended.err
        yield fake


@dataclass
class Reporter:
    """Somebody who sends a tip, and reads the answer."""

    door: FakeDoor
    recipients: list[bytes]
    clock: MovedClock
    keys: ReceiptKeys = field(default_factory=lambda: keys_of(secrets.token_bytes(32)))
    tip_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def tip(self) -> str:
        return self.tip_id.hex()

    def sent_at(self) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def prefix(self, kind: Kind, object_id: bytes, flags: int = 0) -> Prefix:
        return Prefix(kind, flags, self.tip_id, object_id, bundle_hash(self.keys.bundle))

    def send(
        self, message: Message, kind: Kind = Kind.TIP, *, server_sealed: bool = False
    ) -> str:
        return self.send_octets(encode_message(message), kind, server_sealed=server_sealed)

    def send_octets(
        self, content: bytes, kind: Kind = Kind.TIP, *, server_sealed: bool = False
    ) -> str:
        object_id = secrets.token_bytes(16)
        prefix = self.prefix(kind, object_id, SERVER_SEALED if server_sealed else 0)
        sign = signer(self.keys.sign_seed)
        self.door.objects[object_id.hex()] = seal_message(
            prefix, self.recipients, content, sign
        )
        self.door.add_tip(self.tip_id, self.keys.bundle)
        return object_id.hex()

    def send_text(self, text: str, *attachments: AttachmentName, **fields: Any) -> str:
        body = TipBody(self.sent_at(), text, attachments=list(attachments), **fields)
        return self.send(body)

    def follow_up(self, text: str) -> str:
        return self.send(FollowUpBody(self.sent_at(), text), Kind.FOLLOW_UP_FROM_REPORTER)

    def attach(
        self,
        content: bytes,
        kind: Kind = Kind.ATTACHMENT_FROM_REPORTER,
        *,
        server_sealed: bool = True,
    ) -> AttachmentName:
        object_id = secrets.token_bytes(16)
        flags = SERVER_SEALED if server_sealed and not kind.is_by_staff else 0
        prefix = self.prefix(kind, object_id, flags)
        sealer = AttachmentSealer(prefix, self.recipients, len(content))
        octets = sealer.head + sealer.update(content) + sealer.finalize()
        self.door.objects[object_id.hex()] = octets
        return AttachmentName(
            id=object_id.hex(),
            sha256=sha256(content).hex(),
            media_type="image/jpeg",
            size_bytes=len(content),
            removed=["location", "camera"],
        )


@pytest.fixture
def reporter(door: FakeDoor, tool: Tool) -> Reporter:
    """A reporter who seals to whom the directory names."""
    roots = parse_roots((tool.folder / "roots").read_bytes())
    today = bangkok_day(tool.clock.now())
    read = notes.verify(door.directory, roots, today=today, newer_than=None)
    return Reporter(door, [entry.public_key for entry in read.recipients(today)], tool.clock)
