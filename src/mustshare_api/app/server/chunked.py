"""Finds where a chunked body ends, so that what follows it can wait unread.

    size [;extension] CRLF octets CRLF ... 0 CRLF [trailers] CRLF | the next request

llhttp reads chunks strictly but does not tell where it stopped. This only counts: whatever is
not as it should be is left for llhttp to refuse. It never goes back: a size below 0 would have
it count the same octets for ever.
"""

import re
from typing import Final

_SIZE: Final = re.compile(rb"\s*[0-9A-Fa-f]+\s*")


class ChunkWalk:
    """One chunked body as it comes in."""

    def __init__(self) -> None:
        self._line = b""
        self._skip = 0
        self._last = False
        self.is_over = False
        self.lines = 0
        """Of framing, in the last piece."""

    def end_in(self, octets: bytes, most_lines: int | None = None) -> int:
        """Where in `octets` the body ends, or so many lines of its framing do.

        All of them belong to it while neither is so.
        """
        at, self.lines = 0, 0
        while at < len(octets) and self.lines != most_lines:
            if self._skip:
                step = min(self._skip, len(octets) - at)
                self._skip, at = self._skip - step, at + step
                continue
            end = octets.find(b"\n", at)
            if end < 0:
                self._line += octets[at:]
                break
            line, self._line, at = self._line + octets[at:end], b"", end + 1
            self.lines += 1
            self.is_over = self._ends(line.strip())
            if self.is_over:
                return at
        return at if self.lines == most_lines else len(octets)

    def _ends(self, line: bytes) -> bool:
        if self._last:
            return not line
        size = _SIZE.fullmatch(line.partition(b";")[0])
        if size is None:
            return False
        length = int(size[0], 16)
        self._last, self._skip = length == 0, length + 2 if length else 0
        return False
