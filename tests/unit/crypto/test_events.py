"""What the audit log remembers of a deed, and whose signature on it counts."""

import base64
import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import events
from mustshare_api.crypto.events import Event
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.errors import Malformed, Unsigned

SEED = bytes(range(32))
KEY = verify_key_of(SEED)
BODY = hashlib.sha256(b"a body").digest()
LATE_IN_BANGKOK = 1795453200
"""2026-11-23T17:00:00Z, which is the 24th there."""


def deed(path: str = "/v1/tips/9a/follow-ups", query: str = "") -> Event:
    return events.of_request(
        method="POST",
        path=path,
        query=query,
        body_sha256=BODY,
        created=LATE_IN_BANGKOK,
        kid=kid_of(KEY),
    )


def test_a_deed_of_staff_has_this_text() -> None:
    """To the byte: it is signed by other tools than ours, too."""
    signed = deed(query="follow_up=ab").signed(SEED)

    assert signed.encode().decode() == (
        "mustshare/v1 event\n"
        "day 2026-11-24\n"
        f"by {kid_of(KEY).hex()}\n"
        "did POST /v1/tips/9a/follow-ups\n"
        "query ?follow_up=ab\n"
        f"body {BODY.hex()}\n"
        f"signature {base64.b64encode(signed.signature or b'').decode()}\n"
    )


def test_a_deed_of_the_server_has_this_text() -> None:
    """Four lines, and no signature that would prove nothing."""
    event = events.of_server(date(2026, 11, 23), events.SHREDDED, "2026-01-01")

    assert event.encode() == (
        b"mustshare/v1 event\nday 2026-11-23\nby server\ndid operator-shredded 2026-01-01\n"
    )


def test_what_is_written_is_read_back() -> None:
    """Of both shapes."""
    for event in (deed().signed(SEED), events.of_server(date(2026, 1, 1), "operator-migrated")):
        assert events.parse(event.encode()) == event


def test_the_text_holds_no_instant_and_no_nonce() -> None:
    """Two deeds alike on one day have one text until they are signed."""
    earlier = events.of_request(
        method="POST",
        path="/v1/tips/9a/follow-ups",
        query="",
        body_sha256=BODY,
        created=LATE_IN_BANGKOK + 60 * 60 * 3,
        kid=kid_of(KEY),
    )

    assert earlier.signed(SEED).encode() == deed().signed(SEED).encode()


def test_the_header_of_the_sender_signs_what_the_door_writes_down() -> None:
    """Both sides make the text from the request, and only the signature travels."""
    headers = events.request_headers(
        "POST", "/v1/tips/9a/follow-ups", "", BODY, created=LATE_IN_BANGKOK, seed=SEED
    )

    assert events.with_header(deed(), headers["Event-Signature"], KEY).holds(lambda _: KEY)


def test_a_request_that_only_reads_carries_no_event() -> None:
    """Reading is no deed."""
    assert events.request_headers("GET", "/v1/tips", "", BODY, created=0, seed=SEED) == {}


HEADER = events.header_value(deed().signed(SEED))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "signature.event_missing"),
        ("", "signature.event_invalid"),
        (HEADER.strip(":"), "signature.event_invalid"),
        (HEADER + ", " + HEADER, "signature.event_invalid"),
        (":" + "A" * 86 + "==:", "signature.event_invalid"),
        (":" + "A" * 85 + "B==:", "signature.event_invalid"),
        (events.header_value(deed("/v1/other").signed(SEED)), "signature.event_invalid"),
        (events.header_value(deed(query="a=b").signed(SEED)), "signature.event_invalid"),
        (events.header_value(deed().signed(b"o" * 32)), "signature.event_invalid"),
        (
            events.header_value(
                replace(deed(), signature=None, day=date(2026, 11, 23)).signed(SEED)
            ),
            "signature.event_invalid",
        ),
    ],
    ids=[
        "none", "empty", "bare", "twice", "zeros", "spare-bits", "other-path", "other-query",
        "other-key", "other-day",
    ],
)  # fmt: skip
def test_a_header_that_does_not_sign_this_deed_is_refused(
    header: str | None, code: str
) -> None:
    """Whatever is wrong with it, nothing is done."""
    with pytest.raises(Unsigned) as refused:
        events.with_header(deed(), header, KEY)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "path",
    ["/v1/tips\n", "/v1/a b  c", "/v1/\x7f", "/v1/ถนน", "/" + "a" * 5000],
    ids=["newline", "two-spaces", "delete", "thai", "long"],
)
def test_a_path_that_would_forge_a_line_is_refused(path: str) -> None:
    """What no request line holds, no event does."""
    with pytest.raises(Malformed):
        deed(path)


SIGNED = deed().signed(SEED).encode()


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED.replace(b"2026-11-24", b"20261124"),
        SIGNED.replace(b"mustshare/v1 event", b"mustshare/v2 event"),
        SIGNED.replace(b"by ", b"by  "),
        SIGNED.replace(b"query ?", b"query "),
        SIGNED.replace(b"body ", b"body 00"),
        SIGNED.replace(b"signature ", b"signature !"),
        SIGNED.replace(b"did POST", "did ขอ".encode()),
        b"mustshare/v1 event\nday 2026-11-23\nby somsri\ndid a\n",
        SIGNED + b"x" * 9000,
    ],
    ids=[
        "empty", "truncated", "line-too-many", "day", "version", "space", "query", "body",
        "signature", "thai", "nobody", "long",
    ],
)  # fmt: skip
def test_another_spelling_is_no_event(octets: bytes) -> None:
    """One event has one text, or it would have two leaves."""
    with pytest.raises(Malformed) as refused:
        events.parse(octets)

    assert refused.value.code == "event.malformed"


@given(st.binary(max_size=300))
def test_octets_are_an_event_or_are_refused(octets: bytes) -> None:
    """No other error leaves the parser, whatever a database was made to hold."""
    with pytest.raises(Malformed):
        events.parse(octets)


def test_an_event_by_an_unknown_key_does_not_hold() -> None:
    """Whoever checks says whose keys there are."""
    assert not deed().signed(SEED).holds(lambda _: None)
