"""HTTP on one connection: uvicorn's protocol, with bounds on what comes before an app.

    octets --> head    held until its blank line, counted, then parsed in one piece
           --> body    passed on as it comes: exactly its announced length, or by chunks
           --> rest    the next request's; held, unread, until this one is answered

uvicorn bounds neither a head nor the number of requests that one packet may start, and its
parser joins a header that drips by copying it each time. Held back here, a head costs its own
length; a second request waits as octets and starts nothing, and is read by itself.

    431  more lines or octets in the head than any client sends      414  a longer target
    400  no HTTP, or framing that outweighs the body                 408  a head that drips

All are answered whole and closed. What still comes is thrown away for a moment first, or the
close would take the answer back from a sender who has not read it yet.
"""

import asyncio
from typing import Any, cast

import httptools
import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from mustshare_api.api.refusals import refusal
from mustshare_api.app.server.bounds import Bounds
from mustshare_api.app.server.chunked import ChunkWalk
from mustshare_api.app.server.flow import Flow
from mustshare_api.app.server.prices import MOST_CHUNKS, price_of
from mustshare_api.app.server.pulse import Stage
from mustshare_api.app.server.starting import Starting
from mustshare_api.app.server.strictness import END, Seen, amiss, fault_of, is_lined, unreadable
from mustshare_api.app.server.wire import Wire
from mustshare_api.errors import Malformed

_HELD_BYTES = 64 * 1024
"""Of requests that come before the last one is answered."""

_QUEUE = 16
"""How many of them; browsers send none."""

_FRAMING_BYTES = 16 * 1024
"""By how much the framing of a chunked body may outweigh it: for sixteen clients' last chunks
it is plenty, for a body in chunks of one octet it is not."""

_MALFORMED = "request.malformed"


class Conversation(Starting):
    """One connection's requests and answers, one at a time.

    It forgets a request as soon as it is answered. uvicorn's own keeps it until the next one
    comes or the client hangs up, and with it the header in which the receipt stands.
    """

    def __init__(
        self, config: uvicorn.Config, state: ServerState, wire: Wire, bounds: Bounds
    ) -> None:
        super().__init__(config, state, {}, asyncio.get_running_loop())
        self._wire = wire
        self._bounds = bounds
        self._held = self.url = b""
        self._looked_at = self._requests = self._left = self._framing = 0
        self._blank = self._bodiless = False
        self._walk: ChunkWalk | None = None
        self._whole = True
        self._deaf = self._head_ended = False
        self._fault: str | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Octets may come."""
        wire = cast("asyncio.Transport", transport)
        super().connection_made(wire)
        self.flow = self._flow = Flow(wire)

    @override
    def data_received(self, data: bytes) -> None:
        """Takes octets in."""
        if self._deaf:
            self.flow.pause_reading()
        else:
            self._held = self._held + data if self._held else data
            self._go_on()

    @override
    def shutdown(self) -> None:
        """Begins nothing any more; what has come and waits its turn is answered still."""
        if self._wire.place.waits:
            self._requests = self._bounds.requests
        else:
            super().shutdown()

    def rest(self) -> None:
        """Lets others go first before more of an answer is written."""
        if not self._wire.place.may_go(self._flow.write_on):
            self._flow.rest()

    def takes_nothing(self) -> bool:
        """Whether we do not read on at present, whatever is sent."""
        return bool(self.flow.read_paused)

    def give_up(self) -> None:
        """The head did not come in time; who never began is told nothing."""
        if self._held:
            self._refuse("request.too_slow")
        else:
            self._wire.close()

    def _go_on(self) -> None:
        while self._held and not self._deaf and not self._wire.is_closing():
            if not self._whole:
                if not self._take_body():
                    return
            elif self._answering():
                self._hold()
                return
            elif not self._take_head():
                return

    def _answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _hold(self) -> None:
        """Leaves what comes too early for later, as long as it is little, and there is one."""
        is_much = len(self._held) > _HELD_BYTES or self._held.count(END) > _QUEUE
        if is_much or not self.cycle.keep_alive:
            self._answer_and_close()
        else:
            self.flow.pause_reading()

    def _answer_and_close(self) -> None:
        self.cycle.keep_alive = False
        self._stop_listening()

    def _stop_listening(self) -> None:
        self._deaf, self._held = True, b""
        self._wire.unread = True

    def _has_turn(self) -> bool:
        """Whether others, who have asked for less, do not go first; if so, nothing is read."""
        if self._wire.place.may_go(self._take_turn):
            return True
        self._flow.hold()
        return False

    def _take_turn(self) -> None:
        self._go_on()
        if not self._wire.place.waits:
            self._flow.let_go()

    # --- Heads --------------------------------------------------------------------------------

    def _take_head(self) -> bool:
        """Parses a head that is whole; False where more has to come, or nothing more may."""
        if self._wire.pulse.stage is Stage.IDLE:
            self._wire.pulse.enter(Stage.HEAD, self.loop.time())
        if self._held.startswith(b"\r\n") and not self._blank:
            self._held, self._looked_at, self._blank = self._held[2:], 0, True
        self._bodiless = self._held.startswith(b"HEAD ")
        end = self._held.find(END, max(0, self._looked_at - len(END)))
        seen = Seen(self._held, end, self._looked_at, after_blank=self._blank)
        refused = amiss(seen, self._bounds) if self._held else None
        if refused is not None:
            self._refuse(refused)
            return False
        if end < 0:
            self._looked_at = len(self._held)
            return False
        if not self._has_turn():
            self._wire.pulse.enter(Stage.WORK, self.loop.time())
            return False
        head, self._held = self._held[: end + len(END)], self._held[end + len(END) :]
        self._looked_at = self._framing = self._left = 0
        self._blank = self._whole = self._head_ended = False
        self._walk = None
        if not is_lined(head):
            self._refuse(unreadable(head))
            return False
        self._parse(head)
        if not self._head_ended and not self._deaf:
            self._refuse(_MALFORMED)
        return not self._deaf

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header; what comes behind a body is none, whatever it says it is."""
        if not self._head_ended:
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        """Starts the request."""
        self._check_head()
        super().on_headers_complete()
        self._announced()
        self._head_ended = True
        self._requests += 1
        if self._requests >= self._bounds.requests:
            self.cycle.keep_alive = False
        self._wire.place.begin()
        self._wire.pulse.enter(Stage.BODY, self.loop.time())

    def _check_head(self) -> None:
        parser = cast("Any", self.parser)
        version = parser.get_http_version()
        line = (parser.get_method(), self.url, version)
        self._fault = fault_of(line, self.headers, upgrades=parser.should_upgrade())
        if self._fault:
            raise Malformed(self._fault)
        # HTTP/1.0 knows no 100, and would take it for the answer.
        self.expect_100_continue = self.expect_100_continue and version == "1.1"

    def _announced(self) -> None:
        """Reads how the body ends; the parser has seen to it that it is in one way."""
        for name, value in self.headers:
            if name == b"content-length":
                self._left = int(value)
            elif name == b"transfer-encoding":
                self._walk = ChunkWalk()

    # --- Bodies -------------------------------------------------------------------------------

    def _take_body(self) -> bool:
        """Passes on what there is of a body; False where its sender has to wait."""
        place, walk, held = self._wire.place, self._walk, self._held
        if place.is_hasty() and not self._has_turn():
            return False
        end = min(self._left, len(held)) if walk is None else walk.end_in(held, MOST_CHUNKS)
        piece, self._held = held[:end], held[end:]
        if walk is None:
            self._left -= end
        else:
            self._framing += end
        place.pay(price_of(len(piece), 0 if walk is None else walk.lines))
        self._parse(piece)
        ended = bool(self._held) and (walk is None or walk.is_over)
        if (ended or self._framing > _FRAMING_BYTES) and not (self._whole or self._deaf):
            self._refuse(_MALFORMED)
        return True

    @override
    def on_body(self, body: bytes) -> None:
        """Passes on a piece of a body."""
        self._framing -= 2 * len(body)
        self._wire.pulse.gain(len(body), self.loop.time())
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        """The request is whole: it is our turn."""
        self._whole = True
        self._wire.place.whole()
        self._wire.pulse.enter(Stage.WORK, self.loop.time())
        super().on_message_complete()

    def _parse(self, octets: bytes) -> None:
        try:
            cast("Any", self.parser).feed_data(octets)
        except httptools.HttpParserUpgrade:
            self._answer_and_close()
        except httptools.HttpParserError:
            self._refuse(
                self._fault or (_MALFORMED if self._head_ended else unreadable(octets))
            )

    # --- Answers ------------------------------------------------------------------------------

    @override
    def on_response_complete(self) -> None:
        """Lets go of what was answered, and turns to what came meanwhile."""
        super().on_response_complete()
        self._wire.place.end()
        self._unset_keepalive_if_required()
        cast("dict[str, Any]", self.cycle.scope).clear()
        self.headers.clear()
        self.url = b""
        stage = Stage.IDLE if self._whole else Stage.LEAVING
        self._wire.pulse.enter(stage, self.loop.time())
        if self._held:
            self.loop.call_soon(self._go_on)

    def _refuse(self, code: str) -> None:
        """Answers in the app's stead, unless it has begun to, and takes nothing more."""
        self._stop_listening()
        self.drop()
        begun = self._answering()
        if begun:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if begun and self.cycle.response_started:
            self._wire.close()
            return
        self._wire.write(refusal(code, self.headers or [], bodiless=self._bodiless))
        self._wire.part()
