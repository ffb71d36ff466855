"""What a file is, told by its first bytes."""

import pytest

from mustshare_api.media.sniff import Format, sniff


def box(brand: bytes, *compatible: bytes) -> bytes:
    """An ISO file-type box."""
    rest = brand + b"\0\0\0\0" + b"".join(compatible)
    return (8 + len(rest)).to_bytes(4, "big") + b"ftyp" + rest


@pytest.mark.parametrize(
    ("head", "expect"),
    [
        (b"\xff\xd8\xff\xe1", Format.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", Format.PNG),
        (b"GIF87a", Format.GIF),
        (b"GIF89a", Format.GIF),
        (b"II*\0", Format.TIFF),
        (b"MM\0*", Format.TIFF),
        (b"II+\0\x08\0", Format.TIFF),
        (b"BM\x36\0", Format.BMP),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Format.WEBP),
        (box(b"avif"), Format.AVIF),
        (box(b"mif1", b"avif", b"miaf"), Format.AVIF),
        (box(b"heic", b"mif1"), Format.HEIC),
        (box(b"mif1", b"heic"), Format.HEIC),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"%PDF-1.7\n", Format.PDF),
        (box(b"isom", b"mp42"), Format.MP4),
        (box(b"qt  "), Format.MP4),
        (box(b"crx ", b"isom"), None),
        (b"ID3\x04\0", Format.MP3),
        (b"\xff\xfb\x90\x44", Format.MP3),
        (b"\xff\xe0\x90\x44", None),
        (b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead", Format.OGG),
        (b"OggS\0\x02" + b"\0" * 20 + b"\x01\x1e\x01vorbis", None),
        (b"#!AMR-WB\n", Format.AMR),
        (b"\xff\xd8", None),
        (b"\x89PNG", None),
        (b"", None),
        (b" \xff\xd8\xff", None),
    ],
)
def test_magic_at_the_very_start_decides(head: bytes, expect: Format | None) -> None:
    """And nothing else does."""
    assert sniff(head) is expect


def test_a_brand_behind_the_box_is_not_looked_at() -> None:
    """Only what the box says of itself counts."""
    assert sniff(box(b"zzzz") + b"avifavif") is None
