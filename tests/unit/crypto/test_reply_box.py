"""Opening what staff wrote, under the reporter's own seed."""

from dataclasses import replace

import pytest

from mustshare_api.crypto import receipts, reply_box, suite, xwing
from mustshare_api.crypto.envelope import Head, Kind, parse_head
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import (
    BUNDLE_HASH,
    OBJECT_ID,
    REPORTER,
    STAFF_VERIFY_KEY,
    STRANGER,
    TIP_ID,
    expected,
    regraft,
    seal,
)

REPLY_KEY = receipts.parse_bundle(REPORTER.bundle).reply_key
FOLLOW_UP = Kind.FOLLOW_UP_FROM_STAFF
ATTACHMENT = Kind.ATTACHMENT_FROM_STAFF


def open_reply(octets: bytes, kind: Kind, verify_key: bytes = STAFF_VERIFY_KEY) -> bytes:
    return reply_box.open_follow_up(
        octets, REPORTER.reply_seed, expect=expected(kind), verify_key=verify_key
    )


def open_attachment(octets: bytes, kind: Kind, seed: bytes = REPORTER.reply_seed) -> bytes:
    length = parse_head(octets).length
    opener = reply_box.StaffAttachmentOpener(octets[:length], seed, expect=expected(kind))
    return opener.update(octets[length:]) + opener.finalize()


def test_a_reporter_reads_what_staff_wrote() -> None:
    """The answer opens under the receipt it was written to."""
    answer = "ขอบคุณ".encode()

    assert open_reply(seal(FOLLOW_UP, answer, [REPLY_KEY]), FOLLOW_UP) == answer


def test_a_reporter_reads_what_staff_attached() -> None:
    """So does a file."""
    content = b"letter" * 20_000

    assert open_attachment(seal(ATTACHMENT, content, [REPLY_KEY]), ATTACHMENT) == content


def test_another_reporter_reads_neither() -> None:
    """An answer is for one receipt."""
    strangers = [receipts.parse_bundle(STRANGER.bundle).reply_key]

    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        open_reply(seal(FOLLOW_UP, b"answer", strangers), FOLLOW_UP)
    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        open_attachment(seal(ATTACHMENT, b"letter", strangers), ATTACHMENT)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not FOLLOW_UP])
def test_only_a_follow_up_from_staff_is_read_as_one(kind: Kind) -> None:
    """A server that holds a reply seed for a moment can open nothing else with it."""
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        open_reply(seal(kind, b"words", [REPLY_KEY]), kind)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not ATTACHMENT])
def test_only_an_attachment_from_staff_is_read_as_one(kind: Kind) -> None:
    """The same for files."""
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        open_attachment(seal(kind, b"words", [REPLY_KEY]), kind)


def test_what_a_reporter_wrote_does_not_come_back_as_an_answer() -> None:
    """A store that turns the kind round gets nothing but a refusal."""
    written = seal(Kind.FOLLOW_UP_FROM_REPORTER, b"words", [REPLY_KEY])
    author = receipts.parse_bundle(REPORTER.bundle).verify_key

    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        open_reply(written, FOLLOW_UP, author)
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        open_reply(regraft(written, kind=FOLLOW_UP), FOLLOW_UP, author)


@pytest.mark.parametrize(
    "change", [{"tip_id": OBJECT_ID}, {"object_id": TIP_ID}, {"bundle_hash": BUNDLE_HASH[::-1]}]
)
def test_an_answer_from_another_place_is_refused(change: dict[str, object]) -> None:
    """An answer to one follow-up cannot be shown as the answer to another."""
    asked = replace(expected(FOLLOW_UP), **change)  # type: ignore[arg-type]

    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        reply_box.open_follow_up(
            seal(FOLLOW_UP, b"answer", [REPLY_KEY]),
            REPORTER.reply_seed,
            expect=asked,
            verify_key=STAFF_VERIFY_KEY,
        )


def test_a_server_cannot_speak_for_staff() -> None:
    """Whoever knows the bundle can seal to the reporter, but not sign."""
    with pytest.raises(CannotOpen, match=r"open\.wrong_signature"):
        open_reply(seal(FOLLOW_UP, b"answer", [REPLY_KEY]), FOLLOW_UP, STRANGER.bundle[1216:])


def test_a_seed_that_is_none_is_refused() -> None:
    """A seed that was cut short opens nothing."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        open_attachment(seal(ATTACHMENT, b"letter", [REPLY_KEY]), ATTACHMENT, bytes(31))


@pytest.mark.parametrize("kind", [FOLLOW_UP, ATTACHMENT])
def test_what_was_rewrapped_opens_for_the_next_receipt_alone(kind: Kind) -> None:
    """The content key goes from one reply key to another; the content is not touched."""
    head = parse_head(seal(kind, b"answer", [REPLY_KEY]))
    next_key = receipts.parse_bundle(STRANGER.bundle).reply_key
    stanza = reply_box.rewrapped(head, REPORTER.reply_seed, next_key)
    info = suite.cek_info(head.prefix_octets)

    assert stanza.kid == suite.kid_of(next_key)
    assert xwing.unwrap(STRANGER.reply_seed, stanza.sealed_key, info) == xwing.unwrap(
        REPORTER.reply_seed, head.stanzas[0].sealed_key, info
    )
    with pytest.raises(CannotOpen):
        xwing.unwrap(REPORTER.reply_seed, stanza.sealed_key, info)


def test_a_spoilt_stanza_holds_no_rotation_up() -> None:
    """It opened for nobody, and the one in its place opens for nobody either."""
    head = parse_head(seal(FOLLOW_UP, b"answer", [REPLY_KEY]))
    broken = replace(head.stanzas[0], wrapped=bytes(48))
    stanza = reply_box.rewrapped(
        Head.of(head.prefix, (broken,)), REPORTER.reply_seed, REPLY_KEY
    )

    assert stanza.kid == suite.kid_of(REPLY_KEY)


def test_nothing_but_what_comes_from_staff_is_rewrapped() -> None:
    """A reporter's seed gets at no other content key, nor does a stranger's at this one."""
    for kind in set(Kind) - {FOLLOW_UP, ATTACHMENT, Kind.DOCKET}:
        head = parse_head(seal(kind, b"words", [REPLY_KEY]))
        with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
            reply_box.rewrapped(head, REPORTER.reply_seed, REPLY_KEY)
    head = parse_head(seal(FOLLOW_UP, b"answer", [REPLY_KEY]))
    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        reply_box.rewrapped(head, STRANGER.reply_seed, REPLY_KEY)
