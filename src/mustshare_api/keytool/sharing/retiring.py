"""Destroys opening keys once nothing needs them: what is open goes to the case key first.

    1. sync      every object that the door lists for this officer is here, in its present state
    2. heir      the officer's case key, as the directory in force lists it
    3. re-wrap   each object that names a doomed key gets a stanza for the heir in its place
    4. again     1 and 3, until a whole pass finds none that names one
    5. destroy   the key file is written anew without the doomed seeds

Whoever takes the machine after that opens what is still being worked on, and nothing else. The
door's word is not enough for step 5: it could take the stanza of a doomed key away and spoil
the one that was to take over. So `copies` takes no head that locks the officer out of what
opened before, and a pass with any such object destroys nothing. One object that cannot be
brought over keeps all the doomed seeds; the next run goes on from what stands at the door,
however this one ended.

An object that no seed here opens, although it names one of them, is said and holds up nothing:
a seed that does not open it loses nothing by going.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from mustshare_api.clock import week_of
from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import Head
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.resealing import rewrapped
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import NotFound
from mustshare_api.keytool.desk.copies import Copy, Follower, NotAsListed, read_copy
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_index, load_tip, load_tips
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.sharing.swapping import Swapper, each
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry

KEPT_DAYS: Final = 90
"""How long after its end a week's key is kept unless told otherwise: a tip is answered within
three months, so most of what a week brought is closed by then."""

_PASSES: Final = 5
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Doomed:
    """The seeds that are to go, by kid, and the officer as they will be without them."""

    seeds: Mapping[bytes, bytes]
    without: Officer


@dataclass(slots=True)
class Retired:
    """What came of it. `unreadable` are objects that nothing here opens."""

    rewrapped: int = 0
    unreadable: list[str] = field(default_factory=list[str])


def doomed_weeks(officer: Officer, before: date | None, today: date) -> Doomed:
    """The weekly keys that are to go: those of weeks before a Monday.

    Raises:
        Refusal: `retire.not_monday`; `retire.too_early`, last week's key may be sealed to yet.
    """
    over = today - timedelta(days=KEPT_DAYS)
    limit = before or week_of(over)
    if limit.weekday():
        raise Refusal("retire.not_monday")
    if limit > week_of(today) - _WEEK:
        raise Refusal("retire.too_early", day=(week_of(today) - _WEEK).isoformat())
    going = {week: seed for week, seed in officer.epochs.items() if week < limit}
    kept = {week: seed for week, seed in officer.epochs.items() if week not in going}
    return Doomed(_by_kid(going.values()), replace(officer, epochs=kept))


def doomed_case_keys(officer: Officer) -> Doomed:
    """All case keys but the newest."""
    newest, *older = officer.case_seeds
    return Doomed(_by_kid(older), replace(officer, case_seeds=(newest,)))


def bring_over(  # noqa: PLR0913 - whose keys, where, and what it is told with
    home: Home, door: Door, officer: Officer, doomed: Doomed, console: Console, today: date
) -> Retired:
    """Steps 1 to 4. After it the doomed seeds may go.

    Raises:
        Refusal: `retire.no_case_key`; `retire.not_whole`, the door's objects are not all here;
            `retire.unfinished`, some could not be brought over.
        MustShareError: cut off, or the door refused; what was done stays done.
    """
    done = Retired()
    needing: list[IndexEntry] = []
    for _ in range(_PASSES):
        _sync_whole(home, door, officer, console, today)
        heir = _heir(officer, doomed, current_directory(home, today))
        follower = Follower(home, door, officer.seeds())
        run = _Run(follower, doomed, heir, console, done)
        needing = run.needing()
        if not needing:
            return done
        run.rewrap(needing)
    raise Refusal("retire.unfinished", count=len(needing))


@dataclass(frozen=True, slots=True)
class _Run:
    """One pass over what is here."""

    follower: Follower
    doomed: Doomed
    heir: bytes
    console: Console
    done: Retired

    def needing(self) -> list[IndexEntry]:
        """The objects that name a doomed key and can be brought over."""
        found: list[IndexEntry] = []
        self.done.unreadable = []
        for entry, copy in self._copies():
            if copy.head.kids.isdisjoint(self.doomed.seeds):
                continue
            if copy.keys(self.follower.seeds) or self._is_mended(entry):
                found.append(entry)
            else:
                self.done.unreadable.append(entry.object_id)
        return found

    def rewrap(self, entries: list[IndexEntry]) -> None:
        """Step 3, object by object. One that is refused keeps no other from being done."""
        swapper = Swapper(self.follower, load_tips(self.follower.home))
        tally = each(
            entries,
            lambda entry: swapper.rewrap(entry, self._plan),
            self.console,
            "retire.rewrapping",
        )
        self.done.rewrapped += tally.done
        if tally.refused:
            raise Refusal("retire.unfinished", count=tally.refused)

    def _plan(self, copy: Copy, keys: Mapping[bytes, bytes]) -> Head | None:
        """The doomed stanzas go; the heir gets one unless it has one that opens."""
        going = copy.head.kids & self.doomed.seeds.keys()
        if not going:
            return None
        key = next(iter(keys.values()))
        heir = xwing.public_key_of(self.heir)
        add = () if kid_of(heir) in keys else (heir,)
        return rewrapped(copy.head, key, add=add, drop=going)

    def _is_mended(self, entry: IndexEntry) -> bool:
        """Whether it opens once it is fetched afresh: the disk here may have forgotten."""
        tip = load_tip(self.follower.home, entry.tip_id)
        try:
            self.follower.fetch(entry, tip)
        except (NotAsListed, NotFound):
            return False
        copy = read_copy(self.follower.home, entry.object_id)
        return copy is not None and bool(copy.keys(self.follower.seeds))

    def _copies(self) -> Iterator[tuple[IndexEntry, Copy]]:
        home = self.follower.home
        for entry in load_index(home).values():
            copy = read_copy(home, entry.object_id)
            if copy is not None:
                yield entry, copy


def _sync_whole(
    home: Home, door: Door, officer: Officer, console: Console, today: date
) -> None:
    """Step 1. Where an object is not what the index says, nobody knows which key it needs."""
    synced = sync(home, door, officer.seeds(), console, today)
    for object_id in synced.refused:
        console.warn("object.malformed", object=object_id)
    if synced.refused:
        raise Refusal("retire.not_whole", count=len(synced.refused))


def _heir(officer: Officer, doomed: Doomed, directory: Directory) -> bytes:
    """Step 2: the newest case key that is listed and does not go itself."""
    listed = {entry.kid for entry in directory.case_keys() if entry.name == officer.name}
    for seed in officer.case_seeds:
        kid = kid_of(xwing.public_key_of(seed))
        if kid in listed and kid not in doomed.seeds:
            return seed
    raise Refusal("retire.no_case_key")


def _by_kid(seeds: Iterable[bytes]) -> dict[bytes, bytes]:
    return {kid_of(xwing.public_key_of(seed)): seed for seed in seeds}
