"""The layout and its strict reader."""

from dataclasses import replace

import pytest

from mustshare_api.crypto import envelope
from mustshare_api.crypto.envelope import Expected, Head, Kind, Prefix, Stanza
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import BUNDLE_HASH, OBJECT_ID, TIP_ID, expected, prefix_of, seal

STANZA = Stanza(b"k" * 16, b"e" * 1120, b"w" * 48)


def stanzas(count: int) -> tuple[Stanza, ...]:
    return tuple(replace(STANZA, kid=bytes([number]) * 16) for number in range(count))


def test_a_prefix_has_its_fields_where_the_layout_says() -> None:
    """Written out by hand once, so that both halves cannot change together."""
    octets = Prefix(Kind.ATTACHMENT_FROM_REPORTER, 1, TIP_ID, OBJECT_ID, BUNDLE_HASH).encode()

    assert octets == b"MSO1\x00\x01\x04\x01" + TIP_ID + OBJECT_ID + BUNDLE_HASH
    assert len(octets) == envelope.PREFIX_BYTES == 72


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, b"N"),
        (3, b"2"),
        (4, b"\1"),
        (5, b"\0"),
        (5, b"\2"),
        (6, b"\0"),
        (6, b"\x0a"),
        (7, b"\2"),
        (7, b"\x81"),
    ],
    ids=[
        "magic",
        "magic end",
        "suite high",
        "suite 0",
        "suite 2",
        "kind 0",
        "kind 10",
        "flag 2",
        "flag 128",
    ],
)
def test_a_prefix_that_is_not_of_this_suite_is_refused(at: int, value: bytes) -> None:
    """There is no negotiation: what is unknown is an error."""
    octets = prefix_of(Kind.TIP, 1).encode()

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_prefix(octets[:at] + value + octets[at + 1 :])


@pytest.mark.parametrize("kind", [Kind.FOLLOW_UP_FROM_STAFF, Kind.ATTACHMENT_FROM_STAFF])
def test_nothing_from_staff_was_sealed_by_the_server(kind: Kind) -> None:
    """Staff seal on their own machines, so the flag on such an object is a lie."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        prefix_of(kind, envelope.SERVER_SEALED).encode()


@pytest.mark.parametrize("length", [0, 71, 73])
def test_a_prefix_has_one_length(length: int) -> None:
    """Neither a part of a prefix nor a prefix and more is one."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_prefix((prefix_of(Kind.TIP).encode() * 2)[:length])


@pytest.mark.parametrize(
    "change",
    [
        {"tip_id": b"x" * 15},
        {"object_id": b"x" * 17},
        {"bundle_hash": b"x" * 31},
        {"flags": 2},
        {"flags": -1},
        {"flags": 256},
    ],
)
def test_a_prefix_that_no_reader_would_take_is_not_written(change: dict[str, object]) -> None:
    """What cannot be parsed is not sealed under either."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        replace(prefix_of(Kind.TIP), **change).encode()  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["kid", "enc", "wrapped"])
def test_a_stanza_field_of_another_length_is_not_written(field: str) -> None:
    """Two wrong lengths must not make a right one."""
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        replace(STANZA, **{field: b"x" * 20}).encode()


@pytest.mark.parametrize("count", [1, 2, 16])
def test_a_head_is_read_as_it_was_written(count: int) -> None:
    """One head, one encoding; whatever follows is left alone."""
    head = Head.of(prefix_of(Kind.TIP, 1), stanzas(count))

    assert envelope.parse_head(head.octets + b"payload") == head
    assert head.length == len(head.octets) == 73 + count * 1184
    assert head.kids == {stanza.kid for stanza in stanzas(count)}
    assert head.stanza_octets[0] == count


def test_the_longest_head_is_the_limit() -> None:
    """Whoever reads that much of a stream has the whole head."""
    assert Head.of(prefix_of(Kind.TIP), stanzas(16)).length == envelope.HEAD_LIMIT == 19017


@pytest.mark.parametrize("count", [0, 17])
def test_a_head_for_nobody_or_for_too_many_is_refused(count: int) -> None:
    """An object that nobody can open is a lost tip; seventeen is no intake desk."""
    octets = prefix_of(Kind.TIP).encode() + bytes([count])
    octets += b"".join(stanza.encode() for stanza in stanzas(count))

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_head(octets)
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        Head.of(prefix_of(Kind.TIP), stanzas(count))


def test_two_stanzas_for_one_key_are_refused() -> None:
    """Each key has one stanza, so that dropping a recipient drops all they had."""
    octets = prefix_of(Kind.TIP).encode() + b"\2" + STANZA.encode() * 2

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_head(octets)


@pytest.mark.parametrize("length", [0, 72, 73, 73 + 1183, 73 + 2 * 1184 - 1])
def test_a_head_that_ends_early_is_refused(length: int) -> None:
    """A head is whole or no head."""
    head = Head.of(prefix_of(Kind.TIP), stanzas(2))

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_head(head.octets[:length])


def test_a_detached_head_has_nothing_after_it() -> None:
    """Where a head is kept apart, a payload that came along would be lost unseen."""
    head = Head.of(prefix_of(Kind.TIP), stanzas(2))

    assert envelope.parse_detached_head(head.octets) == head
    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        envelope.parse_detached_head(head.octets + b"\0")


def test_a_whole_object_falls_into_head_and_payload() -> None:
    """Nothing is lost and nothing added in between."""
    octets = seal(Kind.TIP, b"words")
    read = envelope.parse_envelope(octets)

    assert read.head.octets + read.payload == octets
    assert len(read.payload) == 64 + 4096 + 72


def independent_payload_bytes(plain_bytes: int) -> int:
    """C2SP chunked encryption: 56 bytes, then a tag for every chunk, the last one short."""
    return 56 + plain_bytes + 16 * (plain_bytes // 16384 + 1)


@pytest.mark.parametrize(
    ("kind", "content_bytes", "plain_bytes"),
    [
        (Kind.TIP, 0, 64 + 4096),
        (Kind.TIP, 4095, 64 + 4096),
        (Kind.TIP, 4096, 64 + 4352),
        (Kind.FOLLOW_UP_FROM_STAFF, 16000, 64 + 16384),
        (Kind.TIP, 16383, 64 + 16384),
        (Kind.ATTACHMENT_FROM_REPORTER, 0, 65536),
        (Kind.ATTACHMENT_FROM_STAFF, 65536, 67584),
    ],
)
def test_a_payload_has_the_length_of_its_padded_content(
    kind: Kind, content_bytes: int, plain_bytes: int
) -> None:
    """The signature is outside the padding; an attachment has none."""
    payload_bytes = envelope.payload_bytes_for(kind, content_bytes)

    assert payload_bytes == independent_payload_bytes(plain_bytes)
    envelope.check_payload_bytes(kind, payload_bytes)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_payload_that_is_not_padded_is_refused(kind: Kind) -> None:
    """An exact length would tell what the padding hides."""
    floor = 65536 if kind.is_attachment else 4096
    for plain in (0, floor // 2, floor - 1, floor + 1, floor + 65):
        with pytest.raises(Malformed, match=r"envelope\.not_padded"):
            envelope.check_payload_bytes(kind, independent_payload_bytes(plain))


@pytest.mark.parametrize("payload_bytes", [-1, 0, 55, 56, 71, 72, 56 + 4 * 16400])
def test_a_length_that_no_sealed_octets_have_is_refused(payload_bytes: int) -> None:
    """Without a last, shorter chunk it was cut off."""
    with pytest.raises(Malformed, match=r"envelope\.not_padded"):
        envelope.check_payload_bytes(Kind.ATTACHMENT_FROM_REPORTER, payload_bytes)


def test_a_last_chunk_shorter_than_its_tag_is_refused() -> None:
    """65,536 octets fill four chunks and need an empty fifth, tag and all."""
    whole = independent_payload_bytes(65536)
    for missing in range(1, 17):
        with pytest.raises(Malformed, match=r"envelope\.not_padded"):
            envelope.check_payload_bytes(Kind.ATTACHMENT_FROM_STAFF, whole - missing)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.FOLLOW_UP_FROM_STAFF},
        {"tip_id": OBJECT_ID},
        {"object_id": TIP_ID},
        {"bundle_hash": bytes(32)},
    ],
)
def test_any_object_but_the_one_asked_for_is_refused(change: dict[str, object]) -> None:
    """The prefix that is stored is compared with what was asked for."""
    prefix = prefix_of(Kind.TIP, 1)
    expected(Kind.TIP).check(prefix)

    other: Expected = replace(expected(Kind.TIP), **change)  # type: ignore[arg-type]
    with pytest.raises(CannotOpen, match=r"open\.wrong_prefix"):
        other.check(prefix)


def test_the_numbers_of_kinds_are_fixed() -> None:
    """A number is part of the format, not of the code."""
    assert bytes(Kind) == b"\1\2\3\4\5\6\7\x08\x09"
    assert [kind.name for kind in Kind] == [
        "TIP",
        "FOLLOW_UP_FROM_REPORTER",
        "FOLLOW_UP_FROM_STAFF",
        "ATTACHMENT_FROM_REPORTER",
        "ATTACHMENT_FROM_STAFF",
        "DESK_ENTRY",
        "DOCKET",
        "DRAFT",
        "AGENCY_WORD",
    ]
