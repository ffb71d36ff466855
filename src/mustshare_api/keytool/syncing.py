"""Brings the officer's folder up to what the staff door holds.

    1. tips       keep the first reporter's key seen for each, and follow where its receipt was
                  exchanged (`following`); delete what was withdrawn
    2. index      what objects there are
    3. objects    fetch those that are not here, each checked before it gets its name
    4. directory  last, so that an expired one does not keep tips from being read

A sync that was cut off is begun again and fetches only what is missing: an object under its own
name is whole. The door is believed in nothing that can be checked; an object which is not what
the index says is left out, said so, and tried again next time.
"""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from mustshare_api.crypto import envelope
from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.errors import Malformed, NotFound
from mustshare_api.keytool.directories import take_directory
from mustshare_api.keytool.door import Door
from mustshare_api.keytool.following import bundles_of, follow
from mustshare_api.keytool.home import Home, remove_parts, writing
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.terminal import Console
from mustshare_api.keytool.wire import IndexEntry, TipEntry


@dataclass(slots=True)
class Synced:
    """What a sync did. `refused` are objects, `changed` tips with another reporter's key.

    `rotated` are tips whose reporter exchanged the receipt, proved by its signatures.
    """

    tips: int = 0
    fetched: int = 0
    kept: int = 0
    deleted: dict[str, int] = field(default_factory=dict[str, int])
    refused: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    rotated: list[str] = field(default_factory=list[str])


class _NotAsListed(Exception):
    """An object is not what the index says. Never leaves this file."""


def sync(home: Home, door: Door, console: Console, today: date) -> Synced:
    """Runs the four steps.

    Raises:
        Unreachable: cut off; what was fetched stays.
        MustShareError: the door refused, or its directory is not to be believed.
    """
    run = _Sync(home, door, console)
    remove_parts(home.sealed("x").parent)
    tips = run.take_tips()
    run.fetch(run.take_index(), tips)
    take_directory(home, door.directory(), today)
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
    door: Door
    console: Console
    done: Synced = field(default_factory=Synced)

    def take_tips(self) -> dict[str, TipEntry]:
        """Step 1."""
        tips = load_tips(self.home)
        for tip in self.door.tips():
            tips[tip.tip_id] = self._settled(tip, tips.get(tip.tip_id))
        self.done.tips = len(tips)
        self.home.save(self.home.tips, sorted(tips.values(), key=lambda tip: tip.tip_id))
        return tips

    def take_index(self) -> list[IndexEntry]:
        """Step 2. What is listed no longer but still here stays known, to be read."""
        listed = list(self.door.index())
        known = load_index(self.home).items()
        here = {i: entry for i, entry in known if self.home.sealed(i).exists()}
        merged = here | {entry.object_id: entry for entry in listed}
        ordered = sorted(merged.values(), key=lambda entry: entry.object_id)
        self.home.save(self.home.index, ordered)
        return listed

    def fetch(self, listed: list[IndexEntry], tips: dict[str, TipEntry]) -> None:
        """Step 3."""
        wanted = [entry for entry in listed if _is_wanted(entry, tips)]
        missing = [entry for entry in wanted if not _is_here(self.home, entry)]
        self.done.kept = len(wanted) - len(missing)
        total_bytes = sum(entry.octets for entry in missing)
        progress = self.console.progress("sync.fetching", total_bytes)
        for entry in missing:
            self._fetch_one(entry, tips.get(entry.tip_id))
            progress.advance(entry.octets)
        progress.close()

    def _settled(self, tip: TipEntry, kept: TipEntry | None) -> TipEntry:
        """The tip with the reporter's key that may be believed for it."""
        if tip.bundle is None:
            if kept is None or kept.bundle is not None:
                self._forget(tip.tip_id)
            return tip
        if len(tip.bundle) != BUNDLE_BYTES:
            raise Refusal("door.nonsense")
        if not follow(self.door, tip, kept):
            self.done.changed.append(tip.tip_id)
        elif kept and kept.bundle and kept.bundle != tip.bundle:
            self.done.rotated.append(tip.tip_id)
        return tip

    def _forget(self, tip_id: str) -> None:
        """Deletes what is here of a tip that is gone, opened copies and all."""
        index = load_index(self.home)
        files = [self.home.sealed(i) for i, entry in index.items() if entry.tip_id == tip_id]
        present = [file for file in files if file.exists()]
        for file in present:
            file.unlink()
        shutil.rmtree(self.home.attachments(tip_id), ignore_errors=True)
        if present:
            self.done.deleted[tip_id] = len(present)

    def _fetch_one(self, entry: IndexEntry, tip: TipEntry | None) -> None:
        """Fetches, checks, and only then gives the object its name."""
        octets = self.door.object(entry.object_id)
        try:
            with writing(self.home.sealed(entry.object_id)) as stream:
                _check_head(_copy(octets, stream, entry.octets), entry, tip)
            self.done.fetched += 1
        except _NotAsListed:
            self.done.refused.append(entry.object_id)
        except NotFound:
            return  # withdrawn since the index was read; the next sync says so


def _is_wanted(entry: IndexEntry, tips: dict[str, TipEntry]) -> bool:
    """Not that of a tip that is gone. A tip that came since the first step is wanted."""
    tip = tips.get(entry.tip_id)
    return tip is None or tip.bundle is not None


def _is_here(home: Home, entry: IndexEntry) -> bool:
    """Under its name, with the same head: stanzas change when keys are handed over."""
    file = home.sealed(entry.object_id)
    if not file.exists() or file.stat().st_size != entry.octets:
        return False
    with file.open("rb") as stream:
        octets = stream.read(envelope.HEAD_LIMIT)
    try:
        head = envelope.parse_head(octets)
    except Malformed:
        return False
    return hashlib.sha256(head.octets).hexdigest() == entry.digest


def _copy(octets: Iterable[bytes], stream: BinaryIO, size_bytes: int) -> bytes:
    """Writes all of it, and returns as much as a head can be long."""
    first = b""
    written = 0
    for piece in octets:
        first += piece[: envelope.HEAD_LIMIT - len(first)]
        written += len(piece)
        if written > size_bytes:
            break
        stream.write(piece)
    if written != size_bytes:
        raise _NotAsListed
    return first


def _check_head(octets: bytes, entry: IndexEntry, tip: TipEntry | None) -> None:
    """Holds the head against the index and the tip's own key."""
    try:
        head = envelope.parse_head(octets)
        envelope.check_payload_bytes(head.prefix.kind, entry.octets - head.length)
    except Malformed:
        raise _NotAsListed from None
    prefix = head.prefix
    named = (prefix.object_id.hex(), prefix.tip_id.hex(), int(prefix.kind))
    if named != (entry.object_id, entry.tip_id, entry.kind):
        raise _NotAsListed
    if hashlib.sha256(head.octets).hexdigest() != entry.digest:
        raise _NotAsListed
    if tip and tip.bundle and prefix.bundle_hash not in bundles_of(tip):
        raise _NotAsListed
