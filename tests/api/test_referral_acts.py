"""What is done of a referral: with every tip of it, once, and by the clock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mustshare_api.flows import deeds, referrals, upkeep
from mustshare_api.store.referral_rows import Change
from tests.api.referring import Office, agreed, office_of, outcome, proposal, question
from tests.doors import Doors


@pytest.fixture
async def office(doors: Doors) -> Office:
    return await office_of(doors)


def refused(got: Any) -> tuple[int, str]:
    return got.status_code, got.json()["code"]


async def test_what_was_done_is_told_so_to_whoever_asks_again(office: Office) -> None:
    """The same act by the same party, whatever has come of it since; nothing is done twice."""
    made, answer = await office.sent(), f"answers/{'ab' * 16}"
    word, file = question(), office.nacc.sealed(b"yes")
    asked: list[tuple[str, str, Any, Any, int]] = [
        ("POST", "acknowledgement", b"", office.nacc, 2),
        ("POST", "questions", word, office.nacc, 3),
        ("PUT", answer, file, office.first, 4),
    ]

    async def done(method: str, rest: str, body: Any, by: Any, seen: int) -> int:
        path = f"/v1/referrals/{made}/{rest}".rstrip("/")
        return (await office.ask(method, path, body, by=by, seen=seen)).status_code

    first = [await done(*one) for one in asked]
    again = [await done(*one) for one in asked]
    back = [await done("DELETE", "", b"", office.second, 5) for _ in range(3)]
    late = [await done(*one) for one in asked]
    others = await done("DELETE", "", b"", office.first, 5)

    assert (first, again, late) == ([204, 201, 201], [204, 200, 200], [204, 200, 200])
    assert (back, others) == ([204] * 3, 412)
    assert (await office.confirm(made)).status_code == 204
    assert await office.stands(made) == ("taken_back", 6)


async def test_a_confirmation_that_meets_no_proposal_waits_for_another_officer(
    office: Office,
) -> None:
    """A week of its own, told alike however often it is asked; the file waits with it."""
    made, doors = await office.proposed(), office.doors
    path = f"/v1/seconds/refer/{made}"
    assert (await office.ask("DELETE", path, by=office.first)).status_code == 204
    doors.clock.advance(days=5)
    waits = [(await office.confirm(made)).status_code for _ in range(2)]
    doors.clock.advance(days=3)
    await upkeep.once(doors.bench)
    waits.append((await office.confirm(made)).status_code)

    assert waits == [202] * 3
    assert await office.stands(made) == ("proposed", 1)
    own = await office.confirm(await office.proposed(), by=office.first)
    assert refused(own) == (409, "second.same_person")
    assert (await office.confirm(made, by=office.first)).status_code == 204


async def test_every_tip_of_a_referral_takes_the_step_with_it(office: Office) -> None:
    """In the second officer's one request; proposed again or confirmed again, not once more."""
    for text in ("ถนนพัง", "เสาไฟล้ม"):
        await office.doors.new_tip(text)
    for tip_id in await office.listed():
        await office.verify(tip_id)
    tips = [{"tip_id": one, "steps": 1} for one in await office.listed()]
    made = await office.proposed_of(tips)
    before = {one["state"] for one in (await office.listed()).values()}
    sent = [await office.confirm(made) for _ in range(2)]
    after = await office.listed()

    assert before == {"verifying"}
    assert [got.status_code for got in sent] == [204, 204]
    assert [(one["state"], one["steps"]) for one in after.values()] == [("referred", 2)] * 2


async def test_a_tip_that_does_not_take_the_step_refuses_the_whole(office: Office) -> None:
    """By its place: stale, where it cannot be referred from, or not there. Nothing is moved."""
    ready = await office.a_tip()
    await office.doors.new_tip("ยังไม่ได้อ่าน")
    unread = next(one for one in await office.listed() if one != ready["tip_id"])
    bad = {
        "tip.changed": {**ready, "steps": 0},
        "step.wrong_state": {"tip_id": unread, "steps": 0},
        "tip.not_found": {"tip_id": "ff" * 16, "steps": 1},
    }
    for code, one in bad.items():
        tips = [one] if code == "tip.changed" else [ready, one]
        made = await office.proposed_of(tips)
        got = await office.confirm(made)
        assert refused(got) == (409, "referral.tip_refused")
        place = office.words[made]["tips"].index(one)
        named = [(each["pointer"], each["code"]) for each in got.json()["errors"]]
        assert named == [(f"/tips/{place}", code)]
        assert all(each["detail"] for each in got.json()["errors"])
        assert await office.stands(made) == ("proposed", 1)

    assert (await office.listed())[ready["tip_id"]]["state"] == "verifying"


async def test_two_officers_agree_on_the_tips_as_on_the_file(office: Office) -> None:
    """Another tip, another version, one twice, none at all: refused, and nothing is sent."""
    tip = await office.a_tip()
    made = await office.proposed_of([tip])
    other = await office.confirm(made, tips=[{"tip_id": "ab" * 16, "steps": 1}])
    hidden = await office.confirm(made, tips=[{**tip, "steps": 7}])
    twice = await office.confirm(made, tips=[tip, tip])
    none = await office.confirm(made, tips=[])
    bare = await office.ask("PUT", f"/v1/referrals/{'ab' * 16}?agency=nacc", b"")

    assert refused(other) == (409, "referral.tip_refused")
    assert refused(hidden) == refused(twice) == (409, "second.other_content")
    assert refused(none) == (400, "request.invalid_fields")
    assert refused(bare) == (400, "request.malformed")
    assert await office.stands(made) == ("proposed", 1)


async def test_the_same_file_of_other_tips_is_not_the_same_proposal(office: Office) -> None:
    """Its first officer learns that the id is taken; what waits is of the tips named first."""
    tip, file = await office.a_tip(), office.nacc.sealed()
    made = await office.proposed_of([tip], file)
    first = proposal(made, office.words[made])
    other = proposal(made, agreed(file, [{**tip, "steps": 7}]))
    again = [await office.ask("PUT", first, file), await office.ask("PUT", other, file)]
    confirmed = await office.confirm(made)
    late = [await office.ask("PUT", first, file), await office.ask("PUT", other, file)]

    for same, different in (again, late):
        assert (same.status_code, refused(different)) == (202, (409, "id.in_use"))
    assert confirmed.status_code == 204


async def test_a_file_that_nobody_concludes_lapses_by_the_clock(office: Office) -> None:
    """Erased, with a leaf that says which; the agency may still report, and conclude it."""
    made = await office.sent()
    shown = (await office.ask("GET", f"/v1/referrals/{made}")).json()["referral"]
    bench, sent_on = office.doors.bench, office.doors.org.today
    (row,) = await bench.referrals.due(sent_on)
    early = await bench.referrals.due(sent_on - timedelta(days=1))
    leaf = deeds.of_lapse(sent_on, row.referral_id, row.sha256)
    for _ in range(2):
        change = Change(row.referral_id, row.version, None, sent_on, leaf)
        await bench.referrals.lapse(change)
    gone = await office.ask("GET", f"/v1/referrals/{made}/bundle", by=office.nacc)
    lapsed = await office.stands(made)
    await office.says(made, "outcomes", outcome("under_inquiry"))
    still = await office.stands(made)
    await office.says(made, "outcomes", outcome("indicted"))

    assert (early, shown["lapses_on"]) == ([], (sent_on + timedelta(400)).isoformat())
    assert refused(gone) == (409, "referral.wrong_state")
    assert (lapsed, still) == (("lapsed", 3), ("lapsed", 4))
    assert await office.stands(made) == ("concluded", 5)
    size, _ = await bench.audit.store.head()
    events = [one.event for one in await bench.audit.store.entries(0, size) if one.event]
    about = f"did referral-lapsed {made} {row.sha256.hex()}\n".encode()
    assert sum(about in event for event in events) == 1
    async with bench.referrals._database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM referral_chunks") == 0


async def test_the_clock_of_a_file_is_looked_at_in_every_round(office: Office) -> None:
    """By the days that are set; what was proposed alone has no such clock."""
    made, proposed = await office.sent(), await office.proposed()
    bench = office.doors.bench
    at_once = replace(bench, retention=replace(bench.retention, referral_days=0))
    await referrals.sweep(bench)
    before = await office.stands(made)
    await referrals.sweep(at_once)

    assert before == ("sent", 2)
    assert await office.stands(made) == ("lapsed", 3)
    assert await office.stands(proposed) == ("proposed", 1)
