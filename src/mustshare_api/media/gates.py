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
from mustshare_api.media import bounds, gate, pdf_file
from mustshare_api.media.report import Media, Report

MEDIA_TYPES = {
    Media.JPEG: "image/jpeg",
    Media.PNG: "image/png",
    Media.PDF: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a gate counted."""

    pages: int | None = None
    duration_s: int | None = None


def _jpeg(octets: bytes, width: int, height: int) -> Measured:
    gate.check_jpeg(octets, width, height)
    return Measured()


def _png(octets: bytes, width: int, height: int) -> Measured:
    gate.check_png(octets, width, height)
    return Measured()


def _pdf(octets: bytes, width: int, height: int) -> Measured:
    return Measured(pages=pdf_file.check_pdf(octets, width, height))


_GATES: dict[Media, Callable[[bytes, int, int], Measured]] = {
    Media.JPEG: _jpeg,
    Media.PNG: _png,
    Media.PDF: _pdf,
}
_DRAWN = frozenset({Media.JPEG, Media.PNG, Media.PDF})


def check(octets: bytes, report: Report) -> Measured:
    """Lets a child's result through if it can hold nothing but what is seen and heard.

    Raises:
        Unstrippable: It is anything else.
    """
    if report.media in _DRAWN and not bounds.on_canvas(report.width, report.height):
        raise Unstrippable
    look = _GATES.get(report.media)
    if look is None:
        raise Unstrippable
    return look(octets, report.width, report.height)
