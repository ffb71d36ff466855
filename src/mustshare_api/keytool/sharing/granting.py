"""Lets a colleague into a tip, and out of it again.

    grant              a stanza for the colleague's case key, on every object of the tip
    drop               every stanza for a key of that name goes
    drop, sealed anew  that, and a new content key: what was kept of the old one opens nothing
                       that is fetched from then on

All objects means words and files of both sides, as far as they are sealed to this officer. What
comes in later is sealed to everyone the directory lists, as ever.

What nobody can take back is said and not hidden: who held an object may have fetched and opened
it. Sealing anew keeps a colleague who kept a content key, and later gets hold of the server's
disk, from reading by it. It is done at the same length under the same prefix, so that the
author's signature inside stays good.

Sealing anew needs the public key of everyone who stays. A key that no directory on this
machine lists cannot be sealed to; such an object is refused, unless whoever holds that key is
to be shut out as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import MAX_STANZAS, Head
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.resealing import rewrapped
from mustshare_api.crypto.suite import kid_of
from mustshare_api.keytool.desk.copies import Copy, read_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_index, load_tips
from mustshare_api.keytool.desk.people import Known, known_keys, officers_kids, reporters_key
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.sharing.swapping import Swapped, Swapper, Tally, each
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.reading import find_tips


def chosen_tips(home: Home, wanted: Sequence[str]) -> list[TipEntry]:
    """The tips of these ids, or every one of which something is here.

    Raises:
        Refusal: `tip.unknown`, `tip.ambiguous`, `tip.gone`.
    """
    if not wanted:
        return [tip for tip in load_tips(home).values() if tip.bundle is not None]
    tips = find_tips(home, wanted)
    if any(tip.bundle is None for tip in tips):
        raise Refusal("tip.gone")
    return tips


def objects_of(home: Home, tips: Sequence[TipEntry]) -> list[IndexEntry]:
    """What is here of some tips."""
    ids = {tip.tip_id for tip in tips}
    return [
        entry
        for entry in load_index(home).values()
        if entry.tip_id in ids and home.sealed(entry.object_id).exists()
    ]


def case_key_of(directory: Directory, name: str) -> bytes:
    """The key by which a colleague is let in.

    Raises:
        Refusal: `share.unknown_officer`, the directory in force lists none under this name.
    """
    for entry in directory.case_keys():
        if entry.name == name:
            return entry.public_key
    raise Refusal("share.unknown_officer")


def grant(
    swapper: Swapper, entries: Sequence[IndexEntry], key: bytes, console: Console
) -> Tally:
    """Adds a stanza for a key to each object that has none."""

    def plan(copy: Copy, keys: Mapping[bytes, bytes]) -> Head | None:
        if kid_of(key) in copy.head.kids:
            return None
        if len(copy.head.stanzas) >= MAX_STANZAS:
            raise Refusal("share.full")
        return rewrapped(copy.head, next(iter(keys.values())), add=(key,))

    return each(entries, lambda entry: swapper.rewrap(entry, plan), console, "share.changing")


@dataclass(frozen=True, slots=True)
class Dropping:
    """Whose stanzas go, and how thoroughly."""

    home: Home
    kids: frozenset[bytes]
    known: Mapping[bytes, Known]
    own: Mapping[bytes, bytes]
    leave_out_unknown: bool = False

    @classmethod
    def of(
        cls, home: Home, officer: Officer, name: str, *, leave_out_unknown: bool = False
    ) -> "Dropping":
        """Everything of a name; of one's own, what lies on a machine that one has no more.

        Raises:
            Refusal: `share.own_key`, the keys are those of this key file;
                `share.unknown_officer`, no directory here ever listed an opening key under
                the name.
        """
        known = known_keys(home)
        kids = officers_kids(known, name)
        if not kids:
            raise Refusal("share.unknown_officer")
        if name == officer.name:
            kids -= officer.seeds().keys()
        if not kids or not kids.isdisjoint(officer.seeds()):
            raise Refusal("share.own_key")
        own = {kid: xwing.public_key_of(seed) for kid, seed in officer.seeds().items()}
        return cls(home, kids, known, own, leave_out_unknown)

    def held(self, entries: Sequence[IndexEntry]) -> list[IndexEntry]:
        """The objects that are sealed to a key of that name."""
        copies = ((entry, read_copy(self.home, entry.object_id)) for entry in entries)
        return [e for e, copy in copies if copy and not copy.head.kids.isdisjoint(self.kids)]

    def drop(self, swapper: Swapper, entries: Sequence[IndexEntry], console: Console) -> Tally:
        """Takes the stanzas away."""

        def plan(copy: Copy, keys: Mapping[bytes, bytes]) -> Head | None:
            if copy.head.kids.isdisjoint(self.kids):
                return None
            return rewrapped(copy.head, next(iter(keys.values())), drop=self.kids)

        return each(
            entries, lambda entry: swapper.rewrap(entry, plan), console, "share.changing"
        )

    def seal_anew(
        self, swapper: Swapper, entries: Sequence[IndexEntry], console: Console
    ) -> Tally:
        """Takes the stanzas away and the content key with them."""

        def change(entry: IndexEntry) -> Swapped:
            tip = swapper.tips[entry.tip_id]
            return swapper.reseal(entry, lambda copy: self._staying(copy, tip))

        return each(entries, change, console, "share.changing")

    def _staying(self, copy: Copy, tip: TipEntry) -> list[bytes]:
        """The public keys of everyone who stays, in the order of the stanzas.

        Raises:
            Refusal: `share.unknown_recipient`.
        """
        reporter = reporters_key(copy, tip)
        known = {kid: each.entry.public_key for kid, each in self.known.items()}
        known.update(self.own)
        if reporter:
            known[kid_of(reporter)] = reporter
        staying = [s.kid for s in copy.head.stanzas if s.kid not in self.kids]
        if not self.leave_out_unknown and any(kid not in known for kid in staying):
            raise Refusal("share.unknown_recipient")
        return [known[kid] for kid in staying if kid in known]
