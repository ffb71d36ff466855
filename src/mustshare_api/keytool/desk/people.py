"""Whose keys are whose: the kids of stanzas, by name and role, as the roots vouched for them.

    directories/7.note, 8.note, ... -> verified by the pinned roots -> kid: role, name, week, 8

A stanza carries a kid and nothing else. Names come from directories that this machine believed
when they were in force; the newest one that lists a key is the one that vouches for it. A key
that none of them lists is unknown, and is shown so and never guessed at: it may be a
colleague's of before this machine's time, or a stranger's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES, Directory, Entry, believe
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.receipts import parse_bundle
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.copies import Copy
from mustshare_api.keytool.desk.directories import pinned_roots
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.staff_door.wire import TipEntry

OFFICERS_ROLES: Final = frozenset({"intake", "case"})
"""The roles of keys by which an officer opens tips."""


@dataclass(frozen=True, slots=True)
class Known:
    """A key and the serial of the newest directory that lists it."""

    entry: Entry
    serial: int


def known_keys(home: Home) -> Mapping[bytes, Known]:
    """Every key that a directory believed here lists, by kid.

    A kept note that the pinned roots do not vouch for (any more) vouches for nothing.

    Raises:
        Refusal: `roots.missing`.
    """
    files = [home.directory, *sorted(home.directories.glob("*.note"))]
    notes = tuple(read_bytes(file, SIZE_LIMIT_BYTES) for file in files if file.exists())
    return _listed_by(pinned_roots(home), notes)


@lru_cache(maxsize=1)
def _listed_by(roots: Roots, notes: tuple[bytes, ...]) -> Mapping[bytes, Known]:
    """The same of these notes: whoever opens a thousand answers asks as often of the same."""
    found: dict[bytes, Known] = {}
    for directory in sorted(_believed(roots, notes), key=lambda each: each.serial):
        for entry in directory.entries:
            found[entry.kid] = Known(entry, directory.serial)
    return MappingProxyType(found)


def officers_kids(known: Mapping[bytes, Known], name: str) -> frozenset[bytes]:
    """The keys by which an officer of that name opens, or once opened, tips."""
    entries = (each.entry for each in known.values())
    return frozenset(e.kid for e in entries if e.name == name and e.role in OFFICERS_ROLES)


def reporters_key(copy: Copy, tip: TipEntry) -> bytes | None:
    """The reporter's own key, where an object goes to the reporter."""
    if tip.bundle is None or not Kind(copy.head.prefix.kind).is_from_staff:
        return None
    return parse_bundle(tip.bundle).reply_key


def describe(
    copy: Copy, tip: TipEntry, known: Mapping[bytes, Known]
) -> list[dict[str, object]]:
    """The recipients of one object, in the order of its stanzas."""
    key = reporters_key(copy, tip)
    reporter = kid_of(key) if key else None
    return [_line(stanza.kid, reporter, known) for stanza in copy.head.stanzas]


def _line(
    kid: bytes, reporter: bytes | None, known: Mapping[bytes, Known]
) -> dict[str, object]:
    if kid == reporter:
        return {
            "kid": kid.hex(),
            "role": "reporter",
            "name": None,
            "week": None,
            "serial": None,
        }
    each = known.get(kid)
    if each is None:
        return {"kid": kid.hex(), "role": "unknown", "name": None, "week": None, "serial": None}
    entry = each.entry
    week = entry.epoch.isoformat() if entry.epoch else None
    return {
        "kid": kid.hex(), "role": entry.role, "name": entry.name,
        "week": week, "serial": each.serial,
    }  # fmt: skip


def _believed(roots: Roots, notes: Iterable[bytes]) -> Iterable[Directory]:
    for octets in notes:
        try:
            yield believe(octets, roots)
        except (CannotOpen, Malformed):
            continue
