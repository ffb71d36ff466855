"""What each of an officer's keys could open, of the sealed objects that lie here.

Counted from the stanzas, which name keys by id; nothing is opened for it. A week whose key was
destroyed is listed as gone for as long as something here came in that week, with the number of
objects of that week that no key in this file opens any more by that week's key: none.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from mustshare_api.clock import week_of
from mustshare_api.crypto import xwing
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import kid_of
from mustshare_api.keytool.desk.copies import read_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_index


@dataclass(frozen=True, slots=True)
class KeyReach:
    """One key: of which week, if any; its id, if it is still there; how much it opens.

    `of` is how many objects here came in that week, or how many there are at all.
    """

    week: date | None
    kid: bytes | None
    objects: int
    of: int


def reach_of(officer: Officer, home: Home) -> tuple[list[KeyReach], int]:
    """Every key with its reach, weeks first and the newest case key before older ones.

    Returns:
        The keys, and how many sealed objects lie here.
    """
    opened_by: Counter[bytes] = Counter()
    received: Counter[date] = Counter()
    for entry in load_index(home).values():
        kids = _kids(home, entry.object_id)
        opened_by.update(kids)
        received[week_of(entry.received_on)] += bool(kids)
    weeks = [
        _week(monday, officer.epochs.get(monday), opened_by, received[monday])
        for monday in sorted({*officer.epochs, *received})
    ]
    total = received.total()
    case = [kid_of(xwing.public_key_of(seed)) for seed in officer.case_seeds]
    return [*weeks, *(KeyReach(None, kid, opened_by[kid], total) for kid in case)], total


def _week(
    monday: date, seed: bytes | None, opened_by: Counter[bytes], received: int
) -> KeyReach:
    if seed is None:
        return KeyReach(monday, None, 0, received)
    kid = kid_of(xwing.public_key_of(seed))
    return KeyReach(monday, kid, opened_by[kid], received)


def _kids(home: Home, object_id: str) -> frozenset[bytes]:
    """The keys that one sealed object names; none where it is not here or is none."""
    copy = read_copy(home, object_id)
    return copy.head.kids if copy else frozenset()
