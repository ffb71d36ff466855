"""Writes the bill of materials (SBOM): what a lock would install, in CycloneDX.

    python -m tests.supply.bill        build/mustshare-api.cdx.json, from requirements.lock

cyclonedx-py reads the lock, not an environment: the bill names what anyone would install, on
any system, with the SHA-256 of every file. It is made afresh and never committed, holds no time
and no random number, and is refused if it does not name exactly what the lock names.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.programs import program
from tests.shape.tree import ROOT
from tests.supply.locks import hashes, pins

LOCK = "requirements.lock"
BILL = ROOT / "build" / "mustshare-api.cdx.json"


def write(bill: Path, lock: str = LOCK, *, validated: bool = True) -> None:
    """Makes the bill; unless told not to, cyclonedx-py holds it against the schema first.

    Raises:
        AssertionError: cyclonedx-py is not there, or it failed.
    """
    bill.parent.mkdir(parents=True, exist_ok=True)
    command = [str(program("cyclonedx-py")), "requirements", "--output-reproducible"]
    command += ["--of", "JSON", "--pyproject", str(ROOT / "pyproject.toml")]
    command += ["--validate" if validated else "--no-validate"]
    ran = subprocess.run(
        [*command, "--output-file", str(bill), lock],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise AssertionError(f"cyclonedx-py made no bill: {ran.stderr.strip()[-500:]}")


def faults(bill: str, lock: str = LOCK) -> list[str]:
    """Where a bill and a lock differ: a package, a version, a hash, a line each."""
    wanted = {name: (version, hashes(lock)[name]) for name, version in pins(lock).items()}
    listed = {one["name"]: one for one in json.loads(bill).get("components", [])}
    found = {name: (one.get("version"), _hashes_in(one)) for name, one in listed.items()}
    missing = [f"{name}: not in the bill" for name in wanted.keys() - found.keys()]
    extra = [f"{name}: not in the lock" for name in found.keys() - wanted.keys()]
    other = [f"{n}: not as locked" for n in wanted.keys() & found if wanted[n] != found[n]]
    return sorted(missing + extra + other)


def _hashes_in(component: dict[str, list[dict[str, list[dict[str, str]]]]]) -> set[str]:
    files = component.get("externalReferences", [])
    return {one["content"] for file in files for one in file.get("hashes", [])}


def main() -> int:
    """Writes the bill and holds it against the lock."""
    write(BILL)
    wrong = faults(BILL.read_text(encoding="utf-8"))
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"{BILL.relative_to(ROOT)}: {len(pins(LOCK))} packages")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
