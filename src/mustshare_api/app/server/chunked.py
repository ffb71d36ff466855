"""Finds where a chunked body ends, so that what follows it can wait unread.

    size [;extension] CRLF octets CRLF ... 0 CRLF [trailers] CRLF | the next request

llhttp reads chunks strictly but does not tell where it stopped. This only counts: whatever is
not as it should be is left for llhttp to refuse.
"""


class ChunkWalk:
    """One chunked body as it comes in."""

    def __init__(self) -> None:
        self._line = b""
        self._skip = 0
        self._last = False

    def end_in(self, octets: bytes) -> int:
        """Where in `octets` the body ends; all of them belong to it while it does not."""
        at = 0
        while at < len(octets):
            if self._skip:
                step = min(self._skip, len(octets) - at)
                self._skip, at = self._skip - step, at + step
                continue
            end = octets.find(b"\n", at)
            if end < 0:
                self._line += octets[at:]
                break
            line, self._line, at = self._line + octets[at:end], b"", end + 1
            if self._is_over(line.strip()):
                return at
        return len(octets)

    def _is_over(self, line: bytes) -> bool:
        if self._last:
            return not line
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return False
        self._last, self._skip = size == 0, size + 2 if size else 0
        return False
