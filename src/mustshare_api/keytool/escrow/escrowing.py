"""Changes who stands behind sealed objects when an escrow key comes into play, or changes.

    restore   by a recovery key: an officer's case key onto every object that is in escrow
    move      by any officer: the escrow keys of the directory in force onto every object they
              hold, and off with those that it no longer lists

Both go object by object as `swapping` does: from the head that was seen or not at all, killed
and run again without harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import MAX_STANZAS, Head
from mustshare_api.crypto.resealing import rewrapped
from mustshare_api.crypto.suite import kid_of
from mustshare_api.keytool.desk.copies import Copy, Follower, read_copy
from mustshare_api.keytool.desk.listed import load_tips
from mustshare_api.keytool.desk.people import known_keys
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.sharing.granting import chosen_tips, grant, objects_of
from mustshare_api.keytool.sharing.swapping import Swapper, Tally, each

ESCROW = "escrow"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of the objects in escrow, and how many are `without`."""

    tally: Tally
    without: int


def restore(follower: Follower, seed: bytes, key: bytes, console: Console) -> Restored:
    """Lets an officer into everything that is in escrow.

    Args:
        follower: of the recovery's folder, synced, with the escrow seed as its own.
        seed: the escrow key's.
        key: the officer's case key, as the directory in force lists it.
        console: for the bar, and a line for each object that is refused.
    """
    kid = kid_of(xwing.public_key_of(seed))
    here = objects_of(follower.home, chosen_tips(follower.home, []))
    copies = ((entry, read_copy(follower.home, entry.object_id)) for entry in here)
    entries = [entry for entry, copy in copies if copy and kid in copy.head.kids]
    tally = grant(Swapper(follower, load_tips(follower.home)), entries, key, console)
    return Restored(tally, len(here) - len(entries))


def move(follower: Follower, directory: Directory, console: Console) -> Tally:
    """Puts everything that an officer holds under the escrow keys in force."""
    listed = [entry for entry in directory.entries if entry.role == ESCROW]
    now = {entry.kid: entry.public_key for entry in listed}
    known = known_keys(follower.home)
    old = {kid for kid, each in known.items() if each.entry.role == ESCROW} - now.keys()

    def plan(copy: Copy, keys: Mapping[bytes, bytes]) -> Head | None:
        add = [key for kid, key in now.items() if kid not in copy.head.kids]
        drop = copy.head.kids & old
        if not add and not drop:
            return None
        if len(copy.head.stanzas) + len(add) - len(drop) > MAX_STANZAS:
            raise Refusal("share.full")
        return rewrapped(copy.head, next(iter(keys.values())), add=add, drop=drop)

    swapper = Swapper(follower, load_tips(follower.home))
    entries = objects_of(follower.home, chosen_tips(follower.home, []))
    return each(entries, lambda entry: swapper.rewrap(entry, plan), console, "share.changing")
