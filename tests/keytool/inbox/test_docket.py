"""What a reporter was told, on the officer's screen: the last docket, and a link in clear."""

import secrets
from datetime import date

import pytest

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.sealing import seal_message
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.docket import (
    DocketBody,
    DocketCase,
    DocketOutcome,
    DocketReferral,
    encode_docket,
)
from mustshare_api.domain.referral import OutcomeKind, State
from mustshare_api.keytool.words.dockets import SAID_OF_DOCKETS
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.inbox.test_view import deeds_of, on_tip, right, running

REFERRAL = "c0" * 16


@pytest.fixture
def desk(tool: Tool, reporter: Reporter) -> Tool:
    """A tip, fetched."""
    reporter.send_text("เสาไฟกินรี")
    assert tool.unlocked("sync").code == 0
    return tool


def tell(reporter: Reporter, officer: Officer, sent_at: str, state: State) -> str:
    """A docket of an officer's, at the door beside those of before; its id."""
    outcome = DocketOutcome(
        "d0" * 16, REFERRAL, OutcomeKind.NO_GROUNDS, date(2026, 11, 22), "ไม่พบมูล\nความผิด", None
    )
    docket = DocketBody(
        sent_at,
        officer.signing_kid.hex(),
        [DocketCase("kinnari", "open", date(2026, 11, 20))],
        [DocketReferral(REFERRAL, "nacc", state, date(2026, 11, 21), certificate=True)],
        [outcome] if state is State.CONCLUDED else [],
        "ขอบคุณที่แจ้ง",
    )
    object_id = secrets.token_bytes(16)
    octets = seal_message(
        reporter.prefix(Kind.DOCKET, object_id),
        reporter.recipients,
        encode_docket(docket),
        signer(officer.signing_seed),
    )
    reporter.door.objects[object_id.hex()] = octets
    return object_id.hex()


def test_the_last_docket_is_shown_with_its_day_and_every_agency(
    desk: Tool, reporter: Reporter
) -> None:
    """In Thai and in English; of several here, the one signed last."""
    tell(reporter, desk.officer(), "2026-11-22T20:00:00Z", State.CONCLUDED)
    desk.unlocked("sync")
    english, thai = (desk.unlocked("show", reporter.tip, lang=one).out for one in ("en", "th"))

    for each in (
        "docket, as the reporter sees it since 2026-11-23, by somsri",
        "case kinnari: open, 2026-11-20",
        "nacc: concluded, 2026-11-21",
        "with a certificate",
        "no grounds found, 2026-11-22",
        "│ ความผิด",
        "│ ขอบคุณที่แจ้ง",
    ):
        assert each in english, each
    assert "nacc: หน่วยงานสรุปแล้ว ตั้งแต่ 2026-11-21" in thai
    assert "ฉบับวันที่ 2026-11-23 โดย somsri" in thai


def test_an_older_docket_that_a_door_puts_back_counts_for_nothing(
    desk: Tool, reporter: Reporter
) -> None:
    """And one that nobody known here signed is said, and shown in no word."""
    mine = desk.officer()
    tell(reporter, mine, "2026-11-22T03:00:00Z", State.FETCHED)
    tell(reporter, mine, "2026-11-21T03:00:00Z", State.SENT)
    stranger = Officer("stranger", secrets.token_bytes(32), (secrets.token_bytes(32),), {})
    bad = tell(reporter, stranger, "2026-11-23T03:00:00Z", State.TAKEN_BACK)
    desk.unlocked("sync", "--full")
    told = desk.unlocked("show", reporter.tip, "--json").data["desk"]

    states = [one["state"] for one in told["docket"]["referrals"]]
    assert (states, told["docket"]["on"]) == (["fetched"], "2026-11-22")
    assert list(told["dockets_refused"]) == [bad]
    assert f"docket {bad[:8]} was not opened" in desk.unlocked("show", reporter.tip).out


def test_every_state_and_outcome_has_its_words() -> None:
    """Whatever an agency comes to, an officer reads it in their language."""
    for prefix, words in (("state", State), ("outcome", OutcomeKind)):
        assert all(f"docket.{prefix}.{word}" in SAID_OF_DOCKETS for word in words)


def test_a_link_in_clear_is_shown_and_filtered_by_as_a_sealed_one(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Carried by sync, for a campaign as for a case; a link that is none is nonsense."""
    for page, option in (("campaign/roads", "--campaign"), ("case/roads", "--case")):
        door.tips[reporter.tip]["about"] = page
        desk.unlocked("sync")
        (row,) = desk.unlocked("inbox", option, "roads", "--json").data
        assert (row["tip_id"], row["about"]) == (reporter.tip, page)
        assert desk.unlocked("inbox", "--campaign", "lamp-posts", "--json").data == []
    shown = desk.unlocked("show", reporter.tip).out
    assert "answers, as its front end noted in clear: case/roads" in shown

    door.tips[reporter.tip]["about"] = "case/\u202e"
    assert desk.unlocked("sync").code == 1


def test_a_sealed_case_is_filtered_by_without_anybody_tying_it(
    desk: Tool, reporter: Reporter
) -> None:
    """What the reporter chose, found on opened text."""
    other = Reporter(reporter.door, reporter.recipients, reporter.clock)
    other.send_text("ตอบประเด็น", case="kinnari")
    desk.unlocked("sync")

    assert [
        one["tip_id"] for one in desk.unlocked("inbox", "--case", "kinnari", "--json").data
    ] == [other.tip]


async def test_the_view_shows_docket_and_link_too(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """What `show` says is what stands on the right."""
    tell(reporter, desk.officer(), "2026-11-22T03:00:00Z", State.ACKNOWLEDGED)
    door.tips[reporter.tip]["about"] = "campaign/roads"
    desk.unlocked("sync")
    async with running(deeds_of(desk, language="th")) as pilot:
        await on_tip(pilot, reporter.tip)
        assert "nacc: หน่วยงานรับเรื่องแล้ว" in right(pilot)
        assert "campaign/roads" in right(pilot)
