"""Workflows of a build service, should there ever be any, are looked over by zizmor.

There are none today, and nothing here needs one: `.ci/run` is a shell script. Whoever adds one
meets this test, which then has it looked over before it first runs.
"""

import subprocess
from pathlib import Path

import pytest

from tests.programs import program
from tests.shape.tree import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"

SOUND = """\
name: check
on: push
permissions: {}
concurrency:
  group: check
  cancel-in-progress: true
jobs:
  check:
    name: check
    runs-on: ubuntu-latest
    timeout-minutes: 25
    permissions: {}
    steps:
      - run: .ci/run
"""

PLANTED = {
    "a title that is run": SOUND.replace(".ci/run", "echo ${{ github.event.issue.title }}"),
    "an action by its tag": SOUND.replace("run: .ci/run", "uses: actions/checkout@v4"),
    "all rights": SOUND.replace("permissions: {}", "permissions: write-all"),
    "strangers with our secrets": SOUND.replace("on: push", "on: pull_request_target"),
}


def looked_over(folder: Path) -> tuple[int, str]:
    """The exit code of zizmor for the workflows in a folder, and what it says."""
    command = [str(program("zizmor")), "--offline", "--no-progress", "--format=plain"]
    found = sorted(map(str, folder.glob("*.y*ml")))
    ran = subprocess.run([*command, *found], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_every_workflow_passes_zizmor() -> None:
    """With the reason when one does not; without any, there is nothing to pass."""
    found = list(WORKFLOWS.glob("*.y*ml")) if WORKFLOWS.is_dir() else []

    assert not found or looked_over(WORKFLOWS)[0] == 0, looked_over(WORKFLOWS)[1]


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_workflow_is_noticed(fault: str, tmp_path: Path) -> None:
    """The program is there and sees what it is there for."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "planted.yml").write_text(PLANTED[fault], encoding="utf-8")

    assert looked_over(folder)[0] != 0


def test_a_sound_workflow_passes(tmp_path: Path) -> None:
    """It does not cry at everything."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "sound.yml").write_text(SOUND, encoding="utf-8")

    code, said = looked_over(folder)

    assert code == 0, said
