"""What partners are told when pages change: once what the public is shown has changed."""

import secrets
from typing import Any

from mustshare_api.domain.webhooks import KEPT_DAYS
from mustshare_api.flows import deeds, upkeep
from mustshare_api.store.partners import Partner
from tests.api.referring import office_of, question
from tests.doors import Doors
from tests.pages import Desk, article, case, change, photo, picture
from tests.store.made import TODAY


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


async def known(doors: Doors, name: str) -> None:
    """A partner of this name."""
    leaf = deeds.of_operator("operator-partner-added", TODAY, name)
    partner = Partner(name, (), 100, 100, stopped=False)
    await doors.bench.gate.partners.add(partner, secrets.token_bytes(32), TODAY, leaf)


async def test_an_agency_is_told_of_its_referral_and_of_an_answer(doors: Doors) -> None:
    """By the referral's id alone, once two officers agreed; no other partner is."""
    office = await office_of(doors)
    await known(doors, "nacc")
    await known(doors, "river-watch")
    made = await office.proposed()
    assert await told(doors) == []
    await office.confirm(made)
    assert await told(doors) == [("referral.sent", made)]
    await office.says(made, "questions", question())
    path = f"/v1/referrals/{made}/answers/{secrets.token_hex(16)}"
    octets = office.nacc.sealed(b"yes")
    for status in (201, 200):
        assert (await office.ask("PUT", path, octets, seen=3)).status_code == status

    assert await told(doors) == [("referral.answered", made), ("referral.sent", made)]
    async with doors.bench.published._database.connection() as connection:
        rows = await connection.fetch("SELECT DISTINCT partner FROM webhook_events")
    assert [row["partner"] for row in rows] == ["nacc"]


async def test_an_agency_that_is_no_partner_is_handed_things_all_the_same(
    doors: Doors,
) -> None:
    """It asks at the staff door by itself, and there is nobody to tell."""
    office = await office_of(doors)
    made = await office.sent()

    assert await office.stands(made) == ("sent", 2)
    assert await told(doors) == []


async def test_what_was_told_is_forgotten_whether_or_not_anybody_sends_it(doors: Doors) -> None:
    """The service forgets it: where nothing is told by webhook, no process does."""
    await Desk(doors).publish(case())
    doors.clock.advance(days=KEPT_DAYS + 1)
    await upkeep.once(doors.bench)

    assert await told(doors) == []
