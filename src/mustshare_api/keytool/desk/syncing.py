"""Brings the officer's folder up to what the staff door holds.

Usually, with what changed since the day before the last sync:

    1. changes    page by page; where all of it is as it was, that is the whole sync
    2. log        it must hold all that it held, unless it stands where it stood (`watching`)
    3. tips       keep the first reporter's key seen for each, and follow where its receipt was
                  exchanged (`following`); delete what was withdrawn
    4. objects    fetch those that are new or other, each checked (`fetching`)
    5. directory  if another is in force; it must be in the log

Once a week, at first, and when asked to, everything is compared:

    1. log   2. all tips   3. all objects; delete what is listed no longer   4. every copy here
    5. directory   6. log, once more where that is another directory

The index shows an officer what is sealed to a key of theirs. So an object that it lists no
longer was acknowledged by the reporter, or the officer was dropped from it; either way it is
theirs no more, and no change tells of it: it would tell when somebody came by. But a server
that lost its past, or hides it, is not asked what to delete: the copies here may be all that
there is of what came since its backup. So the log comes first.

A sync that was cut off is begun again and fetches only what is missing. The door is believed in
nothing that can be checked; an object which is not what the index says is left out, said so,
and tried again next time. "As it was" is believed: nothing is done on the strength of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.errors import MustShareError
from mustshare_api.keytool.desk.copies import Follower
from mustshare_api.keytool.desk.directories import comparable, take_directory
from mustshare_api.keytool.desk.fetching import Fetcher, Synced, delete_copy
from mustshare_api.keytool.desk.following import follow
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.leaving import drop_replaced, forget_tip, leave_unlisted
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.desk.listed_layout import Feed, KnownPage
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.desk.watching import Watcher
from mustshare_api.keytool.refusal import Refusal, Rewritten
from mustshare_api.keytool.staff_door.audit_log import AuditDoor
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.sync_door import SyncDoor
from mustshare_api.keytool.staff_door.wire import ChangesPage, IndexEntry, TipEntry

COMPARED_EVERY: Final = timedelta(days=7)
"""What a reporter acknowledged stays here for a week at most."""

_OVERLAP: Final = timedelta(days=1)
"""What began before midnight may end after it, and is of the day on which it began."""

_PAGES_MOST: Final = 10_000
"""A door cannot make the tool go round."""


def sync(  # noqa: PLR0913 - whose folder, from where, opened with what, shown where, when, how
    home: Home,
    door: Door,
    seeds: Mapping[bytes, bytes],
    console: Console,
    today: date,
    *,
    whole: bool = True,
) -> Synced:
    """Brings the folder up to date.

    Args:
        home: the officer's folder.
        door: where to fetch from.
        seeds: what a changed object is tried with before it takes the old one's place.
        console: for the progress bar.
        today: the Bangkok day.
        whole: compare everything, and not only what changed.

    Raises:
        Unreachable: cut off; what was fetched stays.
        Rewritten: the audit log is not what it was.
        MustShareError: the door refused, or its directory is not to be believed.
    """
    with Listed.opened(home) as listed:
        run = _Sync(Fetcher(home, Follower(home, door, seeds), listed, console), today)
        feed = run.usable_feed()
        if whole or feed is None:
            run.compare()
        else:
            run.catch_up(feed)
        if listed.synced_on() != today:
            with listed.changing():
                listed.put_synced_on(today)
        return run.summed_up()


@dataclass(slots=True)
class _Sync:
    """One run, step by step."""

    fetcher: Fetcher
    today: date
    directory_seen: str = ""
    """The digest of the directory that the log was looked at with."""

    @property
    def home(self) -> Home:
        """The folder."""
        return self.fetcher.home

    @property
    def door(self) -> Door:
        """The door."""
        return self.fetcher.follower.door

    @property
    def listed(self) -> Listed:
        """What the door said."""
        return self.fetcher.listed

    def usable_feed(self) -> Feed | None:
        """Where the last sync ended, if everything was compared within a week."""
        feed, kept = self.listed.feed(), self._watcher()
        if feed is None or kept is None or not kept.kept_file.exists():
            return None
        age = self.today - feed.compared_on
        return feed if timedelta(0) <= age < COMPARED_EVERY else None

    def compare(self) -> None:
        """Everything."""
        self._look_first()
        with self.listed.changing():
            told = self._take_tips(self.door.tips())
        with self.listed.changing():
            self._take_index(self.door.index())
            leave_unlisted(self.home, self.listed, told, self.today)
        self.fetcher.fetch(self.listed.wanted())
        self._take_directory()
        # What changed since the first step is of this day, and is asked for next time.
        self._go_on_from(Feed(self.today - _OVERLAP, self.today))

    def catch_up(self, feed: Feed) -> None:
        """What changed."""
        pages, newest = self._take_changes(feed)
        self.fetcher.fetch(self.listed.wanted())
        if newest is None:
            return
        if newest.directory != self.directory_seen:
            self._take_directory()
        since = min(newest.on, self.today) - _OVERLAP
        if since > feed.since:
            self._go_on_from(Feed(since, feed.compared_on))
        else:
            self._go_on_from(Feed(feed.since, feed.compared_on, tuple(pages)))

    def _go_on_from(self, feed: Feed) -> None:
        # Kept last: after a log that did not hold, "nothing is new" must not be believed.
        with self.listed.changing():
            self.listed.put_feed(feed)

    def summed_up(self) -> Synced:
        """What was done."""
        done = self.fetcher.done
        done.tips, here = self.listed.counts()
        done.kept = here - done.fetched - done.rewrapped
        done.changed = self.listed.disputed()
        return done

    def _take_changes(self, feed: Feed) -> tuple[list[KnownPage], ChangesPage | None]:
        """Steps 1 to 3, page by page; the pages, and the last that was not known."""
        known = {page.after: page for page in feed.pages}
        pages: list[KnownPage] = []
        newest: ChangesPage | None = None
        after: str | None = ""
        while after is not None:
            was = known.get(after)
            told = SyncDoor(self.door).changes(feed.since, after, was.tag if was else "")
            if told is None:
                if was is None:
                    raise Refusal("door.nonsense")
                pages.append(was)
            else:
                if newest is None:
                    self._look_if_moved(told.page)
                newest = told.page
                with self.listed.changing():
                    self._take_tips(newest.tips)
                    self.listed.put_objects(newest.objects)
                    drop_replaced(self.home, self.listed, newest.objects)
                pages.append(KnownPage(after, told.tag, newest.next))
            after = pages[-1].next
            if len(pages) > _PAGES_MOST or after in {page.after for page in pages}:
                raise Refusal("door.nonsense")
        return pages, newest

    def _watcher(self) -> Watcher | None:
        kept = comparable(self.home)
        return Watcher(self.home.path, AuditDoor(self.door), kept) if kept else None

    def _look_first(self) -> None:
        """The log, if there was a sync before.

        Raises:
            Rewritten: nothing was touched.
        """
        watcher = self._watcher()
        if watcher is None or not watcher.kept_file.exists():
            return
        try:
            watcher.look()
        except Rewritten:
            raise
        except MustShareError:
            return  # whatever it is, the last step tells it, when tips are here
        self.directory_seen = watcher.directory.digest.hex()

    def _look_if_moved(self, page: ChangesPage) -> None:
        """The log, unless it stands where it was proved to stand.

        Raises:
            Rewritten: nothing was touched.
        """
        watcher = self._watcher()
        kept = watcher.kept() if watcher else None
        if watcher and kept and (kept.size, kept.root.hex()) == (page.log.size, page.log.root):
            self.directory_seen = watcher.directory.digest.hex()
            return
        self._look_first()

    def _take_tips(self, tips: Iterable[TipEntry]) -> set[str]:
        """Tips as they are told, each with the key that may be believed for it; their ids."""
        disputed, told = set(self.listed.disputed()), set[str]()
        for tip in tips:
            told.add(tip.tip_id)
            kept = self.listed.tip(tip.tip_id)
            if tip.bundle is None and (kept is None or kept.bundle is not None):
                self._forget(tip.tip_id)
            believed = self._settle(tip, kept or self.listed.left(tip.tip_id))
            if tip != kept or believed == (tip.tip_id in disputed):
                self.listed.put_tip(tip, disputed=not believed)
        return told

    def _settle(self, tip: TipEntry, kept: TipEntry | None) -> bool:
        """Sets the key that may be believed; whether it is the door's own."""
        if tip.bundle is None:
            return True
        if len(tip.bundle) != BUNDLE_BYTES:
            raise Refusal("door.nonsense")
        was = kept.bundle if kept else None
        if not follow(self.door, tip, kept):
            return False
        if was and was != tip.bundle:
            self.fetcher.done.rotated.append(tip.tip_id)
        return True

    def _take_index(self, entries: Iterable[IndexEntry]) -> None:
        """All objects. Nothing is deleted before the whole of it has come."""
        listed = {entry.object_id: entry for entry in entries}
        gone = [entry for entry in self.listed.objects() if entry.object_id not in listed]
        done = self.fetcher.done
        for entry in gone:
            if delete_copy(self.home, entry):
                tip = self.listed.tip(entry.tip_id)
                counted = done.unlisted if tip is None or tip.bundle else done.deleted
                counted[entry.tip_id] = counted.get(entry.tip_id, 0) + 1
        self.listed.drop_objects(entry.object_id for entry in gone)
        self.listed.put_objects(listed.values())
        self.listed.want_all()

    def _forget(self, tip_id: str) -> None:
        """Deletes what is here of a tip that is gone, opened copies and all."""
        if count := forget_tip(self.home, self.listed, tip_id):
            self.fetcher.done.deleted[tip_id] = count

    def _take_directory(self) -> None:
        """Late, so that an expired one does not keep tips from being read."""
        directory = take_directory(self.home, self.door.directory(), self.today)
        if directory.digest.hex() != self.directory_seen:
            Watcher(self.home.path, AuditDoor(self.door), directory).look()
