"""Tries an escrow key on every sealed object of a folder, and writes nothing.

    object here -> has it a stanza for the escrow key?  no: said, for it would be lost
                -> opens to its last octet?             no: said, with why

A recovery that has never been tried is a hope. This is the whole of one but for its last step,
and can be done every quarter on an officer's own machine.
"""

from dataclasses import dataclass, field

from mustshare_api.crypto import xwing
from mustshare_api.crypto.envelope import HEAD_LIMIT, Expected, Kind, parse_head
from mustshare_api.crypto.opening import check_opens
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.home import Home, pieces
from mustshare_api.keytool.syncing import load_index, load_tips
from mustshare_api.keytool.wire import IndexEntry


@dataclass(slots=True)
class Drilled:
    """How many objects opened, how many are not in escrow, and which failed and why."""

    opened: int = 0
    without: int = 0
    refused: dict[str, str] = field(default_factory=dict[str, str])


def drill(home: Home, seed: bytes) -> Drilled:
    """Opens everything here that the escrow key should open."""
    seeds = {kid_of(xwing.public_key_of(seed)): seed}
    bundles = {tip_id: tip.bundle for tip_id, tip in load_tips(home).items()}
    done = Drilled()
    for entry in load_index(home).values():
        bundle = bundles.get(entry.tip_id)
        if bundle is not None and home.sealed(entry.object_id).exists():
            _try(home, entry, bundle, seeds, done)
    return done


def _try(
    home: Home, entry: IndexEntry, bundle: bytes, seeds: dict[bytes, bytes], done: Drilled
) -> None:
    expected = Expected(
        Kind(entry.kind),
        bytes.fromhex(entry.tip_id),
        bytes.fromhex(entry.object_id),
        bundle_hash(bundle),
    )
    with home.sealed(entry.object_id).open("rb") as sealed:
        try:
            head = parse_head(sealed.read(HEAD_LIMIT))
            if not set(seeds) & set(head.kids):
                done.without += 1
                return
            sealed.seek(head.length)
            check_opens(head.octets, pieces(sealed), seeds, expect=expected)
            done.opened += 1
        except (CannotOpen, Malformed) as refused:
            done.refused[entry.object_id] = refused.code
