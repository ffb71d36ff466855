"""Lets a child's result through only if it can hold nothing but pixels.

The child that drew it met a hostile file and may be taken over. What it hands back is
therefore read here, byte by byte against a grammar that has one free choice: the pixels.

    JPEG                                       PNG
    +-----------------------------------+      +-----------------------------------+
    | HEADER, 623 bytes, constant but   |      | signature                         |
    | for height and width: SOI, APP0,  |      | IHDR: size, 8 bit RGB, no adam7   |
    | 2 x DQT, SOF0, 4 x DHT, SOS       |      | IDAT ...  each CRC right          |
    +-----------------------------------+      | IEND                              |
    | scan: every FF is followed by 00  |      +-----------------------------------+
    +-----------------------------------+        inflated: exactly h x (1 + 3w) bytes,
    | FF D9 and the end                 |        every row's filter byte 0 to 4
    +-----------------------------------+

All JPEGs that leave here share one quantisation, sampling, density and Huffman table (the
standard ones of ITU-T T.81 annex K, quantised as for quality 92): tables made for a picture
would be 1 % smaller, cost more than the decoding, and leave 300 bytes for a child to choose.

What is left to a taken-over child: which pixels, and bits that no decoder shows (data after
the last block of a scan, the choice among deflate's equal encodings).
"""

import mmap
import re
import zlib
from collections.abc import Iterator

from mustshare_api.errors import Unstrippable

Octets = bytes | mmap.mmap

_BEFORE_SIZE = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb00430003020202020203"
    "0202020303030304060404040404080606050609080a0a090809090a0c0f0c0a"
    "0b0e0b09090d110d0e0f101011100a0c12131210130f101010ffdb0043010303"
    "0304030408040408100b090b1010101010101010101010101010101010101010"
    "101010101010101010101010101010101010101010101010101010101010ffc0"
    "001108"
)
"""SOI, APP0 (JFIF 1.01, one dot per dot), luma and chroma DQT, SOF0 up to the precision."""

_AFTER_SIZE = bytes.fromhex(
    "03012200021101031101ffc4001f000001050101010101010000000000000000"
    "0102030405060708090a0bffc400b5100002010303020403050504040000017d"
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f0"
    "2433627282090a161718191a25262728292a3435363738393a43444546474849"
    "4a535455565758595a636465666768696a737475767778797a83848586878889"
    "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5"
    "c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8"
    "f9faffc4001f0100030101010101010101010000000000000102030405060708"
    "090a0bffc400b511000201020404030407050404000102770001020311040521"
    "31061241510761711322328108144291a1b1c109233352f0156272d10a162434"
    "e125f11718191a262728292a35363738393a434445464748494a535455565758"
    "595a636465666768696a737475767778797a82838485868788898a9293949596"
    "9798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2"
    "d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9faffda000c0301"
    "0002110311003f00"
)
"""Three components sampled 4:2:0, the standard Huffman tables, one baseline scan."""

_END_OF_IMAGE = b"\xff\xd9"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB = b"\x08\x02\x00\x00\x00"
_PIECE_BYTES = 1 << 19
_MARKER = re.compile(rb"\xff[^\x00]", re.DOTALL)
_FILTERS = bytes(range(5))


def jpeg_header(width: int, height: int) -> bytes:
    """The only header that a stripped JPEG of this size can have."""
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return _BEFORE_SIZE + size + _AFTER_SIZE


def check_jpeg(octets: Octets, width: int, height: int) -> None:
    """Lets a JPEG through if it is the constant header, one scan, and the end.

    3 MB take about 1 ms, in pieces between which other threads may go on.

    Raises:
        Unstrippable: It is anything else.
    """
    header = jpeg_header(width, height)
    end = len(octets) - len(_END_OF_IMAGE)
    if (
        octets[: len(header)] != header
        or end <= len(header)
        or octets[end:] != _END_OF_IMAGE
        or any(_has_marker(octets, at, end) for at in range(len(header), end, _PIECE_BYTES))
    ):
        raise Unstrippable


def _has_marker(octets: Octets, start: int, end: int) -> bool:
    """Of one piece, looking one octet further: the end's own `FF` follows the scan."""
    return _MARKER.search(octets, start, min(start + _PIECE_BYTES, end) + 1) is not None


def check_png(octets: bytes, width: int, height: int) -> None:
    """Lets a PNG through if it is IHDR, IDATs that inflate to the pixels, and IEND.

    Raises:
        Unstrippable: It is anything else.
    """
    chunks = _chunks(octets)
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + _EIGHT_BIT_RGB
    name, body = next(chunks, (b"", memoryview(b"")))
    if name != b"IHDR" or bytes(body) != header:
        raise Unstrippable
    rows = _Rows(width, height)
    for name, body in chunks:
        if name == b"IEND" and not body:
            break
        if name != b"IDAT":
            raise Unstrippable
        rows.feed(body)
    else:
        raise Unstrippable
    if next(chunks, None) is not None:
        raise Unstrippable
    rows.finish()


def _chunks(octets: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Every chunk with a right length and CRC, to the very last byte."""
    if not octets.startswith(_SIGNATURE):
        raise Unstrippable
    at = len(_SIGNATURE)
    view = memoryview(octets)
    while at < len(octets):
        end = at + 12 + int.from_bytes(view[at : at + 4], "big")
        if end > len(octets):
            raise Unstrippable
        crc = int.from_bytes(view[end - 4 : end], "big")
        if zlib.crc32(view[at + 4 : end - 4]) != crc:
            raise Unstrippable
        yield bytes(view[at + 4 : at + 8]), view[at + 8 : end - 4]
        at = end


class _Rows:
    """Inflates the pixels without keeping them, and counts."""

    def __init__(self, width: int, height: int) -> None:
        self._row_bytes = 1 + 3 * width
        self._left = self._row_bytes * height
        self._seen = 0
        self._inflate = zlib.decompressobj()

    def feed(self, body: memoryview) -> None:
        """Takes one IDAT's octets."""
        rest: bytes | memoryview = body
        while rest:
            if self._inflate.eof:
                raise Unstrippable
            self._count(self._piece(rest))
            rest = self._inflate.unconsumed_tail
        if self._inflate.unused_data:
            raise Unstrippable

    def finish(self) -> None:
        """After the last IDAT: all rows have come and the stream has ended."""
        while piece := self._piece(b""):
            self._count(piece)
        if self._left or not self._inflate.eof or self._inflate.unused_data:
            raise Unstrippable

    def _piece(self, octets: bytes | memoryview) -> bytes:
        try:
            return self._inflate.decompress(octets, _PIECE_BYTES)
        except zlib.error:
            raise Unstrippable from None

    def _count(self, piece: bytes) -> None:
        first = -self._seen % self._row_bytes
        self._seen += len(piece)
        self._left -= len(piece)
        if self._left < 0 or piece[first :: self._row_bytes].strip(_FILTERS):
            raise Unstrippable
