"""The staff door's routes for drafts: sealed octets in, the same octets out."""

from typing import Any, Final

import msgspec
from litestar import Response, delete, get, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest
from mustshare_api.api.catalogue.sets import SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation, id_in_path
from mustshare_api.api.staff.permissions import WRITE_PAGES
from mustshare_api.api.staff.queries import AFTER, LIMIT, page_of
from mustshare_api.api.staff.signed import admitted, signed_body
from mustshare_api.api.staff.versions import IF_VERSION, seen_version
from mustshare_api.crypto.drafts import LIMIT_BYTES
from mustshare_api.flows import drafts
from mustshare_api.store.outcome import Outcome

_DRAFT: Final = id_in_path("draft_id", "Made by whoever wrote it; later the page's own.")


class ListedDraft(msgspec.Struct, frozen=True):
    """A draft; what it is about stands sealed inside."""

    draft_id: str
    version: int
    changed_on: str
    octets: int


class DraftList(msgspec.Struct, frozen=True):
    """A page of drafts, in the order of random ids."""

    drafts: list[ListedDraft]
    next: str | None


@get(
    "/v1/drafts",
    operation=Operation(
        "listDrafts",
        "What drafts there are",
        "Those that are sealed to the requester. A page may be empty and have a next one.",
        {200: Answer("A page.", DraftList)},
        parameters=(AFTER, LIMIT),
        problems=(*SIGNED, "request.malformed", "id.malformed"),
        credential="staff",
    ),
    permission=WRITE_PAGES,
)
async def list_drafts(request: AnyRequest) -> Response[bytes]:
    """A page of drafts."""
    after, limit = page_of(request)
    bench = state_of(request).bench
    rows, last = await drafts.listed(bench, admitted(request), after or b"", limit)
    found = [
        ListedDraft(row.draft_id.hex(), row.version, row.changed_on.isoformat(), row.size_bytes)
        for row in rows
    ]
    return json_answer(DraftList(found, last.hex() if last else None))


@get(
    "/v1/drafts/{draft_id:str}",
    operation=Operation(
        "fetchDraft",
        "One sealed draft",
        "`ETag` is its version, to be sent back as `If-Match`.",
        {200: Answer("The draft.", Octets("The sealed draft."))},
        parameters=(_DRAFT,),
        problems=(*SIGNED, "id.malformed", "draft.not_found"),
        credential="staff",
    ),
    permission=WRITE_PAGES,
)
async def fetch_draft(request: AnyRequest, draft_id: FromPath[str]) -> Response[bytes]:
    """A draft's octets."""
    wanted = credentials.id_of(draft_id)
    version, octets = await drafts.fetch(state_of(request).bench, admitted(request), wanted)
    headers = {"etag": f'"{version}"'}
    return Response(octets, media_type="application/octet-stream", headers=headers)


@put(
    "/v1/drafts/{draft_id:str}",
    operation=Operation(
        "keepDraft",
        "Keep a sealed draft",
        "A sealed object of kind draft: to each officer's case key, or where one has none to "
        "their intake key of the week. It takes the place of the version that it names.",
        {201: Answer("Kept."), 200: Answer("Kept before.")},
        takes=(Octets("The sealed draft."),),
        parameters=(_DRAFT, IF_VERSION),
        problems=(
            *SIGNED_DEED,
            "id.malformed",
            "precondition.missing",
            "envelope.malformed",
            "envelope.not_padded",
            "envelope.wrong_kind",
            "envelope.wrong_tip",
            "envelope.wrong_recipients",
            "draft.not_found",
            "draft.changed",
            "draft.full",
            "upload.busy",
        ),
        credential="staff",
    ),
    permission=WRITE_PAGES,
)
async def keep_draft(request: AnyRequest, draft_id: FromPath[str]) -> Response[None]:
    """Takes a draft."""
    wanted, seen = credentials.id_of(draft_id), seen_version(request)
    octets = await signed_body(request, LIMIT_BYTES)
    bench = state_of(request).bench
    outcome = await drafts.keep(bench, admitted(request), wanted, seen, octets)
    return empty_answer(201 if outcome is Outcome.RECORDED else 200)


@delete(
    "/v1/drafts/{draft_id:str}",
    status_code=204,
    operation=Operation(
        "dropDraft",
        "Delete a draft",
        "Whoever may read it may delete it; a published page is not touched.",
        {204: Answer("It is gone.")},
        parameters=(_DRAFT, IF_VERSION),
        problems=(
            *SIGNED_DEED,
            "id.malformed",
            "precondition.missing",
            "draft.not_found",
            "draft.changed",
        ),
        credential="staff",
    ),
    permission=WRITE_PAGES,
)
async def drop_draft(request: AnyRequest, draft_id: FromPath[str]) -> Response[None]:
    """Deletes a draft."""
    wanted, seen = credentials.id_of(draft_id), seen_version(request)
    await drafts.drop(state_of(request).bench, admitted(request), wanted, seen)
    return empty_answer()


ROUTES: list[Any] = [list_drafts, fetch_draft, keep_draft, drop_draft]
