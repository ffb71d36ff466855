"""Keeps the directory that is in force, and says to whom a tip is sealed today.

    accept     a newer note with enough root signatures, kept with all earlier ones
    recipients the weekly keys of this week and the escrow key, or a refusal
    requester  whose signed requests are taken now, by today's list, which is looked after at
               every request; and which objects are there for them
    signer     whoever signed an answer: by all lists that there were

The server holds the root keys' public halves alone, so nobody who takes it over can slip a
recipient in. Sealing to a key that has run out would be worse than refusing: a refusal is
read by the reporter, a tip sealed to a destroyed key by nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mustshare_api.clock import BANGKOK, Clock, bangkok_day, week_of
from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import Directory, Entry, Roots
from mustshare_api.errors import (
    CannotOpen,
    Malformed,
    MustShareError,
    Unavailable,
    WrongMoment,
)
from mustshare_api.flows import deeds
from mustshare_api.flows.holders import Holders
from mustshare_api.logs import log
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.directories import DirectoryStore
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.rows import Reach
from mustshare_api.store.serial_floor import SerialFloor

WARN_DAYS = 14
"""Two weeks are enough to bring two root holders to one table."""

GRACE = timedelta(hours=1)
"""How long last week's keys are still taken on a Monday: a form opened before midnight."""


LOOK_EVERY_S = 1.0
"""How often a stranger's guess of a key may cost a look into the store."""


@dataclass(slots=True)
class DirectoryKeeper:
    """The directory in force, verified against the pinned roots."""

    store: DirectoryStore
    roots: Roots
    clock: Clock
    floor: SerialFloor | None = None
    _looked_at: float = -LOOK_EVERY_S
    _current: Directory | None = None
    _holders: Holders = field(default_factory=Holders)

    async def load(self) -> None:
        """Takes up what the store holds; several processes share it, so this is done often."""
        latest = await self.store.latest()
        if latest is None or (self._current and latest == self._current.octets):
            return
        self._holders.learn(await self.store.all_octets(), self.roots)
        found = notes.believe(latest, self.roots)
        # Whoever deletes the newest row brings back officers who were struck off.
        if found.serial < self._newest_seen(found.deployment_id):
            log("directory_refused", code="directory.rolled_back")
            return
        self._take(found)

    def _newest_seen(self, deployment_id: bytes) -> int:
        """The highest serial seen by this process, or before it on this machine."""
        seen = self._current.serial if self._current else 0
        return max(seen, self.floor.read(deployment_id) if self.floor else 0)

    def _take(self, directory: Directory) -> None:
        self._current = directory
        if self.floor and self.floor.read(directory.deployment_id) < directory.serial:
            self.floor.write(directory.deployment_id, directory.serial)

    async def catch_up(self, newest_serial: int) -> None:
        """Takes up what another process put in force, if that is newer than what is known."""
        if self._current is not None and newest_serial <= self._current.serial:
            return
        try:
            await self.load()
        except (CannotOpen, Malformed) as refused:
            # Whoever spoils the store shall not shut the door to staff as well.
            log("directory_refused", code=refused.code)

    async def look_again(self) -> bool:
        """Catches up before a key is called unknown; whether anything came of it."""
        now = self.clock.monotonic()
        if now - self._looked_at < LOOK_EVERY_S:
            return False
        self._looked_at = now
        before = self._current
        await self.catch_up(await self.store.newest_serial())
        return self._current is not before

    async def accept(self, octets: bytes, deed: NewLeaf | None = None) -> Outcome:
        """Puts a signed directory in force, and both it and `deed` in the audit log.

        Raises:
            Malformed, CannotOpen, WrongMoment: from `crypto.directory.verify`, or it is
                another deployment's.
        """
        today = bangkok_day(self.clock.now())
        newest = self._current.serial if self._current else None
        try:
            directory = notes.verify(octets, self.roots, today=today, newer_than=None)
            self._check_deployment(directory)
            self._check_floor(directory)
        except MustShareError as error:
            log("directory_refused", code=error.code)
            raise
        leaves = (*((deed,) if deed else ()), deeds.of_directory(directory, today))
        outcome = await self.store.accept(
            directory.serial, octets, directory.digest, today, leaves
        )
        if outcome is Outcome.RECORDED and directory.serial != newest:
            log("directory_accepted", serial=directory.serial, expires_on=directory.expires_on)
        await self.load()
        return outcome

    def _check_deployment(self, directory: Directory) -> None:
        # Receipts are stretched under the deployment's id: under another, each would be dead.
        if self._current and directory.deployment_id != self._current.deployment_id:
            raise WrongMoment("directory.other_deployment")

    def _check_floor(self, directory: Directory) -> None:
        # The store compares as well, unless somebody has emptied it.
        if self.floor and directory.serial < self.floor.read(directory.deployment_id):
            raise WrongMoment("directory.rolled_back")

    def current(self) -> Directory:
        """The directory in force.

        Raises:
            Unavailable: there is none, or it has expired.
        """
        if self._current is None:
            raise Unavailable("directory.missing")
        if self._current.expires_on < bangkok_day(self.clock.now()):
            raise Unavailable("directory.expired")
        return self._current

    @property
    def deployment_id(self) -> bytes:
        """16 bytes that salt every receipt of this deployment.

        Raises:
            Unavailable: there is no directory yet.
        """
        if self._current is None:
            raise Unavailable("directory.missing")
        return self._current.deployment_id

    @property
    def newest(self) -> Directory | None:
        """The newest directory, whether or not it has run out."""
        return self._current

    @property
    def evaluation(self) -> bool:
        """Whether the newest directory is one with which no real tip may be taken."""
        return self._current is not None and self._current.evaluation

    def recipients(self) -> tuple[Entry, ...]:
        """The keys to which anything that comes in now is sealed.

        Raises:
            Unavailable: no directory in force, or it names no key for this week.
        """
        found = self.current().recipients(bangkok_day(self.clock.now()))
        if not any(entry.role == "intake" for entry in found):
            raise Unavailable("directory.no_recipients")
        return found

    def accepted_kids(self) -> tuple[frozenset[bytes], ...]:
        """The sets of key ids to which a client may have sealed by now."""
        now = self.clock.now()
        sets = [frozenset(entry.kid for entry in self.recipients())]
        if now - GRACE < _monday_midnight(now):
            earlier = self.current().recipients(bangkok_day(now) - timedelta(days=1))
            # Where the keys begin this week, only the escrow key is left of last week's set.
            if any(entry.role == "intake" for entry in earlier):
                sets.append(frozenset(entry.kid for entry in earlier))
        return tuple(sets)

    def shareable_kids(self) -> frozenset[bytes]:
        """The keys that an object may be wrapped to anew: case keys and those of this week.

        Raises:
            Unavailable: no directory in force.
        """
        now = self.clock.now()
        weeks = {week_of(bangkok_day(moment)) for moment in (now, now - GRACE)}
        return frozenset(
            entry.kid
            for entry in self.current().entries
            if entry.role in {"case", "escrow"}
            or (entry.role == "intake" and entry.epoch in weeks)
        )

    def is_read_by_staff(self, kids: Iterable[bytes]) -> bool:
        """Whether one of these keys belongs to an officer whom the directory in force lists.

        Raises:
            Unavailable: no directory in force.
        """
        listed = {entry.name for entry in self.current().entries if entry.role == "signing"}
        return any(self._holders.name_of(kid) in listed for kid in kids)

    def staff_key(self, kid: bytes, *, also_expired: bool = False) -> Entry | None:
        """Whose requests are taken now, by the key that signs them.

        Args:
            kid: of that key.
            also_expired: whether the newest directory counts though it has run out, as it has
                to when the next one is handed in. A revoked key is in it as nothing else.

        Raises:
            Unavailable: there is no directory, or only an expired one.
        """
        directory = self._current if also_expired and self._current else self.current()
        return directory.requester(kid)

    def reach_of(self, requester: Entry) -> Reach:
        """Which objects are there for them."""
        return self._holders.reach_of(requester)

    def past_signer(self, kid: bytes) -> Entry | None:
        """Who signed an answer, also one who has left since."""
        return self._holders.signer(kid)

    def of_serial(self, serial: int) -> Directory | None:
        """Any directory that was in force here and is kept, with its signing keys alone."""
        return self._holders.of_serial(serial)

    def days_left(self) -> int:
        """Days until the directory or its weekly keys run out; 0 when they have."""
        if self._current is None:
            return 0
        today = bangkok_day(self.clock.now())
        last_key_day = self._current.last_week() + timedelta(days=6)
        return max(0, (min(self._current.expires_on, last_key_day) - today).days + 1)


def _monday_midnight(now: datetime) -> datetime:
    monday: date = week_of(bangkok_day(now))
    return datetime(monday.year, monday.month, monday.day, tzinfo=BANGKOK)
