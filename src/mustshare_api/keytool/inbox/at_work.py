"""What is done at a desk, whether it was opened whole (`desk`) or at a glance (`glance`).

An entry is sealed into the outbox first, and counts here from then on. The overview comes last,
and only where the folder stands as it stood when the desk was read, but for what was done here:
whoever is cut off between the two leaves one that is of another folder, and so is none.
"""

import contextlib
from abc import ABC, abstractmethod
from datetime import UTC, date, datetime

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import DeskState, Entry, later_than, latest_at
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.entries import new_object_id, seal_entry, staff_keys
from mustshare_api.keytool.inbox.overview import (
    Overview,
    Standing,
    is_kept,
    save_overview,
    standing,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import TipEntry


class AtWork(ABC):
    """A desk, for whoever writes at it.

    Attributes:
        home: the officer's folder.
        officer: whose desk it is.
        today: the Bangkok day.
        stood: how the folder stood when the desk was read.
        put: the ids of the entries that were written since.
        moved: how many tips were seen to make a step since.
    """

    __slots__ = ()

    home: Home
    officer: Officer
    today: date
    stood: Standing
    put: set[str]
    moved: int

    @abstractmethod
    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to."""

    @abstractmethod
    def tip_of(self, tip_id: str) -> TipEntry | None:
        """A tip as last heard of, the same object each time."""

    @abstractmethod
    def take(self, tip: TipEntry, object_id: str, entry: Entry) -> None:
        """Counts an entry that was just put into the outbox."""

    @abstractmethod
    def move(self, tip: TipEntry) -> None:
        """Counts a step of a tip that was just saved."""

    @abstractmethod
    def keep(self) -> None:
        """Writes what has to be written whole."""

    @abstractmethod
    def overview(self) -> Overview:
        """What lists need of this desk."""

    def dated(self, tip_id: str, now: datetime) -> str:
        """When an entry on a tip that is written now is dated."""
        clock = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # No later than what others read today; among those of one second the id decides.
        return min(later_than(self.state_of(tip_id), clock), latest_at(self.today))

    @property
    def signed_by(self) -> str:
        """By which an entry names this officer's key."""
        return self.officer.signing_kid.hex()

    def write(self, tip: TipEntry, entry: Entry, *, keep: bool = True) -> str:
        """Seals an entry into the outbox; it counts here from then on. Its id.

        With several to write, the register is kept by whoever writes them, at the end.

        Raises:
            Refusal: `tip.gone`, a disk that is full.
            WrongMoment: the directory has expired, or has no key of this week.
            Malformed: `desk.malformed`.
        """
        object_id = new_object_id()
        recipients = staff_keys(self.home, self.today)
        octets = seal_entry(tip, object_id, entry, self.officer, recipients)
        outbox.put(self.home, object_id, octets)
        self.put.add(object_id)
        self.take(tip, object_id, entry)
        if keep:
            self.keep()
        return object_id

    def keep_overview(self) -> None:
        """Writes the overview, where this desk is what the folder holds.

        A disk that has no room for it has none, and the next list takes longer.
        """
        now = standing(self.home, self.today)
        here = self.stood.after(self.today, self.put, self.moved)
        if now == here and not is_kept(self.home, self.officer, now):
            with contextlib.suppress(Refusal):
                save_overview(self.home, self.officer, now, self.overview())
