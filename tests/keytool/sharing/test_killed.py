"""`kill -9` while keys are retired: the next run goes on, and nothing is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.keytool.colleagues import case_kid, kids, opens_for, texts
from tests.keytool.conftest import START, Reporter, Tool
from tests.keytool.fake_door import FakeDoor

OBJECTS = 60
ROOT = Path(__file__).parents[3]
POINTS = (
    ("before put", 5),
    ("after put", 10),
    ("writing", 3),
    ("renaming", 10),
    ("after put", 1),
    ("key file", 1),
)


def killed(tool: Tool, at: str, nth: int) -> int:
    """Runs the command in a process that is killed at that point."""
    argv = ["epochs", "retire", "--before", "2026-11-30", "--home", str(tool.home)]
    argv += ["--passphrase-file", tool.path("passphrase")]
    job = json.dumps({"argv": argv, "days": 14, "at": at, "nth": nth})
    env = {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.keytool.killed", job],
        env=env, cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    return ran.returncode


def test_retiring_that_is_killed_again_and_again_loses_nothing(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Whatever the point: each object opens throughout, and at last by the case key alone."""
    door.page = 1000
    before = tool.officer()
    objects = [reporter.send_text("the first")]
    objects += [reporter.follow_up(f"number {n}") for n in range(OBJECTS - 1)]
    tool.unlocked("sync")
    tool.clock.advance(days=14)
    brought_over = 0

    for at, nth in POINTS:
        assert killed(tool, at, nth) == -signal.SIGKILL, at
        assert tool.officer() == before
        assert all(opens_for(before, door.objects[each], reporter) for each in objects)
        now = sum(kids(door.objects[each]) == [case_kid(before)] for each in objects)
        assert now >= brought_over
        brought_over = now

    ended = tool.unlocked("epochs", "retire", "--before", "2026-11-30", "--json")
    assert ended.data["rewrapped"] == OBJECTS - brought_over
    after = tool.officer()
    assert START.date() not in after.epochs
    assert all(opens_for(after, door.objects[each], reporter) for each in objects)
    assert all(kids(door.objects[each]) == [case_kid(after)] for each in objects)
    assert len(texts(tool.unlocked("open", reporter.tip, "--json").data)) == OBJECTS
    assert sorted(file.name for file in (tool.home / "objects").iterdir()) == sorted(objects)


def test_a_kill_after_the_key_file_was_named_leaves_it_done(
    tool: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """The next run finds nothing that is due."""
    object_id = reporter.send_text("one")
    tool.clock.advance(days=14)

    assert killed(tool, "key file named", 1) == -signal.SIGKILL

    assert START.date() not in tool.officer().epochs
    assert opens_for(tool.officer(), door.objects[object_id], reporter)
    ended = tool.unlocked("epochs", "retire", "--before", "2026-11-30")
    assert (ended.code, ended.out) == (0, "No key is due to be destroyed.\n")
