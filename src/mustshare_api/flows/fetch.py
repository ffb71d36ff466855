"""Hands a reporter a file that staff sent with a follow-up.

1. find    a file from staff on this very tip
2. open    for a thin front end, wholly and into anonymous memory, before a byte leaves:
           what was cut off or changed must not look like a shorter file
   or hand it out sealed, to whoever derives for themselves
"""

from collections.abc import AsyncIterator

from mustshare_api.crypto import rotation
from mustshare_api.crypto.envelope import Expected, Kind
from mustshare_api.crypto.reply_box import StaffAttachmentOpener
from mustshare_api.errors import Busy, CannotOpen, NotFound, WrongMoment
from mustshare_api.flows.chains import believed_hashes
from mustshare_api.flows.credentials import Claim
from mustshare_api.flows.parking import Parked
from mustshare_api.flows.workbench import Workbench


async def fetch(bench: Workbench, claimed: Claim, object_id: bytes, into: Parked) -> None:
    """Puts a file from staff into `into`: opened under the receipt, or as sealed.

    Raises:
        NotFound: this tip has no such file, or it does not open.
        Busy: no memory left, or staff sealed it anew at this very moment.
    """
    octets = await _octets(bench, claimed, object_id)
    try:
        if claimed.keys is None:
            await _copy(octets, into)
        else:
            believed = await believed_hashes(bench, claimed)
            await _open(octets, claimed, claimed.keys.reply_seed, (object_id, believed), into)
    except (CannotOpen, NotFound):  # not ours to open, or acknowledged half-way through
        raise NotFound("attachment.not_found") from None
    except WrongMoment:  # staff sealed it anew half-way through: it is there, and whole again
        raise Busy("upload.busy") from None


async def _octets(bench: Workbench, claimed: Claim, object_id: bytes) -> AsyncIterator[bytes]:
    row = await bench.envelopes.head(object_id)
    mine = row is not None and row.tip_id == claimed.tip.tip_id
    if row is None or not mine or row.kind != Kind.ATTACHMENT_FROM_STAFF:
        raise NotFound("attachment.not_found")
    return bench.envelopes.stream(object_id)


async def _copy(octets: AsyncIterator[bytes], into: Parked) -> None:
    async for chunk in octets:
        into.write(chunk)


async def _open(
    octets: AsyncIterator[bytes],
    claimed: Claim,
    seed: bytes,
    asked: tuple[bytes, frozenset[bytes]],
    into: Parked,
) -> None:
    head, (object_id, believed) = await anext(octets), asked
    named = rotation.named_hash(head, believed, claimed.bundle_hash)
    opener = StaffAttachmentOpener(
        head,
        seed,
        expect=Expected(Kind.ATTACHMENT_FROM_STAFF, claimed.tip.tip_id, object_id, named),
    )
    async for chunk in octets:
        into.write(opener.update(chunk))
    into.write(opener.finalize())
