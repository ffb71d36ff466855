"""An upstream that keeps the octets of every request as a front sends them.

It answers as the door does: 200, dressed. Whatever stands on its connections is read again
by httptools, the parser that the service has, so that a test sees what the service would.
"""

import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any

import httptools
from typing_extensions import override

from mustshare_api.api.harden import SECURITY_HEADERS


@dataclass
class Request:
    """One request as the service's parser understands it."""

    method: bytes = b""
    target: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """What came behind the body: the door drops it, and so it is told apart."""

    body: bytes = b""
    whole: bool = False

    def values(self, name: bytes) -> list[bytes]:
        """All values of a header."""
        return [value for key, value in self.headers if key.lower() == name]


class _Reader:
    """httptools' callbacks: one connection's requests, in their order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.parser: Any = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        self.requests.append(Request())

    def on_url(self, url: bytes) -> None:
        self.requests[-1].target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        now = self.requests[-1]
        (now.trailers if now.method else now.headers).append((name, value))

    def on_headers_complete(self) -> None:
        self.requests[-1].method = self.parser.get_method()

    def on_body(self, body: bytes) -> None:
        self.requests[-1].body += body

    def on_message_complete(self) -> None:
        self.requests[-1].whole = True


@dataclass
class Connection:
    """One connection from the front: its octets, and what they mean."""

    octets: bytes = b""
    requests: list[Request] = field(default_factory=list)
    unreadable: bool = False
    ended: bool = False


ANSWER_HEADERS = b"".join(
    b"%s: %s\r\n" % pair for pair in [*SECURITY_HEADERS.items(), (b"server", b"upstream")]
)
LARGE_BYTES = 8 << 20


def _answer(request: Request) -> bytes:
    body = b"x" * LARGE_BYTES if request.target.startswith(b"/large") else b"taken"
    length = b"content-length: %d\r\n" % len(body)
    return b"HTTP/1.1 200 OK\r\n" + ANSWER_HEADERS + length + b"\r\n" + body


class _Handler(socketserver.BaseRequestHandler):
    server: "Recorder"

    @override
    def handle(self) -> None:
        seen, reader, answered = Connection(), _Reader(), 0
        seen.requests = reader.requests
        self.server.connections.append(seen)
        try:
            while octets := self.request.recv(1 << 16):
                seen.octets += octets
                reader.parser.feed_data(octets)
                for request in [one for one in reader.requests if one.whole][answered:]:
                    self.request.sendall(_answer(request))
                    answered += 1
        except httptools.HttpParserError:
            seen.unreadable = True
        except OSError:
            pass
        finally:
            seen.ended = True


class Recorder(socketserver.ThreadingTCPServer):
    """Listens on loopback; `connections` is all it ever saw."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.connections: list[Connection] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        name: tuple[str, int] = self.socket.getsockname()
        return name[1]

    @property
    def requests(self) -> list[Request]:
        """Every request of every connection."""
        return [request for seen in list(self.connections) for request in seen.requests]

    def of(self, target: str) -> list[Request]:
        """The requests whose target holds a text."""
        return [one for one in self.requests if target.encode() in one.target]

    def close(self) -> None:
        """Listens no more: the door is away."""
        self.shutdown()
        self.server_close()
