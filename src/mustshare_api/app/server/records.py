"""TLS between the octets of a connection and its HTTP; knows neither socket nor event loop.

    take(octets)  ->  greet()  ->  read(into)      what came in, opened
    seal(octets)  ->  waiting()                    what goes out, sealed

Raises `ssl.SSLError` for whatever is not TLS; `waiting` then holds the alert that says so.
"""

import ssl
from typing import cast


class Records:
    """One TLS session over two memory buffers."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._coming = ssl.MemoryBIO()
        self._going = ssl.MemoryBIO()
        self._session = context.wrap_bio(self._coming, self._going, server_side=True)

    def take(self, octets: memoryview) -> None:
        """Takes sealed octets in."""
        self._coming.write(octets)

    def greet(self) -> bool:
        """Goes on with the handshake; True once it is done."""
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def read(self, into: memoryview) -> tuple[int, bool]:
        """Opens as much as there is, or fits.

        Returns:
            How many octets, and whether the other side has said that no more come.
        """
        filled = 0
        try:
            while filled < len(into):
                rest = into[filled:]
                count = cast("int", self._session.read(len(rest), rest))
                if not count:
                    return filled, True
                filled += count
        except ssl.SSLWantReadError:
            return filled, False
        except ssl.SSLZeroReturnError:
            return filled, True
        return filled, False

    def seal(self, octets: bytes | bytearray | memoryview) -> None:
        """Seals octets for the other side."""
        rest = memoryview(octets)
        while rest:
            rest = rest[self._session.write(rest) :]

    def end(self) -> None:
        """Says that no more come from here; what the other side says to that is not awaited."""
        try:
            self._session.unwrap()
        except (ssl.SSLError, ValueError):
            return

    def waiting(self) -> bytes:
        """What is to be sent now."""
        return self._going.read()
