"""Asks whether a locked package is known to be vulnerable, and fails when nobody answered.

    python -m tests.supply.audit        every lock, with pip-audit from .venv-tools

pip-audit ends with 0 and "No known vulnerabilities found" when its service did not know a
single package, or could not be reached in a way that it forgives: each is then `skipped`. What
this machine would not install it leaves out without a word. So the answer is counted here:

    every pin of a lock ─> named, in that version, with a list of vulnerabilities ─> checked
                        └> anything else                                         ─> not checked

    0   everything was checked, and nothing is known of it
    1   something is known; the lines say of what, and in which version it was mended
    2   something was not checked: nothing is known about it, which is not the same
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs import program
from tests.supply.locks import LOCKS, hashes, pins

AT_MOST_S = 600
"""For one lock: the service is asked package by package."""

CHECKED, VULNERABLE, UNCHECKED = 0, 1, 2


@dataclass(frozen=True)
class Verdict:
    """What an answer of pip-audit is worth."""

    vulnerable: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        if self.vulnerable:
            return VULNERABLE
        return UNCHECKED if self.unchecked else CHECKED


def judge(wanted: Mapping[str, str], answer: str) -> Verdict:
    """Compares pip-audit's JSON with the pins that it was asked about."""
    told = _told(answer)
    unchecked = [
        f"{name} {version}"
        for name, version in wanted.items()
        if not _is_checked(told.get(name), version)
    ]
    vulnerable = [
        f"{name} {one.get('version')}: {vuln.get('id')}, mended in {_mended(vuln)}"
        for name, one in told.items()
        for vuln in _list(one.get("vulns"))
    ]
    return Verdict(vulnerable, unchecked)


def _told(answer: str) -> dict[str, dict[str, object]]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    listed = _list(found.get("dependencies")) if isinstance(found, dict) else []
    return {str(one.get("name")): one for one in listed}


def _list(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_checked(one: dict[str, object] | None, version: str) -> bool:
    if one is None or "skip_reason" in one:
        return False
    return one.get("version") == version and isinstance(one.get("vulns"), list)


def _mended(vuln: dict[str, object]) -> str:
    versions = vuln.get("fix_versions")
    return ", ".join(map(str, versions)) if isinstance(versions, list) and versions else "none"


def asked(lock: str) -> str:
    """A lock's pins without the conditions, which would leave packages out unsaid."""
    lines = [
        f"{name}=={version} " + " ".join(f"--hash=sha256:{one}" for one in sorted(known))
        for (name, version), known in zip(
            pins(lock).items(), hashes(lock).values(), strict=True
        )
    ]
    return "\n".join(lines) + "\n"


def audit(lock: str) -> Verdict:
    """Asks about one lock.

    Raises:
        AssertionError: pip-audit is not there.
    """
    command = [str(program("pip-audit")), "--disable-pip", "--require-hashes", "--format=json"]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(asked(lock), encoding="ascii")
        command += ["--progress-spinner=off", "--requirement", str(listed)]
        try:
            ran = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=AT_MOST_S
            )
        except subprocess.TimeoutExpired:
            return judge(pins(lock), "")
    return judge(pins(lock), ran.stdout)


def told(lock: str, verdict: Verdict) -> list[str]:
    """What a person reads: a line a vulnerability, one line for all that was not checked."""
    lines = [f"{lock}: {line}" for line in verdict.vulnerable]
    if verdict.unchecked:
        lines.append(
            f"{lock}: {len(verdict.unchecked)} of {len(pins(lock))} packages could not be"
            f" checked ({verdict.unchecked[0]}, …); nothing is known about them. Try again"
            " where the vulnerability service can be reached."
        )
    return lines or [f"{lock}: {len(pins(lock))} packages checked, no known vulnerability"]


def main() -> int:
    """Asks about every lock.

    Returns:
        The gravest exit code: vulnerable goes before unchecked.
    """
    verdicts = {lock: audit(lock) for lock in LOCKS}
    for lock, verdict in verdicts.items():
        for line in told(lock, verdict):
            print(line, file=sys.stderr if verdict.code else sys.stdout)
    codes = {verdict.code for verdict in verdicts.values()}
    return next((code for code in (VULNERABLE, UNCHECKED) if code in codes), CHECKED)


if __name__ == "__main__":
    sys.exit(main())
