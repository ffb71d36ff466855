"""What agencies say: sealed to officers, provably theirs, each word once."""

import secrets
from typing import Any

import pytest

from mustshare_api.crypto.envelope import parse_head
from mustshare_api.crypto.suite import verify_key_of
from tests.api.referring import Office, office_of, officers_keys, outcome, question
from tests.doors import Doors


@pytest.fixture
async def office(doors: Doors) -> Office:
    return await office_of(doors)


def refused(got: Any) -> tuple[int, str]:
    return got.status_code, got.json()["code"]


async def test_a_question_and_its_answer_go_back_and_forth(office: Office) -> None:
    """Each moves the state, and what was said is listed without what."""
    made, asked = await office.sent(), question()
    acknowledged = await office.ask(
        "POST", f"/v1/referrals/{made}/acknowledgement", by=office.nacc, seen=2
    )
    said = await office.says(made, "questions", asked)
    answer_id = secrets.token_hex(16)
    path = f"/v1/referrals/{made}/answers/{answer_id}"
    octets = office.nacc.sealed(b"yes")
    for status in (201, 200):
        got = await office.ask("PUT", path, octets, seen=4)
        assert got.status_code == status
    fetched = await office.ask("GET", path, by=office.nacc)
    view = (await office.ask("GET", f"/v1/referrals/{made}", by=office.nacc)).json()

    assert (acknowledged.status_code, said.status_code) == (204, 201)
    assert fetched.content == octets
    assert (view["referral"]["state"], view["referral"]["version"]) == ("answered", 5)
    assert {(one["id"], one["sort"]) for one in view["said"]} == {
        (asked["id"], "question"),
        (answer_id, "answer"),
    }


async def test_an_agencys_words_are_opened_by_officers_and_proved_by_its_signature(
    office: Office,
) -> None:
    """Body to the octet, under the agency's key; sealed to the keys that officers keep."""
    made, asked = await office.sent(), question()
    await office.says(made, "questions", asked)
    path = f"/v1/referrals/{made}/words/{asked['id']}"
    octets = (await office.ask("GET", path)).content
    said = await office.opened_word(made, asked["id"])
    keys = {bytes.fromhex(office.nacc.keyid): verify_key_of(office.nacc.sign_seed)}

    said.check(f"/v1/referrals/{made}/questions", keys.get)
    assert asked["text_th"] in said.body.decode("unicode_escape")
    assert parse_head(octets).kids == officers_keys(office.doors)
    assert parse_head(octets).prefix.flags == 1


async def test_the_same_word_again_is_the_same_whatever_came_between(office: Office) -> None:
    """Told by its id and its octets; another under the same id is refused."""
    made, asked = await office.sent(), question()
    first = await office.says(made, "questions", asked)
    await office.says(made, "outcomes", outcome("under_inquiry"))
    again = await office.says(made, "questions", asked, seen=2)
    other = await office.says(made, "questions", {**asked, "text_th": "อื่น"})

    assert [first.status_code, again.status_code] == [201, 200]
    assert again.json() == {"id": asked["id"]}
    assert refused(other) == (409, "id.in_use")


INVALID = [
    (question(text_th=None), "field.missing"),
    (question(text_th=" "), "field.wrong_form"),
    (question(text_th="a\0b"), "field.wrong_form"),
    (question(text_th="ก" * 4001), "field.out_of_range"),
    (question(nonce="short"), "field.wrong_form"),
    (question(more=1), "field.unknown"),
]


async def test_a_question_that_is_none_is_refused_with_the_field(office: Office) -> None:
    """And the referral stays as it is."""
    made = await office.sent()
    for word, code in INVALID:
        sent = {k: v for k, v in word.items() if v is not None}
        got = await office.says(made, "questions", sent)
        assert refused(got) == (400, "request.invalid_fields")
        assert [one["code"] for one in got.json()["errors"]] == [code]

    assert await office.stands(made) == ("sent", 2)


async def test_an_outcome_that_is_none_is_refused(office: Office) -> None:
    """Of another kind than those of the list, or of a day that has not come."""
    made = await office.sent()
    wrong: list[dict[str, Any]] = [
        {"kind": "won"}, {"on": "2026-12-01"}, {"on": "20.11.2569"}, {"on": None},
    ]  # fmt: skip
    for changed in wrong:
        got = await office.says(made, "outcomes", {**outcome(), **changed})
        assert refused(got) == (400, "request.invalid_fields")
    got = await office.says(made, "outcomes", outcome() | {"on": "2569-11-20"})
    assert [one["code"] for one in got.json()["errors"]] == ["field.buddhist_year"]


async def test_words_have_an_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A referral is no chat."""
    monkeypatch.setattr("mustshare_api.store.agency_words.WORDS_LIMIT", 2)
    made = await office.sent()
    said = [await office.says(made, "questions", question()) for _ in range(3)]

    assert [got.status_code for got in said] == [201, 201, 413]
    assert refused(said[2]) == (413, "referral.full")


async def test_an_answer_goes_with_a_referral_that_is_taken_back(office: Office) -> None:
    """The agency has what it fetched before, and is given nothing more of the tip."""
    sent, answer = await office.sent(), "ab" * 16
    assert (await office.says(sent, "questions", question())).status_code == 201
    path = f"/v1/referrals/{sent}/answers/{answer}"
    assert (await office.ask("PUT", path, office.nacc.sealed(), seen=3)).status_code == 201
    assert (await office.ask("GET", path, by=office.nacc)).status_code == 200
    assert (await office.ask("DELETE", f"/v1/referrals/{sent}", seen=4)).status_code == 204

    assert refused(await office.ask("GET", path, by=office.nacc)) == (404, "referral.not_found")
