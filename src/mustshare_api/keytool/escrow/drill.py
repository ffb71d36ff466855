"""Tries an escrow key on every sealed object of a folder, and writes nothing.

    object here -> has it a stanza for the escrow key?  no: said, for it would be lost
                -> opens to its last octet?             no: said, with why

A recovery that has never been tried is a hope. This is the whole of one but for its last step,
and can be done every quarter on an officer's own machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mustshare_api.crypto import xwing
from mustshare_api.crypto.resealing import clear_digest
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen
from mustshare_api.keytool.desk.copies import Copy, read_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.sharing.granting import chosen_tips, objects_of


@dataclass(slots=True)
class Drilled:
    """How many objects opened, how many are not in escrow, and which failed and why."""

    opened: int = 0
    without: int = 0
    refused: dict[str, str] = field(default_factory=dict[str, str])


def drill(home: Home, seed: bytes) -> Drilled:
    """Opens everything here that the escrow key should open."""
    kid = kid_of(xwing.public_key_of(seed))
    done = Drilled()
    for entry in objects_of(home, chosen_tips(home, [])):
        copy = read_copy(home, entry.object_id)
        if copy is not None and kid not in copy.head.kids:
            done.without += 1
            continue
        code = _refused(copy, {kid: seed})
        if code is None:
            done.opened += 1
        else:
            done.refused[entry.object_id] = code
    return done


def _refused(copy: Copy | None, seeds: Mapping[bytes, bytes]) -> str | None:
    """Why an object does not open to its end; None where it does."""
    if copy is None:
        return "envelope.malformed"
    keys = copy.keys(seeds)
    if not keys:
        return "open.tampered"
    try:
        clear_digest(copy.head.prefix_octets, next(iter(keys.values())), copy.payload())
    except CannotOpen as refused:
        return refused.code
    return None
