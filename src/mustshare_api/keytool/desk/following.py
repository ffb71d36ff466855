"""Follows a reporter from one receipt to the next, and nobody else.

    pinned bundle --notice, acceptance--> ... --> bundle that the door gives now

The tool keeps the first reporter's key it saw for a tip. Another one is believed only where
both receipts of each rotation signed for it, in their order, from the kept one on. What does
not lead there is said aloud and changes nothing: a door that could swap the key would read the
answer.
Every earlier bundle stays known, because what was sealed before names it for good.
"""

from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.crypto.rotation import Link, check_chain
from mustshare_api.errors import CannotOpen, Malformed, NotFound
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Chain, TipEntry


def bundles_of(tip: TipEntry) -> dict[bytes, bytes]:
    """Every bundle believed for a tip, by its hash; none for a tip that is gone."""
    known = [*tip.earlier, tip.bundle] if tip.bundle else []
    return {bundle_hash(bundle): bundle for bundle in known}


def first_bundle(tip: TipEntry) -> bytes:
    """The bundle that the tip itself was sealed with; empty for a tip that is gone."""
    return tip.earlier[0] if tip.earlier else tip.bundle or b""


def follow(door: Door, tip: TipEntry, kept: TipEntry | None) -> bool:
    """Sets the tip's bundles to what may be believed; whether the door's own was.

    Args:
        door: asked for the chain where one is needed.
        tip: as the door lists it, with a bundle.
        kept: as it was believed before, if it was.
    """
    tip.earlier = kept.earlier if kept and kept.bundle else []
    if kept and kept.bundle and kept.bundle == tip.bundle:
        return True
    if not (kept and kept.bundle) and not tip.rotations:
        return True  # the first key that is seen for it
    try:
        chain = door.rotations(tip.tip_id)
        links = [Link(one.bundle, one.notice, one.acceptance) for one in chain.rotations]
        check_chain(bytes.fromhex(tip.tip_id), links, chain.bundle)
    except (CannotOpen, Malformed, NotFound):
        return _stay(tip, kept)
    if not _leads_on(chain, kept):
        return _stay(tip, kept)
    tip.bundle, tip.earlier = chain.bundle, [link.bundle for link in links]
    return True


def _leads_on(chain: Chain, kept: TipEntry | None) -> bool:
    """Whether the chain goes through everything that was believed before."""
    if not (kept and kept.bundle):
        return True
    bundles = [*(one.bundle for one in chain.rotations), chain.bundle]
    known = [*kept.earlier, kept.bundle]
    return bundles[: len(known)] == known


def _stay(tip: TipEntry, kept: TipEntry | None) -> bool:
    if kept and kept.bundle:
        tip.bundle = kept.bundle
    return False
