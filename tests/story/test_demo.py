"""The whole story, as `make demo` plays it: with the real tools, over the real doors."""

import subprocess
import sys
from pathlib import Path

from tests.data.make_road_photo import CAMERA_SERIAL, PHOTO
from tests.service import SRC

DEMO_S = 170


def play(photo: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "mustshare_api", "demo", "--photo", str(photo)],
        env={"PYTHONPATH": str(SRC), "PATH": "/usr/bin:/bin"},
        cwd=photo.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEMO_S,
    )


def test_a_photo_goes_in_and_an_answer_comes_back() -> None:
    """Every step of the demo holds, and it says so by its exit code."""
    assert CAMERA_SERIAL.encode() in PHOTO.read_bytes()

    played = play(PHOTO)

    assert played.returncode == 0, played.stdout + played.stderr
    assert "removed            location, camera" in played.stdout
    assert "signature holds" in played.stdout
    assert CAMERA_SERIAL not in played.stdout


def test_make_demo_plays_the_photo_that_the_tests_have() -> None:
    """The README's `make demo` takes no argument, so the Makefile gives the photo."""
    root = SRC.parent
    recipe = (root / "Makefile").read_text(encoding="utf-8")

    assert f"mustshare demo --photo {PHOTO.relative_to(root)} " in recipe
