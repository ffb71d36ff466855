"""The staff door's routes of the audit log: how it stands, proofs, and a witness's signature.

Whoever may sign requests may ask, and recomputes what is told. Every number is read strictly
and bounded, so that no question costs more than a page does.
"""

from typing import Any

from litestar import Response, get, post

from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Link, Octets, Operation, Parameter
from mustshare_api.api.staff.audit_wire import Consistency, Entries, Inclusion, LoggedEvent
from mustshare_api.api.staff.permissions import HAND_IN_COSIGNATURES, READ_AUDIT
from mustshare_api.api.staff.signed import signed_body
from mustshare_api.crypto.merkle import SIZE_LIMIT
from mustshare_api.errors import Malformed, NotFound
from mustshare_api.flows.audit import COSIGNED_LIMIT
from mustshare_api.store.audit_log import Leaf

PAGE_MOST = 1000

_DIGITS = len(str(SIZE_LIMIT))
_SIZE = {"type": "integer", "minimum": 0, "maximum": SIZE_LIMIT}
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PROBLEMS = (*SIGNED, "request.malformed", "audit.not_found", "audit.damaged")


def _asked(request: AnyRequest, *names: str) -> dict[str, str]:
    """The parameters, each at most once and no other."""
    pairs = list(request.query_params.multi_items())
    found = dict(pairs)
    if len(found) < len(pairs) or not found.keys() <= set(names):
        raise Malformed
    return found


def _number(text: str | None, *, low: int = 0, high: int = SIZE_LIMIT) -> int:
    """A whole number in its one spelling."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS:
        raise Malformed
    number = int(text)
    if str(number) != text or not low <= number <= high:
        raise Malformed
    return number


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        raise Malformed from None
    if digest.hex() != text or len(digest) != 32:  # noqa: PLR2004 - SHA-256
        raise Malformed
    return digest


def _shown(leaf: Leaf) -> LoggedEvent:
    return LoggedEvent(
        leaf.position,
        leaf.leaf_hash.hex(),
        leaf.happened_on.isoformat(),
        leaf.nonce.hex() if leaf.nonce is not None else None,
        leaf.event.decode("ascii") if leaf.event is not None else None,
    )


@get(
    "/v1/audit/checkpoint",
    operation=Operation(
        "readCheckpoint",
        "How the audit log stands",
        "A C2SP checkpoint, signed by the log's key, with the witnesses' cosignatures.",
        {
            200: Answer(
                "A C2SP signed note.",
                Octets("The note.", ("text/plain",)),
                links=(Link("readConsistency", "From the one you kept to this one."),),
            )
        },
        parameters=(
            Parameter(
                "of",
                "query",
                "`newest` (if not given), or the newest that a witness has `cosigned`.",
                {"type": "string", "enum": ["newest", "cosigned"], "default": "newest"},
            ),
        ),
        problems=_PROBLEMS,
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_checkpoint(request: AnyRequest) -> Response[bytes]:
    """A checkpoint."""
    which = _asked(request, "of").get("of", "newest")
    if which not in {"newest", "cosigned"}:
        raise Malformed
    note = await state_of(request).bench.audit.checkpoint(cosigned=which == "cosigned")
    return Response(note, media_type="text/plain")


@get(
    "/v1/audit/key",
    operation=Operation(
        "readAuditKey",
        "The key that signs checkpoints",
        "For whoever has no directory that lists it, to pin on first use.",
        {200: Answer("A C2SP verifier key, one line.", Octets("The line.", ("text/plain",)))},
        problems=(*SIGNED, "request.malformed"),
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_audit_key(request: AnyRequest) -> Response[bytes]:
    """The log's verifier key."""
    _asked(request)
    verifier = await state_of(request).bench.audit.verifier()
    return Response(f"{verifier.encode()}\n".encode(), media_type="text/plain")


@get(
    "/v1/audit/directory",
    operation=Operation(
        "readLoggedDirectory",
        "A directory that is or was in force",
        "Whose keys signed the events of its time.",
        {200: Answer("A C2SP signed note.", Octets("The note.", ("text/plain",)))},
        parameters=(
            Parameter("digest", "query", "SHA-256 of its text.", _DIGEST, required=True),
        ),
        problems=(*SIGNED, "request.malformed", "audit.not_found"),
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_logged_directory(request: AnyRequest) -> Response[bytes]:
    """A directory by its digest."""
    digest = _digest(_asked(request, "digest").get("digest", ""))
    octets = await state_of(request).bench.audit.directory_of(digest)
    return Response(octets, media_type="text/plain")


@get(
    "/v1/audit/consistency",
    operation=Operation(
        "readConsistency",
        "Proof that the log was only added to",
        "RFC 9162, 2.1.4: that the tree of one size is the beginning of that of another.",
        {200: Answer("The proof.", Consistency)},
        parameters=(
            Parameter("from", "query", "The size you know.", _SIZE, required=True),
            Parameter("to", "query", "The size you were told.", _SIZE, required=True),
        ),
        problems=_PROBLEMS,
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_consistency(request: AnyRequest) -> Response[bytes]:
    """A consistency proof."""
    asked = _asked(request, "from", "to")
    old, new = _number(asked.get("from")), _number(asked.get("to"))
    proof = await state_of(request).bench.audit.consistency(old, new)
    return json_answer(Consistency([one.hex() for one in proof]))


@get(
    "/v1/audit/inclusion",
    operation=Operation(
        "readInclusion",
        "Proof that a leaf is in the log",
        "RFC 9162, 2.1.3. Name the leaf by its position, or by the digest of the directory "
        "that it vouches for. Where both are named, both have to be the leaf's.",
        {200: Answer("Leaf and proof.", Inclusion)},
        parameters=(
            Parameter("position", "query", "From 0.", _SIZE),
            Parameter("directory", "query", "SHA-256 of a directory's text.", _DIGEST),
            Parameter("size", "query", "Of the checkpoint.", _SIZE, required=True),
        ),
        problems=_PROBLEMS,
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_inclusion(request: AnyRequest) -> Response[bytes]:
    """An inclusion proof."""
    asked = _asked(request, "position", "directory", "size")
    size, audit = _number(asked.get("size")), state_of(request).bench.audit
    position = _number(asked["position"]) if "position" in asked else None
    if "directory" in asked:
        found = await audit.inclusion_of_directory(_digest(asked["directory"]), size)
    elif position is not None:
        found = await audit.inclusion(position, size)
    else:
        raise NotFound("audit.not_found")
    if position not in {None, found.leaf.position}:
        raise NotFound("audit.not_found")
    proof = [one.hex() for one in found.proof]
    return json_answer(Inclusion(_shown(found.leaf), found.size, proof))


@get(
    "/v1/audit/entries",
    operation=Operation(
        "readAuditEntries",
        "What staff and operators did",
        "In order. A shredded event has its hash and its day, and no text.",
        {200: Answer("A page.", Entries)},
        parameters=(
            Parameter("from", "query", "The first position.", _SIZE, required=True),
            Parameter(
                "limit",
                "query",
                "How many at most.",
                {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE_MOST},
            ),
        ),
        problems=_PROBLEMS,
        credential="staff",
    ),
    permission=READ_AUDIT,
)
async def read_audit_entries(request: AnyRequest) -> Response[bytes]:
    """A page of the log."""
    asked = _asked(request, "from", "limit")
    first = _number(asked.get("from"))
    limit = _number(asked.get("limit", str(PAGE_MOST)), low=1, high=PAGE_MOST)
    leaves = await state_of(request).bench.audit.entries(first, limit)
    return json_answer(Entries([_shown(leaf) for leaf in leaves]))


@post(
    "/v1/audit/cosignatures",
    status_code=204,
    operation=Operation(
        "cosignCheckpoint",
        "Hand in a witness's cosignature",
        "A checkpoint with a C2SP cosignature/v1 line by a witness of the directory in force. "
        "That line counts, not who sends it; it is no event of the log.",
        {204: Answer("Kept.")},
        takes=(Octets("The cosigned checkpoint."),),
        problems=(
            *SIGNED_DEED,
            "cosignature.malformed",
            "cosignature.wrong_signature",
            "checkpoint.forked",
            "audit.not_found",
            "audit.damaged",
        ),
        credential="staff",
    ),
    permission=HAND_IN_COSIGNATURES,
)
async def cosign_checkpoint(request: AnyRequest) -> Response[None]:
    """Takes a cosignature."""
    octets = await signed_body(request, COSIGNED_LIMIT)
    await state_of(request).bench.audit.cosign(octets)
    return empty_answer()


ROUTES: list[Any] = [
    read_checkpoint,
    read_audit_key,
    read_logged_directory,
    read_consistency,
    read_inclusion,
    read_audit_entries,
    cosign_checkpoint,
]
