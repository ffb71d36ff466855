"""Two officers and an agency, each with a folder, at the door that the service really has."""

import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mustshare_api.crypto import age, keys, xwing
from mustshare_api.crypto.agencies import Agency
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.main import main
from mustshare_api.keytool.staff_door.wire import Server
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Ended
from tests.keytool.real_door import RealDoor


@dataclass
class People:
    """Folders and what is typed in them."""

    real: RealDoor
    capsys: pytest.CaptureFixture[str]
    age_seed: bytes

    @property
    def folder(self) -> Path:
        return self.real.folder

    def run(self, who: str, *argv: str) -> Ended:
        """A command in somebody's folder; the result as JSON."""
        self.capsys.readouterr()
        own = ["--home", str(self.folder / who), "--passphrase-file"]
        own.append(str(self.folder / "passphrase"))
        code = main([*argv, *own, "--lang", "en", "--json"], memory_kib=CHEAP_KIB)
        captured = self.capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    def done(self, who: str, *argv: str) -> Any:
        """The same, which has to succeed."""
        ended = self.run(who, *argv)
        assert ended.code == 0, ended.err
        return ended.data

    def reporter(self, method: str, path: str, digits: str = "", **more: Any) -> httpx.Response:
        """A request of somebody with a phone."""
        headers = {"authorization": f"Receipt {digits}"} if digits else {}
        url = f"https://127.0.0.1:{self.real.served.port['reporter']}{path}"
        ca = str(self.folder / "home" / "ca.pem")
        context = ssl.create_default_context(cafile=ca)
        with httpx.Client(verify=context) as client:
            return client.request(method, url, headers=headers, timeout=30, **more)


def officers_at(real: RealDoor, capsys: pytest.CaptureFixture[str]) -> People:
    """Connects a second officer beside the first one."""
    people = People(real, capsys, xwing.new_seed())
    second = real.org.officers[1]
    officer = Officer(second.name, second.sign_seed, (second.case_seed,), dict(second.epochs))
    other = Home(real.folder / "second")
    sealed = keys.seal_key_file(
        officer.encode(), PASSPHRASE, officer.signing_kid, memory_kib=CHEAP_KIB
    )
    write_bytes(other.officer, sealed)
    connect(real, other)
    for who in ("home", "second"):
        people.done(who, "sync")
    return people


def connect(real: RealDoor, folder: Home) -> None:
    """Has a folder know roots and door as the first officer's does."""
    home = Home(real.home)
    server = home.load(home.server, Server, Server(""))
    write_bytes(folder.roots, real.org.roots.encode())
    write_bytes(folder.path / "ca.pem", (home.path / "ca.pem").read_bytes())
    folder.save(folder.server, Server(server.url, "ca.pem"))


def people_at(real: RealDoor, capsys: pytest.CaptureFixture[str]) -> People:
    """The same, and an agency that the directory lists."""
    people = officers_at(real, capsys)
    public = real.folder / "nacc.age.pub"
    public.write_text(age.recipient_of(xwing.public_key_of(people.age_seed)) + "\n")
    agency = Home(real.folder / "agency")
    people.done("agency", "agency", "init", "nacc", "--age-key", str(public))
    connect(real, agency)
    opened = keys.open_key_file(agency.key_file("agency").read_bytes(), PASSPHRASE)
    note = real.org.note(2, also=Agency.parse(opened).entries())
    real.served.run(real.served.bench.directory.accept(note))
    for who in ("home", "second"):
        people.done(who, "sync")
    return people


def as_json(ended: Ended) -> Any:
    """A refusal of a machine's."""
    return json.loads(ended.err)
