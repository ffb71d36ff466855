"""The gates: what lets a stripped file through, in the process that also has the database.

Whoever breaks out of a decoder writes what they like into the file that a gate looks at. So
nothing but `Unstrippable` may come out here, however deep, long or odd the file is; and what
passes is, to the octet, what our own writers write.
"""

import io
from collections.abc import Mapping
from functools import lru_cache

from mustshare_api.errors import Unstrippable
from mustshare_api.media import (
    film,
    frames,
    gate,
    mp3_file,
    mp4_file,
    mp4_gate,
    pdf_file,
    recordings,
    redraw,
)
from mustshare_api.media.facts import Keep, Precision
from mustshare_api.media.frames import Broken, Codec
from mustshare_api.media.mp4_file import Film, Track
from mustshare_api.media.pdf_file import Page
from mustshare_api.media.report import Media, Order, Outcome, Report, parse_report
from mustshare_api.media.sniff import Format
from tests.documents import films
from tests.fuzz.harness import Target, same
from tests.pictures import drawn

SIDE = 16
KEEP = Keep(Precision.EXACT, time=True)


def jpeg() -> bytes:
    """As `redraw` writes it."""
    return redrawn("JPEG")


def redrawn(form: str) -> bytes:
    """A small picture, stripped."""
    made, kind = io.BytesIO(), Format[form]
    octets = drawn.encoded(drawn.scene((SIDE, SIDE)), form)
    assert redraw.redraw(octets, Order(kind, len(octets)), made).outcome is Outcome.DRAWN
    return made.getvalue()


@lru_cache
def film_made() -> bytes:
    """A film of a few frames, packed anew."""
    octets = films.film("mp4", "libx264", None)
    return film.redraw(octets, Order(Format.MP4, len(octets)), lambda _done, _of: None)[1]


def check_jpeg(octets: bytes) -> None:
    """A stripped photograph."""
    gate.check_jpeg(octets, SIDE, SIDE)


def check_png(octets: bytes) -> None:
    """A stripped drawing."""
    gate.check_png(octets, SIDE, SIDE)


def check_pdf(octets: bytes) -> None:
    """Pages, each a picture."""
    pdf_file.check_pdf(octets, SIDE, SIDE)


def check_sound(octets: bytes) -> None:
    """A recording."""
    mp4_gate.check_film(octets, 0, 0, seen=False)


def check_film(octets: bytes) -> None:
    """A film."""
    mp4_gate.check_film(octets, *films.SIZE, seen=True)


def check_mp3(octets: bytes) -> None:
    """A recording that passes has nothing around its frames."""
    mp3_file.check_mp3(octets)
    same(mp3_file.bare(octets), octets)


def read_mp3(octets: bytes) -> None:
    """A sender's recording; what is left of it passes the gate, or the gate refuses it.

    Odd ones are refused: sound that points into a frame before it may be cut twice over.
    """
    made = mp3_file.bare(octets)
    mp3_file.around(octets)
    mp3_file.check_mp3(made)


def read_report(octets: bytes) -> None:
    """What a child says; said again, it is understood as the same."""
    read = parse_report(octets, KEEP)
    if parse_report(read.encode(), KEEP) != read:
        raise AssertionError


def read_amr(octets: bytes) -> None:
    """A phone's recording; what is made of it passes the gate."""
    track, found = recordings.amr_track(octets), recordings.amr_frames(octets)
    check_sound(mp4_file.header(Film((track,))) + b"".join(found))


def read_frame(octets: bytes) -> None:
    """One frame of each codec: cleaned twice is cleaned once."""
    codec = CODECS[octets[0] % len(CODECS)] if octets else CODECS[0]
    cleaned = frames.cleaned(codec, octets[1:])
    same(frames.cleaned(codec, cleaned), cleaned)


def read_config(octets: bytes) -> None:
    """What sets a decoder up, likewise."""
    codec = CODECS[octets[0] % len(CODECS)] if octets else CODECS[0]
    config = frames.config_of(codec, octets[1:])
    same(frames.config_of(codec, config), config)


@lru_cache
def amr() -> bytes:
    """A tenth of a second."""
    return films.amr(count=5)


def sound() -> bytes:
    """The same as it is kept."""
    track: Track = recordings.amr_track(amr())
    return mp4_file.header(Film((track,))) + b"".join(recordings.amr_frames(amr()))


@lru_cache
def mp3() -> bytes:
    """A short tone with tags before and behind."""
    return films.film("mp3", None, "mp3")


def pages() -> Mapping[str, bytes]:
    """One page and two."""
    one = Page(SIDE, SIDE, jpeg())
    return {
        "one": b"".join(pdf_file.pieces([one])),
        "two": b"".join(pdf_file.pieces([one] * 2)),
    }


CODECS = tuple(Codec)
MP4 = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"stsz", b"stts", b"ctts", b"stss")
TARGETS = (
    Target("gate-jpeg", check_jpeg, (Unstrippable,), lambda: {"made": jpeg()}),
    Target(
        *("gate-png", check_png, (Unstrippable,)),
        lambda: {"made": redrawn("PNG")},
        words=(b"IDAT", b"IEND", b"\0\0\0\0"),
    ),
    Target("gate-pdf", check_pdf, (Unstrippable,), pages, words=(b"endstream", b"/Length ")),
    Target("gate-sound", check_sound, (Unstrippable,), lambda: {"made": sound()}, words=MP4),
    Target("gate-film", check_film, (Unstrippable,), lambda: {"made": film_made()}, words=MP4),
    Target(
        *("gate-mp3", check_mp3, (Unstrippable,)),
        lambda: {"made": mp3_file.bare(mp3())},
        words=(b"\xff\xfb", b"Xing", b"TAG", b"ID3"),
    ),
    Target(
        *("mp3", read_mp3, (Broken, Unstrippable)),
        lambda: {"sent": mp3()},
        words=(b"\xff\xfb", b"Xing", b"Info", b"TAG", b"ID3", b"APETAGEX"),
    ),
    Target(
        "amr", read_amr, (Broken,), lambda: {"sent": amr()}, words=(b"#!AMR-WB\n", b"#!AMR\n")
    ),
    Target("frame", read_frame, (Broken,), lambda: {"amr": b"\4" + amr()[6:38]}),
    Target("config", read_config, (Broken,), lambda: {"aac": b"\2\x12\x10"}),
    Target(
        *("report", read_report, (Unstrippable,)),
        lambda: {"drawn": Report(Outcome.DRAWN, Media.PNG, SIDE, SIDE, 3).encode()},
        256,
    ),
)
