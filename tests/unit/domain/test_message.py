"""The messages inside envelopes: what they keep exactly, and what they refuse."""

import contextlib
import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.message import (
    AttachmentName,
    AttachmentNotice,
    Coordinates,
    FollowUpBody,
    ProcurementRef,
    ReplyBody,
    TipBody,
    decode_message,
    encode_message,
)
from mustshare_api.errors import Malformed

SENT_AT = "2026-11-23T05:48:21Z"
PHOTO = AttachmentName(
    id="ab" * 16, sha256="cd" * 32, media_type="image/jpeg", size_bytes=81_234, removed=["gps"]
)
FULL_TIP = TipBody(
    sent_at=SENT_AT,
    text="น้ำท่วมถนนที่เพิ่งสร้าง",
    language="th",
    category="road",
    campaign="flood-2569",
    place="100101",
    coordinates=Coordinates(latitude=13.75, longitude=100.5, precision_m=1000),
    procurement_refs=[ProcurementRef(scheme="TH-EGP", id="67019123456")],
    attachments=[PHOTO],
)


@pytest.mark.parametrize(
    "message",
    [
        FULL_TIP,
        FollowUpBody(sent_at=SENT_AT, text="เพิ่มเติม"),
        AttachmentNotice(sent_at=SENT_AT, attachments=[PHOTO]),
        ReplyBody(sent_at=SENT_AT, text="ขอบคุณ", signed_by="0f" * 16),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_comes_back_as_it_was_written(message: Any) -> None:
    """Every kind survives its own JSON, and comes back as that kind."""
    assert decode_message(encode_message(message)) == message


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_text_is_never_rewritten(text: str) -> None:
    """Two spellings of one Thai word stay two spellings; no character is normalised."""
    read = decode_message(encode_message(FollowUpBody(sent_at=SENT_AT, text=text)))

    assert isinstance(read, FollowUpBody)
    assert read.text == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sent_at", "2026-11-23T05:48:21+07:00"),
        ("sent_at", "2026-02-30T05:48:21Z"),
        ("sent_at", "2026-11-23T05:48:21Z\n"),
        ("text", ""),
        ("text", "ก" * 13_334),
        ("text", "a\0b"),
        ("text", 7),
        ("language", "lo"),
        ("category", "Roads And Bridges"),
        ("place", "100"),
        ("place", "๑๐"),
        ("place", "10\n"),
        ("coordinates", {"latitude": 90.1, "longitude": 0, "precision_m": 5}),
        ("coordinates", {"latitude": 9, "longitude": -180.5, "precision_m": 5}),
        ("coordinates", {"latitude": "9", "longitude": 0, "precision_m": 5}),
        ("procurement_refs", [{"scheme": "TH-EGP", "id": "67139123456"}]),
        ("procurement_refs", [{"scheme": "TH-EGP", "id": "๖๗๐๑๙๑๒๓๔๕๖"}]),
        ("procurement_refs", [{"scheme": "TH-EGP", "id": "67019123456\n"}]),
        ("procurement_refs", [{"scheme": "OCID", "id": "67019123456"}]),
        ("attachments", [{"id": "ab" * 16}]),
        ("surprise", "field"),
    ],
)
def test_a_tip_that_breaks_a_rule_is_malformed(field: str, value: object) -> None:
    """Each rule of a tip's body is held when it is read."""
    wire = json.loads(encode_message(FULL_TIP)) | {field: value}

    with pytest.raises(Malformed) as refused:
        decode_message(json.dumps(wire).encode())
    assert refused.value.code == "message.malformed"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"type":"case"}',
        b"[" * 100_000,
        b'{"type":"follow_up","sent_at":"2026-11-23T05:48:21Z","text":"\\ud800"}',
        b'{"type":"follow_up","sent_at":"2026-11-23T05:48:21Z","text":"\xff"}',
    ],
    ids=["empty", "binary", "null", "list", "bare", "unknown", "deep", "surrogate", "latin1"],
)
def test_octets_that_are_no_message_are_malformed(octets: bytes) -> None:
    """Whatever an envelope holds, reading it ends in a message or in Malformed."""
    with pytest.raises(Malformed):
        decode_message(octets)


@given(st.binary(max_size=64), st.integers(min_value=0, max_value=400))
def test_damaged_json_is_read_whole_or_refused(noise: bytes, at: int) -> None:
    """Noise anywhere in a tip never ends in a stray error."""
    octets = encode_message(FULL_TIP)
    damaged = octets[:at] + noise + octets[at + len(noise) :]

    with contextlib.suppress(Malformed):
        assert encode_message(decode_message(damaged))


@pytest.mark.parametrize("latitude", [math.nan, math.inf, 91.0])
def test_nothing_is_sealed_that_its_reader_would_refuse(latitude: float) -> None:
    """A point that is no point is refused while the sender can still put it right."""
    nowhere = Coordinates(latitude=latitude, longitude=0.0, precision_m=10)

    with pytest.raises(Malformed):
        encode_message(msgspec.structs.replace(FULL_TIP, coordinates=nowhere))


def test_a_lone_surrogate_is_refused_before_sealing() -> None:
    """Half a character cannot be written, so it is no text."""
    with pytest.raises(Malformed):
        FollowUpBody(sent_at=SENT_AT, text="\ud800")
    with pytest.raises(Malformed):
        encode_message(msgspec.structs.replace(FULL_TIP, category="\ud800"))


def test_two_hashes_under_one_id_are_refused() -> None:
    """Otherwise whoever opens would have to choose which file is meant."""
    other = msgspec.structs.replace(PHOTO, sha256="ef" * 32)

    with pytest.raises(Malformed):
        AttachmentNotice(sent_at=SENT_AT, attachments=[PHOTO, other])
