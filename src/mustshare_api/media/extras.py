"""Tells which extras are installed: `[pdf]` and `[video]` bring what the core goes without.

    format              needs          without it
    pictures            nothing        -
    PDF                 pypdfium2      415, and what to send instead
    MP4, MP3, Ogg, AMR  av             415, and what to send instead

Looked up and never imported: the serving process must not have a parser of strangers' files in
its memory. The zygote imports what is there; a library that is there and can't be loaded makes
its children answer as if it were not.
"""

from importlib.util import find_spec

from mustshare_api.media.sniff import FILMS, Format

EXTRAS = {"pdf": "pypdfium2", "video": "av"}
"""The extra's name, and the library by which it is known."""

_NEEDS = {Format.PDF: "pdf", **dict.fromkeys(FILMS, "video")}


def installed() -> dict[str, bool]:
    """Each extra and whether it is here."""
    return {name: find_spec(library) is not None for name, library in EXTRAS.items()}


def needed(kind: Format) -> str | None:
    """The extra that a format needs."""
    return _NEEDS.get(kind)


def taken() -> frozenset[Format]:
    """The formats that this installation takes."""
    here = installed()
    return frozenset(kind for kind in Format if here.get(_NEEDS.get(kind, ""), True))
