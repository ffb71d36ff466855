"""Sealing messages and attachments."""

import hashlib

import pytest

from mustshare_api.crypto import envelope, sealing
from mustshare_api.crypto.envelope import Kind
from mustshare_api.errors import Malformed
from tests.unit.crypto.objects import (
    ATTACHMENT_KINDS,
    MESSAGE_KINDS,
    OFFICER_KEYS,
    REPORTER,
    expected,
    open_by_staff,
    prefix_of,
    seal,
    seeds,
)


def test_each_recipient_opens_the_same_words() -> None:
    """Officers hold their own keys, and none depends on another."""
    octets = seal(Kind.TIP, "ถนนพัง".encode(), OFFICER_KEYS[:3])

    for officer in range(3):
        opened = open_by_staff(octets, expected(Kind.TIP), held=seeds(officer))
        assert opened.decode() == "ถนนพัง"


def test_the_same_words_are_never_the_same_octets() -> None:
    """Who sees two objects cannot tell that they say the same."""
    first, second = seal(Kind.TIP, b"words"), seal(Kind.TIP, b"words")

    assert len(first) == len(second)
    assert first[72 + 1 + 16 :] != second[72 + 1 + 16 :]


@pytest.mark.parametrize(
    "recipients",
    [(), OFFICER_KEYS[:1] * 2, (*OFFICER_KEYS, REPORTER.bundle[:1216])],
    ids=["nobody", "one twice", "seventeen"],
)
@pytest.mark.parametrize("kind", [Kind.TIP, Kind.ATTACHMENT_FROM_REPORTER])
def test_recipients_that_make_no_head_are_refused(
    kind: Kind, recipients: tuple[bytes, ...]
) -> None:
    """Nothing is sealed that a reader would refuse."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        seal(kind, b"words", recipients)


def test_a_recipient_that_is_no_key_is_refused() -> None:
    """Nothing is sealed to what nobody holds."""
    with pytest.raises(Malformed, match=r"key\.malformed"):
        seal(Kind.TIP, b"words", [OFFICER_KEYS[0], OFFICER_KEYS[1][:-1]])


@pytest.mark.parametrize("kind", ATTACHMENT_KINDS)
def test_an_attachment_is_not_sealed_as_a_message(kind: Kind) -> None:
    """The two have different insides, so a mix-up would be an object nobody opens."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        sealing.seal_message(prefix_of(kind), OFFICER_KEYS[:1], b"words", REPORTER.sign)


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_a_message_is_not_sealed_as_an_attachment(kind: Kind) -> None:
    """Words without a signature are nobody's."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        sealing.AttachmentSealer(prefix_of(kind), OFFICER_KEYS[:1], 5)


def test_the_author_signs_the_place_and_the_digest_of_the_words() -> None:
    """What is signed is written out by hand once: label, prefix, SHA-256 of the content."""
    asked: list[bytes] = []

    def sign(octets: bytes) -> bytes:
        asked.append(octets)
        return bytes(64)

    prefix = prefix_of(Kind.TIP, 1)
    sealing.seal_message(prefix, OFFICER_KEYS[:1], b"words", sign)

    digest = hashlib.sha256(b"words").digest()
    assert asked == [b"mustshare/v1 sig" + prefix.encode() + digest]


@pytest.mark.parametrize("piece_bytes", [1, 1000, 16384, 300_000])
def test_an_attachment_is_the_same_in_whatever_pieces_it_comes(piece_bytes: int) -> None:
    """A slow phone and a fast one send the same file."""
    content = bytes(range(256)) * (4 if piece_bytes == 1 else 2000)
    sealer = sealing.AttachmentSealer(
        prefix_of(Kind.ATTACHMENT_FROM_REPORTER), OFFICER_KEYS[:2], len(content)
    )
    payload = b"".join(
        sealer.update(content[start : start + piece_bytes])
        for start in range(0, len(content), piece_bytes)
    )
    octets = sealer.head + payload + sealer.finalize()

    assert sealer.content_sha256 == hashlib.sha256(content).digest()
    assert sealer.kids == seeds(0, 1).keys()
    assert len(octets) - len(sealer.head) == envelope.payload_bytes_for(
        Kind.ATTACHMENT_FROM_REPORTER, len(content)
    )
    assert open_by_staff(octets, expected(Kind.ATTACHMENT_FROM_REPORTER)) == content


def test_more_content_than_was_announced_is_refused_at_once() -> None:
    """The padded size was chosen for the announced length."""
    sealer = sealing.AttachmentSealer(
        prefix_of(Kind.ATTACHMENT_FROM_REPORTER), OFFICER_KEYS[:1], 5
    )
    sealer.update(b"12345")

    with pytest.raises(Malformed, match=r"envelope\.length_mismatch"):
        sealer.update(b"6")


def test_less_content_than_was_announced_is_never_finished() -> None:
    """A file that was cut off on its way is not sealed as if it were whole."""
    sealer = sealing.AttachmentSealer(
        prefix_of(Kind.ATTACHMENT_FROM_REPORTER), OFFICER_KEYS[:1], 5
    )
    sealer.update(b"1234")

    with pytest.raises(Malformed, match=r"envelope\.length_mismatch"):
        sealer.finalize()
