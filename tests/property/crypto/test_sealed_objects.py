"""What holds for every sealed object, whatever is in it and whatever was done to it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.crypto import envelope
from mustshare_api.crypto.envelope import Kind
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import OFFICER_KEYS, expected, flip, open_by_staff, seal, seeds

REFUSED = (Malformed, CannotOpen)
kinds = st.sampled_from(list(Kind))
contents = st.one_of(
    st.binary(max_size=300),
    st.builds(
        bytes.__mul__,
        st.sampled_from([b"\0", b"\x80", b"\x80\0", "ก".encode()]),
        st.integers(0, 40_000),
    ),
    st.sampled_from([4095, 4096, 16319, 16320, 16384, 65471, 65472, 65535, 65536]).map(bytes),
)


@given(kind=kinds, content=contents, count=st.integers(1, 16), data=st.data())
@settings(max_examples=120, deadline=None)
def test_every_recipient_opens_what_was_sealed(
    kind: Kind, content: bytes, count: int, data: st.DataObject
) -> None:
    """Any kind, any size, one to sixteen recipients, in whatever pieces it comes."""
    octets = seal(kind, content, OFFICER_KEYS[:count])
    officer = data.draw(st.integers(0, count - 1))
    piece_bytes = data.draw(st.sampled_from([1021, 16400, 1 << 30]))

    opened = open_by_staff(octets, expected(kind), held=seeds(officer), piece_bytes=piece_bytes)

    assert opened == content


@given(kind=kinds, content=contents, count=st.integers(1, 16))
@settings(max_examples=60, deadline=None)
def test_the_length_of_an_object_tells_a_padded_size_and_no_more(
    kind: Kind, content: bytes, count: int
) -> None:
    """Length depends on kind, recipients and padded size alone."""
    octets = seal(kind, content, OFFICER_KEYS[:count])

    payload_bytes = envelope.payload_bytes_for(kind, len(content))
    assert len(octets) == 73 + 1184 * count + payload_bytes
    read = envelope.parse_envelope(octets)
    assert read.head.octets + read.payload == octets


SEALED = {kind: seal(kind, b"what was written", OFFICER_KEYS[:1]) for kind in Kind}


@pytest.mark.parametrize("kind", list(Kind))
def test_no_bit_of_prefix_count_or_kid_can_be_turned(kind: Kind) -> None:
    """All 712 of them, one by one."""
    for bit in range((72 + 1 + 16) * 8):
        with pytest.raises(REFUSED):
            open_by_staff(flip(SEALED[kind], bit), expected(kind))


@given(kind=kinds, data=st.data())
@settings(max_examples=2000, deadline=None)
def test_no_other_bit_can_be_turned(kind: Kind, data: st.DataObject) -> None:
    """Nor any in the wrapped key, the commitment, a chunk or a tag."""
    bit = data.draw(st.integers(0, len(SEALED[kind]) * 8 - 1))

    with pytest.raises(REFUSED):
        open_by_staff(flip(SEALED[kind], bit), expected(kind))


@given(kind=kinds, data=st.data())
@settings(max_examples=100, deadline=None)
def test_spoiling_one_recipient_keeps_no_other_from_reading(
    kind: Kind, data: st.DataObject
) -> None:
    """Stanzas stand by themselves: whoever can drop one gains nothing by changing it."""
    octets = seal(kind, b"what was written", OFFICER_KEYS[:2])
    bit = data.draw(st.integers(73 * 8, (73 + 1184) * 8 - 1))

    opened = open_by_staff(flip(octets, bit), expected(kind), held=seeds(1))

    assert opened == b"what was written"


@given(kind=kinds, data=st.data())
@settings(max_examples=150, deadline=None)
def test_nothing_can_be_cut_off(kind: Kind, data: st.DataObject) -> None:
    """At any length, the empty one among them."""
    length = data.draw(st.integers(0, len(SEALED[kind]) - 1))

    with pytest.raises(REFUSED):
        open_by_staff(SEALED[kind][:length], expected(kind))


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_can_be_cut_off_between_chunks(kind: Kind) -> None:
    """Where each chunk that is left verifies, the missing last one still tells."""
    octets = seal(kind, b"x" * 150_000, OFFICER_KEYS[:1])
    start = 73 + 1184 + 56
    boundaries = range(start, len(octets), 16400)

    assert len(boundaries) > 9
    for boundary in boundaries:
        with pytest.raises(REFUSED):
            open_by_staff(octets[:boundary], expected(kind))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_chunk_cannot_be_left_out_or_moved(kind: Kind) -> None:
    """Whole chunks taken out or swapped do not pass for a shorter or another content."""
    octets = seal(kind, b"x" * 150_000, OFFICER_KEYS[:1])
    first = 73 + 1184 + 56
    second, third = first + 16400, first + 2 * 16400

    without = octets[:first] + octets[second:]
    swapped = octets[:first] + octets[second:third] + octets[first:second] + octets[third:]
    for changed in (without, swapped):
        with pytest.raises(REFUSED):
            open_by_staff(changed, expected(kind))


@given(kind=kinds, appended=st.binary(min_size=1, max_size=40_000))
@settings(max_examples=80, deadline=None)
def test_nothing_can_be_added_at_the_end(kind: Kind, appended: bytes) -> None:
    """What follows an object is never taken for a part of it, nor overlooked."""
    with pytest.raises(REFUSED):
        open_by_staff(SEALED[kind] + appended, expected(kind))


@given(
    sealed_as=kinds,
    asked_as=kinds,
    field=st.sampled_from(["tip_id", "object_id", "bundle_hash"]),
    data=st.data(),
)
@settings(max_examples=200, deadline=None)
def test_no_object_passes_for_another(
    sealed_as: Kind, asked_as: Kind, field: str, data: st.DataObject
) -> None:
    """Neither as it is nor with its prefix rewritten to what is being asked for."""
    asked = expected(asked_as)
    if sealed_as is asked_as:
        value = bytearray(getattr(asked, field))
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
        other = replace(asked, **{field: bytes(value)})  # type: ignore[arg-type]
    else:
        other = asked
    flags = next(flags for flags in (0, envelope.SERVER_SEALED) if other.kind.may_have(flags))
    rewritten = envelope.Prefix(
        other.kind, flags, other.tip_id, other.object_id, other.bundle_hash
    ).encode()

    for octets in (SEALED[sealed_as], rewritten + SEALED[sealed_as][72:]):
        with pytest.raises(REFUSED):
            open_by_staff(octets, other)
