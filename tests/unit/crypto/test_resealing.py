"""Changing who can open an object, and nothing else about it."""

import pytest

from mustshare_api.crypto import opening, resealing, xwing
from mustshare_api.crypto.envelope import Kind, parse_head
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import (
    OFFICER_KEYS,
    expected,
    flip,
    open_by_staff,
    seal,
    seeds,
)

FIRST, SECOND, THIRD = OFFICER_KEYS[:3]
ALL_KINDS = tuple(Kind)
PICTURE = bytes(range(256)) * 400


def key_of(octets: bytes, held: dict[bytes, bytes] | None = None) -> bytes:
    """The content key as the first officer finds it."""
    found = dict(opening.content_keys(parse_head(octets), held or seeds(0)))
    return next(iter(found.values()))


def rewrapped(octets: bytes, *, add: tuple[bytes, ...], drop: tuple[bytes, ...]) -> bytes:
    head = parse_head(octets)
    kids = {kid_of(key) for key in drop}
    changed = resealing.rewrapped(head, key_of(octets), add=add, drop=kids)
    return changed.octets + octets[head.length :]


def resealed(octets: bytes, *recipients: bytes, piece_bytes: int = 5000) -> bytes:
    head = parse_head(octets)
    resealer = resealing.Resealer(head.prefix, key_of(octets), recipients)
    payload = octets[head.length :]
    starts = range(0, len(payload), piece_bytes)
    pieces = [resealer.update(payload[at : at + piece_bytes]) for at in starts]
    return resealer.head.octets + b"".join(pieces) + resealer.finalize()


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_rewrapped_object_opens_for_the_new_key_alone(kind: Kind) -> None:
    """The words, their author's signature and the payload are as they were."""
    octets = seal(kind, PICTURE, (FIRST, SECOND))

    changed = rewrapped(octets, add=(THIRD,), drop=(FIRST,))

    assert open_by_staff(changed, expected(kind), held=seeds(2)) == PICTURE
    with pytest.raises(CannotOpen, match=r"open\.no_key"):
        open_by_staff(changed, expected(kind), held=seeds(0))


def test_stanzas_that_stay_stay_to_the_byte() -> None:
    """A colleague's stanza is neither read nor made again."""
    octets = seal(Kind.TIP, b"words", (FIRST, SECOND))

    changed = parse_head(rewrapped(octets, add=(THIRD,), drop=(FIRST,)))

    assert changed.stanzas[0] == parse_head(octets).stanzas[1]
    assert [stanza.kid for stanza in changed.stanzas] == [kid_of(SECOND), kid_of(THIRD)]


def test_a_stanza_that_is_there_already_is_made_afresh() -> None:
    """One that somebody spoilt is mended so."""
    octets = seal(Kind.TIP, b"words", (FIRST, SECOND))
    spoilt = flip(octets, (73 + 1184 + 16 + 7) * 8)

    mended = rewrapped(spoilt, add=(SECOND,), drop=())

    assert open_by_staff(mended, expected(Kind.TIP), held=seeds(1)) == b"words"


def test_an_object_is_never_left_without_a_recipient() -> None:
    """The last stanza does not go."""
    octets = seal(Kind.TIP, b"words", (FIRST,))

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        rewrapped(octets, add=(), drop=(FIRST,))


def test_a_seventeenth_recipient_is_refused() -> None:
    """A head has room for sixteen."""
    octets = seal(Kind.TIP, b"words", OFFICER_KEYS[:16])
    seventeenth = xwing.public_key_of(bytes(32))

    with pytest.raises(Malformed, match=r"envelope\.malformed"):
        resealing.rewrapped(parse_head(octets), key_of(octets), add=(seventeenth,))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_resealed_object_says_the_same_under_another_key(kind: Kind) -> None:
    """Same prefix, same length, same signature inside; the old content key is worth nothing."""
    octets = seal(kind, PICTURE, (FIRST, SECOND))

    changed = resealed(octets, FIRST, THIRD)

    assert len(changed) == len(octets)
    assert changed[:72] == octets[:72]
    assert open_by_staff(changed, expected(kind), held=seeds(2)) == PICTURE
    head = parse_head(changed)
    old_key = key_of(octets)
    assert not resealing.belongs(old_key, head.prefix_octets, changed[head.length :])


def test_a_payload_that_was_changed_is_not_sealed_anew() -> None:
    """Sealing it would make somebody's damage look whole."""
    octets = seal(Kind.ATTACHMENT_FROM_REPORTER, PICTURE, (FIRST,))

    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        resealed(flip(octets, (len(octets) - 1) * 8), FIRST)


def test_a_payload_that_was_cut_off_is_not_sealed_anew() -> None:
    """Nor one whose last chunk is missing."""
    octets = seal(Kind.ATTACHMENT_FROM_REPORTER, PICTURE, (FIRST,))

    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        resealed(octets[:-16400], FIRST)


def test_a_payload_says_which_content_key_is_its_own() -> None:
    """By its first 56 bytes, which are no use to anyone without the key."""
    octets = seal(Kind.TIP, b"words", (FIRST,))
    head = parse_head(octets)
    start = octets[head.length :]

    assert resealing.belongs(key_of(octets), head.prefix_octets, start[:56])
    assert not resealing.belongs(key_of(octets), head.prefix_octets, start[:55])
    assert not resealing.belongs(bytes(32), head.prefix_octets, start)
    other = parse_head(seal(Kind.FOLLOW_UP_FROM_REPORTER, b"words"))
    assert not resealing.belongs(key_of(octets), other.prefix_octets, start)


def test_two_payloads_of_one_object_have_one_digest() -> None:
    """However they are cut; another content has another."""
    octets = seal(Kind.TIP, b"words", (FIRST,))
    again = resealed(octets, FIRST)
    other = seal(Kind.TIP, b"other", (FIRST,))

    def digest(whole: bytes) -> bytes:
        head = parse_head(whole)
        payload = (whole[head.length : head.length + 999], whole[head.length + 999 :])
        return resealing.clear_digest(head.prefix_octets, key_of(whole), payload)

    assert digest(octets) == digest(again)
    assert digest(octets) != digest(other)


def test_every_content_key_at_hand_is_found() -> None:
    """A stanza that does not open is passed over, one of a stranger as well."""
    octets = seal(Kind.TIP, b"words", OFFICER_KEYS[:3])
    spoilt = flip(octets, (73 + 16 + 7) * 8)

    found = dict(opening.content_keys(parse_head(spoilt), seeds(0, 1)))

    assert list(found) == [kid_of(SECOND)]
