"""Retires a week's key with 10,000 objects at the real door, killed half-way; and opens tips.

    make drill                        some minutes; figures at the end
    make drill ARGS="--objects 500"   the same, smaller

    1. sync      all of them, fetched whole
    2. kill      `epochs retire`, by SIGKILL, once half of them are re-wrapped
    3. resume    the same command to its end
    4. heads     another officer's folder, whose objects all have other heads now: heads alone
    5. open      1,000 tips beside the bare HPKE and Cobblestone for them, in turns

The tool runs in a process of its own, as an officer runs it, and its peak memory is what the
kernel says of that process. Its key files are made cheap to open, so that memory is the tool's
and not Argon2id's.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from mustshare_api.keytool.desk.copies import read_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.media.strip import Stripper
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate
from tests.bench.opening_tips import opening_times
from tests.keytool.real_door import RealDoor, real_door

ROOT: Final = Path(__file__).parents[2]


def tool(door: RealDoor, *argv: str, at: str = "", nth: int = 1) -> dict[str, Any]:
    """Runs the tool in a process, killed where that is said: its seconds and its peak."""
    job = json.dumps({"argv": door.argv(*argv), "days": None, "at": at, "nth": nth})
    command = [sys.executable, "-m", "tests.keytool.killed", job]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    began = time.monotonic()
    pid = os.posix_spawn(sys.executable, command, env)
    _, status, used = os.wait4(pid, 0)
    return {
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(used.ru_maxrss / 1024),
        "ended": os.waitstatus_to_exitcode(status),
    }


def brought_over(door: RealDoor) -> int:
    """How many objects the index says were changed: they have the heir's stanza."""

    async def count() -> int:
        async with door.served.bench.envelopes._database.connection() as connection:
            kid = door.heir()
            found: int = await connection.fetchval(
                "SELECT count(*) FROM envelope_recipients WHERE kid = $1", kid
            )
        return found

    return door.served.run(count())


def drill(door: RealDoor, objects: int) -> dict[str, Any]:
    """Steps 1 to 5."""
    door.fill(objects)
    found: dict[str, Any] = {"objects": objects, "sync": tool(door, "sync", "--json")}
    behind = door.folder / "behind"
    shutil.copytree(door.home, behind)
    retire = ("epochs", "retire", "--before", door.before, "--json")
    found["killed"] = tool(door, *retire, at="after put", nth=objects // 2)
    assert found["killed"]["ended"] == -signal.SIGKILL
    found["brought_over_when_killed"] = brought_over(door)
    found["resumed"] = tool(door, *retire)
    assert found["resumed"]["ended"] == 0
    found["brought_over"] = brought_over(door)
    assert found["brought_over"] == objects
    found["unopened"] = unopened(door)
    assert found["unopened"] == 0
    shutil.rmtree(door.home)
    behind.rename(door.home)
    found["heads"] = tool(door, "sync", "--json")
    assert unopened(door) == 0
    found["open"] = opening_times(door, min(objects, 1000))
    return found


def unopened(door: RealDoor) -> int:
    """How many copies do not open by what is in the key file now."""
    home, seeds = Home(door.home), door.officer().seeds()
    copies = [read_copy(home, file.name) for file in (door.home / "objects").iterdir()]
    return sum(not (copy and copy.keys(seeds)) for copy in copies)


def main() -> None:
    """Runs it on a database of its own and prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=10_000)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="mustshare-drill-") as folder,
        EmbeddedPostgres.start(Path(folder) / "postgres") as server,
    ):
        asyncio.run(migrate(server.dsn))
        stripper = Stripper.start()
        try:
            with real_door(server.dsn, stripper, Path(folder)) as door:
                print(json.dumps(drill(door, args.objects), indent=2))
        finally:
            stripper.close()


if __name__ == "__main__":
    main()
