"""Keeps what staff write before it is public, sealed, and hands it to those it is sealed to.

    keep    structure, address and recipients are checked; the content nobody here can read
    list    those of which a stanza names a key of the requester's
    fetch   likewise; another officer's draft is not there
    drop    by whoever may read it

A draft says which version it replaces, or two officers would undo one another's work.
"""

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import drafts
from mustshare_api.crypto.envelope import Kind, parse_detached_head, parse_envelope
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import Malformed, NotFound, WrongMoment
from mustshare_api.flows import admission
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.done import mark_of
from mustshare_api.store.drafts import DraftRow, NewDraft
from mustshare_api.store.outcome import Outcome


async def keep(
    bench: Workbench, by: Admitted, draft_id: bytes, seen: int, octets: bytes
) -> Outcome:
    """Keeps a draft in the place of the one that was seen.

    Raises:
        Malformed: not a draft, of another id, or not to exactly the officers' keys.
        NotFound: there is one that is not the requester's.
        WrongMoment: `draft.changed`, `draft.full`.
    """
    head = parse_envelope(octets).head
    admission.check_addressed(head, Kind.DRAFT, draft_id, drafts.BUNDLE_HASH)
    today = bangkok_day(bench.clock.now())
    listed = drafts.recipients(bench.directory.current(), today)
    if head.kids != frozenset(entry.kid for entry in listed):
        raise Malformed("envelope.wrong_recipients")
    kept = await bench.drafts.find(draft_id)
    if kept is not None:
        _check_theirs(bench, by, kept)
    digest = sha256(octets)
    mark = mark_of(by.entry.name, f"draft.keep {seen}", draft_id, digest)
    new = NewDraft(mark, draft_id, seen, today, digest, head.octets, octets)
    outcome = await bench.drafts.keep(new, by.leaf)
    if outcome is Outcome.CHANGED:
        raise WrongMoment("draft.changed")
    if outcome is Outcome.FULL:
        raise WrongMoment("draft.full")
    return outcome


async def listed(
    bench: Workbench, by: Admitted, after: bytes, limit: int
) -> tuple[list[DraftRow], bytes | None]:
    """Those of the next `limit` drafts that are the requester's, and where to go on."""
    reach = bench.directory.reach_of(by.entry)
    rows = await bench.drafts.page(after, limit)
    last = rows[-1].draft_id if len(rows) == limit else None
    return [row for row in rows if reach.holds(_stanzas(row))], last


async def fetch(bench: Workbench, by: Admitted, draft_id: bytes) -> tuple[int, bytes]:
    """A draft's version and octets.

    Raises:
        NotFound: `draft.not_found`, also where it is not the requester's.
    """
    kept = await bench.drafts.find(draft_id)
    if kept is None:
        raise NotFound("draft.not_found")
    _check_theirs(bench, by, kept)
    found = await bench.drafts.octets(draft_id)
    if found is None:
        raise NotFound("draft.not_found")
    return found


async def drop(bench: Workbench, by: Admitted, draft_id: bytes, seen: int) -> None:
    """Deletes a draft; the same again by the same officer is told that it is gone.

    Raises:
        NotFound: `draft.not_found`.
        WrongMoment: `draft.changed`.
    """
    kept = await bench.drafts.find(draft_id)
    if kept is not None:
        _check_theirs(bench, by, kept)
    today = bangkok_day(bench.clock.now())
    mark = mark_of(by.entry.name, f"draft.drop {seen}", draft_id)
    outcome = await bench.drafts.drop(draft_id, seen, mark, today, by.leaf)
    if outcome is Outcome.GONE:
        raise NotFound("draft.not_found")
    if outcome is Outcome.CHANGED:
        raise WrongMoment("draft.changed")


def _check_theirs(bench: Workbench, by: Admitted, row: DraftRow) -> None:
    if not bench.directory.reach_of(by.entry).holds(_stanzas(row)):
        raise NotFound("draft.not_found")


def _stanzas(row: DraftRow) -> bytes:
    return parse_detached_head(row.head).stanza_octets
