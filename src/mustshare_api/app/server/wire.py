"""One connection, from the moment it is taken in: octets below, HTTP above, TLS between.

    socket <-> event loop's transport <-> Wire [ <-> Records ] <-> Conversation (HTTP) <-> app

It is the loop's protocol and HTTP's transport at once, for three reasons. The loops' own TLS
keeps 256 KiB for every connection, which our malloc settings fill. Nobody could see, or end, a
connection that is stuck in its handshake. And what stands above is told no address, but whether
it is this machine's: neither HTTP nor the app could pass on what it never had.

What is read goes through one buffer that all connections share; it is filled and emptied
within one call of the event loop, and wiped. (A view: slices of a bytearray would be copies.)
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any, ClassVar, Final, cast

from typing_extensions import override

from mustshare_api.api.harden import LINGER_BYTES
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.app.server.peers import told_of
from mustshare_api.app.server.prices import UNIT_BYTES
from mustshare_api.app.server.pulse import Pulse, Stage
from mustshare_api.app.server.readers import Reader, has_gone
from mustshare_api.app.server.records import Records
from mustshare_api.app.server.talk import Talk
from mustshare_api.app.server.turns import Place, Turns

READ_BYTES: Final = 128 * 1024
"""The most that is read at a time."""

RECORD_BYTES: Final = 16 * 1024
"""The most that TLS takes at a time: its buffers never shrink."""


class Wire(asyncio.BufferedProtocol):
    """A connection."""

    _shared: ClassVar = memoryview(bytearray(READ_BYTES))

    def __init__(  # noqa: PLR0913 - below, above and around a connection
        self,
        accepted: socket.socket,
        bounds: Bounds,
        tls: ssl.SSLContext | None,
        make: "Callable[[Wire], Talk]",
        ended: "Callable[[Wire], None]",
        turns: Turns,
    ) -> None:
        self._socket = accepted
        self._bounds = bounds
        self._make = make
        self._ended = ended
        self._now = asyncio.get_running_loop().time
        self._raw: asyncio.Transport | None = None
        self._records = None if tls is None else Records(tls)
        self._talk: Talk | None = None
        self._reader: Reader | None = None
        self._is_greeted, self._thrown = tls is None, 0
        self._aborted = self._over = self.unread = False
        self.place = Place(turns)
        self.pulse = Pulse(Stage.GREETING, self._now())

    # --- The event loop's protocol ------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands; with TLS, the other side greets first."""
        self._raw = cast("asyncio.Transport", transport)
        if self._aborted:
            self._raw.abort()
        elif self._records is None:
            self._begin()

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to read to."""
        return self._shared

    @override
    def buffer_updated(self, nbytes: int) -> None:
        """Takes what was read, and wipes it."""
        if self._over:
            self._throw_away(nbytes)
        elif self._records is None:
            self._hand_on(nbytes)
        else:
            sealed = bytes(self._shared[:nbytes])
            self._shared[:nbytes] = bytes(nbytes)
            self._take(self._records, sealed)

    @override
    def eof_received(self) -> None:
        """Half a connection is none: who stops sending is not answered any more."""

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._ended(self)
        self.place.give_up()
        if self._talk is not None:
            self._talk.connection_lost(exc)
        self._talk = None

    @override
    def pause_writing(self) -> None:
        """Passes it on."""
        if self._talk is not None:
            self._talk.pause_writing()

    @override
    def resume_writing(self) -> None:
        """Likewise."""
        if self._talk is not None:
            self._talk.resume_writing()

    def _throw_away(self, nbytes: int) -> None:
        self._shared[:nbytes] = bytes(nbytes)
        self._thrown += nbytes
        if self._thrown > LINGER_BYTES:
            self.pause_reading()

    def _take(self, records: Records, sealed: bytes) -> None:
        for at in range(0, len(sealed), RECORD_BYTES):
            records.take(sealed[at : at + RECORD_BYTES])
            self._open(records)
            if self._over or self.is_closing():
                return

    def _open(self, records: Records) -> None:
        try:
            if self._is_greeted or self._may_greet(records):
                self._unseal(records)
        except ssl.SSLError:
            self._shared[:] = bytes(READ_BYTES)  # records before the broken one were opened
            self._flush()
            self._close()

    def _may_greet(self, records: Records) -> bool:
        """Whether a handshake has its turn; a client sends nothing more before it was made."""
        self._is_greeted = self.place.may_greet(lambda: self._open(records))
        (self.resume_reading if self._is_greeted else self.pause_reading)()
        return self._is_greeted

    def _unseal(self, records: Records) -> None:
        if self._talk is None:
            greeted = records.greet()
            self._flush()
            if not greeted:
                return
            self._begin()
        filled, over = READ_BYTES, False
        while filled == READ_BYTES and not (over or self._over or self.is_closing()):
            filled, over = records.read(self._shared)
            self._hand_on(filled)
        self._flush()
        if over:
            self.close()

    def _begin(self) -> None:
        self.pulse.enter(Stage.HEAD, self._now())
        self._talk = self._make(self)
        self._talk.connection_made(cast("asyncio.Transport", self))

    def _hand_on(self, filled: int) -> None:
        octets = bytes(self._shared[:filled])
        self._shared[:filled] = bytes(filled)
        if octets and self._talk is not None:
            self._talk.data_received(octets)

    def _flush(self) -> None:
        octets = b"" if self._records is None else self._records.waiting()
        if octets and self._raw is not None and not self._raw.is_closing():
            self._raw.write(octets)

    # --- The transport of HTTP ----------------------------------------------------------------

    def write(self, octets: bytes) -> None:
        """Sends octets; nothing once the last has been said."""
        if self._raw is None or self._over or self._raw.is_closing() or not octets:
            return
        if self._records is None:
            self._raw.write(octets)
        else:
            self._seal(self._records, octets)
        self.place.pay(len(octets) / UNIT_BYTES)
        if len(octets) >= UNIT_BYTES and self._talk and self.place.is_hasty():
            self._talk.rest()

    def _seal(self, records: Records, octets: bytes) -> None:
        try:
            for at in range(0, len(octets), RECORD_BYTES):
                records.seal(octets[at : at + RECORD_BYTES])
                self._flush()
        except ssl.SSLError:
            self.abort()

    def part(self) -> None:
        """Says that no more comes from here, and takes nothing more that comes in.

        Closed at once with octets unread, the kernel would take the last answer back.
        """
        if self._raw is None or self.is_closing():
            return
        if self._records is not None:
            self._records.end()
            self._flush()
        try:
            self._raw.write_eof()
        except OSError:  # it has gone already
            self.abort()
            return
        self._over = True
        self.resume_reading()
        self.pulse.enter(Stage.LEAVING, self._now())

    def close(self) -> None:
        """Ends it once what was written is sent; in two steps where octets come in unread."""
        if self.unread and not self._over:
            self.part()
            return
        if self._records is not None and not (self._over or self.is_closing()):
            self._records.end()
            self._flush()
        self._close()

    def _close(self) -> None:
        if self._raw is not None:
            self._raw.close()

    def abort(self) -> None:
        """Ends it at once, whatever is still to be sent."""
        self._aborted = True
        if self._raw is not None:
            self._raw.abort()

    def is_closing(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._aborted or (self._raw is not None and self._raw.is_closing())

    def pause_reading(self) -> None:
        """Takes nothing for a while."""
        if self._raw is not None and not self.is_closing():
            self._raw.pause_reading()

    def resume_reading(self) -> None:
        """Goes on taking."""
        if self._raw is not None and not self.is_closing():
            self._raw.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - asyncio's
        """Whether TLS is spoken, and whether with this machine: no address goes further."""
        if name == "peername":
            return told_of(self._socket)
        return True if name == "sslcontext" and self._records is not None else default

    # --- What a crowd has to know -------------------------------------------------------------

    def lag_s(self, now: float) -> float:
        """For how long it has kept us waiting; 0 where we keep it waiting."""
        if self._reader is not None:
            return self._reader.pulse.lag_s(now)
        if self.pulse.stage is Stage.BODY and self._talk and self._talk.takes_nothing():
            self.pulse.enter(Stage.BODY, now)
        return self.pulse.lag_s(now)

    def look(self, now: float) -> None:
        """Ends it where its time is up."""
        if self._raw is None:
            return
        if self.place.waits and has_gone(self._socket):
            self.abort()
            return
        if self._raw.get_write_buffer_size():
            self._watch_reader(now)
            return
        self._reader = None
        if self._talk is not None:
            self._talk.look(now, self._bounds.late_s)
        if self.pulse.is_due(now, self._bounds):
            self._end_late()

    def _end_late(self) -> None:
        if self.pulse.stage is Stage.GREETING:
            self.abort()
        elif self.pulse.stage is Stage.HEAD and self._talk is not None:
            self._talk.give_up()
        elif self.pulse.stage is Stage.LEAVING:
            self._close()
        else:
            self.close()

    def _watch_reader(self, now: float) -> None:
        if self._reader is None:
            self._reader = Reader(self._socket, now)
        elif self._reader.look(now) >= self._bounds.stride_s:
            self.abort()
