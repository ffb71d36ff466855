"""Cards: the public half of somebody's keys, on its way into a directory.

    mustshare/v1 card                       mustshare/v1 card
    signing <name> - <kid> <key>            auditor <name> - <kid> <key>
    case <name> - <kid> <key>               (blank line)
    intake <name> <Monday> <kid> <key>      — <name> <signature>
     ... by week
    (blank line)
    — <name> <signature>

    mustshare/v1 card
    agency-signing <name> - <kid> <key>
    agency <name> - <kid> <key>
    (blank line)
    — <name> <signature>

A card is a signed note: directory lines of one person, signed by the key on its first line. It
proves that whoever made it holds that key; that this person is an officer, an auditor or a
witness, leads a recovery or speaks for an agency, is for the roots to know.
"""

from collections.abc import Sequence
from typing import Final

from mustshare_api.crypto import notes
from mustshare_api.crypto.entries import REQUESTERS, Entry
from mustshare_api.crypto.notes import Verifier
from mustshare_api.errors import Malformed

CARD_ORIGIN: Final = "mustshare/v1 card"
CARD_LIMIT_BYTES: Final = 1 << 18
_BELOW_SIGNING: Final = ("case", "intake")


def write_card(entries: Sequence[Entry], seed: bytes) -> bytes:
    """A card of these entries, signed by the first one's key.

    Raises:
        Malformed: `note.malformed`, the seed is none.
    """
    lines = [CARD_ORIGIN, *(entry.encode() for entry in entries)]
    text = "".join(f"{line}\n" for line in lines).encode()
    return notes.sign(text + b"\n", entries[0].name, seed)


def parse_card(octets: bytes) -> tuple[Entry, ...]:
    """The entries on a card whose signature holds, the signing key's first.

    Raises:
        Malformed: `card.malformed`, also where it lists another's name or another role, or its
            signature is not by the key it lists.
    """
    if len(octets) > CARD_LIMIT_BYTES:
        raise Malformed("card.malformed")
    try:
        note = notes.split(octets)
        origin, *lines = note.text.decode("ascii").removesuffix("\n").split("\n")
        entries = tuple(Entry.parse(line) for line in lines)
    except (Malformed, UnicodeDecodeError):
        raise Malformed("card.malformed") from None
    if origin != CARD_ORIGIN or not entries or not _is_signed_by_its_own(note, entries):
        raise Malformed("card.malformed")
    return entries


def _is_signed_by_its_own(note: notes.Note, entries: tuple[Entry, ...]) -> bool:
    """The signing key first, what belongs to its role below it, and the key's signature."""
    first, *below = entries
    if first.role not in {*REQUESTERS, "witness"} or any(
        entry.name != first.name for entry in below
    ):
        return False
    roles = [entry.role for entry in below]
    if first.role == "signing":
        is_in_order = _is_officers(roles)
    else:
        is_in_order = roles == (["agency"] if first.role == "agency-signing" else [])
    return is_in_order and note.is_signed_by(Verifier(first.name, first.public_key))


def _is_officers(roles: list[str]) -> bool:
    """One case key, and weeks after it."""
    case, intake = _BELOW_SIGNING
    return roles[:1] == [case] and all(role == intake for role in roles[1:])
