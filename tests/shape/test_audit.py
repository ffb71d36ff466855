"""The check for vulnerabilities says so when it could not check."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.supply import audit
from tests.supply.audit import CHECKED, UNCHECKED, VULNERABLE, asked, judge, told
from tests.supply.locks import LOCKS, hashes, pins

WANTED = {"litestar": "2.25.0", "colorama": "0.4.6"}
HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["2.25.1"], "aliases": []}

Dependency = dict[str, Any]


def sound(name: str, version: str | None = None) -> Dependency:
    return {"name": name, "version": version or WANTED[name], "vulns": []}


def skipped(name: str) -> Dependency:
    return {"name": name, "skip_reason": "Dependency not found and could not be audited"}


def answer(*dependencies: Dependency) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_everything_checked_and_sound_is_sound() -> None:
    """Each pin answered for, in its version."""
    verdict = judge(WANTED, answer(sound("litestar"), sound("colorama")))

    assert (verdict.code, verdict.unchecked, verdict.vulnerable) == (CHECKED, [], [])


@pytest.mark.parametrize(
    "given",
    [
        "",
        "No known vulnerabilities found",
        "{}",
        "[]",
        "null",
        '{"dependencies": null}',
        '{"dependencies": {"litestar": []}}',
        '{"dependencies": [null, "litestar", 7]}',
        answer(),
        answer(skipped("litestar"), skipped("colorama")),
        answer(sound("litestar"), skipped("colorama")),
        answer(sound("litestar")),
        answer(sound("litestar"), sound("colorama", "0.4.5")),
        answer(sound("litestar"), {"name": "colorama", "version": "0.4.6"}),
        answer(sound("litestar"), {"name": "colorama", "version": "0.4.6", "vulns": None}),
        answer(sound("litestar"), {**sound("colorama"), "skip_reason": "unreachable"}),
    ],
)
def test_whatever_was_not_checked_is_a_failure(given: str) -> None:
    """No answer, no JSON, skipped, left out, another version, no list: nothing is known."""
    verdict = judge(WANTED, given)

    assert verdict.code == UNCHECKED
    assert "colorama 0.4.6" in verdict.unchecked


def test_a_vulnerable_package_is_named_with_what_mends_it() -> None:
    """And goes before what could not be checked."""
    verdict = judge(WANTED, answer({**sound("litestar"), "vulns": [HOLE]}))

    assert verdict.code == VULNERABLE
    assert verdict.vulnerable == ["litestar 2.25.0: PYSEC-2026-1, mended in 2.25.1"]
    assert verdict.unchecked == ["colorama 0.4.6"]


def test_a_vulnerability_without_a_remedy_is_one_too() -> None:
    """There is none to name, and it is said."""
    bare = {"id": "PYSEC-2026-2", "fix_versions": []}
    verdict = judge(WANTED, answer({**sound("litestar"), "vulns": [bare]}, sound("colorama")))

    assert verdict.vulnerable == ["litestar 2.25.0: PYSEC-2026-2, mended in none"]


def test_what_was_not_checked_is_one_line() -> None:
    """However many there are: with how many of how many, and the first of them."""
    lines = told("requirements.lock", judge(pins("requirements.lock"), ""))

    assert len(lines) == 1
    count = len(pins("requirements.lock"))
    assert f"{count} of {count} packages could not be checked" in lines[0]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_asked_about_wherever_it_would_be_installed(lock: str) -> None:
    """What only Windows or another Python installs is asked about too, with its hashes."""
    lines = asked(lock).splitlines()

    assert [line.split(" ")[0] for line in lines] == [
        f"{n}=={v}" for n, v in pins(lock).items()
    ]
    assert ";" not in asked(lock)
    assert all(len(known) > 0 for known in hashes(lock).values())


@pytest.mark.parametrize(
    "says",
    [
        "echo 'No known vulnerabilities found'",
        "exit 1",
        "echo '{\"dependencies\": []}'; exit 0",
    ],
)
def test_a_program_that_says_all_is_well_is_not_believed(
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever its exit code: a line a lock, and an exit code that stops a release."""
    planted = tmp_path / "pip-audit"
    planted.write_text(f"#!/bin/sh\n{says}\n", encoding="ascii")
    planted.chmod(0o755)
    monkeypatch.setattr(audit, "program", lambda _name: planted)

    assert audit.main() == UNCHECKED
    said = capsys.readouterr()
    assert said.out == ""
    assert (
        said.err.count("nothing is known about them")
        == len(LOCKS)
        == len(said.err.splitlines())
    )
