"""Fetches the objects that are listed and of which no copy here is known to be as listed.

    a copy as listed                  nothing to do, unless it did not open (`doubtful`)
    a copy in another state           its head, or all of it: `copies` decides
    none, and it is a message         with hundreds of others in one request
    none, and it is an attachment     by itself, from where it was cut off (`resuming`)

What is settled is remembered as it goes. So a sync that is cut off, or killed, begins the next
time where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mustshare_api.crypto.envelope import Kind
from mustshare_api.errors import NotFound
from mustshare_api.keytool.desk.copies import (
    Copy,
    Followed,
    Follower,
    NotAsListed,
    is_as_listed,
    read_copy,
)
from mustshare_api.keytool.desk.doubtful import Doubtful
from mustshare_api.keytool.desk.home import Home, remove_parts
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.desk.resuming import forget, forget_others
from mustshare_api.keytool.desk.terminal import Console, Progress
from mustshare_api.keytool.staff_door.sync_door import SyncDoor
from mustshare_api.keytool.staff_door.wire import IndexEntry

_REMEMBERED = 500
"""Copies that are looked at between two writes of what was seen."""


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
    doubtful: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    rotated: list[str] = field(default_factory=list[str])

    @property
    def is_news(self) -> bool:
        """Whether anything here is other than it was."""
        return bool(
            self.fetched or self.rewrapped or self.deleted or self.unlisted or self.rotated
        )

    @property
    def is_fewer(self) -> bool:
        """Whether something that was here is here no more."""
        return bool(self.deleted or self.unlisted)


@dataclass(slots=True)
class Fetcher:
    """Brings copies to where the door is, and remembers which are."""

    home: Home
    follower: Follower
    listed: Listed
    console: Console
    done: Synced = field(default_factory=Synced)
    _doubtful: Doubtful = field(init=False)
    _here: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """What did not open before is known from the folder."""
        self._doubtful = Doubtful.of(self.home)

    def fetch(self, entries: Sequence[IndexEntry]) -> None:
        """Brings the copies of these objects to what is listed.

        Raises:
            MustShareError: cut off; what was fetched stays, and is known to be here.
        """
        forget_others(self.home, entries)
        if entries:
            remove_parts(self.home.sealed("x").parent)
        progress = self.console.progress("sync.fetching", sum(one.octets for one in entries))
        try:
            messages = [entry for entry in entries if self._waits(entry, progress)]
            self._fetch_messages(messages, progress)
        finally:
            self._remember(0)
        progress.close()

    def _waits(self, entry: IndexEntry, progress: Progress) -> bool:
        """Settles an object by itself, unless it is a message that comes with others."""
        tip = self.listed.tip(entry.tip_id)
        if tip is not None and tip.bundle is None:
            return False
        copy = read_copy(self.home, entry.object_id)
        if copy is None and not Kind(entry.kind).is_attachment:
            return True
        if copy is None or not is_as_listed(copy, entry):
            self._follow(entry)
        elif entry.object_id in self._doubtful.ids:
            self._fetch_again(entry, copy)
        else:
            self._settled(entry)
        progress.advance(entry.octets)
        return False

    def _fetch_messages(self, entries: Sequence[IndexEntry], progress: Progress) -> None:
        by_id = {entry.object_id: entry for entry in entries}
        for settled, found in SyncDoor(self.follower.door).messages(list(by_id)):
            for object_id in settled:
                entry = by_id[object_id]
                if found is None:
                    self._follow(entry)
                elif object_id in found:
                    self._take(entry, found[object_id])
                else:
                    self._gone(entry)
                progress.advance(entry.octets)

    def _take(self, entry: IndexEntry, octets: bytes) -> None:
        try:
            tip = self.listed.tip(entry.tip_id)
            followed = self.follower.take(entry, tip, iter((octets,)))
        except NotAsListed:
            self.done.refused.append(entry.object_id)
            return
        self._brought(entry, followed)

    def _follow(self, entry: IndexEntry) -> None:
        """Brings one object to where the door is."""
        try:
            followed = self.follower.follow(entry, self.listed.tip(entry.tip_id))
        except NotAsListed:
            self.done.refused.append(entry.object_id)
            return
        except NotFound:
            self._gone(entry)
            return
        self._brought(entry, followed)

    def _fetch_again(self, entry: IndexEntry, copy: Copy) -> None:
        """Asks once more for what did not open; it stays as it is until something opens."""
        try:
            tip = self.listed.tip(entry.tip_id)
            followed = self.follower.fetch(entry, tip, instead_of=copy)
        except NotAsListed:
            self._settled(entry)
        except NotFound:
            self._gone(entry)
        else:
            self._brought(entry, followed)

    def _brought(self, entry: IndexEntry, followed: Followed) -> None:
        self.done.fetched += followed in {"fetched", "doubtful"}
        self.done.rewrapped += followed == "rewrapped"
        if followed == "doubtful":
            self.done.doubtful.append(entry.object_id)
            self._doubtful.ids.add(entry.object_id)
        elif followed == "fetched":
            self._doubtful.ids.discard(entry.object_id)
        self._settled(entry)

    def _gone(self, entry: IndexEntry) -> None:
        """Acknowledged or withdrawn since it was listed: the next comparison says so.

        What has no copy here has nothing to be deleted, and is not asked for again.
        """
        forget(self.home, entry.object_id)
        if not self.home.sealed(entry.object_id).exists():
            with self.listed.changing():
                self.listed.drop_objects([entry.object_id])

    def _settled(self, entry: IndexEntry) -> None:
        self._here.append(entry.object_id)
        self._remember(_REMEMBERED)

    def _remember(self, held: int) -> None:
        if len(self._here) > held:
            with self.listed.changing():
                self.listed.mark_here(self._here)
            self._here.clear()
            self._doubtful.save()


def delete_copy(home: Home, entry: IndexEntry) -> bool:
    """Deletes an object and what was opened of it. Whether it was here."""
    for opened in home.attachments(entry.tip_id).glob(f"{entry.object_id}*"):
        opened.unlink(missing_ok=True)
    forget(home, entry.object_id)
    file = home.sealed(entry.object_id)
    was_here = file.exists()
    file.unlink(missing_ok=True)
    return was_here
