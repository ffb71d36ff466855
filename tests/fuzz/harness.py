"""What every fuzz target has in common: a parser, what it may refuse with, and a bound.

    octets --> play --> True    it was read, and what was read says the same again
                   `--> False   it was refused, by one of the errors that its docstring names
                   `--> raises  a find: another error, another spelling, too long, too much

A target is one function of bytes, so that three players can use it: atheris (`guided.py`), a
mutator of our own without it (`mutations.py`), and the replay of what is kept in `seeds/` and
`found/`. A find's file goes into `found/<target>/` and is played in every run from then on.
"""

import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

FOLDER: Final = Path(__file__).parent
SEEDS: Final = FOLDER / "seeds"
FOUND: Final = FOLDER / "found"

PEAK_BYTES: Final = 4 << 20
"""What reading may hold however short the input is: tables, and Python's own objects."""

PEAK_PER_BYTE: Final = 512
"""And what it may hold for each octet of the input: a tuple of two numbers is 120."""


class OtherSpelling(AssertionError):
    """What was read does not write what it was read from."""


@dataclass(frozen=True)
class Target:
    """One parser.

    Attributes:
        name: of its folder of seeds.
        read: reads octets; may compare what it read with them.
        refused: the errors that refuse an input; any other is a find.
        seeds: makes files that this parser reads, by name.
        longest_bytes: beyond which an input is not tried.
        words: what atheris puts in, beside what it finds itself.
    """

    name: str
    read: Callable[[bytes], object]
    refused: tuple[type[Exception], ...]
    seeds: Callable[[], Mapping[str, bytes]]
    longest_bytes: int = 1 << 14
    words: tuple[bytes, ...] = field(default=())

    def play(self, octets: bytes) -> bool:
        """Whether the parser read it; raises on a find."""
        try:
            self.read(octets)
        except self.refused:
            return False
        return True

    def kept(self, under: Path = SEEDS) -> dict[str, bytes]:
        """The files kept for it."""
        folder = under / self.name
        return {file.name: file.read_bytes() for file in sorted(folder.glob("*"))}


def same(written: bytes | str, read: bytes | str) -> None:
    """Holds what a writer makes of what was read against what it was read from.

    Raises:
        OtherSpelling: they differ.
    """
    if written != read:
        raise OtherSpelling


class Bounded:
    """Holds a block to the memory that an input of a length may take."""

    def __init__(self, octets: bytes) -> None:
        self._most = PEAK_BYTES + PEAK_PER_BYTE * len(octets)

    def __enter__(self) -> Self:
        tracemalloc.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Looks at the peak."""
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        if kind is None and peak > self._most:
            raise MemoryError
