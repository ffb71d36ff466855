"""What is not taken is refused by its first octets, with what to send instead."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mustshare_api.api.catalogue.table import CATALOGUE
from mustshare_api.errors import Unsupported
from mustshare_api.media import extras
from mustshare_api.media.sniff import Format
from mustshare_api.media.strip import Stripper
from tests.documents import pdfs
from tests.media.conftest import Strip, strip_with

ZIP = b"PK\x03\x04\x14\0\0\0\x08\0" + b"\0" * 20
OTHERS = {
    "word": (ZIP + b"[Content_Types].xml", "media.office_document"),
    "opendocument": (ZIP + b"mimetypeapplication/vnd.oasis", "media.office_document"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "media.office_document"),
    "rich text": (b"{\\rtf1\\ansi", "media.office_document"),
    "zip": (ZIP + b"photo.jpg", "media.archive"),
    "empty zip": (b"PK\x05\x06" + b"\0" * 18, "media.archive"),
    "rar": (b"Rar!\x1a\x07\x01\0", "media.archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", "media.archive"),
    "gzip": (b"\x1f\x8b\x08\0", "media.archive"),
    "xz": (b"\xfd7zXZ\0", "media.archive"),
    "svg": (b"\n<svg xmlns='http://www.w3.org/2000/svg'/>", "media.drawing"),
    "svg with a declaration": (b"<?xml version='1.0'?><svg/>", "media.drawing"),
    "postscript": (b"%!PS-Adobe-3.0", "media.drawing"),
    "html": (b"\xef\xbb\xbf<!DOCTYPE html><html>", "media.web_page"),
    "xml": (b"<?xml version='1.0'?><a/>", "media.web_page"),
    "mail": (b"Return-Path: <a@b.example>\r\n", "media.mail"),
    "mailbox": (b"From a@b.example Mon Nov 23", "media.mail"),
    "canon raw": (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "media.raw_photo"),
    "fuji raw": (b"FUJIFILMCCD-RAW 0201", "media.raw_photo"),
    "olympus raw": (b"IIRO\x08\0\0\0", "media.raw_photo"),
    "panasonic raw": (b"IIU\0\x18\0\0\0", "media.raw_photo"),
    "photoshop": (b"8BPS\0\x01", "media.layered_picture"),
    "gimp": (b"gimp xcf file\0", "media.layered_picture"),
    "matroska": (b"\x1a\x45\xdf\xa3\x01\0", "media.unsupported_codec"),
    "avi": (b"RIFF\0\0\0\0AVI LIST", "media.unsupported_codec"),
    "wave": (b"RIFF\0\0\0\0WAVEfmt ", "media.unsupported_codec"),
    "vorbis": (b"OggS\0\x02" + b"\0" * 22 + b"\x01\x1e\x01vorbis", "media.unsupported_codec"),
    "flac": (b"fLaC\0\0\0\x22", "media.unsupported_codec"),
    "windows media": (b"0&\xb2u\x8ef\xcf\x11", "media.unsupported_codec"),
    "old quicktime": (b"\0\0\0\x08wide\0\0", "media.unsupported_codec"),
    "a program": (b"MZ\x90\0", "media.unsupported_type"),
    "zeros": (b"\0" * 4096, "media.unsupported_type"),
    "words": ("ถนนพัง".encode(), "media.unsupported_type"),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_a_file_of_another_kind_says_what_to_send_instead(
    strip: Strip, name: str
) -> None:
    """415, in both languages, before any process is started."""
    octets, code = OTHERS[name]

    with pytest.raises(Unsupported) as caught:
        await strip(octets)

    told = CATALOGUE[caught.value.code]
    assert (caught.value.code, told.status) == (code, 415)
    assert told.advice_th
    assert told.advice_en


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripper]:
    """A stripper where neither extra is installed."""
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    running = Stripper.start()
    yield running
    running.close()


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (pdfs.plain(), "media.no_documents"),
        (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "media.no_films"),
        (b"ID3\x04\0\0\0\0\0\0", "media.no_films"),
        (b"#!AMR\n", "media.no_films"),
    ],
)
async def test_without_its_extra_a_kind_is_refused_with_a_hint(
    bare: Stripper, octets: bytes, code: str
) -> None:
    """The core alone takes pictures, and says what else would do."""
    with pytest.raises(Unsupported) as caught:
        await strip_with(bare, octets)

    assert caught.value.code == code
    assert CATALOGUE[code].status == 415


def test_without_extras_pictures_alone_are_said_to_be_taken(bare: Stripper) -> None:
    """What a form offers is what is taken."""
    assert {kind.partition("/")[0] for kind in bare.takes} == {"image"}


def test_with_extras_every_format_is_said_to_be_taken(stripper: Stripper) -> None:
    """Here, where tests run, both are installed."""
    assert extras.installed() == {"pdf": True, "video": True}
    assert len(stripper.takes) == len(Format)


def test_a_child_without_the_libraries_draws_pictures_all_the_same() -> None:
    """The worker's module loads, and answers "unsupported" for what it lacks."""
    program = (
        "import io, sys; sys.modules['pypdfium2'] = sys.modules['av'] = None\n"
        "from mustshare_api.media.anew import anew\n"
        "from mustshare_api.media.report import Order\n"
        "from mustshare_api.media.sniff import Format\n"
        "said = [anew(b'x', Order(kind, 1), io.BytesIO()) for kind in Format]\n"
        "print(*(report.outcome.name for report in said))\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert said == ["UNDECODABLE"] * 8 + ["UNSUPPORTED"] * 5
