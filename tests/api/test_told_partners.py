"""What partners are told when pages change: once what the public is shown has changed."""

from typing import Any

from tests.doors import Doors
from tests.pages import Desk, article, case, change, photo, picture


async def told(doors: Doors) -> list[tuple[str, str]]:
    """The outbox: type and about, in no order."""
    async with doors.bench.published._database.connection() as connection:
        rows = await connection.fetch("SELECT type, about FROM webhook_events")
    return sorted((row["type"], row["about"]) for row in rows)


SLUG = "kinnari-lamp-posts"


async def test_a_case_is_told_of_when_the_second_officer_has_signed(doors: Doors) -> None:
    """Nothing before that: a proposal is nobody's business."""
    desk = Desk(doors)
    await desk.propose(case())
    assert await told(doors) == []
    await desk.second(case())

    assert await told(doors) == [("case.published", SLUG)]


async def test_a_case_that_waits_for_a_picture_is_told_of_when_it_is_shown(
    doors: Doors,
) -> None:
    """Whoever asks then finds it."""
    desk, octets = Desk(doors), photo()
    named = picture(octets)
    await desk.publish(case(pictures=[named]))
    assert await told(doors) == []
    sent = await desk.send_picture(named, octets)

    assert sent.is_success, sent.text
    assert await told(doors) == [("case.published", SLUG)]


async def test_a_correction_an_outcome_and_a_takedown_are_told(doors: Doors) -> None:
    """Who keeps a copy has to look again; a case that is concluded is an outcome."""
    desk = Desk(doors)
    more: dict[str, Any] = {"version": 2, "change": change()}
    await desk.publish(case())
    await desk.publish(case(**more))
    await desk.publish(case(**more | {"version": 3, "state": "concluded"}))
    assert (await desk.take_down(3)).is_success

    assert await told(doors) == [
        ("case.corrected", SLUG),
        ("case.corrected", SLUG),
        ("case.corrected", SLUG),
        ("case.published", SLUG),
        ("outcome.published", SLUG),
    ]


async def test_an_article_is_told_to_nobody(doors: Doors) -> None:
    """Feeds are for that."""
    desk = Desk(doors, "articles")
    assert (await desk.publish(article())).is_success

    assert await told(doors) == []
