"""The part that knows only a content key: feeding, tails, authors."""

import hashlib
import tracemalloc

import pytest
from cryptography.cobblestone import Cobblestone256Encryptor

from mustshare_api.crypto import padding, payload, sealing
from mustshare_api.crypto.envelope import Head, Kind
from mustshare_api.errors import CannotOpen, Malformed
from tests.unit.crypto.objects import OFFICER_KEYS, prefix_of, read_in_pieces

KEY = bytes(range(32))
PREFIX = prefix_of(Kind.ATTACHMENT_FROM_REPORTER)
HEAD = Head.of(PREFIX, (sealing.seal_stanza(OFFICER_KEYS[0], PREFIX.encode(), KEY),))
FLOOR = padding.ATTACHMENT_FLOOR


def sealed(clear: bytes) -> bytes:
    """Any clear octets under the key, with whatever tail the test wants."""
    encryptor = Cobblestone256Encryptor(KEY, HEAD.prefix_octets)
    return encryptor.update(clear) + encryptor.finalize()


def read(clear: bytes, piece_bytes: int) -> bytes:
    reader = payload.AttachmentReader(HEAD, KEY)
    return read_in_pieces(reader.update, sealed(clear), piece_bytes) + reader.finalize()


CONTENTS = {
    "nothing": b"",
    "a zero": b"\0",
    "a mark": b"\x80",
    "only marks": b"\x80" * 70_000,
    "only zeros": bytes(70_000),
    "a mark and zeros to the floor": b"\x80" + bytes(65_534),
    "a mark and zeros past a chunk": b"\x80" + bytes(40_000) + b"\1" + bytes(3),
    "a mark and zeros past the tail": b"photo\x80" + bytes(200_000) + b"end",
    "zeros at the end": b"photo" + bytes(100_000),
    "a mark at the end of a chunk": b"x" * 16383 + b"\x80" + bytes(16384) + b"y",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("piece_bytes", [997, 16400, 1 << 30])
def test_a_content_that_looks_like_a_tail_comes_out_whole(
    content: bytes, piece_bytes: int
) -> None:
    """A file may hold any octets, and none of them is taken for padding."""
    assert read(padding.pad(content, FLOOR), piece_bytes) == content


@pytest.mark.parametrize(
    "clear",
    [
        bytes(FLOOR),
        b"x" * FLOOR,
        b"x\x80" + bytes(FLOOR - 3) + b"\1",
        b"x\x80" + bytes(67584 - 2),
    ],
    ids=["only zeros", "no mark", "mark then more", "longer than needed"],
)
@pytest.mark.parametrize("piece_bytes", [997, 1 << 30])
def test_any_other_tail_is_refused(clear: bytes, piece_bytes: int) -> None:
    """A content has one padded form."""
    with pytest.raises(CannotOpen, match=r"open\.bad_padding"):
        read(clear, piece_bytes)


def test_a_length_that_no_attachment_has_is_refused() -> None:
    """Whoever left the padding out is not read as if nothing had happened."""
    with pytest.raises(Malformed, match=r"envelope\.not_padded"):
        read(b"photo\x80", 16400)


def test_the_digest_of_a_content_is_told_once_it_is_whole() -> None:
    """A digest of half a file would be compared with that of the whole one."""
    reader = payload.AttachmentReader(HEAD, KEY)
    reader.update(sealed(padding.pad(b"photo", FLOOR)))
    with pytest.raises(CannotOpen, match=r"open\.unfinished"):
        _ = reader.content_sha256

    reader.finalize()

    assert reader.content_sha256 == hashlib.sha256(b"photo").digest()
    assert reader.content_bytes == 5


def test_a_long_run_of_zeros_is_counted_and_not_kept() -> None:
    """Reading takes the memory of a piece, not of the file."""
    octets = sealed(padding.pad(bytes(8_000_000), FLOOR))
    reader = payload.AttachmentReader(HEAD, KEY)

    tracemalloc.start()
    for start in range(0, len(octets), 65536):
        reader.update(octets[start : start + 65536])
    reader.finalize()
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak_bytes < 1_500_000


def test_zeros_that_no_tail_has_are_passed_on_as_they_come() -> None:
    """What is held back stays small, however long a run in the content is."""
    octets = sealed(padding.pad(b"photo\x80" + bytes(200_000) + b"end", FLOOR))
    reader = payload.AttachmentReader(HEAD, KEY)

    assert reader.update(octets[: 56 + 3 * 16400]) == b"photo"
    assert reader.update(octets[56 + 3 * 16400 : 56 + 4 * 16400]) == b""
    assert len(reader.update(octets[56 + 4 * 16400 : 56 + 5 * 16400])) == 5 * 16384 - 5


def test_a_reader_that_refused_goes_on_refusing() -> None:
    """A caller that overlooks the first refusal gets no content from later pieces."""
    reader = payload.PayloadReader(HEAD.prefix_octets, KEY)
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        reader.update(bytes(20_000))

    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        reader.update(b"more")
    with pytest.raises(CannotOpen, match=r"open\.tampered"):
        reader.finalize()


def test_no_call_takes_more_than_256_kib(monkeypatch: pytest.MonkeyPatch) -> None:
    """One long call would keep every other request waiting."""
    fed: list[int] = []

    class Recording:
        def __init__(self, _key: bytes, _context: bytes) -> None:
            pass

        def update(self, piece: memoryview) -> bytes:
            fed.append(len(piece))
            return b""

    monkeypatch.setattr(payload, "Cobblestone256Encryptor", Recording)
    monkeypatch.setattr(payload, "Cobblestone256Decryptor", Recording)
    payload.PayloadWriter(HEAD.prefix_octets, KEY).update(bytes(600_000))
    payload.PayloadReader(HEAD.prefix_octets, KEY).update(bytes(600_000))

    assert fed == [262144, 262144, 75712] * 2
