"""Makes an organisation to try the service with, once, on this machine alone.

    var/evaluation/
        EVALUATION-ONLY.txt   what this is, for whoever finds it
        passphrase            opens all the keys below: that is what makes it an evaluation
        roots/                three root keys, of which two sign; a real one keeps them apart
        desk/                 an officer's folder, as `mustshare-key` keeps it
        roots.pin directory.note
        ca.pem ca.key server.pem server.key

Everything is made by the key tool's own commands, as a real organisation would by hand, so
the walk-through in docs/keys.md is run at every first start.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mustshare_api.app.directories import load_roots
from mustshare_api.app.server.tls import check_private
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import directory, keys, local_ca
from mustshare_api.crypto.local_ca import Issued
from mustshare_api.crypto.roots import Roots
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.logs import log
from mustshare_api.settings import Settings

ROOTS = ("anan", "busaba", "chai")
SIGNING = ROOTS[:2]
OFFICER = "officer"
RENEW_BEFORE = timedelta(days=10)
CERTIFICATE_RENEW_BEFORE = timedelta(days=14)

NOTICE = """\
EVALUATION ONLY - ทดลองใช้เท่านั้น

These keys were made by the machine that also takes the tips, and their passphrase lies beside
them. Whoever has this folder can read everything sealed to them. Never take a real tip with
them; docs/keys.md says how an organisation makes its own.
"""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose roots count, and with which certificate the doors speak.

    `note` and `home` are there for an evaluation only.
    """

    roots: Roots
    certificate: Path | None
    key: Path | None
    note: bytes | None = None
    home: Path | None = None


def prepare(settings: Settings) -> Organisation:
    """The evaluation organisation, made now if this is the first start.

    Raises:
        Misconfigured: it cannot be made here, or others can read it.
    """
    home = home_of(settings)
    if not (home / "directory.note").exists():
        _make(home, settings)
    check_private(home / "passphrase")
    _renew_certificate(home)
    roots = load_roots(home / "roots.pin")
    _renew_directory(home, roots)
    note = (home / "directory.note").read_bytes()
    return Organisation(roots, home / "server.pem", home / "server.key", note, home)


def home_of(settings: Settings) -> Path:
    """Where an evaluation keeps its keys."""
    return settings.data_dir.absolute() / "evaluation"


def _make(home: Path, settings: Settings) -> None:
    print("Making an evaluation organisation, once:", file=sys.stderr)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700, parents=True)
    (home / "EVALUATION-ONLY.txt").write_text(NOTICE, encoding="utf-8")
    (home / "passphrase").write_text(keys.new_passphrase() + "\n", encoding="ascii")
    (home / "passphrase").chmod(0o600)
    _make_authority(home)
    for said, command in _ceremony(home, settings):
        print(f"  {said}", file=sys.stderr)
        _key_tool(*command)
    _publish(home, serial=1)
    log("evaluation_organisation_made")


def _ceremony(home: Path, settings: Settings) -> Iterator[tuple[str, list[str]]]:
    key = ["--passphrase-file", str(home / "passphrase")]
    roots, desk, pin = home / "roots", ["--home", str(home / "desk")], str(home / "roots.pin")
    for name in ROOTS:
        yield f"root key of {name}", ["root", "init", name, "--out", str(roots), *key]
    public = [str(roots / f"{name}.root.pub") for name in ROOTS]
    yield (
        "pin of three roots, two of which sign",
        ["roots", "make", *public, "--k", "2", "--out", pin],
    )
    yield "an officer's keys for 13 weeks", ["init", OFFICER, *desk, *key]
    door = ["connect", f"https://{settings.staff_address}", "--ca", str(home / "ca.pem")]
    yield "the officer's folder, told of the staff door", [*door, "--roots", pin, *desk]


def _publish(home: Path, serial: int) -> None:
    """Proposes a directory and has two roots sign it."""
    draft = home / "directory.draft"
    draft.unlink(missing_ok=True)
    card = str(home / "desk" / f"{OFFICER}.card")
    what = ["--serial", str(serial), "--deployment", _deployment(home), "--evaluation"]
    _key_tool("directory", "propose", "--cards", card, *what, "--out", str(draft))
    for name in SIGNING:
        print(f"  directory {serial}, signed by {name}", file=sys.stderr)
        key = ["--key", str(home / "roots" / f"{name}.root.msk")]
        passphrase = ["--passphrase-file", str(home / "passphrase")]
        _key_tool("directory", "sign", str(draft), *key, *passphrase)
    draft.replace(home / "directory.note")


def _deployment(home: Path) -> str:
    note = home / "directory.note"
    if not note.exists():
        return "new"
    return directory.parse(note.read_bytes()).deployment_id.hex()


def _renew_directory(home: Path, roots: Roots) -> None:
    today = bangkok_day(SystemClock().now())
    try:
        found = directory.believe((home / "directory.note").read_bytes(), roots)
    except MustShareError as error:
        raise Misconfigured(
            f"{home} is damaged ({error.code}); remove it and the database beside it."
        ) from None
    if found.last_week() + timedelta(days=6) < today:
        raise Misconfigured(
            f"the evaluation's keys ran out; remove {home.parent} to begin a new one."
        )
    if found.expires_on - today < RENEW_BEFORE:
        _publish(home, found.serial + 1)


def _make_authority(home: Path) -> None:
    issued = local_ca.make_authority(SystemClock().now())
    _write_pair(home, "ca", issued)


def _renew_certificate(home: Path) -> None:
    now = SystemClock().now()
    certificate, key = home / "server.pem", home / "server.key"
    if certificate.exists() and key.exists():
        issued = Issued(certificate.read_bytes(), key.read_bytes())
        if issued.expires_at - now > CERTIFICATE_RENEW_BEFORE:
            return
    authority = Issued((home / "ca.pem").read_bytes(), (home / "ca.key").read_bytes())
    _write_pair(home, "server", local_ca.make_server_certificate(authority, now))


def _write_pair(home: Path, name: str, issued: Issued) -> None:
    (home / f"{name}.key").touch(mode=0o600)
    (home / f"{name}.key").write_bytes(issued.key_pem)
    (home / f"{name}.pem").write_bytes(issued.certificate_pem)


def _key_tool(*arguments: str) -> None:
    """Runs `mustshare-key`.

    Raises:
        Misconfigured: it refused, with its own words.
    """
    command = [sys.executable, "-m", "mustshare_api.keytool.main", *arguments, "--lang", "en"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if ran.returncode:
        said = ran.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Misconfigured(f"the evaluation organisation cannot be made: {said[0]}")
