"""Which directory this machine believes, and when it changes its mind.

    pinned roots + a note from the door -> verified, no older, same deployment -> directory.note

Those that were believed before stay in `directories/`, by serial: whose a key of last quarter
was is asked of them.

The note that was kept is believed again without a look at the calendar: who signed a reply last
month is still known when the note has run out. Only what seals something new asks for a
directory that is good today.
"""

from datetime import date

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES, Directory
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.errors import WrongMoment
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.refusal import InFile, Refusal, about

ROOTS_LIMIT_BYTES = 4096


def pinned_roots(home: Home) -> Roots:
    """The roots that this machine pinned.

    Raises:
        Refusal: `roots.missing`.
        Malformed: `roots.malformed`.
    """
    if not home.roots.exists():
        raise Refusal("roots.missing")
    with about(home.roots):
        return parse_roots(read_bytes(home.roots, ROOTS_LIMIT_BYTES))


def pin_roots(home: Home, octets: bytes) -> Roots:
    """Pins roots, once.

    Raises:
        Refusal: `roots.differ`; changing them is for a person, with an announcement in hand.
        Malformed: `roots.malformed`.
    """
    roots = parse_roots(octets)
    if home.roots.exists() and pinned_roots(home) != roots:
        raise Refusal("roots.differ", path=str(home.roots))
    write_bytes(home.roots, octets)
    return roots


def kept_directory(home: Home) -> Directory:
    """The last directory believed, whether or not it has run out since.

    Raises:
        Refusal: `directory.missing`.
        MustShareError: it was changed on this disk.
    """
    if not home.directory.exists():
        raise Refusal("directory.missing")
    roots = pinned_roots(home)
    octets = read_bytes(home.directory, SIZE_LIMIT_BYTES)
    with about(home.directory):
        issued_on = notes.parse(octets).issued_on
        return notes.verify(octets, roots, today=issued_on, newer_than=None)


def current_directory(home: Home, today: date) -> Directory:
    """The last directory believed, if something may be sealed by it today.

    Raises:
        WrongMoment: `directory.expired`.
        MustShareError: as `kept_directory`.
    """
    kept = kept_directory(home)
    return notes.verify(kept.octets, pinned_roots(home), today=today, newer_than=None)


def judge_directory(home: Home, octets: bytes, today: date) -> Directory:
    """Believes a note in place of the one that was kept, or refuses it.

    Raises:
        WrongMoment: `directory.rolled_back`, also for another note of the same serial;
            `directory.expired`, `directory.not_yet`.
        CannotOpen: `directory.too_few_signatures`.
        Refusal: `directory.other_deployment`.
        Malformed: `directory.malformed`.
    """
    kept = comparable(home)
    newer_than = kept.serial if kept else None
    taken = notes.verify(octets, pinned_roots(home), today=today, newer_than=newer_than)
    if kept and kept.deployment_id != taken.deployment_id:
        raise Refusal("directory.other_deployment")
    if kept and kept.serial == taken.serial and kept.digest != taken.digest:
        raise WrongMoment("directory.rolled_back")
    return taken


def take_directory(home: Home, octets: bytes, today: date) -> Directory:
    """Believes a note and keeps it, or refuses it as `judge_directory` does."""
    taken = judge_directory(home, octets, today)
    write_bytes(home.directories / f"{taken.serial}.note", octets)
    write_bytes(home.directory, octets)
    return taken


def comparable(home: Home) -> Directory | None:
    """What a new note is held against: nothing, once other roots have been pinned."""
    if not home.directory.exists():
        return None
    try:
        return kept_directory(home)
    except InFile:
        return None
