"""The staff door's routes for pages of every kind: publish, correct, take down, look back.

    PUT /v1/cases/{page_id}/publication    {"digest": ...} by the first officer    202
                                           the page itself by the second           201

One set of routes is made for each kind of page there is (`domain/page_kinds.py`).
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import Response, get, put
from litestar.params import FromPath

from mustshare_api.api import credentials
from mustshare_api.api.answers import empty_answer, json_answer, state_of
from mustshare_api.api.bodies import AnyRequest, decode, stream
from mustshare_api.api.catalogue.sets import PICTURE, SIGNED, SIGNED_DEED
from mustshare_api.api.operation import Answer, Octets, Operation, Parameter, id_in_path
from mustshare_api.api.staff.page_wire import (
    PageProposal,
    StaffPageDetail,
    StaffPageList,
    TakingDown,
    staff_page,
    staff_page_detail,
)
from mustshare_api.api.staff.permissions import WRITE_PAGES
from mustshare_api.api.staff.queries import AFTER, LIMIT, page_of
from mustshare_api.api.staff.signed import admitted, digested, signed_body
from mustshare_api.api.staff.versions import IF_VERSION, seen_version
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import CONTENT_LIMIT_BYTES, PATHS, PICTURE_LIMIT_BYTES
from mustshare_api.errors import Malformed
from mustshare_api.flows import pages
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.pages import Published

_PAGE: Final = id_in_path("page_id", "That of its draft.")
_PICTURE: Final = id_in_path("picture_id", "As the page names it.")
_VERSION: Final = Parameter(
    "version",
    "path",
    "From 1.",
    {"type": "integer", "minimum": 1, "maximum": 9999},
    required=True,
)
_PROPOSAL = msgspec.json.Decoder(PageProposal, strict=True)
_TAKING_DOWN = msgspec.json.Decoder(TakingDown, strict=True)
_REASON_LIMIT_BYTES: Final = 16 * 1024
_BODY_PROBLEMS: Final = (
    "request.bad_json",
    "request.duplicate_key",
    "request.invalid_fields",
    "precondition.missing",
    "id.malformed",
    "page.stale",
)
_STATUS: Final[Mapping[Published, int]] = {
    Published.PROPOSED: 202,
    Published.PUBLISHED: 201,
    Published.SAME: 200,
}


def _title(kind: str) -> str:
    return kind.capitalize()


def publication(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which a kind of page is published."""

    @put(
        f"/v1/{PATHS[kind]}/{{page_id:str}}/publication",
        operation=Operation(
            f"publish{_title(kind)}",
            f"Publish or correct a {kind}",
            "The first officer sends only the digest, and nothing of the page is here before a "
            "second one sends the very octets that have it. `version` in the page is one more "
            "than `If-Match`. It is shown once all its pictures are there.",
            {
                201: Answer("Published."),
                200: Answer("Published before."),
                202: Answer("Proposed: another officer has to send the page."),
            },
            takes=(READERS[kind].type, PageProposal),
            parameters=(_PAGE, IF_VERSION),
            problems=(
                *SIGNED_DEED,
                *_BODY_PROBLEMS,
                "page.slug_taken",
                "page.slug_changed",
                "page.picture_changed",
                "page.content_missing",
                "page.kept_too_short",
                "second.same_person",
                "second.other_content",
            ),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"publish_{kind}",
    )
    async def publish(request: AnyRequest, page_id: FromPath[str]) -> Response[None]:
        wanted, seen = credentials.id_of(page_id), seen_version(request)
        octets = await signed_body(request, CONTENT_LIMIT_BYTES)
        by, bench = admitted(request), state_of(request).bench
        if is_proposal(octets):
            digest = bytes.fromhex(decode(octets, _PROPOSAL).digest)
            proposed = await pages.propose(bench, by, kind, wanted, digest)
            return empty_answer(_STATUS[proposed])
        content = decode(octets, READERS[kind])
        done = await pages.publish(bench, by, kind, wanted, seen, octets, content)
        return empty_answer(_STATUS[done])

    return publish


def is_proposal(octets: bytes) -> bool:
    """Whether a body is a digest alone; no page is so short, and none has such a field."""
    return len(octets) < 200 and b'"digest"' in octets  # noqa: PLR2004


def picture(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which a picture comes to a page."""

    @put(
        f"/v1/{PATHS[kind]}/{{page_id:str}}/publication/pictures/{{picture_id:str}}",
        operation=Operation(
            f"addPictureTo{_title(kind)}",
            f"Send a picture of a {kind}",
            "Only one that the newest version names by this id and by its SHA-256. It is "
            "stripped once more, and what comes of that is shown.",
            {201: Answer("Kept."), 200: Answer("Kept before.")},
            takes=(Octets("A JPEG or PNG.", ("application/octet-stream",)),),
            parameters=(_PAGE, _PICTURE),
            problems=(*SIGNED_DEED, *PICTURE, "id.malformed", "page.picture_not_named"),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"add_picture_to_{kind}",
    )
    async def add(
        request: AnyRequest, page_id: FromPath[str], picture_id: FromPath[str]
    ) -> Response[None]:
        door, by = state_of(request), admitted(request)
        ids = credentials.id_of(page_id), credentials.id_of(picture_id)
        body = digested(request, stream(request, PICTURE_LIMIT_BYTES, door.patience))
        outcome = await pages.add_picture(door.bench, by, kind, *ids, body)
        return empty_answer(201 if outcome is Outcome.RECORDED else 200)

    return add


def taking_down(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which a page is hidden."""

    @put(
        f"/v1/{PATHS[kind]}/{{page_id:str}}/taking-down",
        status_code=204,
        operation=Operation(
            f"takeDown{_title(kind)}",
            f"Take a {kind} down",
            "At once, by one officer. What was there stays for staff until `retain_until`; "
            "the public is told the reason. Its slug is never another's.",
            {204: Answer("It is hidden.")},
            takes=(TakingDown,),
            parameters=(_PAGE, IF_VERSION),
            problems=(*SIGNED_DEED, *_BODY_PROBLEMS, "page.not_found", "page.hidden_already"),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"take_down_{kind}",
    )
    async def take_down(request: AnyRequest, page_id: FromPath[str]) -> Response[None]:
        wanted, seen = credentials.id_of(page_id), seen_version(request)
        octets = await signed_body(request, _REASON_LIMIT_BYTES)
        reason = decode(octets, _TAKING_DOWN).reason
        by, bench = admitted(request), state_of(request).bench
        await pages.take_down(bench, by, kind, wanted, seen, reason)
        return empty_answer()

    return take_down


def show(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which staff see how a page stands."""

    @get(
        f"/v1/{PATHS[kind]}/{{page_id:str}}/publication",
        operation=Operation(
            f"showPublicationOf{_title(kind)}",
            f"How a published {kind} stands",
            "With every version it had, and the pictures that are still awaited.",
            {200: Answer("The page.", StaffPageDetail)},
            parameters=(_PAGE,),
            problems=(*SIGNED, "id.malformed", "page.not_found"),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"show_publication_of_{kind}",
    )
    async def shown(request: AnyRequest, page_id: FromPath[str]) -> Response[bytes]:
        wanted, bench = credentials.id_of(page_id), state_of(request).bench
        row, versions, missing = await pages.found(bench, kind, wanted)
        headers = {"etag": f'"{row.version}"'}
        return json_answer(staff_page_detail(row, versions, missing), headers=headers)

    return shown


def look_back(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which staff read an earlier version."""

    @get(
        f"/v1/{PATHS[kind]}/{{page_id:str}}/publication/versions/{{version:str}}",
        operation=Operation(
            f"fetchVersionOf{_title(kind)}",
            f"What a {kind} said in one version",
            "Octet by octet as two officers published it. Nobody else can read older ones.",
            {200: Answer("The page.", Octets("JSON.", ("application/json",)))},
            parameters=(_PAGE, _VERSION),
            problems=(*SIGNED, "request.malformed", "id.malformed", "page.not_found"),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"fetch_version_of_{kind}",
    )
    async def version_of(
        request: AnyRequest, page_id: FromPath[str], version: FromPath[str]
    ) -> Response[bytes]:
        if not (version.isascii() and version.isdecimal() and len(version) < 5):  # noqa: PLR2004
            raise Malformed
        wanted, bench = credentials.id_of(page_id), state_of(request).bench
        octets = await pages.content(bench, kind, wanted, int(version))
        return Response(octets, media_type="application/json")

    return version_of


def listing(kind: str) -> Any:  # noqa: ANN401 - Litestar's own handler
    """The route by which staff find pages."""

    @get(
        f"/v1/publications/{PATHS[kind]}",
        operation=Operation(
            f"listPublished{_title(kind)}s",
            f"Which {PATHS[kind]} were ever published",
            "Also those that were taken down, and those whose pictures are awaited.",
            {200: Answer("A page.", StaffPageList)},
            parameters=(AFTER, LIMIT),
            problems=(*SIGNED, "request.malformed", "id.malformed"),
            credential="staff",
        ),
        permission=WRITE_PAGES,
        name=f"list_published_{PATHS[kind]}",
    )
    async def listed(request: AnyRequest) -> Response[bytes]:
        after, limit = page_of(request)
        rows = await state_of(request).bench.published.page(kind, after or b"", limit)
        last = rows[-1].page_id.hex() if len(rows) == limit else None
        return json_answer(StaffPageList([staff_page(row) for row in rows], last))

    return listed


ROUTES: list[Any] = [
    make(kind)
    for kind in READERS
    for make in (publication, picture, taking_down, show, look_back, listing)
]
