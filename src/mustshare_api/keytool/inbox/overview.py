"""The overview: what lists need of the desk, kept sealed beside the register.

    overview.sealed   seal(case key, msgpack: how the folder stood | one line a tip that lives)

A register is opened whole, and with a hundred thousand tips that takes seconds for a list that
shows of each its first words. Nothing is believed here that was not opened and verified before:
a line is made from the register, and holds as long as all that the register is made from stands
as it stood then. That is told by

    the tips and objects that the door lists     a number that every change of them moves
    the sealed objects that are here             when a name in their folder came or went
    entries on their way to the door             their ids
    keys and directories                         whose word counts
    the day                                      where some entry is dated ahead of it

Where any of that is other than it was, or the file is missing, changed, or sealed under a key
that is retired, there is no overview, and the desk is opened whole.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.register import OVERVIEW, open_register, seal_register
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.at_desk import About, Summary, TipFacts

FILE_NAME: Final = "overview.sealed"

_LAYOUT: Final = 1
_SIZE_LIMIT_BYTES: Final = 1 << 30


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tip that lives: what the door says of it, what it is about, what was written on it."""

    tip_id: str
    state: str
    received_on: date
    expires_on: date | None
    answered: bool
    steps: int
    about: str | None
    topic: About
    from_reporter: tuple[str, ...]
    """The ids of its reporter's messages that are listed."""
    summary: Summary | None

    @classmethod
    def of(
        cls, tip: TipFacts, topic: About, from_reporter: Iterable[str], summary: Summary | None
    ) -> "Line":
        """Of one tip."""
        return cls(
            tip.tip_id, tip.state, tip.received_on, tip.expires_on, tip.answered, tip.steps,
            tip.about, topic, tuple(from_reporter), summary,
        )  # fmt: skip


class Overview(msgspec.Struct, frozen=True, array_like=True):
    """All lines, the slugs of cases by id, and why listed objects did not open."""

    lines: list[Line]
    slugs: dict[str, str]
    refused: dict[str, str]
    is_of_day: bool
    """Whether some entry begins to count on another day."""


class Standing(msgspec.Struct, frozen=True):
    """How all that a desk is made from stands."""

    day: date
    generation: int
    """The number that every change of tips and objects moves."""
    sources: str
    waiting: tuple[str, ...]
    """The ids of the entries that are on their way."""

    def goes_on(self, now: "Standing") -> bool:
        """Whether nothing but the day is other than now, and that is a later one."""
        return self.day <= now.day and msgspec.structs.replace(self, day=now.day) == now

    def after(self, day: date, put: Iterable[str], moved: int) -> "Standing":
        """How the folder stands on a day when entries were put and tips moved, and no more."""
        waiting = tuple(sorted({*self.waiting, *put}))
        return Standing(day, self.generation + moved, self.sources, waiting)


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    layout: int
    standing: Standing
    is_of_day: bool
    overview: msgspec.Raw

    def is_of(self, now: Standing) -> bool:
        return self.standing == now or (not self.is_of_day and self.standing.goes_on(now))


_KEPT: Final = msgspec.msgpack.Decoder(_Kept)
_OVERVIEW: Final = msgspec.msgpack.Decoder(Overview)


def file_of(home: Home) -> Path:
    """Where the sealed overview is."""
    return home.path / FILE_NAME


def standing(home: Home, today: date) -> Standing:
    """How the folder stands. It is to be locked, and this asked before anything is read."""
    places = (
        home.sealed("x").parent, home.directory, home.directories, home.roots, home.officer,
    )  # fmt: skip
    found = (each.stat() if each.exists() else None for each in places)
    sizes = [(each.st_mtime_ns, each.st_size) if each else None for each in found]
    sources = hashlib.sha256(msgspec.msgpack.encode(sizes)).hexdigest()
    return Standing(today, _generation(home), sources, tuple(outbox.ids(home)))


def _generation(home: Home) -> int:
    """The number that every change of tips and objects moves; nought before the first sync."""
    if not home.listed.exists():
        return 0
    with Listed.opened(home) as listed:
        return listed.generation()


def is_kept(home: Home, officer: Officer, now: Standing) -> bool:
    """Whether the overview is of how the folder stands."""
    kept = _load(home, officer)
    return kept is not None and kept.is_of(now)


def load_overview(home: Home, officer: Officer, now: Standing) -> Overview | None:
    """The overview, where it is of how the folder stands."""
    kept = _load(home, officer)
    if kept is None or not kept.is_of(now):
        return None
    try:
        return _OVERVIEW.decode(kept.overview)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def save_overview(home: Home, officer: Officer, now: Standing, overview: Overview) -> None:
    """Keeps an overview, sealed.

    Raises:
        Refusal: `file.cannot_write`.
    """
    lines = msgspec.Raw(msgspec.msgpack.encode(overview))
    octets = msgspec.msgpack.encode(_Kept(_LAYOUT, now, overview.is_of_day, lines))
    write_bytes(file_of(home), seal_register(octets, officer.case_seed, OVERVIEW))


def forget_overview(home: Home) -> None:
    """Deletes the overview: the register is about to say something else."""
    file_of(home).unlink(missing_ok=True)


def _load(home: Home, officer: Officer) -> _Kept | None:
    if not file_of(home).exists():
        return None
    try:
        octets = read_bytes(file_of(home), _SIZE_LIMIT_BYTES)
        kept = _KEPT.decode(open_register(octets, officer.case_seeds, OVERVIEW))
    except (CannotOpen, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return kept if kept.layout == _LAYOUT else None
