"""What docs/deploy.md has typed, as far as a folder can stand for a fresh Debian 12.

    folders     those that Debian and its packages make; every other has to be made by a line
    commands    read out of the page's blocks

Step by step it was typed into a Debian started by its own systemd; here is what keeps it so.
"""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.shape.tree import ROOT

PAGE = ROOT / "docs" / "deploy.md"
FOLDERS = (
    "etc/chrony/conf.d",
    "etc/postgresql/15/main/conf.d",
    "etc/systemd/system",
    "var/lib",
)
"""Of Debian 12 with the packages of step 2; /etc/sysusers.d is not among them."""

GIVEN = ("roots", "backup.recipients")
"""What an operator brings along."""


def blocks(page: Path) -> list[str]:
    """The commands of a page, a block each, long ones in one line."""
    fenced = re.compile(r"^```(?:sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
    found = fenced.findall(page.read_text("utf-8"))
    return [block.replace("\\\n", " ") for block in found]


def installs() -> list[str]:
    """Every line that puts a file or a folder in place, in order."""
    lines = [line for block in blocks(PAGE) for line in block.splitlines()]
    return [line.partition(" #")[0] for line in lines if line.startswith("install ")]


def under(root: Path, line: str) -> str:
    """The same below a folder, by whoever runs this: there is no such user here."""
    line = re.sub(r" -[og] \S+", "", line)
    return re.sub(r" /(?=etc|var)", f" {shlex.quote(str(root))}/", line)


def test_every_file_finds_its_folder(tmp_path: Path) -> None:
    """The first line that fails leaves a machine without a user, and all others fail too."""
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True)
    given = tmp_path / "here"
    given.mkdir()
    (given / "deploy").symlink_to(ROOT / "deploy")
    for name in GIVEN:
        (given / name).touch()

    for line in installs():
        done = subprocess.run(
            ["bash", "-c", under(tmp_path, line)],
            cwd=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"

    placed = {path.name for path in (tmp_path / "etc" / "systemd" / "system").iterdir()}
    assert {"mustshare.service", "mustshare.socket", "mustshare-backup.timer"} <= placed
    assert (tmp_path / "etc" / "sysusers.d" / "mustshare.conf").is_file()


@pytest.mark.parametrize("name", ["deploy.md", "operations.md"])
def test_who_stops_the_service_stops_its_socket(name: str) -> None:
    """Else the next visitor starts it again, on the very day on which it has to be down."""
    text = (ROOT / "docs" / name).read_text("utf-8")
    stops = [
        one
        for one in re.findall(r"systemctl stop ([^`&;#]+)", " ".join(text.split()))
        if "mustshare.s" in one
    ]

    assert stops
    assert all("mustshare.socket" in one and "mustshare.service" in one for one in stops)
    assert "`systemctl stop` the service" not in text
