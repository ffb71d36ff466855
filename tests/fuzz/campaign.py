"""atheris on every parser, one after the other: `make fuzz-parsers`.

    SECONDS=60    for each target
    TARGETS=""    names, or all

What atheris came upon stays in build/fuzz/<target> and is where the next run begins; what
breaks a parser goes to tests/fuzz/found/<target>, where every test run plays it again.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.fuzz.every import TARGETS
from tests.fuzz.harness import FOUND, SEEDS, Target
from tests.shape.tree import ROOT

MEMORY_MB = 1024
ONE_INPUT_S = 5
"""An input of 32 KiB takes milliseconds; five seconds are somebody's denial of service."""

RUNS = re.compile(rb"Done (\d+) runs")


def python() -> Path:
    """The Python that has atheris."""
    here = ROOT / ".venv-tools" / "bin" / "python"
    elsewhere = Path(os.environ.get("TOOLS_FOLDER", "")) / "python"
    found = here if here.exists() else elsewhere
    if not found.is_file():
        raise SystemExit("atheris is not here: make .venv-tools/.ready")
    return found


def played(target: Target, seconds: int) -> tuple[int, bool]:
    """How many inputs there were, and whether all went well."""
    gathered = ROOT / "build" / "fuzz" / target.name
    gathered.mkdir(parents=True, exist_ok=True)
    found = FOUND / target.name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as words:
        words.writelines(f'"{quoted(word)}"\n' for word in target.words)
        words.flush()
        command = [
            *(str(python()), "-m", "tests.fuzz.guided", target.name),
            *(f"-max_total_time={seconds}", f"-max_len={target.longest_bytes}"),
            *(f"-timeout={ONE_INPUT_S}", f"-rss_limit_mb={MEMORY_MB}"),
            *([f"-dict={words.name}"] if target.words else []),
            *(f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=0"),
            *(str(gathered), str(SEEDS / target.name)),
        ]
        ended = subprocess.run(
            command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, check=False
        )
    if not any(found.iterdir()):
        found.rmdir()
    if ended.returncode:
        sys.stdout.write(ended.stderr.decode(errors="replace")[-4000:])
    return runs_in(ended.stderr), ended.returncode == 0


def runs_in(said: bytes) -> int:
    """As libFuzzer counts."""
    stats = re.search(rb"stat::number_of_executed_units: (\d+)", said) or RUNS.search(said)
    return int(stats[1]) if stats else 0


def quoted(word: bytes) -> str:
    """As libFuzzer's dictionaries have it."""
    return "".join(f"\\x{octet:02x}" for octet in word)


def environment() -> dict[str, str]:
    """Our own packages for the other Python, which is of the same version."""
    places = (str(ROOT), str(ROOT / "src"), sysconfig.get_path("purelib"))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


def main() -> None:
    """Every target that was asked for."""
    seconds = int(os.environ.get("SECONDS_EACH", "60"))
    names = os.environ.get("TARGETS", "").split() or list(TARGETS)
    failed: list[str] = []
    total = 0
    for name in names:
        runs, well = played(TARGETS[name], seconds)
        total += runs
        failed += [] if well else [name]
        sys.stdout.write(f"{name:16} {runs:>12,} inputs  {'' if well else 'FOUND SOMETHING'}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{'all':16} {total:>12,} inputs, {len(failed)} with a find: {failed}\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
