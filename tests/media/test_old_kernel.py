"""A kernel that can't keep memory from being written and then run: Debian 12's own, 6.1."""

import errno
import subprocess
import sys

import pytest

from mustshare_api.kernel import calls
from mustshare_api.media import sandbox
from tests.shape.tree import ROOT

UNDER_A_FILTER = """
from mustshare_api.kernel import calls
before = calls.may_run_what_it_wrote()
calls.prctl(65, 1)  # what MemoryDenyWriteExecute= does, by the kernel that has it
print(before, calls.may_run_what_it_wrote())
"""


def refused(*_: object) -> None:
    """Of Linux before 6.3."""
    raise OSError(errno.EINVAL, "Invalid argument")


def test_what_a_unit_has_taken_already_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the shipped unit nothing is missing on Debian 12, so no alarm rings for ever."""
    monkeypatch.setattr(calls, "prctl", refused)
    monkeypatch.setattr(calls, "may_run_what_it_wrote", lambda: False)

    assert sandbox._tried(sandbox._run_nothing_written) == sandbox.IN_FORCE


def test_what_nobody_takes_is_missing_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not "Invalid argument", of which nobody learns what to do."""
    monkeypatch.setattr(calls, "prctl", refused)

    assert "Linux before 6.3" in sandbox._tried(sandbox._run_nothing_written)


def test_whether_written_memory_runs_is_tried_out() -> None:
    """By the kernel's own answer, before and after it was taken away."""
    done = subprocess.run(
        [sys.executable, "-c", UNDER_A_FILTER],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["True", "False"]
