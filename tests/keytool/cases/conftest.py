"""Two officers with folders of their own, connected to the real doors."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from mustshare_api.crypto import keys
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.main import main
from mustshare_api.media.strip import Stripper
from tests.api.files import located
from tests.doors import stripper  # noqa: F401
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE, Ended
from tests.keytool.real_door import RealDoor, real_door
from tests.postgres import dsn, postgres, template  # noqa: F401

CASE = """\
id = "{page_id}"
slug = "kinnari-lamp-posts"
state = "open"
title = {th = "เสาไฟกินรี", en = "Kinnari lamp posts"}
summary = {th = "ต้นละ 95,000 บาท", en = "95,000 baht each"}
places = ["110303"]
procurement = [{scheme = "TH-EGP", id = "63017000001"}]
budget = [{baht = 642000000, label = {th = "รวม", en = "in all"}}]
timeline = [{on = 2021-06-01, text = {th = "พบ", en = "found"}}]
right_of_reply = [{from = {th = "นายก", en = "mayor"}, text = {th = "ไม่จริง", en = "no"}, on = "2021-07-01"}]
"""  # noqa: E501
PICTURE = 'pictures = [{file = "a.jpg", alt = {th = "เสา", en = "post"}}]\n'


@dataclass
class Officers:
    """Two officers who type commands."""

    door: RealDoor
    capsys: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        """Where they write the case."""
        return self.door.folder / "case"

    def home(self, officer: int) -> Path:
        """An officer's folder."""
        return self.door.folder / ("home" if officer == 0 else "other")

    def run(self, *argv: str, by: int = 0, own: bool = True) -> Ended:
        """A command of an officer's."""
        self.capsys.readouterr()
        secret = ["--passphrase-file", str(self.door.folder / "passphrase")]
        more = ["--home", str(self.home(by)), *secret] if own else []
        code = main([*argv, *more, "--lang", "en"], memory_kib=CHEAP_KIB)
        captured = self.capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    def public(self, path: str) -> Any:
        """What everybody reads."""
        context = ssl.create_default_context(cafile=str(self.home(0) / "ca.pem"))
        port = self.door.served.port["reporter"]
        with urlopen(f"https://127.0.0.1:{port}{path}", context=context) as answer:
            return json.loads(answer.read())

    def write(self, text: str = CASE, *, picture: bool = False) -> str:
        """A folder with a case; the page's id."""
        made = self.run("case", "new", str(self.folder), "--json", own=False)
        page_id: str = made.data["id"]
        table = text.replace("{page_id}", page_id)
        (self.folder / "case.toml").write_text(table + (PICTURE if picture else ""))
        (self.folder / "body.th.md").write_text("# ราคา\n\n[แหล่ง](https://example.org/a)\n")
        (self.folder / "body.en.md").write_text("# Price\n\n<script>alert(1)</script>\n")
        if picture:
            (self.folder / "pictures" / "a.jpg").write_bytes(located())
        return page_id


@pytest.fixture
def officers(
    dsn: str,  # noqa: F811
    stripper: Stripper,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Officers]:
    """Both have synced, so that they know the directory in force."""
    with real_door(dsn, stripper, tmp_path) as door:
        made = Officers(door, capsys)
        _second_home(door, made.home(1))
        for by in (0, 1):
            ended = made.run("sync", by=by)
            assert ended.code == 0, ended.err
        yield made


@pytest.fixture
def officers_offline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Officers:
    """One who is connected to nothing."""

    @dataclass
    class Nowhere:
        folder: Path

    return Officers(Nowhere(tmp_path), capsys)  # type: ignore[arg-type]


def _second_home(door: RealDoor, path: Path) -> None:
    other = door.org.officers[1]
    officer = Officer(other.name, other.sign_seed, (other.case_seed,), dict(other.epochs))
    home, first = Home(path), Home(door.home)
    octets = keys.seal_key_file(
        officer.encode(), PASSPHRASE, officer.signing_kid, memory_kib=CHEAP_KIB
    )
    write_bytes(home.officer, octets)
    for name in ("roots", "ca.pem", "server.json"):
        write_bytes(home.path / name, (first.path / name).read_bytes())
