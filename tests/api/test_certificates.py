"""Proving to have been the source: by receipt alone, for a purpose, also after the tip."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mustshare_api.crypto import proofs, receipts
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.domain import receipt
from tests.api.certified import AGENCY, PURPOSE, Source, certified, source, verify, voucher
from tests.api.stepping import see_to_all
from tests.doors import JSON, Doors, made_up_receipt, with_access, with_receipt
from tests.organisation import Officer, Organisation


async def test_the_holder_of_the_receipt_proves_and_anyone_checks(doors: Doors) -> None:
    """Who vouches, by which directory, for whom, on which day, and what the proof is for."""
    told = await verify(doors, await (await source(doors)).proof())

    officer = doors.org.officers[0]
    assert told.status_code == 200, told.text
    found = told.json()
    assert len(found.pop("certificate_id")) == 32
    assert found == {
        "kind": "proof",
        "deployment_id": doors.org.deployment_id.hex(),
        "agency": AGENCY,
        "day": "2026-11-23",
        "officer": officer.name,
        "officer_kid": officer.keyid,
        "directory_serial": 1,
        "officer_listed": "now",
        "proof_for": PURPOSE,
    }


async def test_a_certificate_alone_proves_nobody(doors: Doors) -> None:
    """It says that something was handed over, and not by whom it came."""
    reporter = await source(doors)
    found = (await verify(doors, reporter.copy.certificate.text)).json()

    assert (found["kind"], found["proof_for"]) == ("certificate", None)


async def test_a_front_end_that_derives_makes_the_same_proof_itself(doors: Doors) -> None:
    """To the byte, without the server."""
    reporter = await source(doors)
    keys = await doors.keys(reporter.digits)
    mine = proofs.prove(reporter.copy, keys, PURPOSE)

    assert await reporter.proof() == mine.encode().decode()


@pytest.mark.parametrize("gone", ["withdrawn", "expired"])
async def test_it_works_when_the_tip_is_gone(doors: Doors, gone: str) -> None:
    """Nothing is looked up: what was handed over stays handed over."""
    reporter = await source(doors)
    if gone == "withdrawn":
        headers = with_receipt(reporter.digits)
        assert (await doors.reporter.delete("/v1/tip", headers=headers)).status_code < 300
    else:
        await see_to_all(doors)
        doors.clock.advance(days=800)

    assert (await verify(doors, await reporter.proof())).status_code == 200


async def test_whoever_lacks_the_receipt_is_told_one_thing(doors: Doors) -> None:
    """A stranger's, another tip's, one of nobody's and digits that are none: the same bytes."""
    reporter = await source(doors)
    other = await doors.new_tip("another")
    answers = [
        await reporter.prove(digits)
        for digits in (other, made_up_receipt(), "1" * 30, "12", "x")
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "certificate.not_yours"


async def test_a_malformed_receipt_costs_what_a_good_one_does(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the clock would tell which numbers can be receipts."""
    stretched: list[str] = []
    derive = receipts.derive

    def counted(digits: str, deployment_id: bytes) -> receipts.ReceiptKeys:
        stretched.append(digits)
        return derive(digits, deployment_id)

    monkeypatch.setattr(receipts, "derive", counted)
    reporter = await source(doors)
    stretched.clear()
    for digits in (made_up_receipt(), "12"):
        await reporter.prove(digits)
    assert len(stretched) == 2


async def test_digits_that_are_none_stand_for_no_receipt(doors: Doors) -> None:
    """They are stretched as the receipt of nought, whose certificate they may not use."""
    copy = certified(doors.org, receipt.from_number(0))
    answer = await Source(doors, "x", copy).prove()

    assert answer.json()["code"] == "certificate.not_yours"


async def test_an_access_token_proves_nothing_here(doors: Doors) -> None:
    """Whoever has one has the keys, or has only seen a request go by."""
    reporter = await source(doors)
    keys = await doors.keys(reporter.digits)
    body = {"certificate": reporter.copy.encode(), "for": PURPOSE}
    for headers in (with_access(keys.access), {}):
        answer = await doors.reporter.post("/v1/certificates/proof", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "receipt.missing")


async def test_the_copy_is_found_among_the_words_it_came_with(doors: Doors) -> None:
    """However a telephone wrapped it."""
    reporter = await source(doors)
    copy = reporter.copy.encode()
    wrapped = "ถึงผู้แจ้ง\r\n\r\n " + copy.replace("\n", "  \r\n  ") + "\r\n ขอบคุณ"

    assert (await reporter.prove(certificate=wrapped)).status_code == 200


UNFIT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"for": "two\nlines"}, "certificate.bad_purpose"),
    ({"for": "ก" * 334}, "certificate.bad_purpose"),
    ({"for": "a\u202eb"}, "certificate.bad_purpose"),
    ({"for": ""}, "request.invalid_fields"),
    ({"certificate": "nonsense"}, "certificate.malformed"),
    ({"certificate": "x" * 9000}, "request.invalid_fields"),
    ({"more": 1}, "request.invalid_fields"),
)


async def test_what_cannot_be_proven_with_is_refused(doors: Doors) -> None:
    """With the one thing that is wrong, and without a word of what was sent."""
    reporter = await source(doors)
    for changed, code in UNFIT:
        answer = await reporter.prove(**changed)
        assert answer.json()["code"] == code
        assert "nonsense" not in answer.text


async def test_a_proof_keeps_what_it_is_for(doors: Doors) -> None:
    """Replayed to somebody else it still names the first; renamed it falls apart."""
    proof = await (await source(doors)).proof()
    assert (await verify(doors, proof)).json()["proof_for"] == PURPOSE

    renamed = proof.replace(PURPOSE, "somebody else")
    assert (await verify(doors, renamed)).json()["code"] == "certificate.wrong_proof"


def grafted(proof: str, other: str) -> str:
    """One proof's head on another's certificate."""
    return proof.split("\n\n", 1)[0] + "\n\n" + other.split("\n\n", 1)[1]


def line(text: str, keyword: str) -> str:
    return next(each for each in text.split("\n") if each.startswith(keyword))


async def test_parts_of_two_proofs_do_not_make_one(doors: Doors) -> None:
    """Certificate, salt, bundle and signature each belong to their own."""
    mine, theirs = await (await source(doors)).proof(), await (await source(doors)).proof()
    mixed = [grafted(mine, theirs)]
    mixed += [
        mine.replace(line(mine, keyword), line(theirs, keyword))
        for keyword in ("salt", "bundle", "signature")
    ]

    codes = {(await verify(doors, one)).json()["code"] for one in mixed}
    assert codes == {"certificate.wrong_proof"}


async def test_staff_cannot_prove_in_a_reporters_place(doors: Doors) -> None:
    """The officer who issued it knows the salt and lacks the receipt's key."""
    reporter = await source(doors)
    officers = await doors.keys(made_up_receipt())
    keys = await doors.keys(reporter.digits)
    forged = receipts.ReceiptKeys(
        officers.access, officers.reply_seed, officers.sign_seed, keys.bundle
    )
    proof = proofs.prove(reporter.copy, forged, PURPOSE).encode().decode()

    assert (await verify(doors, proof)).json()["code"] == "certificate.wrong_proof"


Spoil = Callable[[str], str]

BAD: dict[str, tuple[Spoil, str]] = {
    "truncated": (lambda text: text[: len(text) // 2], "certificate.malformed"),
    "edited": (lambda text: text.replace("ป.ป.ช.", "ป.ป.ท."), "hand_over.wrong_signature"),
    "another serial": (
        lambda text: text.replace("directory 1\n", "directory 2\n"),
        "hand_over.unknown_directory",
    ),
    "another officer": (
        lambda text: text.replace("officer somsri", "officer wichai"),
        "hand_over.unknown_officer",
    ),
    "before the directory": (
        lambda text: text.replace("2026-11-23", "2026-11-22"),
        "hand_over.unknown_officer",
    ),
    "a directory": (lambda _: "mustshare/v1 directory\n\n", "certificate.malformed"),
    "a number that is huge": (
        lambda text: text.replace("directory 1\n", "directory " + "9" * 5000 + "\n"),
        "certificate.malformed",
    ),
}


async def test_a_certificate_that_does_not_hold_is_told_why(doors: Doors) -> None:
    """And the same goes for the proof around it."""
    reporter = await source(doors)
    proof = await reporter.proof()
    for name, (spoil, code) in BAD.items():
        for document in (reporter.copy.certificate.text, proof):
            assert (await verify(doors, spoil(document))).json()["code"] == code, name


async def test_another_deployments_certificate_is_told_from_a_forged_one(
    doors: Doors, org: Organisation
) -> None:
    """Its roots and its directory are not ours, even under the same serial."""
    other = Organisation(org.today, [Officer("somsri")])
    copy = certified(other, made_up_receipt())
    reporter = Source(doors, await doors.new_tip(), copy)

    told = (await verify(doors, copy.certificate.text)).json()
    assert told["code"] == "hand_over.other_deployment"
    assert (await reporter.prove()).json()["code"] == "certificate.not_yours"


async def test_what_an_officer_issued_holds_after_they_left(doors: Doors) -> None:
    """By the directory of its day; the answer says that the newest lists them no more."""
    reporter = await source(doors)
    left = replace(doors.org, officers=doors.org.officers[1:])
    await doors.bench.directory.accept(left.note(2))

    told = (await verify(doors, reporter.copy.certificate.text)).json()
    assert (told["officer"], told["officer_listed"]) == ("somsri", "earlier")
    assert told["directory_serial"] == 1


async def test_a_revoked_key_is_told_of(doors: Doors) -> None:
    """Its thief could have dated a certificate back to a day on which it was listed."""
    reporter, (stolen, *others) = await source(doors), doors.org.officers
    left = replace(doors.org, officers=others)
    revoked = Entry.of("revoked", stolen.name, None, verify_key_of(stolen.sign_seed))
    await doors.bench.directory.accept(left.note(2, also=(revoked,)))

    told = (await verify(doors, reporter.copy.certificate.text)).json()
    assert (told["officer"], told["officer_listed"]) == ("somsri", "revoked")


async def test_an_officer_cannot_vouch_under_a_colleagues_key(doors: Doors) -> None:
    """The name, the key and the signature belong together."""
    wichai = doors.org.officers[1]
    copy = certified(doors.org, made_up_receipt(), voucher(doors.org, wichai))

    told = (await verify(doors, copy.certificate.text)).json()
    assert told["code"] == "hand_over.wrong_signature"


async def test_other_bodies_than_json_are_refused(doors: Doors) -> None:
    """A browser asks first before it sends JSON to another host."""
    for path in ("proof", "verify"):
        answer = await doors.reporter.post(
            f"/v1/certificates/{path}", content=b"x", headers={"content-type": "text/plain"}
        )
        assert answer.json()["code"] == "request.wrong_content_type"
        answer = await doors.reporter.post(
            f"/v1/certificates/{path}", content=b"x" * 200_000,
            headers={**JSON, **with_receipt(made_up_receipt())},
        )  # fmt: skip
        assert answer.json()["code"] == "request.too_large"


async def test_nothing_of_it_is_logged(doors: Doors, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the receipt nor for whom the proof is."""
    reporter = await source(doors)
    await verify(doors, await reporter.proof())
    await verify(doors, "nonsense")
    written = "".join(capfd.readouterr())

    assert reporter.digits not in written
    assert PURPOSE not in written
    assert reporter.copy.salt.hex() not in written
