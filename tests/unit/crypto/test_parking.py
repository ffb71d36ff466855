"""What waits under an upload token: in its own place only, and for its own token only."""

import hashlib
import secrets

import pytest

from mustshare_api.crypto.parking import FLOORS, What, upload_key
from mustshare_api.errors import CannotOpen, Malformed

TOKEN = bytes(range(32))


def test_a_token_names_and_opens_its_upload() -> None:
    """The id is public, and no part of the key."""
    key = upload_key(TOKEN)
    octets = key.seal("chunk", b"place", b"content")

    assert key.upload_id == hashlib.sha256(b"mustshare/v1 upload-id" + TOKEN).digest()
    assert key.open("chunk", b"place", octets) == b"content"
    assert key.key not in (TOKEN, key.upload_id)


def test_the_key_shows_in_no_repr() -> None:
    """A key in a traceback is a key in a log."""
    key = upload_key(TOKEN)

    assert repr(key.key) not in repr(key)
    assert repr(TOKEN) not in repr(key)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_token_of_another_length_is_refused(length: int) -> None:
    """It is not stretched, so it must hold its own bits."""
    with pytest.raises(Malformed):
        upload_key(bytes(length))


@pytest.mark.parametrize(
    ("what", "place"),
    [("progress", b"place"), ("chunk", b"other"), ("chunk", b""), ("answer", b"")],
)
def test_nothing_opens_in_another_place(what: What, place: bytes) -> None:
    """Whoever holds the table can swap rows, and gains nothing by it."""
    key = upload_key(TOKEN)
    octets = key.seal("chunk", b"place", b"content")

    with pytest.raises(CannotOpen):
        key.open(what, place, octets)


def test_nothing_opens_under_another_token() -> None:
    """Every upload is alone."""
    octets = upload_key(TOKEN).seal("chunk", b"", b"content")

    with pytest.raises(CannotOpen):
        upload_key(secrets.token_bytes(32)).open("chunk", b"", octets)


@pytest.mark.parametrize("cut", [1, 16, 100, 16_000])
def test_what_was_cut_or_changed_does_not_open(cut: int) -> None:
    """Not a byte of it is used."""
    key = upload_key(TOKEN)
    octets = key.seal("chunk", b"", b"content" * 1000)
    changed = octets[:-1] + bytes([octets[-1] ^ 1])

    for wrong in (octets[:-cut], octets + b"\0", changed):
        with pytest.raises(CannotOpen):
            key.open("chunk", b"", wrong)


def test_the_same_content_is_never_the_same_octets() -> None:
    """Two senders of one picture cannot be matched, nor one who sends it twice."""
    key = upload_key(TOKEN)

    assert key.seal("chunk", b"", b"x") != key.seal("chunk", b"", b"x")


@pytest.mark.parametrize("what", FLOORS)
def test_short_contents_look_alike(what: What) -> None:
    """A byte takes as much room as all that the floor holds."""
    key = upload_key(TOKEN)
    lengths = {len(key.seal(what, b"", bytes(n))) for n in (0, 1, FLOORS[what] - 1)}

    assert len(lengths) == 1
