"""What a reporter chooses to have kept of a picture, and that nothing is kept unasked."""

import pytest

from mustshare_api.crypto.envelope import Kind
from tests.api.files import contents, located, names, put
from tests.doors import Doors
from tests.pictures import exif, jpegs, marks, others


async def test_nothing_is_kept_unless_the_reporter_says_so(doors: Doors) -> None:
    """Neither position nor time nor original leaves the request of one who chose nothing."""
    answer = await put(doors, await doors.new_tip(), located())

    assert answer.status_code == 201, answer.text
    assert answer.json()["kept"] == []
    (name,) = await names(doors)
    assert (name.latitude, name.longitude, name.taken_at, name.utc_offset) == (None,) * 4
    assert len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER)) == 1


async def test_a_position_is_kept_to_about_a_kilometre(doors: Doors) -> None:
    """Without more words a kept position is coarse, and staff read how coarse."""
    answer = await put(doors, await doors.new_tip(), located(), "?keep=location")

    assert answer.json()["kept"] == ["location"]
    assert "location" in answer.json()["removed"]
    (name,) = await names(doors)
    assert (name.latitude, name.longitude) == (13.76, 100.5)
    assert name.location_precision_m == 1000
    assert name.taken_at is None


async def test_a_position_is_kept_exactly_when_that_was_said(doors: Doors) -> None:
    """The reporter decides that the very spot matters."""
    query = "?keep=location&keep=time&location=exact"
    answer = await put(doors, await doors.new_tip(), located(), query)

    assert answer.json()["kept"] == ["location", "time"]
    (name,) = await names(doors)
    assert name.latitude == pytest.approx(13.75625)
    assert name.longitude == pytest.approx(100.50125)
    assert name.location_precision_m == 10
    assert (name.taken_at, name.utc_offset) == ("2026-11-23T05:48:22", "+07:00")


async def test_what_a_picture_does_not_hold_is_not_said_to_be_kept(doors: Doors) -> None:
    """The answer tells what staff will find, not what was hoped for."""
    query = "?keep=location&keep=time"
    answer = await put(doors, await doors.new_tip(), jpegs.plain(), query)

    assert (answer.status_code, answer.json()["kept"]) == (201, [])


async def test_a_time_that_no_clock_shows_is_dropped_and_the_picture_taken(
    doors: Doors,
) -> None:
    """A camera's nonsense costs its owner the time and not the tip."""
    tiff = exif.build([], camera=[(0x9003, exif.ASCII, b"2026:19:39 29:59:61\0")])
    octets = jpegs.with_exif(jpegs.plain(), tiff)
    answer = await put(doors, await doors.new_tip(), octets, "?keep=time")

    assert (answer.status_code, answer.json()["kept"]) == (201, [])


async def test_the_original_is_sealed_beside_the_picture_and_flagged(doors: Doors) -> None:
    """Staff get both files, and a flag on the one that nobody made safe."""
    octets = jpegs.phone()
    answer = await put(doors, await doors.new_tip(), octets, "?keep=original")

    assert answer.json()["kept"] == ["original"]
    picture, original = await names(doors)
    assert (picture.original, original.original) == (False, True)
    opened = await contents(doors)
    assert opened[original.id] == octets
    assert not marks.found_in(opened[picture.id])


async def test_a_retry_with_an_original_is_the_same_two_files(doors: Doors) -> None:
    """The original's id follows from the picture's, so nothing is doubled."""
    digits, object_id = await doors.new_tip(), "ab" * 16
    first = await put(doors, digits, located(), "?keep=original", object_id)
    again = await put(doors, digits, located(), "?keep=original", object_id)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER)) == 2


async def test_another_choice_is_not_a_retry(doors: Doors) -> None:
    """Answering that an original was kept, when it was not, would be a lie."""
    digits, object_id = await doors.new_tip(), "ab" * 16
    await put(doors, digits, located(), "", object_id)
    other = await put(doors, digits, located(), "?keep=original", object_id)

    assert (other.status_code, other.json()["code"]) == (409, "id.in_use")


async def test_an_original_that_finds_no_room_leaves_nothing(doors: Doors) -> None:
    """Picture, original and notice are recorded together or not at all."""
    digits = await doors.new_tip()
    for _ in range(doors.bench.limits.attachments_per_tip - 1):
        await put(doors, digits, jpegs.plain())
    before = len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER))
    answer = await put(doors, digits, located(), "?keep=original")

    assert (answer.status_code, answer.json()["code"]) == (413, "tip.full")
    assert len(await doors.stored(Kind.ATTACHMENT_FROM_REPORTER)) == before


async def test_the_first_of_several_pictures_is_taken_when_asked_for(doors: Doors) -> None:
    """An animated file is refused, unless its sender says which picture is meant."""
    digits, moving = await doors.new_tip(), others.several("GIF")
    refused = await put(doors, digits, moving)
    taken = await put(doors, digits, moving, "?first_frame=true")

    assert (refused.status_code, refused.json()["code"]) == (422, "media.animated")
    assert taken.status_code == 201, taken.text


@pytest.mark.parametrize(
    "query",
    [
        "?keep=everything",
        "?keep=time&keep=time",
        "?location=exact",
        "?keep=time&location=exact",
        "?keep=location&location=near",
        "?keep=location&location=exact&location=coarse",
        "?keep",
        "?keep=",
        "?first_frame=yes",
        "?camera=true",
        "?" + "&".join(["keep=time"] * 40),
        "?keep=%FF%FE",
    ],
)
async def test_a_choice_that_is_none_is_refused(doors: Doors, query: str) -> None:
    """Nothing is guessed: a slip must not keep more than was meant, nor less."""
    answer = await put(doors, await doors.new_tip(), jpegs.plain(), query)

    assert (answer.status_code, answer.json()["code"]) == (400, "choice.malformed")
