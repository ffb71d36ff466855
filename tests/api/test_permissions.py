"""Who may do what at the staff door: every route, every role, one table."""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from litestar import get

from mustshare_api.api.doors import STAFF_ROUTES
from mustshare_api.api.staff.permissions import check_permitted, require_declared
from mustshare_api.crypto import checkpoints, frames, receipts, sealing
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.entries import REQUESTERS
from mustshare_api.crypto.envelope import Kind, Prefix, parse_head
from mustshare_api.crypto.suite import signer, verify_key_of
from mustshare_api.errors import Misconfigured, NotPermitted
from tests.api.front_end import sealed_file
from tests.api.pages_permitted import OFFICERS_ALONE, of_page
from tests.api.referral_requests import docket, referral
from tests.api.scene import Request, Scene, asked
from tests.api.staff_roles import later_note
from tests.api.test_desk import entry
from tests.pictures import jpegs

REFUSED = (403, "staff.not_permitted")
STRANGER = (401, "signature.unknown_key")
NO_OBJECT = (404, "object.not_found")
OUT_OF_DATE = (409, "directory.out_of_date")
NO_TIP = (404, "tip.not_found")
NO_PROPOSAL = (404, "second.not_found")
NO_PAGE = (404, "page.not_found")
NO_POINT = (404, "point.not_found")
"""They may; that what is sent is none is found out later."""

ROLES = ("witness", "log", "unknown", "revoked", "auditor", "other officer", "recovery",
         "own officer")  # fmt: skip
"""Those whom a write is refused come before those who make it."""

NOBODYS = (STRANGER,) * 4
"""A witness, the log, a stranger, and an officer whose key was revoked."""

NO_REFERRAL = (404, "referral.not_found")
NO_QUESTION = (409, "referral.wrong_state")
CHANGED = (412, "referral.changed")
NOT_THEIR_TIP = (409, "referral.tip_refused")
AGENCIES_ALONE = (*NOBODYS, *(REFUSED,) * 4)

TABLE: dict[tuple[str, str], tuple[Any, ...]] = {
    #                                            auditor  another  recovery  the officer
    ("GET", "/v1/index"): (*NOBODYS, REFUSED, 200, 200, 200),
    ("GET", "/v1/tips"): (*NOBODYS, REFUSED, 200, 200, 200),
    ("GET", "/v1/objects/{object_id}"): (*NOBODYS, REFUSED, NO_OBJECT, 200, 200),
    ("GET", "/v1/objects/{object_id}/head"): (*NOBODYS, REFUSED, NO_OBJECT, 200, 200),
    ("PUT", "/v1/objects/{object_id}/recipients"): (*NOBODYS, REFUSED, NO_OBJECT, 204, 204),
    ("PUT", "/v1/objects/{object_id}"): (*NOBODYS, REFUSED, NO_OBJECT, 204, 204),
    ("GET", "/v1/tips/{tip_id}/rotations"): (*NOBODYS, REFUSED, NO_TIP, 200, 200),
    ("POST", "/v1/tips/{tip_id}/follow-ups"): (*NOBODYS, REFUSED, NO_TIP, REFUSED, 201),
    ("PUT", "/v1/tips/{tip_id}/attachments/{object_id}"): (
        *(*NOBODYS, REFUSED, NO_TIP, REFUSED, 201),
    ),
    ("POST", "/v1/tips/{tip_id}/steps"): (*NOBODYS, REFUSED, NO_TIP, REFUSED, 200),
    ("GET", "/v1/seconds"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("DELETE", "/v1/seconds/{act}/{subject}"): (
        *(*NOBODYS, REFUSED, NO_PROPOSAL, REFUSED, NO_PROPOSAL),
    ),
    ("GET", "/v1/totals"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("GET", "/v1/erasures/{month}"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/changes"): (*NOBODYS, REFUSED, 200, 200, 200),
    ("POST", "/v1/objects/batch"): (*NOBODYS, REFUSED, 200, 200, 200),
    ("POST", "/v1/desk/entries"): (*NOBODYS, REFUSED, 207, REFUSED, 207),
    ("POST", "/v1/pictures"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("GET", "/v1/campaigns/{slug}/points"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("POST", "/v1/campaigns/{slug}/points"): (*(*NOBODYS, REFUSED, NO_PAGE, REFUSED, NO_PAGE),),
    ("DELETE", "/v1/campaigns/{slug}/points/{point_id}"): (
        *(*NOBODYS, REFUSED, NO_POINT, REFUSED, NO_POINT),
    ),
    ("GET", "/v1/directory"): (*NOBODYS, 200, 200, 200, 200),
    ("PUT", "/v1/directory"): (*NOBODYS, REFUSED, 204, 204, 204),
    ("PUT", "/v1/tips/{tip_id}/docket"): (*NOBODYS, REFUSED, NO_TIP, REFUSED, 201),
    ("GET", "/v1/referrals"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("GET", "/v1/referrals/{referral_id}"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("GET", "/v1/referrals/{referral_id}/bundle"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("PUT", "/v1/referrals/{referral_id}"): (*NOBODYS, REFUSED, 202, REFUSED, 202),
    ("POST", "/v1/referrals/{referral_id}/confirmation"): (
        *(*NOBODYS, REFUSED, NOT_THEIR_TIP, REFUSED, 204),
    ),
    ("DELETE", "/v1/referrals/{referral_id}"): (*NOBODYS, REFUSED, 204, REFUSED, CHANGED),
    ("PUT", "/v1/referrals/{referral_id}/answers/{answer_id}"): (
        *(*NOBODYS, REFUSED, NO_QUESTION, REFUSED, NO_QUESTION),
    ),
    ("GET", "/v1/referrals/{referral_id}/answers/{answer_id}"): (
        *(*NOBODYS, REFUSED, NO_REFERRAL, REFUSED, NO_REFERRAL),
    ),
    ("GET", "/v1/referrals/{referral_id}/words/{word_id}"): (
        *(*NOBODYS, REFUSED, NO_REFERRAL, REFUSED, NO_REFERRAL),
    ),
    ("POST", "/v1/referrals/{referral_id}/acknowledgement"): AGENCIES_ALONE,
    ("POST", "/v1/referrals/{referral_id}/questions"): AGENCIES_ALONE,
    ("POST", "/v1/referrals/{referral_id}/outcomes"): AGENCIES_ALONE,
    ("GET", "/v1/agencies"): (*NOBODYS, REFUSED, 200, REFUSED, 200),
    ("PUT", "/v1/agencies/{agency}"): (*(*NOBODYS, REFUSED, 204, REFUSED, 204),),
    ("GET", "/v1/audit/checkpoint"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/audit/key"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/audit/directory"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/audit/consistency"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/audit/inclusion"): (*NOBODYS, 200, 200, 200, 200),
    ("GET", "/v1/audit/entries"): (*NOBODYS, 200, 200, 200, 200),
    ("POST", "/v1/audit/cosignatures"): (*NOBODYS, 204, 204, 204, 204),
    **{
        route: (*NOBODYS, REFUSED, told, REFUSED, told)
        for route, told in OFFICERS_ALONE.items()
    },
}


LATE = {("PUT", "/v1/directory"): (*NOBODYS, REFUSED, OUT_OF_DATE, OUT_OF_DATE, OUT_OF_DATE)}
"""What is answered otherwise than with a refusal once the directory has expired."""


async def of_object(scene: Scene, method: str, path: str) -> Request:
    """What changes an object leaves out the other officer's stanza."""
    seen = {"if-match": f'"{(await scene.digest()).hex()}"'}
    head = parse_head(scene.octets)
    first = b"\x01" + head.stanzas[0].encode()
    anew = b"\x01" + head.stanzas[0].kid + secrets.token_bytes(1168)
    body = {
        "/v1/objects/{object_id}/recipients": first,
        "/v1/objects/{object_id}": head.prefix_octets + anew + scene.octets[head.length :],
    }[path] if method == "PUT" else b""  # fmt: skip
    return method, path.format(object_id=scene.object_id), body, seen


async def answer(scene: Scene, method: str, path: str) -> Request:
    keeper = scene.doors.bench.directory
    bundle = (await scene.doors.bundles())[scene.tip_id]
    recipients = [
        receipts.parse_bundle(bundle).reply_key,
        *(entry.public_key for entry in keeper.recipients()),
    ]
    object_id = secrets.token_bytes(16)
    kind = Kind.ATTACHMENT_FROM_STAFF if method == "PUT" else Kind.FOLLOW_UP_FROM_STAFF
    prefix = Prefix(kind, 0, scene.tip_id, object_id, receipts.bundle_hash(bundle))
    if method == "PUT":
        octets = sealed_file(prefix, recipients, b"x")
    else:  # what is inside is not looked at here
        octets = sealing.seal_message(prefix, recipients, b"x", signer(secrets.token_bytes(32)))
    target = path.format(tip_id=scene.tip_id.hex(), object_id=object_id.hex())
    return method, target + ("?follow_up=" + "ef" * 16 if method == "PUT" else ""), octets, {}


async def directory(scene: Scene, method: str, path: str) -> Request:
    body = later_note(scene.doors.org, scene.cast, 3) if method == "PUT" else b""
    return method, path, body, {}


async def audit(scene: Scene, method: str, path: str) -> Request:
    """A question that has an answer, or what a witness signed of the log as it is."""
    bench = scene.doors.bench
    if method == "POST":
        note = await bench.audit.checkpoint()
        seed = scene.cast.others["witness"].sign_seed
        return method, path, note + checkpoints.cosign(note, "witness", seed, 1), {}
    queries = {
        "consistency": "?from=0&to=1",
        "inclusion": "?position=0&size=1",
        "entries": "?from=0",
        "directory": f"?digest={bench.directory.current().digest.hex()}",
    }
    return method, path + queries.get(path.rpartition("/")[2], ""), b"", {}


async def desk_entry(scene: Scene, method: str, path: str) -> Request:
    return method, path, frames.joined([await entry(scene.doors, scene.tip_id)]), {}


async def listing(_scene: Scene, method: str, path: str) -> Request:
    return method, path, jpegs.plain() if path == "/v1/pictures" else b"", {}


async def rotations(scene: Scene, method: str, path: str) -> Request:
    return method, path.format(tip_id=scene.tip_id.hex()), b"", {}


async def moving(scene: Scene, method: str, path: str) -> Request:
    more = {"if-match": '"0"'} if method == "POST" else {}
    about = {"act": "tip.erase", "subject": scene.tip_id.hex(), "month": "2026-11"}
    target = path.format(tip_id=scene.tip_id.hex(), **about)
    return method, target, b'{"step":"verify"}' if method == "POST" else b"", more


async def batch(scene: Scene, method: str, path: str) -> Request:
    return method, path, f'{{"ids":["{scene.object_id}"]}}'.encode(), {}


async def point(_: Scene, method: str, path: str) -> Request:
    """On the map of a campaign that nobody published."""
    ids = {"id": "ab" * 16, "nonce": "cd" * 16}
    said = {**ids, "latitude": 18.7, "longitude": 98.9, "precision_m": 1000}
    body = json.dumps(said).encode() if method == "POST" else b""
    return method, path.format(slug="of-nobody", point_id="ab" * 16), body, {}


MAKERS: dict[str, Callable[[Scene, str, str], Awaitable[Request]]] = {
    "/v1/campaigns/{slug}/points": point,
    "/v1/objects/batch": batch,
    "/v1/objects": of_object,
    "/v1/tips/{tip_id}/rotations": rotations,
    "/v1/tips/{tip_id}/docket": docket,
    "/v1/referrals": referral,
    "/v1/agencies": referral,
    "/v1/tips/{tip_id}/steps": moving,
    "/v1/seconds": moving,
    "/v1/erasures": moving,
    "/v1/tips/": answer,
    "/v1/desk/entries": desk_entry,
    "/v1/directory": directory,
    "/v1/audit/": audit,
    **dict.fromkeys(
        (
            "/v1/drafts",
            "/v1/publications",
            "/v1/cases",
            "/v1/articles",
            "/v1/campaigns/{page_id}",
        ),
        of_page,
    ),
}


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
async def test_every_route_answers_every_role_as_the_table_has_it(
    scene: Scene, route: tuple[str, str]
) -> None:
    """What is refused changes nothing; what an officer does not hold is not there.

    With the last directory expired nobody is answered: whoever was to leave with the next one
    gains nothing by holding it back. That next one is all that is still taken.
    """
    make = next((m for start, m in MAKERS.items() if route[1].startswith(start)), listing)
    request = await make(scene, *route)
    before = await scene.digest()
    found = []
    for role in ROLES:
        if role == "recovery":
            assert await scene.digest() == before
        found.append(await asked(scene, request, scene.cast.who(role)))
    scene.doors.clock.advance(days=40)
    late = [await asked(scene, request, scene.cast.who(role)) for role in ROLES]

    assert tuple(found) == TABLE[route]
    assert tuple(late) == LATE.get(route, ((503, "directory.expired"),) * len(ROLES))


def test_every_route_is_in_the_table() -> None:
    """Whoever adds one says here what each role gets from it."""
    routed = {
        (method, path.replace(":str}", "}"))
        for handler in STAFF_ROUTES
        for path in handler.paths
        for method in handler.http_methods
    }

    assert TABLE.keys() == routed


def test_every_route_names_roles_that_can_sign_requests() -> None:
    """A permission for a role that nobody can have would be a slip of the pen."""
    require_declared(STAFF_ROUTES)

    assert {role for one in STAFF_ROUTES for role in one.opt["permission"]} == REQUESTERS


@pytest.mark.parametrize("declared", [{}, {"permission": frozenset()}, {"permission": "all"}])
def test_a_route_that_does_not_say_who_may_use_it_cannot_be_mounted(declared: Any) -> None:
    """The service does not start."""

    @get("/v1/forgotten", **declared)
    async def forgotten() -> None:
        """Nothing."""

    with pytest.raises(Misconfigured, match="/v1/forgotten says not who may use it"):
        require_declared([*STAFF_ROUTES, forgotten])


@pytest.mark.parametrize("role", sorted(REQUESTERS))
def test_a_route_that_says_nothing_is_refused_to_everyone(role: str) -> None:
    """The guard asks again for each request, should one be mounted some other way."""

    @get("/v1/forgotten")
    async def forgotten() -> None:
        """Nothing."""

    asking = Entry.of(role, "somsri", None, verify_key_of(secrets.token_bytes(32)))
    with pytest.raises(NotPermitted):
        check_permitted(asking, forgotten)
