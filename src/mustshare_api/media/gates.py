"""The gate for whatever a child made: which grammar, and what the gate itself read from it.

    JPEG, PNG         on the canvas, then `gate`
    PDF               `pdf_file`, which tells how many pages
    film, sound       `mp4_gate`, which tells how long
    MP3               `mp3_file`, likewise

Pages and seconds are counted here, in the parent: what a child reports of them is not asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mustshare_api.errors import Unstrippable
from mustshare_api.media import bounds, gate, mp3_file, mp4_gate, pdf_file
from mustshare_api.media.gate import Octets
from mustshare_api.media.report import Media, Report

MEDIA_TYPES = {
    Media.JPEG: "image/jpeg",
    Media.PNG: "image/png",
    Media.PDF: "application/pdf",
    Media.FILM: "video/mp4",
    Media.SOUND: "audio/mp4",
    Media.MP3: "audio/mpeg",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a gate counted."""

    pages: int | None = None
    duration_s: int | None = None


def _jpeg(octets: Octets, width: int, height: int) -> Measured:
    gate.check_jpeg(octets, width, height)
    return Measured()


def _png(octets: bytes, width: int, height: int) -> Measured:
    gate.check_png(octets, width, height)
    return Measured()


def _pdf(octets: bytes, width: int, height: int) -> Measured:
    return Measured(pages=pdf_file.check_pdf(octets, width, height))


def _film(octets: bytes, width: int, height: int) -> Measured:
    return Measured(duration_s=mp4_gate.check_film(octets, width, height, seen=True))


def _sound(octets: bytes, width: int, height: int) -> Measured:
    return Measured(duration_s=mp4_gate.check_film(octets, width, height, seen=False))


def _mp3(octets: bytes, width: int, height: int) -> Measured:
    if width or height:
        raise Unstrippable
    return Measured(duration_s=mp3_file.check_mp3(octets))


_GATES: dict[Media, Callable[[bytes, int, int], Measured]] = {
    Media.PNG: _png,
    Media.PDF: _pdf,
    Media.FILM: _film,
    Media.SOUND: _sound,
    Media.MP3: _mp3,
}
_DRAWN = frozenset({Media.JPEG, Media.PNG, Media.PDF})


def check(octets: Octets, report: Report) -> Measured:
    """Lets a child's result through if it can hold nothing but what is seen and heard.

    Raises:
        Unstrippable: It is anything else.
    """
    if report.media in _DRAWN and not bounds.on_canvas(report.width, report.height):
        raise Unstrippable
    if report.media is Media.JPEG:  # the one that is looked at where it lies
        return _jpeg(octets, report.width, report.height)
    return _GATES[report.media](octets[:], report.width, report.height)
