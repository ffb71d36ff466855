"""Where the programs are that tests start: caddy and its like, and those of Debian.

Looked for in this order, so that what is locked with hashes wins:

    .venv-tools/bin        what make installs from requirements-tools.lock
    PATH, /usr/sbin        Debian's own; a plain user's PATH leaves the second one out
    $TOOLS_FOLDER          a folder of one's own

A missing program fails its test and says what to install. A skipped test would look like a
deployment that was checked.
"""

import os
import shutil
from pathlib import Path

from tests.shape.tree import ROOT

PACKAGES = {
    "haproxy": "haproxy",
    "nginx": "nginx-light",
    "tor": "tor",
    "slowhttptest": "slowhttptest",
    "systemd-analyze": "systemd",
    "strace": "strace",
    "node": "nodejs",
    "npm": "npm",
}
"""A program, and the Debian package that has it."""


def program(name: str) -> Path:
    """Find a program.

    Raises:
        AssertionError: it is nowhere; the message says what to install.
    """
    places = [
        str(ROOT / ".venv-tools" / "bin"),
        os.environ.get("PATH", os.defpath),
        "/usr/sbin",
        os.environ.get("TOOLS_FOLDER", ""),
    ]
    found = shutil.which(name, path=os.pathsep.join(filter(None, places)))
    if found is None:
        raise AssertionError(f"{name} is not on this machine: {how_to_install(name)}")
    return Path(found)


def how_to_install(name: str) -> str:
    """What to type to get a program."""
    package = PACKAGES.get(name)
    return f"apt-get install {package}" if package else "make .venv-tools/.ready"
