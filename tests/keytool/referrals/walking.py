"""Types the lines of docs/referrals.md, each on the machine that its block is marked with.

```agency       the agency's machine          ```officer, ```second    the two officers'
```root         the root holders'             ```reporter              somebody with a phone

A machine is a home directory; what people hand one another lies in one working directory. Ids
that the page has for an example are those of the world, as far as they are known by then.
"""

import getpass
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from mustshare_api.crypto import bech32, keys
from mustshare_api.crypto.signatory import RootSecret
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.keytool.desk.home import write_bytes
from mustshare_api.keytool.main import main
from tests.keytool.conftest import CHEAP_KIB, PASSPHRASE
from tests.keytool.referrals.people import People
from tests.shape.tree import ROOT
from tests.vectors import age_reader

GUIDE: Final = ROOT / "docs" / "referrals.md"
MACHINES: Final = ("agency", "officer", "second", "root", "reporter")
_BLOCK: Final = re.compile(rf"^```({'|'.join(MACHINES)})\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines() -> list[tuple[str, str]]:
    """Every marked line of the guide with its machine, in order."""
    found = _BLOCK.findall(GUIDE.read_text("utf-8"))
    return [(who, line) for who, block in found for line in block.splitlines() if line]


@dataclass
class Walk:
    """The world that the guide is walked in."""

    people: People
    monkeypatch: pytest.MonkeyPatch
    digits: str
    known: dict[str, str]
    """What the page calls something, and what it is called here."""

    told: dict[str, Any] = field(default_factory=dict[str, Any])
    """What each line printed last, by its first words."""

    @property
    def table(self) -> Path:
        return self.people.folder / "table"

    def set_up(self) -> None:
        """Machines, root key files, and the pin file and certificate that people handed out."""
        self.table.mkdir()
        folder, org = self.people.folder, self.people.real.org
        for who, at in (("officer", "home"), ("second", "second")):
            (folder / "machines" / who).mkdir(parents=True)
            (folder / "machines" / who / ".mustshare-key").symlink_to(folder / at)
        for name, seed in org.root_seeds.items():
            root, kid = RootSecret(name, seed), kid_of(verify_key_of(seed))
            octets = keys.seal_key_file(root.encode(), PASSPHRASE, kid, memory_kib=CHEAP_KIB)
            write_bytes(self.table / f"{name}.root.msk", octets)
        (self.table / "roots").write_bytes(org.roots.encode())
        shutil.copy(folder / "home" / "ca.pem", self.table / "ca.pem")
        self.monkeypatch.setattr(getpass, "getpass", lambda _: PASSPHRASE)
        self.monkeypatch.chdir(self.table)

    def type(self, who: str, line: str) -> None:
        """Runs one line; it has to succeed."""
        for said, meant in self.known.items():
            line = line.replace(said, meant)
        machine = self.people.folder / "machines" / who
        machine.mkdir(parents=True, exist_ok=True)
        self.monkeypatch.setenv("HOME", str(machine))
        if line.startswith("mkdir "):
            (self.table / line.split()[1]).mkdir()
            return
        if line.startswith("age "):
            self._open(line)
            return
        argv = [os.path.expanduser(word) for word in shlex.split(line)]  # noqa: PTH111 - as a shell
        told = self._curl(argv) if argv[0] == "curl" else self._tool(argv, line)
        self.told[" ".join(argv[1:3])] = told

    def _tool(self, argv: list[str], line: str) -> Any:
        capsys = self.people.capsys
        capsys.readouterr()
        code = main([*argv[1:], "--json", "--lang", "en"], memory_kib=CHEAP_KIB)
        captured = capsys.readouterr()
        assert code == 0, f"{line}\n{captured.err}"
        found = captured.out.splitlines()
        return json.loads(found[-1]) if found else None

    def _curl(self, argv: list[str]) -> Any:
        words = [os.path.expandvars(word) for word in argv]
        environment = {**os.environ, "CURL_CA_BUNDLE": str(self.table / "ca.pem")}
        done = subprocess.run(
            [*words, "--fail-with-body", "--silent"],
            env=environment, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode()
        return json.loads(done.stdout)

    def _open(self, line: str) -> None:
        """What `age -d -i IDENTITY FILE | tar x -C FOLDER` does."""
        words = shlex.split(line.partition("|")[0])
        identity = Path(os.path.expanduser(words[3])).read_text()  # noqa: PTH111 - as a shell
        seed = bech32.decode("age-secret-key-pq-", identity.splitlines()[1].lower())
        clear = age_reader.read(Path(words[4]).read_bytes(), seed)
        with tarfile.open(fileobj=io.BytesIO(clear)) as archive:
            archive.extractall(line.rsplit(maxsplit=1)[-1], filter="data")
