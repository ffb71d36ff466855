"""What was taken from a picture, by kind. The list is closed and no kind carries a value.

A reporter is told "your position and the camera's serial number were in this file". Neither
the answer nor any log says which position; the child cannot even put it into its report.
"""

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """One thing a file held beside the picture. New members go at the end: order is wire."""

    LOCATION = "location"
    CAMERA = "camera"
    TIME = "time"
    AUTHOR = "author"
    THUMBNAIL = "thumbnail"
    MAKER_NOTE = "maker_note"
    XMP = "xmp"
    IPTC = "iptc"
    PROFILE = "profile"
    COMMENT = "comment"
    TEXT = "text"
    SECOND_PICTURE = "second_picture"
    PROVENANCE = "provenance"
    TRANSPARENCY = "transparency"
    ANIMATION = "animation"
    TRAILING_DATA = "trailing_data"
    OTHER = "other"
    TEXT_LAYER = "text_layer"
    LINK = "link"
    EMBEDDED_FILE = "embedded_file"
    FORM = "form"
    ANNOTATION = "annotation"
    JAVASCRIPT = "javascript"
    LAYER = "layer"
    OUTLINE = "outline"
    EARLIER_VERSION = "earlier_version"
    SIGNATURE = "signature"
    SOFTWARE = "software"
    TRACK = "track"
    CHAPTER = "chapter"
    FRAME_NOTE = "frame_note"


_ORDER = tuple(Kind)


def to_bits(found: Iterable[Kind]) -> int:
    """The set as a bit field, first member lowest."""
    return sum(1 << _ORDER.index(kind) for kind in frozenset(found))


def from_bits(bits: int) -> tuple[str, ...]:
    """The names of a bit field in list order; bits that name nothing are dropped."""
    return tuple(kind.value for at, kind in enumerate(_ORDER) if bits >> at & 1)
