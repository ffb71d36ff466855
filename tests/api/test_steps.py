"""Moving a tip: from where, by whom, by how many, and on which version."""

import asyncio
import json

import pytest

from mustshare_api.api.doors import whole_contract
from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.lifecycle import BY_OFFICERS, LIVING, STEPS, State, Step
from tests.api.auditing import Log
from tests.api.staff_roles import enlist
from tests.api.stepping import WAYS, brought, by_two, listed, refusal, step
from tests.doors import Doors, made_up_receipt, with_receipt


@pytest.mark.parametrize("state", LIVING)
async def test_every_step_from_every_state_is_as_the_table_has_it(
    doors: Doors, state: State
) -> None:
    """What there is not from here is refused and changes nothing; what there is, is done."""
    tip_id = await brought(doors, state)
    seen = len(WAYS[state])
    for name in BY_OFFICERS:
        if state not in STEPS[name].begins:
            assert refusal(await step(doors, tip_id, name, seen)) == (409, "step.wrong_state")
    before = await listed(doors)
    assert (before["state"], before["steps"]) == (state, seen)
    name = next(one for one in BY_OFFICERS if state in STEPS[one].begins)
    two = STEPS[name].people > 1
    done = await (by_two if two else step)(doors, tip_id, name, seen)

    assert (done.status_code, done.json()["state"]) == (200, STEPS[name].ends)


async def test_what_is_the_reporters_or_the_clocks_is_refused_to_staff(doors: Doors) -> None:
    """By name, and by whomever of staff."""
    tip_id = await brought(doors, State.RECEIVED)

    for name in ("withdraw", "expire"):
        assert refusal(await step(doors, tip_id, name)) == (403, "step.not_for_staff")
    assert (await listed(doors))["state"] == "received"


@pytest.mark.parametrize("role", ["auditor", "recovery"])
async def test_whoever_is_no_officer_moves_nothing(doors: Doors, role: str) -> None:
    """Nor sees what waits for a second officer."""
    await doors.new_tip()
    tip_id = await doors.only_tip_id()
    other = (await enlist(doors)).who(role)

    assert refusal(await step(doors, tip_id, "verify", 0, other)) == (
        403,
        "staff.not_permitted",
    )
    seen = await doors.signed("GET", "/v1/seconds", officer=other)
    assert refusal(seen) == (403, "staff.not_permitted")


async def test_a_step_on_a_version_that_is_stale_is_refused(doors: Doors) -> None:
    """Whoever decided on what was, looks at what is, first."""
    tip_id = await brought(doors, State.VERIFYING)

    assert refusal(await step(doors, tip_id, "close", 0)) == (412, "tip.changed")
    assert refusal(await step(doors, tip_id, "close", 2)) == (412, "tip.changed")
    assert (await step(doors, tip_id, "close", 1)).json()["steps"] == 2


async def test_a_step_says_on_which_version(doors: Doors) -> None:
    """In one spelling: a number in quotation marks."""
    tip_id = await brought(doors, State.RECEIVED)
    missing = await step(doors, tip_id, "verify", None)
    assert refusal(missing) == (428, "precondition.missing")

    for seen in ("0", 'W/"0"', '"00"', '"-1"', '"999999"', '"0", "1"', "*", '""', '" 0"'):
        refused = await step(doors, tip_id, "verify", seen)
        assert refusal(refused) == (400, "request.malformed"), seen


NO_STEPS = (
    (b"", "request.bad_json"),
    (b"{", "request.bad_json"),
    (b"[]", "request.invalid_fields"),
    (b"{}", "request.invalid_fields"),
    (b'{"step":"fly"}', "request.invalid_fields"),
    (b'{"step":["verify"]}', "request.invalid_fields"),
    (b'{"step":"verify","why":"because"}', "request.invalid_fields"),
    (b'{"step":"verify","step":"close"}', "request.duplicate_key"),
    (b'{"step":"verify"}' + b" " * 1024, "request.too_large"),
)


async def test_a_body_that_is_no_step_is_refused(doors: Doors) -> None:
    """By what is wrong with it, and nothing is done."""
    tip_id = await brought(doors, State.RECEIVED)
    target = f"/v1/tips/{tip_id.hex()}/steps"
    for body, code in NO_STEPS:
        headers = doors.signature("POST", target, body, None, '"0"')
        answer = await doors.staff.request("POST", target, content=body, headers=headers)
        assert answer.json()["code"] == code, body

    assert (await listed(doors))["steps"] == 0


async def test_what_an_officer_does_not_hold_is_not_there(doors: Doors) -> None:
    """An unknown tip, one of before their time, one that is gone: one answer."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    malee = (await enlist(doors)).malee
    told = [
        await step(doors, b"\xab" * 16, "verify"),
        await step(doors, tip_id, "verify", 0, malee),
    ]
    await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))
    told.append(await step(doors, tip_id, "verify"))

    assert {refusal(one) for one in told} == {(404, "tip.not_found")}
    assert len({one.content for one in told}) == 1


async def test_erasing_leaves_a_tombstone_and_a_dead_receipt(doors: Doors) -> None:
    """At once, as expiry would: the receipt is unknown and nothing sealed is left."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    gone = await by_two(doors, tip_id, "erase")
    assert (gone.status_code, gone.json()["state"]) == (200, "expired")

    view = await doors.reporter.get("/v1/tip", headers=with_receipt(digits))
    assert refusal(view) == (401, "receipt.unknown")
    tip = await listed(doors)
    assert (tip["state"], tip["bundle"]) == ("expired", None)
    assert len(tip["erasure_nonce"]) == 64
    assert (await doors.signed("GET", "/v1/index")).json()["objects"] == []


@pytest.mark.parametrize("state", [State.VERIFYING, State.PUBLISHED, State.SET_ASIDE])
async def test_wherever_a_tip_lives_its_reporter_and_staff_go_on(
    doors: Doors, state: State
) -> None:
    """It is shown, added to, answered, exchanged and withdrawn as before."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    for seen, name in enumerate(WAYS[state]):
        two = STEPS[Step(name)].people > 1
        await (by_two if two else step)(doors, tip_id, name, seen)
    headers = with_receipt(digits)
    view = (await doors.reporter.get("/v1/tip", headers=headers)).json()
    assert (view["state"], view["acknowledged"]) == (state, state != "received")
    said = {"id": "ab" * 16, "text": "ยังพังอยู่"}
    more = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
    assert more.status_code == 201, more.text
    assert (await doors.reply(tip_id, "ขอบคุณ")).status_code == 201
    fresh = made_up_receipt()
    new = {"receipt": fresh}
    moved = await doors.reporter.post("/v1/tip/receipt", json=new, headers=headers)
    assert moved.status_code == 200, moved.text

    gone = await doors.reporter.delete("/v1/tip", headers=with_receipt(fresh))

    assert gone.status_code == 200
    assert await doors.stored(Kind.FOLLOW_UP_FROM_STAFF) == []


async def test_each_request_that_counts_is_in_the_audit_log(doors: Doors) -> None:
    """Proposal and step, by whom; what was refused is not."""
    tip_id = await brought(doors, State.RECEIVED)
    first, other = doors.org.officers[:2]
    await step(doors, tip_id, "erase", 0, first)
    await step(doors, tip_id, "erase", 0, first)
    await step(doors, tip_id, "erase", 9, other)
    await step(doors, tip_id, "erase", 0, other)

    did = f"POST /v1/tips/{tip_id.hex()}/steps"
    by = [
        event.kid.hex() for event in await Log(doors).events() if event.did == did and event.kid
    ]
    assert by == [first.keyid, other.keyid]


async def test_two_officers_at_one_time_make_one_step(doors: Doors) -> None:
    """Each pair of steps from one version: one is done, the other is told to look again."""
    tip_id = await brought(doors, State.RECEIVED)
    first, other = doors.org.officers[:2]
    told = await asyncio.gather(
        step(doors, tip_id, "verify", 0, first), step(doors, tip_id, "set_aside", 0, other)
    )

    assert sorted(answer.status_code for answer in told) == [200, 412]
    assert (await listed(doors))["steps"] == 1


async def test_what_a_reporter_adds_is_not_erased_on_an_older_proposal(doors: Doors) -> None:
    """The first officer had not read it, and the second need not know: it is proposed anew."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    first, other = doors.org.officers[:2]
    assert (await step(doors, tip_id, "erase", 0, first)).status_code == 202
    said = {"id": "ab" * 16, "text": "มีรูปเพิ่ม"}
    headers = with_receipt(digits)
    sent = await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
    assert sent.status_code == 201, sent.text

    assert (await step(doors, tip_id, "erase", 0, other)).status_code == 202

    assert len(await doors.stored(Kind.FOLLOW_UP_FROM_REPORTER)) == 1
    assert (await step(doors, tip_id, "erase", 0, first)).status_code == 200


def test_the_contract_names_each_step_and_state() -> None:
    """So that a client's generated type has them all."""
    schemas = json.loads(whole_contract("any"))["components"]["schemas"]
    named = json.dumps([schemas["NewStep"], schemas.get("Step", {})])

    assert all(f'"{one}"' in named for one in Step)
    assert set(schemas["ListedTip"]["properties"]["state"]["enum"]) == {*State}
