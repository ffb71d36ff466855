"""What takes two officers: proposed, done by the other, taken back, or fallen."""

from dataclasses import replace

from mustshare_api.domain.lifecycle import State
from tests.api.stepping import brought, listed, refusal, step
from tests.doors import Doors


async def test_what_takes_two_is_done_by_the_second(doors: Doors) -> None:
    """The first one's request changes nothing but that it waits, for all officers to see."""
    tip_id = await brought(doors, State.VERIFYING)
    first, other = doors.org.officers[:2]
    proposed = await step(doors, tip_id, "publish", 1, first)
    assert (proposed.status_code, proposed.json()["proposed"]) == (202, True)
    assert (await listed(doors))["state"] == "verifying"
    for who in (first, other):
        (waiting,) = (await doors.signed("GET", "/v1/seconds", officer=who)).json()["seconds"]
        assert (waiting["act"], waiting["subject"]) == ("tip.publish", tip_id.hex())
        assert (waiting["officer"], waiting["yours"]) == (first.name, who is first)

    done = await step(doors, tip_id, "publish", 1, other)

    assert (done.status_code, done.json()["state"], done.json()["steps"]) == (
        *(200, "published", 2),
    )
    assert (await doors.signed("GET", "/v1/seconds")).json()["seconds"] == []


async def test_nobody_seconds_what_they_proposed(doors: Doors) -> None:
    """The same person again is told that it is proposed, and it stands."""
    tip_id = await brought(doors, State.VERIFYING)
    first = await step(doors, tip_id, "publish", 1)

    again = await step(doors, tip_id, "publish", 1)

    assert (again.status_code, again.content) == (202, first.content)
    done = await step(doors, tip_id, "publish", 1, doors.org.officers[1])
    assert done.json()["state"] == "published"


async def test_a_proposal_falls_with_the_state_it_was_made_for(doors: Doors) -> None:
    """Another step of the tip drops it: nobody confirms what has become something else."""
    tip_id = await brought(doors, State.VERIFYING)
    first, other = doors.org.officers[:2]
    await step(doors, tip_id, "publish", 1, first)
    await step(doors, tip_id, "set_aside", 1, other)
    await step(doors, tip_id, "verify", 2, other)

    assert refusal(await step(doors, tip_id, "publish", 1, other)) == (412, "tip.changed")
    assert (await step(doors, tip_id, "publish", 3, other)).status_code == 202


async def test_a_proposal_is_taken_back_by_whoever_made_it(doors: Doors) -> None:
    """By nobody else; the same again is told that it is gone."""
    tip_id = await brought(doors, State.VERIFYING)
    first, other = doors.org.officers[:2]
    await step(doors, tip_id, "erase", 1, first)
    target = f"/v1/seconds/tip.erase/{tip_id.hex()}"

    refused = await doors.signed("DELETE", target, officer=other)
    assert refusal(refused) == (404, "second.not_found")
    assert (await doors.signed("DELETE", target, officer=first)).status_code == 204
    assert (await doors.signed("DELETE", target, officer=first)).status_code == 204
    assert (await step(doors, tip_id, "erase", 1, other)).status_code == 202


async def test_what_was_proposed_by_one_who_left_waits_for_nobody(doors: Doors) -> None:
    """Whoever sent the same would only have proposed it anew."""
    tip_id = await brought(doors, State.VERIFYING)
    first, other = doors.org.officers[:2]
    await step(doors, tip_id, "erase", 1, first)
    without = replace(doors.org, officers=doors.org.officers[1:])
    await doors.bench.directory.accept(without.note(2))

    listed_to_other = await doors.signed("GET", "/v1/seconds", officer=other)

    assert listed_to_other.json()["seconds"] == []
    assert (await step(doors, tip_id, "erase", 1, other)).status_code == 202


async def test_a_proposal_of_no_form_is_refused(doors: Doors) -> None:
    """Rather than looked for."""
    for about in ("Tip.x/00", "tip.erase/0", "tip.erase/XY", "9/00", "tip.erase/" + "ab" * 257):
        answer = await doors.signed("DELETE", f"/v1/seconds/{about}")
        assert refusal(answer) == (400, "id.malformed"), about


async def test_a_proposal_that_content_differs_from_is_refused(doors: Doors) -> None:
    """Two officers who saw another version of a tip do not confirm each other."""
    tip_id = await brought(doors, State.VERIFYING)
    first, other = doors.org.officers[:2]
    async with doors.bench.tips._database.connection() as connection:
        await step(doors, tip_id, "erase", 1, first)
        await connection.execute("UPDATE seconds SET digest = sha256('another')")

    assert refusal(await step(doors, tip_id, "erase", 1, other)) == (
        *(409, "second.other_content"),
    )
