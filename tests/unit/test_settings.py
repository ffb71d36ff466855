"""What an operator may set, and what is refused before anything starts."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from dotenv import dotenv_values

from mustshare_api import settings
from mustshare_api.api import ready, rotation_wire, wire
from mustshare_api.api.form import multipart
from mustshare_api.api.plane import open311_query
from mustshare_api.api.plane import pages as public_pages
from mustshare_api.api.staff import audit as audit_routes
from mustshare_api.api.staff import changes as batches
from mustshare_api.api.staff import dockets, queries, steps, writes
from mustshare_api.api.staff import pages as staff_pages
from mustshare_api.api.staff import points as staff_points
from mustshare_api.api.staff import referrals as staff_referrals
from mustshare_api.app import composition
from mustshare_api.app.server import conversation
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.crypto import certificates, envelope, events, proofs, requests
from mustshare_api.crypto import drafts as sealed_drafts
from mustshare_api.domain import agency_word, campaign, outward, pages, questions, referral
from mustshare_api.domain.limits import Limits
from mustshare_api.errors import Misconfigured
from mustshare_api.flows import (
    admission,
    agency_words,
    audit,
    buckets,
    challenging,
    changes,
    desk,
    one_by_one,
    points,
    public_campaigns,
    referrals,
    rotate,
    standing,
)
from mustshare_api.media import bounds, mp4_gate
from mustshare_api.settings import Address, Settings
from mustshare_api.store import agency_words as words_kept
from mustshare_api.store import drafts, own_webhooks

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NOWHERE = Path("/nonexistent/.env")
CONNECTION = Bounds()
FIXED = {
    **{name: n for name, n in asdict(Limits()).items() if name != "attachment_bytes"},
    "message_bytes": admission.MESSAGE_LIMIT,
    "form_part_head_bytes": multipart._HEADER_BYTES,
    "form_parts": multipart.PARTS,
    "rotation_stanzas": rotation_wire.MOST_STANZAS,
    "rotations_per_tip": rotate.ROTATIONS_PER_TIP,
    "procurement_refs": wire.REFS_MOST,
    "object_recipients": envelope.MAX_STANZAS,
    "certificate_bytes": certificates.LIMIT_BYTES,
    "proof_purpose_bytes": proofs.PURPOSE_LIMIT_BYTES,
    "picture_pixels": bounds.MAX_PIXELS,
    "picture_pixels_unscaled": bounds.MAX_PIXELS_WITHOUT_SCALING,
    "picture_side": bounds.MAX_SIDE,
    "film_seconds": mp4_gate.MAX_SECONDS,
    "film_side": mp4_gate.MAX_SIDE,
    "desk_entries_at_once": desk.MOST,
    "desk_bytes_at_once": desk.BODY_LIMIT,
    "objects_at_once": batches.BATCH_MOST,
    "batch_bytes": batches.BATCH_BYTES,
    "changes_page": changes.PAGE_MOST,
    "list_page": queries.PAGE_MOST,
    "audit_page": audit_routes.PAGE_MOST,
    "wanted_bytes": batches._BODY_LIMIT,
    "step_bytes": steps.BODY_LIMIT,
    "approval_bytes": staff_points.BODY_BYTES,
    "reason_bytes": staff_pages._REASON_LIMIT_BYTES,
    "confirmation_bytes": staff_referrals._CONFIRM_LIMIT,
    "cosignature_bytes": audit.COSIGNED_LIMIT,
    "signature_bytes": requests._HEADER_LIMIT,
    "event_bytes": events.SIZE_LIMIT_BYTES,
    "docket_bytes": dockets.DOCKET_LIMIT,
    "drafts": drafts.LIMIT,
    "draft_bytes": sealed_drafts.LIMIT_BYTES,
    "referral_bytes": referrals.FILE_LIMIT_BYTES,
    "referral_tips": referral.TIPS_LIMIT,
    "referral_words": words_kept.WORDS_LIMIT,
    "agency_word_bytes": agency_word.SIZE_LIMIT_BYTES,
    "agency_answer_bytes": agency_words.ANSWER_LIMIT_BYTES,
    "directory_bytes": writes.DIRECTORY_LIMIT,
    "page_bytes": pages.CONTENT_LIMIT_BYTES,
    "page_pictures": pages.PICTURES_LIMIT,
    "page_picture_bytes": pages.PICTURE_LIMIT_BYTES,
    "gallery_pictures": campaign.GALLERY_LIMIT,
    "questions": questions.QUESTIONS_LIMIT,
    "options": questions.OPTIONS_LIMIT,
    "answer_line": questions.LINE_LIMIT,
    "answer_paragraph": questions.PARAGRAPH_LIMIT,
    "points": points.POINTS_LIMIT,
    "campaigns_listed": public_campaigns.LIST_MOST,
    "pages_listed": public_pages.PAGE_MOST,
    "open311_requests": open311_query.REQUESTS_MOST,
    "webhooks_of_a_partner": own_webhooks.ENDPOINTS,
    "webhook_changes_a_day": own_webhooks.CHANGES_A_DAY,
    "webhook_url": outward.LONGEST_URL,
    "request_lines": CONNECTION.header_lines,
    "target_bytes": CONNECTION.target_bytes,
    "idle_s": CONNECTION.keep_alive_s,
    "requests_on_a_connection": CONNECTION.requests,
    "sent_ahead": conversation._QUEUE,
    "sent_ahead_bytes": conversation._HELD_BYTES,
    "waiting_in_line_s": standing.PATIENCE_S,
    "challenges_a_second": round(1 / challenging.EVERY_S),
    "network_turns": round(buckets.TURNS),
    "network_turn_every_s": round(buckets.TURN_EVERY_S),
    "networks": buckets.NETWORKS,
    "beginnings": composition.BEGINNINGS,
    "beginnings_of_one_tip": one_by_one.MOST,
    "waiting_for_a_challenge": challenging.ROOM,
    "ready_bytes": ready.ROOM_BYTES,
}
"""Every bound at a door that nobody can set."""


def test_the_example_lists_every_setting_with_its_default() -> None:
    """`.env.example` and the code cannot drift apart."""
    written = dotenv_values(EXAMPLE)

    assert list(written) == list(settings.NAMES)
    assert settings.load({}, EXAMPLE) == Settings()


def test_the_example_names_every_bound_with_its_reason() -> None:
    """Those too that are no settings: a caller who meets one finds why it is there."""
    text = EXAMPLE.read_text(encoding="utf-8")
    named = re.findall(r"^#   (\w+) ([0-9]+): \S.{5,}$", text, re.MULTILINE)

    assert {name: int(value) for name, value in named} == FIXED
    assert len(named) == len(FIXED)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """What is said for one run wins over what is written down."""
    file = tmp_path / ".env"
    file.write_text("MUSTSHARE_RETENTION_DAYS=100\nMUSTSHARE_MEDIA_SLOTS=3\n")

    chosen = settings.load({"MUSTSHARE_RETENTION_DAYS": "200"}, file)

    assert (chosen.retention_days, chosen.media_slots) == (200, 3)


def test_a_misspelt_name_is_refused_and_the_right_one_named() -> None:
    """A misspelt safety setting would be one that is off."""
    with pytest.raises(Misconfigured, match="did you mean MUSTSHARE_TLS_KEY"):
        settings.load({"MUSTSHARE_TSL_KEY": "x"}, NOWHERE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MUSTSHARE_RETENTION_DAYS", "1"),
        ("MUSTSHARE_RETENTION_DAYS", "٣٦٥"),
        ("MUSTSHARE_REPORTER_ADDRESS", "somewhere"),
        ("MUSTSHARE_REPORTER_ADDRESS", "example.org:8443"),
        ("MUSTSHARE_REPORTER_ADDRESS", "127.0.0.1:99999"),
        ("MUSTSHARE_TLS", "off"),
        ("MUSTSHARE_CORS_ORIGINS", "*"),
        ("MUSTSHARE_CORS_ORIGINS", "https://a.example/path"),
        ("MUSTSHARE_CORS_ORIGINS", "https://a.example,b.example"),
        ("MUSTSHARE_CORS_ORIGINS", "https://a.example:99999"),
        ("MUSTSHARE_CORS_ORIGINS", "https://ไทย ไทย.example"),
        ("MUSTSHARE_MEDIA_SANDBOX", "none"),
    ],
)
def test_a_value_of_another_form_is_refused_in_one_line(name: str, value: str) -> None:
    """The line names the setting and the form, and not the value."""
    with pytest.raises(Misconfigured) as refused:
        settings.load({name: value}, NOWHERE)

    assert name in refused.value.advice
    assert "\n" not in refused.value.advice


@pytest.mark.parametrize(
    ("read", "sent"),
    [
        ("https://Tip.Example", "https://tip.example"),
        ("HTTPS://tip.example:443", "https://tip.example"),
        ("https://tip.example:8443", "https://tip.example:8443"),
        ("http://tip.example:443", "http://tip.example:443"),
        ("https://แจ้งเบาะแส.ไทย", "https://xn--72cb9c4c3al0hfg8e.xn--o3cw4h"),
        ("https://แจ้งเบาะแส.ไทย:8443", "https://xn--72cb9c4c3al0hfg8e.xn--o3cw4h:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_origin_may_be_set_as_it_is_read(read: str, sent: str) -> None:
    """And is met all the same: a browser sends one spelling, and it is compared by octets."""
    assert settings.load({"MUSTSHARE_CORS_ORIGINS": read}, NOWHERE).cors_origins == (sent,)


def test_a_host_in_thai_may_have_a_port() -> None:
    """As staff's name has, behind a proxy on another port than the usual one."""
    found = settings.load({"MUSTSHARE_HOSTS": "แจ้งเบาะแส.ไทย:9444"}, NOWHERE)

    assert found.hosts == ("xn--72cb9c4c3al0hfg8e.xn--o3cw4h:9444",)


def test_addresses_know_whether_only_this_machine_reaches_them() -> None:
    """Evaluation keys are served on such addresses alone."""
    assert Address("127.0.0.1", 1).loopback
    assert Address("::1", 1).loopback
    assert Address("localhost", 1).loopback
    assert not Address("0.0.0.0", 1).loopback  # noqa: S104 - refused, not listened on
    assert str(Address("::1", 8443)) == "[::1]:8443"
