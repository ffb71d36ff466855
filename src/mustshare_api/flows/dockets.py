"""The docket: what staff tell a reporter of where their tip stands.

    put    by an officer who holds the tip; sealed to the bundle in force and to all staff, of
           the one size that dockets have, in the place of the one that the officer saw
    show   opened for whoever presents the receipt, and only where an officer's signature inside
           holds; for whoever presents an access token, sealed, with no stanza but theirs

The server opens it only while it holds the receipt that was just presented.
"""

import hashlib
from dataclasses import dataclass

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import reply_box, rotation
from mustshare_api.crypto.envelope import (
    Expected,
    Head,
    Kind,
    parse_envelope,
    payload_bytes_for,
)
from mustshare_api.crypto.receipts import bundle_hash, parse_bundle
from mustshare_api.crypto.suite import kid_of
from mustshare_api.domain.docket import DocketBody, decode_docket
from mustshare_api.errors import CannotOpen, Malformed, NotFound, WrongMoment
from mustshare_api.flows import staff
from mustshare_api.flows.chains import believed_hashes, links_of
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.recording import check_recorded, message_row
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.dockets import KeptDocket
from mustshare_api.store.outcome import Outcome


@dataclass(frozen=True, slots=True)
class ShownDocket:
    """A docket as its reporter gets it.

    `docket` and `signer` are None where it is handed out sealed, and where it could not be
    opened or its signature did not hold. `sealed` has the reporter's own stanza alone.
    """

    object_id: bytes
    docket: DocketBody | None
    signer: str | None
    sealed: bytes


async def put(
    bench: Workbench, by: Admitted, tip_id: bytes, octets: bytes, was: bytes | None
) -> Outcome:
    """Puts a docket in the place of the last one. `was`: digest of that one's head, if any.

    Raises:
        NotFound: `tip.not_found`.
        Malformed: it is sealed wrongly, or of another size.
        WrongMoment: `docket.changed`, `tip.rotated`, `id.in_use`.
    """
    envelope = parse_envelope(octets)
    head = envelope.head
    await staff.check_held(bench, by, tip_id)
    row = message_row(octets, bangkok_day(bench.clock.now()), hashlib.sha256(octets).digest())
    if await _came_before(bench, tip_id, head):
        return Outcome.SAME
    await staff.check_from_staff(bench, head, Kind.DOCKET, tip_id, len(octets))
    if len(envelope.payload) != payload_bytes_for(Kind.DOCKET, 0):
        raise Malformed("docket.wrong_size")
    outcome = await bench.dockets.put(row, staff.adding_of(bench, by, head, 1), was)
    if outcome is Outcome.OLDER:
        raise WrongMoment("docket.changed")
    check_recorded(outcome, from_staff=True)
    return outcome


async def _came_before(bench: Workbench, tip_id: bytes, head: Head) -> bool:
    """Whether it lies there already; a retry may come after the keys of the week changed.

    Raises:
        WrongMoment: `tip.rotated`, it is sealed to a bundle that was left since.
    """
    kept = await bench.dockets.of_tip(tip_id)
    if kept is not None and kept.octets.startswith(head.octets):
        return True
    earlier = {bundle_hash(link.bundle) for link in await links_of(bench, tip_id)}
    if head.prefix.tip_id == tip_id and head.prefix.bundle_hash in earlier:
        raise WrongMoment("tip.rotated")
    return False


async def show(bench: Workbench, claimed: Claim) -> ShownDocket | None:
    """The docket of a reporter's tip, where there is one."""
    kept = await bench.dockets.of_tip(claimed.tip.tip_id)
    if kept is None:
        return None
    docket = await _opened(bench, claimed, kept) if claimed.keys else None
    entry = bench.directory.past_signer(bytes.fromhex(docket.signed_by)) if docket else None
    return ShownDocket(
        kept.object_id, docket, entry.name if entry else None, _own(claimed, kept.octets)
    )


async def check_disputable(bench: Workbench, claimed: Claim, outcome_id: str) -> None:
    """That a reporter's docket tells of an outcome.

    Raises:
        NotFound: `outcome.unknown`.
    """
    shown = await show(bench, claimed)
    outcomes = shown.docket.outcomes if shown and shown.docket else []
    if outcome_id not in {one.id for one in outcomes}:
        raise NotFound("outcome.unknown")


async def _opened(bench: Workbench, claimed: Claim, kept: KeptDocket) -> DocketBody | None:
    def signing_key(content: bytes) -> bytes | None:
        entry = bench.directory.past_signer(bytes.fromhex(decode_docket(content).signed_by))
        return entry.public_key if entry else None

    believed = await believed_hashes(bench, claimed)
    named = rotation.named_hash(kept.octets, believed, claimed.bundle_hash)
    expect = Expected(Kind.DOCKET, claimed.tip.tip_id, kept.object_id, named)
    seed = claimed.keys.reply_seed if claimed.keys else b""
    try:
        content = reply_box.open_docket(
            kept.octets, seed, expect=expect, verify_key=signing_key
        )
        return decode_docket(content)
    except (CannotOpen, Malformed):
        return None


def _own(claimed: Claim, octets: bytes) -> bytes:
    """The object with no stanza but the reporter's: no bigger for a larger staff."""
    envelope = parse_envelope(octets)
    kid = kid_of(parse_bundle(claimed.tip.bundle or b"").reply_key)
    own = tuple(stanza for stanza in envelope.head.stanzas if stanza.kid == kid)
    head = Head.of(envelope.head.prefix, own or envelope.head.stanzas[:1])
    return head.octets + envelope.payload
