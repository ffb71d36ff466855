"""Files in pieces, sent badly: each fault has its name and costs nobody else anything."""

from typing import Any

import pytest

from mustshare_api.domain.limits import Limits
from tests.api.files import contents, located, names
from tests.api.sending import PATH, minted, raw, sender
from tests.doors import OCTETS, Doors


async def test_a_token_is_for_one_file(doors: Doors) -> None:
    """Another length under the same token is another file, and is refused."""
    one = await sender(doors)
    await one.begin()
    one.octets += b"more"
    other = await one.begin()

    assert (other.status_code, other.json()["code"]) == (409, "upload.in_use")


async def test_a_token_of_another_tip_is_refused_and_shows_nothing(doors: Doors) -> None:
    """Whoever learns a token without the receipt can neither look nor write."""
    one, other = await sender(doors), await sender(doors)
    await one.begin()
    other.token = one.token

    assert (await other.begin()).json()["code"] == "upload.in_use"
    assert (await other.chunk(0, 5)).json()["code"] == "upload.not_found"
    assert (await other.head()).status_code == 404


async def test_a_choice_made_at_the_beginning_holds_at_the_end(doors: Doors) -> None:
    """What to keep is said once, with the length, and waits sealed like the rest."""
    one = await sender(doors)
    answer = await one.whole(keep=["location", "original"], location="exact")

    assert answer.json()["kept"] == ["location", "original"]
    picture, original = await names(doors)
    assert picture.latitude == pytest.approx(13.75625)
    assert (await contents(doors))[original.id] == one.octets


async def test_a_tip_holds_a_bounded_number_of_uploads(doors: Doors) -> None:
    """One receipt cannot fill the disk with beginnings."""
    one = await sender(doors)
    for _ in range(Limits().uploads_per_tip):
        one.token = minted()
        assert (await one.begin()).status_code == 201
    one.token = minted()
    full = await one.begin()

    assert (full.status_code, full.json()["code"]) == (413, "upload.too_many")


async def test_a_tip_parks_a_bounded_number_of_bytes(doors: Doors) -> None:
    """The smallest chunk counts as its padding does."""
    object.__setattr__(doors.bench, "limits", Limits(parked_bytes_per_tip=40_000))
    one = await sender(doors)
    await one.begin()
    told = [(await one.chunk(at, at + 1)).status_code for at in range(3)]

    assert told == [204, 204, 413]


async def test_all_tips_together_park_a_bounded_number_of_bytes(doors: Doors) -> None:
    """A full disk is told as a matter of time, not as the sender's fault."""
    object.__setattr__(doors.bench, "limits", Limits(parked_bytes=1000))
    one = await sender(doors)
    await one.begin()
    full = await one.chunk(0, 1)

    assert (full.status_code, full.json()["code"]) == (503, "upload.busy")
    assert int(full.headers["retry-after"]) > 60


@pytest.mark.parametrize(
    "token",
    [
        "",
        "A" * 42,
        "A" * 44,
        "A" * 42 + "B",
        "A" * 42 + "=",
        "A" * 42 + "+",
        "Ä" * 43,
        "0" * 64,
    ],
)
async def test_a_token_that_is_none_is_refused(doors: Doors, token: str) -> None:
    """32 bytes in one spelling."""
    one = await sender(doors)
    answer = await doors.reporter.get(PATH, headers=raw(one, {"upload-token": token}))

    assert (answer.status_code, answer.json()["code"]) == (400, "upload.bad_token")


@pytest.mark.parametrize("offset", ["", "-1", "0x1", "1.5", "9" * 16, "\u0e51", " 1 2"])
async def test_an_offset_that_is_none_is_refused(doors: Doors, offset: str) -> None:
    """Digits 0 to 9, and not endlessly many."""
    one = await sender(doors)
    await one.begin()
    headers = raw(one, {**OCTETS, "upload-offset": offset})
    answer = await doors.reporter.patch(PATH, content=b"x", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "upload.bad_offset")


async def test_a_chunk_is_bounded_and_never_empty(doors: Doors) -> None:
    """Each fault of a chunk has its name, and leaves the upload where it stood."""
    one = await sender(doors, located() + bytes(5 << 20))
    await one.begin()
    empty = await one.send(0, b"")
    large = await one.send(0, bytes((4 << 20) + 1))
    one.octets = located()
    past = await sender(doors)
    await past.begin()
    over = await past.send(0, past.octets + b"x")

    assert (empty.status_code, empty.json()["code"]) == (400, "attachment.empty")
    assert (large.status_code, large.json()["code"]) == (413, "request.too_large")
    assert (over.status_code, over.json()["code"]) == (400, "upload.past_end")
    assert (await one.head()).headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"size_bytes": 0}, "request.invalid_fields"),
        ({"size_bytes": -1}, "request.invalid_fields"),
        ({"size_bytes": "5"}, "request.invalid_fields"),
        ({"size_bytes": 1.5}, "request.invalid_fields"),
        ({"size_bytes": 1 << 35}, "attachment.too_large"),
        ({"id": "AB" * 16}, "request.invalid_fields"),
        ({"keep": ["all"]}, "request.invalid_fields"),
        ({"keep": ["time", "time"]}, "choice.malformed"),
        ({"location": "exact"}, "choice.malformed"),
        ({"file_name": "IMG_0001.jpg"}, "request.invalid_fields"),
    ],
)
async def test_a_beginning_that_makes_no_sense_is_refused(
    doors: Doors, more: dict[str, Any], code: str
) -> None:
    """Strictly typed, bounded, and without room for a file's name."""
    answer = await (await sender(doors)).begin(**more)

    assert answer.json()["code"] == code
