"""What else of a staff request counts: one spelling of its path, and of what it is a change."""

import pytest

from tests.doors import Doors


@pytest.mark.parametrize("path", ["/v1//index", "/v1/index/", "/v1/%69ndex", "//v1/index"])
async def test_a_path_has_one_spelling(doors: Doors, path: str) -> None:
    """Any other is no page, signed or not."""
    answer = await doors.staff.request("GET", path, headers=doors.signature("GET", path))

    assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found")


SEEN = f'"{"ab" * 32}"'


@pytest.mark.parametrize(
    ("signed", "sent", "code"),
    [
        (SEEN, f'"{"cd" * 32}"', "signature.invalid"),
        (SEEN, None, "signature.malformed"),
        (None, SEEN, "signature.malformed"),
        (SEEN, "", "signature.invalid"),
        (SEEN, f"{SEEN}, {SEEN}", "signature.invalid"),
    ],
)
async def test_what_a_change_was_made_of_is_signed_too(
    doors: Doors, signed: str | None, sent: str | None, code: str
) -> None:
    """`If-Match` changed, taken away or added on the way is refused."""
    target = f"/v1/objects/{'ab' * 16}/recipients"
    headers = doors.signature("PUT", target, b"x", None, signed)
    headers.pop("If-Match", None)
    more = {} if sent is None else {"if-match": sent}
    answer = await doors.staff.request("PUT", target, headers=headers | more, content=b"x")

    assert answer.json()["code"] == code
    assert answer.status_code in (400, 401)
