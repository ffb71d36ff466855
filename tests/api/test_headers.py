"""The headers of every answer: all routes of all doors, every method, right or wrong.

What is asked of them stands here in full and is not read from the code, so that taking one out
there is noticed. A page that is meant for a browser has a policy of its own; it too loads
nothing from elsewhere, has no base and is framed by nobody.
"""

import re

import pytest

from mustshare_api.api import doors as api_doors
from mustshare_api.api.plane.shared import public_paths
from tests.doors import Doors

METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "FOO",
)

ASKED = {
    "cache-control": r"no-store",
    "content-security-policy": r"(?=.*default-src 'none')(?=.*base-uri 'none')"
    r"(?=.*frame-ancestors 'none').*",
    "cross-origin-embedder-policy": r"require-corp",
    "cross-origin-opener-policy": r"same-origin",
    "cross-origin-resource-policy": r"same-origin",
    "permissions-policy": r"camera=\(\), geolocation=\(\), microphone=\(\).*",
    "referrer-policy": r"no-referrer|same-origin",
    "strict-transport-security": r"max-age=(?:[4-9]\d{7}|\d{9,}); includeSubDomains",
    "x-content-type-options": r"nosniff",
    "x-dns-prefetch-control": r"off",
    "x-frame-options": r"DENY",
    "x-robots-tag": r"noindex, nofollow",
}
"""Header -> what its whole value has to be like. HSTS: a year and more. A page with a form may
name itself to itself, else browsers send no origin with the form."""

NEVER = {"server", "set-cookie", "via", "x-powered-by", "x-request-id", "x-runtime", "etag"}

ROUTES = {
    "reporter": api_doors.REPORTER_ROUTES,
    "staff": api_doors.STAFF_ROUTES,
    "operator": api_doors.OPERATOR_ROUTES,
}


def paths_of(door: str) -> list[str]:
    """Each path of a door, with something in its gaps; and one that no door has."""
    routed = {path for handler in ROUTES[door] for path in handler.paths}
    return [*sorted(re.sub(r"\{[^}]*\}", "ab" * 16, path) for path in routed), "/nowhere"]


IS_PUBLIC = public_paths(api_doors.REPORTER_ROUTES)


def asked_of(door: str, path: str) -> dict[str, str]:
    """What has to be there; what is public may stand in the pages of others, and be found."""
    if door != "reporter" or not IS_PUBLIC(path):
        return ASKED
    return ASKED | {
        "cache-control": r"no-store|public, max-age=60",
        "cross-origin-resource-policy": "cross-origin",
        "x-robots-tag": "all|noindex, nofollow",
    }


def is_compared(door: str, path: str) -> bool:
    """What is asked for again and again is told apart by a tag: staff's, and what is public."""
    return door == "staff" or (door == "reporter" and IS_PUBLIC(path))


@pytest.mark.parametrize("door", ROUTES)
async def test_every_answer_of_every_route_is_dressed(doors: Doors, door: str) -> None:
    """Good or bad, by whatever layer it was made, none without one of them."""
    client = getattr(doors, door)
    bare = []
    for path in paths_of(door):
        for method in METHODS:
            answer = await client.request(method, path)
            bare += [
                f"{method} {path} ({answer.status_code}): {name}"
                for name, like in asked_of(door, path).items()
                if not re.fullmatch(like, answer.headers.get(name, ""))
            ]

    assert bare == []


@pytest.mark.parametrize("door", ROUTES)
async def test_no_answer_names_what_made_it(doors: Doors, door: str) -> None:
    """No product, no cookie, no id to follow, no `X-` but the four above."""
    client = getattr(doors, door)
    telling = set()
    for path in paths_of(door):
        for method in METHODS:
            answer = await client.request(method, path)
            telling |= {
                f"{method} {path}: {name}"
                for name in answer.headers
                if (name.startswith("x-") and name not in ASKED)
                or (name in NEVER and not (name == "etag" and is_compared(door, path)))
            }

    assert telling == set()


async def test_no_method_but_those_of_a_path_does_anything(doors: Doors) -> None:
    """TRACE echoes nothing, CONNECT opens nothing, what nobody has heard of is refused."""
    for door in ROUTES:
        for path in paths_of(door):
            for method in ("TRACE", "CONNECT", "FOO"):
                answer = await getattr(doors, door).request(method, path)
                assert answer.status_code in (404, 405, 501), (door, method, path)
                assert b"TRACE" not in answer.content
