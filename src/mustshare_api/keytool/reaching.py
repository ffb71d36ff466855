"""What each of an officer's opening keys could still open, and what destroyed ones can't.

    key at hand     the objects here that name it
    destroyed       a week or case key that a directory listed under this officer's name and
                    that the key file has no more: the objects here that still name it, which
                    nobody opens by it again

Counted over the copies on this machine, so that it is true as of the last sync.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from mustshare_api.crypto import xwing
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.copies import reach
from mustshare_api.keytool.home import Home
from mustshare_api.keytool.people import OFFICERS_ROLES, known_keys
from mustshare_api.keytool.syncing import load_index


@dataclass(frozen=True, slots=True)
class Reach:
    """One key: `week` is None for a case key, `held` says whether its seed is still here."""

    role: str
    week: date | None
    kid: str
    held: bool
    objects: int


def reaches(home: Home, officer: Officer) -> list[Reach]:
    """Case keys first, then week by week, destroyed ones in their places.

    Raises:
        Refusal: `roots.missing`.
    """
    named = reach(home, load_index(home).values())
    held = {entry.kid for entry in _held(officer)}
    listed = (known.entry for known in known_keys(home).values())
    gone = [
        entry
        for entry in listed
        if entry.name == officer.name and entry.role in OFFICERS_ROLES and entry.kid not in held
    ]
    ordered = sorted((*_held(officer), *gone), key=_rank)
    return [_reach(entry, named, held=entry.kid in held) for entry in ordered]


def _held(officer: Officer) -> list[Entry]:
    weeks = [
        Entry.of("intake", officer.name, week, xwing.public_key_of(seed))
        for week, seed in officer.epochs.items()
    ]
    return [
        *weeks,
        *(
            Entry.of("case", officer.name, None, xwing.public_key_of(seed))
            for seed in officer.case_seeds
        ),
    ]


def _reach(entry: Entry, named: Counter[bytes], *, held: bool) -> Reach:
    return Reach(entry.role, entry.epoch, entry.kid.hex(), held, named[entry.kid])


def _rank(entry: Entry) -> tuple[date, bytes]:
    return entry.epoch or date.min, entry.kid
