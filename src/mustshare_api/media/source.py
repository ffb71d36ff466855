"""What reading one format yields, whichever it was; the steps of `redraw` know only this."""

from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from mustshare_api.media.facts import NO_FACTS, Facts
from mustshare_api.media.kinds import Kind


class Undecoded(Protocol):
    """A picture by a decoder that is not Pillow's."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        ...

    def decoded(self) -> Image.Image:
        """Its pixels."""
        ...


@dataclass(slots=True)
class Source:
    """A picture whose header has been read and whose pixels have not."""

    image: Image.Image | Undecoded
    picture_bytes: int
    """Length of what draws, without metadata; 0 where it is not compressed."""

    found: set[Kind] = field(default_factory=set[Kind])
    orientation: int = 1
    profile: bytes | None = None
    lossless: bool = False
    facts: Facts = NO_FACTS
