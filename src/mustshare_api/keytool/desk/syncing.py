"""Brings the officer's folder up to what the staff door holds.

    1. log        it must hold all that it held: see `watching`
    2. tips       keep the first reporter's key seen for each, and follow where its receipt was
                  exchanged (`following`); delete what was withdrawn
    3. index      what objects there are; delete what is listed no longer
    4. objects    fetch those that are not here or were changed, each checked (`copies`)
    5. directory  late, so that an expired one does not keep tips from being read
    6. log        once more where that is another directory: it must be in it

The index shows an officer what is sealed to a key of theirs. So an object that it lists no
longer was acknowledged by the reporter, or the officer was dropped from it; either way it is
theirs no more. But a server that lost its past, or hides it, is not asked what to delete: the
copies here may be all that there is of what came since its backup. So the log comes first.

A sync that was cut off is begun again and fetches only what is missing: an object under its own
name is whole. The door is believed in nothing that can be checked; an object which is not what
the index says is left out, said so, and tried again next time.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.errors import MustShareError, NotFound
from mustshare_api.keytool.desk.copies import Follower, NotAsListed
from mustshare_api.keytool.desk.directories import comparable, take_directory
from mustshare_api.keytool.desk.following import follow
from mustshare_api.keytool.desk.home import Home, remove_parts
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.desk.watching import Watcher
from mustshare_api.keytool.refusal import Refusal, Rewritten
from mustshare_api.keytool.staff_door.audit_log import AuditDoor
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry


@dataclass(slots=True)
class Synced:
    """What a sync did.

    `deleted` and `unlisted` count objects by tip: of tips that are gone, and of tips that go
    on. `refused` are objects, `changed` tips with another reporter's key, `rotated` tips whose
    reporter exchanged the receipt, proved by its signatures.
    """

    tips: int = 0
    fetched: int = 0
    rewrapped: int = 0
    kept: int = 0
    deleted: dict[str, int] = field(default_factory=dict[str, int])
    unlisted: dict[str, int] = field(default_factory=dict[str, int])
    refused: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    rotated: list[str] = field(default_factory=list[str])


def sync(
    home: Home, door: Door, seeds: Mapping[bytes, bytes], console: Console, today: date
) -> Synced:
    """Runs the six steps.

    Args:
        home: the officer's folder.
        door: where to fetch from.
        seeds: what a changed object is tried with before it takes the old one's place.
        console: for the progress bar.
        today: the Bangkok day.

    Raises:
        Unreachable: cut off; what was fetched stays.
        Rewritten: the audit log is not what it was.
        MustShareError: the door refused, or its directory is not to be believed.
    """
    run = _Sync(home, Follower(home, door, seeds), console)
    seen = run.look_first()
    remove_parts(home.sealed("x").parent)
    tips = run.take_tips()
    run.fetch(run.take_index(tips), tips)
    directory = take_directory(home, door.directory(), today)
    if directory.digest != seen:
        Watcher(home.path, AuditDoor(door), directory).look()
    return run.done


def load_tips(home: Home) -> dict[str, TipEntry]:
    """The tips as last heard of, by id."""
    return {tip.tip_id: tip for tip in home.load(home.tips, list[TipEntry], [])}


def load_index(home: Home) -> dict[str, IndexEntry]:
    """The objects as last heard of, by id."""
    entries = home.load(home.index, list[IndexEntry], [])
    return {entry.object_id: entry for entry in entries}


@dataclass(frozen=True, slots=True)
class _Sync:
    """One run, step by step."""

    home: Home
    follower: Follower
    console: Console
    done: Synced = field(default_factory=Synced)

    def look_first(self) -> bytes | None:
        """Step 1, if there was a sync before: the digest of the directory it looked with.

        Raises:
            Rewritten: nothing was touched.
        """
        kept = comparable(self.home)
        watcher = Watcher(self.home.path, AuditDoor(self.follower.door), kept) if kept else None
        if watcher is None or not watcher.kept_file.exists():
            return None
        try:
            watcher.look()
        except Rewritten:
            raise
        except MustShareError:
            return None  # whatever it is, the last step tells it, when tips are here
        return watcher.directory.digest

    def take_tips(self) -> dict[str, TipEntry]:
        """Step 2."""
        tips = load_tips(self.home)
        gone: set[str] = set()
        for tip in self.follower.door.tips():
            kept = tips.get(tip.tip_id)
            if tip.bundle is None and (kept is None or kept.bundle is not None):
                gone.add(tip.tip_id)
            tips[tip.tip_id] = self._settled(tip, kept)
        self._forget(gone)
        self.done.tips = len(tips)
        self.home.save(self.home.tips, sorted(tips.values(), key=lambda tip: tip.tip_id))
        return tips

    def take_index(self, tips: Mapping[str, TipEntry]) -> list[IndexEntry]:
        """Step 3. Nothing is deleted before the whole of it has come."""
        listed = {entry.object_id: entry for entry in self.follower.door.index()}
        known = load_index(self.home)
        for entry in known.values():
            if entry.object_id not in listed and _delete(self.home, entry):
                gone = not _is_wanted(entry, tips)
                counted = self.done.deleted if gone else self.done.unlisted
                counted[entry.tip_id] = counted.get(entry.tip_id, 0) + 1
        ordered = sorted(listed.values(), key=lambda entry: entry.object_id)
        self.home.save(self.home.index, ordered)
        return ordered

    def fetch(self, listed: list[IndexEntry], tips: Mapping[str, TipEntry]) -> None:
        """Step 4."""
        wanted = [entry for entry in listed if _is_wanted(entry, tips)]
        progress = self.console.progress("sync.fetching", sum(e.octets for e in wanted))
        for entry in wanted:
            self._follow(entry, tips.get(entry.tip_id))
            progress.advance(entry.octets)
        progress.close()

    def _settled(self, tip: TipEntry, kept: TipEntry | None) -> TipEntry:
        """The tip with the reporter's key that may be believed for it."""
        if tip.bundle is None:
            return tip
        if len(tip.bundle) != BUNDLE_BYTES:
            raise Refusal("door.nonsense")
        if not follow(self.follower.door, tip, kept):
            self.done.changed.append(tip.tip_id)
        elif kept and kept.bundle and kept.bundle != tip.bundle:
            self.done.rotated.append(tip.tip_id)
        return tip

    def _forget(self, tip_ids: Iterable[str]) -> None:
        """Deletes what is here of tips that are gone, opened copies and all."""
        gone = dict.fromkeys(tip_ids, 0)
        for entry in load_index(self.home).values() if gone else ():
            if entry.tip_id in gone:
                gone[entry.tip_id] += _delete(self.home, entry)
        for tip_id, count in gone.items():
            shutil.rmtree(self.home.attachments(tip_id), ignore_errors=True)
            if count:
                self.done.deleted[tip_id] = count

    def _follow(self, entry: IndexEntry, tip: TipEntry | None) -> None:
        """Brings one object to where the door is."""
        try:
            followed = self.follower.follow(entry, tip)
        except NotAsListed:
            self.done.refused.append(entry.object_id)
            return
        except NotFound:
            return  # withdrawn since the index was read; the next sync says so
        self.done.kept += followed == "kept"
        self.done.fetched += followed == "fetched"
        self.done.rewrapped += followed == "rewrapped"


def _is_wanted(entry: IndexEntry, tips: Mapping[str, TipEntry]) -> bool:
    """Not that of a tip that is gone. A tip that came since the first step is wanted."""
    tip = tips.get(entry.tip_id)
    return tip is None or tip.bundle is not None


def _delete(home: Home, entry: IndexEntry) -> bool:
    """Deletes an object and what was opened of it. Whether it was here."""
    for opened in home.attachments(entry.tip_id).glob(f"{entry.object_id}*"):
        opened.unlink(missing_ok=True)
    file = home.sealed(entry.object_id)
    was_here = file.exists()
    file.unlink(missing_ok=True)
    return was_here
