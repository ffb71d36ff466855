"""The power is cut at any instant, and the disk forgets what was never synced.

    record   a real PostgreSQL under strace, while reporters send       base + calls + journal
    cut      at some instant: a data directory of what was synced, and of the rest what chance
             keeps, in sectors                                          disk.py
    start    PostgreSQL on that directory: it recovers by itself
    check    what was acknowledged before is there; what is sent again is there once
             (played.py)

`make power` cuts a hundred times. The same with a server told not to sync has to fail, or the
test could not see a loss.
"""

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mustshare_api.media.strip import Stripper
from mustshare_api.store import database, premises, programs
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.migrations import migrate
from tests.doors import STARTED_AT
from tests.faults.power import trace
from tests.faults.power.disk import Disk
from tests.faults.power.played import Scene, check
from tests.faults.power.trace import Call
from tests.organisation import Organisation, organisation

CUTS = int(os.environ.get("CUTS", "3"))
SEED = int(os.environ.get("SEED", "20261123"))
REPORTERS = 3


@dataclass
class Installation:
    """A deployment that has taken nothing yet, in order and on disk."""

    data: Path
    org: Organisation

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.data / "cluster"


@dataclass
class Recording:
    """What was sent, and what the database did to its disk meanwhile."""

    scene: Scene
    disk_root: Path
    base: Path
    calls: list[Call]

    def cut(self, at: float, data: Path, dice: random.Random) -> None:
        """Makes the data directory that is found after a cut."""
        disk = Disk(self.disk_root, self.base)
        disk.play(self.calls, at)
        disk.restore(premises.home_in(data) / "cluster", dice)

    @property
    def span(self) -> tuple[float, float]:
        """From the first request to the last answer."""
        sent = [sent for story in self.scene.stories for sent in story.sent]
        return min(one.left_at for one in sent), max(one.answered_at for one in sent)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Its WAL segments are small, so that some are begun and left."""
    folder = tmp_path_factory.mktemp("power")
    small = trace.small_segments(programs.find(), folder / "bin")
    with EmbeddedPostgres.start(folder / "data", found=small) as server:
        asyncio.run(migrate(server.dsn))
    yield Installation(folder / "data", organisation(STARTED_AT))
    shutil.rmtree(folder)


def recorded(
    made: Installation, folder: Path, stripper: Stripper, *settings: str, tips: int
) -> Recording:
    """Some reporters' tips on a database that syncs, or does not."""
    data = premises.home_in(folder / "data")
    shutil.copytree(made.cluster, data / "cluster")
    traced, output = trace.traced(programs.find(), folder / "bin", *settings)
    scene = Scene(made.org, stripper)
    with EmbeddedPostgres.start(folder / "data", found=traced) as server:
        asyncio.run(scene.play(server.dsn, REPORTERS, tips))
    recording = Recording(scene, data / "cluster", made.cluster, trace.calls(output))
    shutil.rmtree(data)
    shutil.rmtree(output.parent)
    return recording


def check_after_cut(recording: Recording, folder: Path, at: float, dice: random.Random) -> None:
    """Cuts, starts, and checks."""
    recording.cut(at, folder, dice)
    with EmbeddedPostgres.start(folder) as server:
        asyncio.run(check(recording.scene, server.dsn, at))
    shutil.rmtree(folder)


def test_what_was_acknowledged_before_a_power_cut_is_there_after_it(
    installation: Installation, stripper: Stripper, tmp_path: Path
) -> None:
    """At whatever instant, and whichever unsynced sectors the disk keeps."""
    recording = recorded(installation, tmp_path, stripper, tips=3)
    first, last = recording.span
    dice = random.Random(SEED)  # noqa: S311 - a failure has to come again
    for number in range(CUTS):
        at = first + (last - first) * (number + dice.random()) / CUTS
        check_after_cut(recording, tmp_path / "cut", at, dice)


def test_were_it_used_its_losses_would_be_seen(
    installation: Installation,
    stripper: Stripper,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test of power cuts is red where an answer does not wait for the disk."""
    monkeypatch.setattr(database, "required_server", anything_goes)
    recording = recorded(installation, tmp_path, stripper, "fsync=off", tips=1)
    _, last = recording.span
    monkeypatch.undo()

    with pytest.raises(AssertionError, match=r"an acknowledged .* is lost"):
        check_after_cut(recording, tmp_path / "cut", last, random.Random(1))  # noqa: S311


async def anything_goes(connection: object) -> None:
    """In place of the look at what the server promises."""
