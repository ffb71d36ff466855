"""Referrals: two officers send, one agency works, and nobody else is told."""

import secrets
from datetime import timedelta
from typing import Any

import pytest

from mustshare_api.api.doors import STAFF_ROUTES
from mustshare_api.api.staff.permissions import AGENCY
from mustshare_api.flows.referrals import KEPT_FOR
from tests.api.referring import Office, office_of, outcome, question
from tests.doors import Doors
from tests.vectors import age_reader


@pytest.fixture
async def office(doors: Doors) -> Office:
    return await office_of(doors)


def refused(got: Any) -> tuple[int, str]:
    return got.status_code, got.json()["code"]


async def test_an_agency_is_shown_a_referral_once_two_officers_agree(office: Office) -> None:
    """And opens the very file with nothing but an age reader and its own identity."""
    octets = office.nacc.sealed("ถนนพัง".encode() * 100_000)
    made = await office.proposed(octets)
    before = (await office.ask("GET", "/v1/referrals", by=office.nacc)).json()
    hidden = await office.ask("GET", f"/v1/referrals/{made}", by=office.nacc)
    confirmed = await office.confirm(made)
    listed = (await office.ask("GET", "/v1/referrals", by=office.nacc)).json()["referrals"]
    file = await office.ask("GET", f"/v1/referrals/{made}/bundle", by=office.nacc)

    assert before == {"referrals": [], "next": None}
    assert refused(hidden) == (404, "referral.not_found")
    assert confirmed.status_code == 204
    assert [(one["id"], one["state"], one["sent_on"]) for one in listed] == [
        (made, "sent", "2026-11-23")
    ]
    assert file.content == octets
    assert age_reader.read(file.content, office.nacc.age_seed) == "ถนนพัง".encode() * 100_000
    assert await office.stands(made) == ("fetched", 2)


async def test_the_same_officer_cannot_send_alone(office: Office) -> None:
    """Nor with another file's digest, nor from another version."""
    made = await office.proposed()

    alone = await office.confirm(made, by=office.first)
    other = await office.confirm(made, sha256="ab" * 32)
    stale = await office.confirm(made, seen=7)

    assert refused(alone) == (409, "second.same_person")
    assert refused(other) == (409, "second.other_content")
    assert refused(stale) == (412, "referral.changed")
    assert await office.stands(made) == ("proposed", 1)


async def test_another_agencys_referral_is_not_there(office: Office) -> None:
    """By no route, and with the answer of one that never was."""
    made = await office.sent()
    never = secrets.token_hex(16)
    asked: list[tuple[str, str, Any]] = [
        ("GET", "", b""),
        ("GET", "/bundle", b""),
        ("GET", f"/answers/{never}", b""),
        ("POST", "/acknowledgement", b""),
        ("POST", "/questions", question()),
        ("POST", "/outcomes", outcome()),
    ]
    told = []
    for method, rest, body in asked:
        for one in (made, never):
            got = await office.ask(
                method, f"/v1/referrals/{one}{rest}", body, by=office.pacc, seen=2
            )
            told.append((refused(got), got.content))

    assert {code for code, _ in told} == {(404, "referral.not_found")}
    assert len({content for _, content in told}) == 1
    assert (await office.ask("GET", "/v1/referrals", by=office.pacc)).json()["referrals"] == []
    assert await office.stands(made) == ("sent", 2)


async def test_an_inquiry_leaves_a_referral_open_and_an_outcome_ends_it(office: Office) -> None:
    """Its file is deleted; a later outcome may correct, a question comes too late."""
    made = await office.sent()
    await office.says(made, "outcomes", outcome("under_inquiry"))
    open_still = await office.stands(made)
    await office.says(made, "outcomes", outcome("indicted"))
    corrected = await office.says(made, "outcomes", outcome("no_grounds"))
    late = await office.says(made, "questions", question())
    gone = await office.ask("GET", f"/v1/referrals/{made}/bundle", by=office.nacc)

    assert open_still == ("sent", 3)
    assert corrected.status_code == 201
    assert await office.stands(made) == ("concluded", 5)
    assert refused(late) == refused(gone) == (409, "referral.wrong_state")
    assert [one async for one in office.doors.bench.referrals.pieces(bytes(16))] == []


async def test_what_is_taken_back_is_gone(office: Office) -> None:
    """A proposal as if it had never been; what was sent with its file, and told so."""
    proposed, sent = await office.proposed(), await office.sent()
    for one, version in ((proposed, 1), (sent, 2)):
        got = await office.ask("DELETE", f"/v1/referrals/{one}", seen=version)
        assert got.status_code == 204, got.text
    listed = (await office.ask("GET", "/v1/referrals", by=office.nacc)).json()["referrals"]
    file = await office.ask("GET", f"/v1/referrals/{sent}/bundle", by=office.nacc)
    confirmed = await office.confirm(proposed, seen=2)

    assert [(one["id"], one["state"]) for one in listed] == [(sent, "taken_back")]
    assert refused(file) == refused(confirmed) == (409, "referral.wrong_state")
    async with office.doors.bench.referrals._database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM referral_chunks") == 0
        assert await connection.fetchval("SELECT count(*) FROM seconds") == 0


async def test_a_step_from_the_wrong_state_is_refused(office: Office) -> None:
    """An answer before a question, another's confirmation: nothing is changed by either."""
    made = await office.sent()
    path = f"/v1/referrals/{made}/answers/{'ab' * 16}"
    answered = await office.ask("PUT", path, office.nacc.sealed(), seen=2)
    confirmed = await office.confirm(made, by=office.first, seen=2)

    assert refused(answered) == refused(confirmed) == (409, "referral.wrong_state")
    assert await office.stands(made) == ("sent", 2)


async def test_a_change_that_does_not_say_of_what_is_refused(office: Office) -> None:
    """428 without a version; 400 with one that is none."""
    made = await office.sent()
    bodies: dict[str, Any] = {
        "acknowledgement": b"", "questions": question(), "outcomes": outcome(),
    }  # fmt: skip
    for rest, body in bodies.items():
        path = f"/v1/referrals/{made}/{rest}"
        bare = await office.ask("POST", path, body, by=office.nacc)
        weak = await office.ask("POST", path, body, by=office.nacc, seen='W/"2"')
        assert refused(bare) == (428, "precondition.missing")
        assert refused(weak) == (400, "request.malformed")


PROPOSED = f"/v1/referrals/{'ab' * 16}?agency=nacc&tips={'cd' * 32}"
NO_FILES = {
    "nothing": b"",
    "a document": b"%PDF-1.7",
    "cut off": b"age-encryption.org/v1\n",
    "a classical key": b"age-encryption.org/v1\n-> X25519 " + (b"A" * 43 + b"\n") * 2,
    "long": b"x" * 200_000,
}


async def test_what_is_no_age_file_to_good_keys_is_not_kept(office: Office) -> None:
    """Nothing in clear lies here, and nothing that a quantum computer opens."""
    mixed = office.nacc.sealed().replace(b"\n---", b"\n-> X25519 AAAA\nAAAA\n---", 1)
    for octets in (*NO_FILES.values(), mixed):
        got = await office.ask("PUT", PROPOSED, octets)
        assert refused(got) == (400, "referral.not_sealed")

    assert (await office.ask("GET", "/v1/referrals")).json()["referrals"] == []


async def test_a_file_that_is_not_the_one_signed_leaves_nothing(office: Office) -> None:
    """The digest is promised first and checked at the end."""
    target = PROPOSED
    headers = office.doors.signature("PUT", target, office.nacc.sealed())
    got = await office.doors.staff.put(target, content=office.nacc.sealed(), headers=headers)

    assert got.status_code == 401
    assert (await office.ask("GET", "/v1/referrals")).json()["referrals"] == []


async def test_the_same_proposal_again_is_the_same(office: Office) -> None:
    """Another file under its id is not, nor the same for another agency."""
    octets, path = office.nacc.sealed(), f"/v1/referrals/{'ab' * 16}?tips={'cd' * 32}&agency="
    codes = [
        (await office.ask("PUT", path + agency, file)).status_code
        for agency, file in (
            ("nacc", octets),
            ("nacc", octets),
            ("nacc", office.nacc.sealed()),
            ("pacc", octets),
            ("nobody", octets),
        )
    ]

    assert codes == [202, 202, 409, 409, 404]


async def test_a_proposal_that_nobody_seconds_is_swept_after_a_week(office: Office) -> None:
    """File and row; what ended goes a retention later, what is open stays."""
    await office.proposed()
    ended, kept = await office.sent(), await office.sent()
    await office.says(ended, "outcomes", outcome())
    bench, today = office.doors.bench, office.doors.org.today
    keep = KEPT_FOR
    assert keep == timedelta(days=365)

    await bench.referrals.sweep(today.replace(day=30), keep)
    after_week = await bench.referrals.page(None, None, 10)
    await bench.referrals.sweep(today.replace(year=2028), keep)
    after_years = await bench.referrals.page(None, None, 10)

    assert {one.referral_id.hex() for one in after_week} == {ended, kept}
    assert {one.referral_id.hex() for one in after_years} == {kept}


async def test_an_agency_reaches_its_own_routes_and_no_other(office: Office) -> None:
    """Whatever route the staff door has: refused, unless it names agencies."""
    found = {}
    for handler in STAFF_ROUTES:
        for path in handler.paths:
            for method in handler.http_methods:
                target = "/".join(
                    "ab" * 16 if part.startswith("{") else part for part in path.split("/")
                )
                got = await office.ask(method, target, by=office.nacc)
                is_refused = got.status_code == 403
                assert not is_refused or got.json()["code"] == "staff.not_permitted"
                found[method, path] = (is_refused, AGENCY not in handler.opt["permission"])

    assert all(is_refused is expected for is_refused, expected in found.values())
    assert {
        (method, path.removeprefix("/v1/referrals"))
        for (method, path), (is_refused, _) in found.items()
        if not is_refused
    } == {
        ("GET", ""),
        ("GET", "/{referral_id:str}"),
        ("GET", "/{referral_id:str}/bundle"),
        ("GET", "/{referral_id:str}/answers/{answer_id:str}"),
        ("POST", "/{referral_id:str}/acknowledgement"),
        ("POST", "/{referral_id:str}/questions"),
        ("POST", "/{referral_id:str}/outcomes"),
    }


async def test_an_agency_that_the_directory_drops_is_a_stranger(office: Office) -> None:
    """With the next directory, at once."""
    await office.doors.bench.directory.accept(office.doors.org.note(3))
    got = await office.ask("GET", "/v1/referrals", by=office.nacc)

    assert refused(got) == (401, "signature.unknown_key")


async def test_officers_say_what_an_agency_is_called(office: Office) -> None:
    """From the version that they saw; of those alone that the directory lists."""
    record = {
        "title_th": "สำนักงาน ป.ป.ช.",
        "title_en": "National Anti-Corruption Commission",
        "kind": "anti_corruption",
    }
    path = "/v1/agencies/nacc"
    first, again, late, then = [
        await office.ask("PUT", path, {**record, **said}, seen=seen)
        for seen, said in ((0, {}), (0, {}), (0, {"title_en": "NACC"}), (1, {}))
    ]
    unknown = await office.ask("PUT", "/v1/agencies/nobody", record, seen=0)
    bad = await office.ask("PUT", path, {**record, "kind": "police"}, seen=2)
    listed = (await office.ask("GET", "/v1/agencies")).json()["agencies"]

    assert [one.status_code for one in (first, again, then)] == [204] * 3
    assert refused(late) == (412, "agency.changed")
    assert refused(unknown) == (404, "agency.unknown")
    assert refused(bad) == (400, "request.invalid_fields")
    assert [(one["name"], one["version"], one["record"]) for one in listed] == [
        ("nacc", 2, record),
        ("pacc", 0, None),
    ]
    assert listed[0]["recipient"].startswith("age1pq1")


async def test_no_row_of_a_referral_names_a_tip(office: Office) -> None:
    """Whoever seizes the database looks for the tip's id in all of it, and finds nothing."""
    await office.doors.new_tip()
    tip_id = await office.doors.only_tip_id()
    made = await office.sent()
    await office.says(made, "questions", question())
    async with office.doors.bench.referrals._database.connection() as connection:
        for table in ("referrals", "referral_chunks", "referral_answers", "agency_words"):
            rows = await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - a test's own
            values = [value for row in rows for value in row.values()]
            held = b"".join(value for value in values if isinstance(value, bytes))
            assert tip_id not in held
            assert "ตรวจรับงาน".encode() not in held
