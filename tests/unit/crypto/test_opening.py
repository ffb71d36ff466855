"""Opening what was sealed to staff."""

from dataclasses import replace

import pytest

from mustshare_api.crypto import opening, sealing
from mustshare_api.crypto.envelope import Kind, parse_head
from mustshare_api.crypto.suite import signed_octets
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import (
    ATTACHMENT_KINDS,
    MESSAGE_KINDS,
    OBJECT_ID,
    OFFICER_KEYS,
    OFFICER_SEEDS,
    REPORTER,
    STRANGER,
    expected,
    flip,
    open_by_staff,
    prefix_of,
    regraft,
    seal,
    seeds,
)

EXPECT = expected(Kind.TIP)
AUTHOR = REPORTER.bundle[1216:]


def test_without_a_recipients_seed_nothing_opens() -> None:
    """An officer who was not a recipient is told so."""
    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        open_by_staff(seal(Kind.TIP, b"words"), EXPECT, held=seeds(1))


def test_a_seed_under_another_seeds_kid_opens_nothing() -> None:
    """A kid only says where to look."""
    held = dict.fromkeys(seeds(0), OFFICER_SEEDS[1])

    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        open_by_staff(seal(Kind.TIP, b"words"), EXPECT, held=held)


def test_a_spoilt_stanza_does_not_hide_a_good_one() -> None:
    """Whoever holds the store cannot blind an officer who has a second key."""
    octets = seal(Kind.TIP, b"words", OFFICER_KEYS[:2])
    spoilt = flip(octets, (73 + 16 + 7) * 8)

    assert open_by_staff(spoilt, EXPECT, held=seeds(0, 1)) == b"words"
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        open_by_staff(spoilt, EXPECT, held=seeds(0))


def test_dropping_a_recipient_leaves_the_others() -> None:
    """Stanzas come and go without touching what is sealed."""
    octets = seal(Kind.TIP, b"words", OFFICER_KEYS[:2])
    dropped = octets[:72] + b"\1" + octets[73 + 1184 :]

    assert open_by_staff(dropped, EXPECT, held=seeds(1)) == b"words"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.FOLLOW_UP_FROM_REPORTER},
        {"tip_id": OBJECT_ID},
        {"object_id": bytes(16)},
        {"bundle_hash": bytes(32)},
    ],
)
def test_an_object_from_another_place_is_refused(change: dict[str, object]) -> None:
    """An honest prefix does not fit, and a rewritten one does not open."""
    octets = seal(Kind.TIP, b"words")
    asked = replace(EXPECT, **change)  # type: ignore[arg-type]

    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        open_by_staff(octets, asked)
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        open_by_staff(regraft(octets, **change), asked)


def test_the_server_cannot_deny_having_seen_a_tip() -> None:
    """The flag was set when the tip was sealed and holds it together."""
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        open_by_staff(regraft(seal(Kind.TIP, b"words", flags=1), flags=0), EXPECT)


def test_words_that_another_receipt_signed_are_refused() -> None:
    """Anyone can seal to staff; only the reporter can sign as the reporter."""
    octets = sealing.seal_message(
        prefix_of(Kind.TIP), OFFICER_KEYS[:1], b"words", STRANGER.sign
    )

    with pytest.raises(CannotOpen, match=r"open\.wrong_signature"):
        open_by_staff(octets, EXPECT)


def test_a_signature_does_not_follow_the_words_elsewhere() -> None:
    """A recipient who seals a reporter's words anew in another place is found out."""
    elsewhere = prefix_of(Kind.FOLLOW_UP_FROM_REPORTER).encode()

    def sign_elsewhere(octets: bytes) -> bytes:
        return REPORTER.sign(signed_octets(elsewhere, octets[-32:]))

    octets = sealing.seal_message(
        prefix_of(Kind.TIP), OFFICER_KEYS[:1], b"words", sign_elsewhere
    )
    with pytest.raises(CannotOpen, match=r"open\.wrong_signature"):
        open_by_staff(octets, EXPECT)


def test_the_author_may_be_looked_up_by_what_was_written() -> None:
    """Which key checks the words may stand in the words."""
    asked: list[bytes] = []

    def look_up(content: bytes) -> bytes:
        asked.append(content)
        return AUTHOR

    octets = seal(Kind.TIP, b"words")

    opened = opening.open_message(octets, seeds(0), expect=EXPECT, verify_key=look_up)
    assert opened == b"words"
    assert asked == [b"words"]


def test_words_by_nobody_known_are_refused() -> None:
    """A look-up that finds no key is an answer too."""
    with pytest.raises(CannotOpen, match=r"open\.unknown_signer"):
        opening.open_message(
            seal(Kind.TIP, b"words"), seeds(0), expect=EXPECT, verify_key=lambda _: None
        )


@pytest.mark.parametrize("kind", ATTACHMENT_KINDS)
def test_an_attachment_is_not_opened_as_a_message(kind: Kind) -> None:
    """Its first 64 bytes are no signature."""
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        opening.open_message(
            seal(kind, b"photo"), seeds(0), expect=expected(kind), verify_key=AUTHOR
        )


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_a_message_is_not_opened_as_an_attachment(kind: Kind) -> None:
    """That would pass its words on without asking who signed them."""
    octets = seal(kind, b"words")
    head = octets[: parse_head(octets).length]

    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        opening.AttachmentOpener(head, seeds(0), expect=expected(kind))


def test_an_attachment_opener_takes_a_head_and_nothing_more() -> None:
    """Octets of the payload that came along with the head would be lost."""
    octets = seal(Kind.ATTACHMENT_FROM_REPORTER, b"photo")

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        opening.AttachmentOpener(
            octets, seeds(0), expect=expected(Kind.ATTACHMENT_FROM_REPORTER)
        )
