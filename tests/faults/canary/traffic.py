"""Marks through every route of every door, in every part of a request, and into every error.

Each request carries marks where a browser or a careless partner would put something telling:
user agent, cookie, referer, forwarded addresses, a file name, a header that nobody asked for.
"""

import contextlib
import hashlib
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mustshare_api.crypto import events, requests
from tests.faults.canary.marks import Marks
from tests.faults.reporters import JSON, OCTETS
from tests.service import Response, Service

REPORTER, STAFF, OPERATOR = range(3)
DOORS = ("reporter", "staff", "operator")
_ID = re.compile(
    r"/(?:[0-9a-f]{32}|20\d\d-\d\d|tip\.[a-z_]+)(?=/|$)|(?<=/versions)/[0-9]+(?=/|$)"
    r"|(?<=/services)/[^/]+\.json$|(?<=/places)/[0-9]+$"
)
"""What stands in a path for something: an id, a month, an act, a version."""


@dataclass
class Traffic:
    """Sends, and remembers which routes were taken and how they were answered."""

    service: Service
    marks: Marks
    taken: set[tuple[str, str, str]] = field(default_factory=set)
    """(Door, method, path with `*` for an id) of what was answered with success."""

    refused: set[str] = field(default_factory=set)
    """Codes of problems."""

    def send(
        self,
        door: int,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One request, with marks in all its corners."""
        answer = self.service.request(
            method, target, body, {**self.telling(), **(headers or {})}, door=door
        )
        if answer.status < 300:
            path = _ID.sub("/*", target.partition("?")[0])
            self.taken.add((DOORS[door], method, path))
        elif answer.content.startswith(b'{"type"'):
            self.refused.add(answer.json()["code"])
        return answer

    def telling(self) -> dict[str, str]:
        """Headers that tell who somebody is."""
        mark = self.marks.of
        return {
            "User-Agent": mark("user-agent"),
            "Referer": f"https://{mark('referer')}.example/?{mark('referer')}",
            "Cookie": f"{mark('cookie')}={mark('cookie')}",
            "Forwarded": f"for={mark('forwarded')}",
            "X-Forwarded-For": mark("forwarded-for"),
            "X-Real-IP": mark("real-ip"),
            "From": f"{mark('from')}@example.org",
            "Via": f"1.1 {mark('via')}",
            "Accept-Language": f"th, {self.marks.stem[:8]};q=0.1",
            "Origin": f"https://{mark('origin')}.example",
            "Content-Disposition": f'attachment; filename="{mark("file-name")}.jpg"',
            "Priority": mark("priority"),
            "Edge-Bucket": mark("network"),
            "Challenge-Solution": mark("solution"),
            f"X-{mark('header')}": mark("value"),
            mark("plain-header"): mark("value"),
        }

    def signed(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        claimed: bytes | None = None,
        **changed: Any,
    ) -> Response:
        """A staff request; `claimed` is a body to sign instead of the one that is sent."""
        return self.send(
            STAFF,
            method,
            target,
            body,
            self.signature(method, target, claimed or body, **changed),
        )

    def signature(
        self, method: str, target: str, body: bytes = b"", **changed: Any
    ) -> dict[str, str]:
        """The headers of a staff request."""
        path, _, query = target.partition("?")
        by = self.service.org.officers[0]
        chosen: dict[str, Any] = {
            "keyid": by.keyid,
            "seed": by.sign_seed,
            "created": int(time.time()),
            "nonce": secrets.token_urlsafe(16),
            **changed,
        }
        made = requests.sign(
            method,
            f"127.0.0.1:{self.service.ports[1]}",
            path,
            query,
            requests.content_digest(body),
            **chosen,
        )
        event = events.request_headers(
            method,
            path,
            query,
            hashlib.sha256(body).digest(),
            created=chosen["created"],
            seed=chosen["seed"],
        )
        return {**made, **event, **OCTETS}

    def raw(self, door: int, octets: bytes, *, patience_s: float = 0.5) -> bytes:
        """Octets as they are, be they HTTP or not."""
        plain = socket.create_connection(("127.0.0.1", self.service.ports[door]), 10)
        with self.service.context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
            tls.settimeout(patience_s)
            tls.sendall(octets)
            answer = b""
            # Out of patience, or hung up on: whatever came is the answer.
            with contextlib.suppress(OSError):
                while piece := tls.recv(65536):
                    answer += piece
        found = re.search(rb'"code":"([a-z_.]+)"', answer)
        if found:
            self.refused.add(found[1].decode())
        return answer

    def at_once(self, count: int, *request: Any) -> None:
        """The same request many times at one moment."""
        senders = [threading.Thread(target=self.send, args=request) for _ in range(count)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()


def tip(text: str, **more: Any) -> bytes:
    """The body of a tip in clear."""
    return json.dumps({"text": text, **more}, ensure_ascii=False).encode()


def broken_bodies(marks: Marks) -> list[bytes]:
    """Bodies of JSON routes that are wrong in every way, each with marks."""
    mark, text = marks.of("broken-body"), marks.text("broken-body")
    return [
        tip(text)[:-1],
        tip(text).replace(b'{"text"', b'{"text": "x", "text"'),
        tip(text, **{mark: 1}),
        tip(text, language=mark),
        tip(text, category=mark),
        tip(text, place=mark),
        tip(text, procurement_refs=[{"scheme": mark, "id": mark}]),
        tip(text, coordinates={"latitude": mark, "longitude": 1, "precision_m": 1}),
        json.dumps({"text": {mark: [mark] * 9}}).encode(),
        json.dumps({"id": mark, "text": text}).encode(),
        json.dumps([mark, text]).encode(),
        tip(text + "\0"),
        tip(mark * 3000),
        json.dumps({"text": mark + "\ud800"}).encode(),
        text.encode("utf-16"),
        text.encode("cp874", "replace"),
        f'{{"text": {mark}}}'.encode(),
        b'{"text":' * 3000 + tip(text),
        mark.encode(),
        b"",
    ]


def every_kind_of_malformed_request(traffic: Traffic) -> None:
    """What no handler of ours ever sees whole, on each door."""
    mark = traffic.marks.of
    junk = f"{mark('path')}/{traffic.marks.digits}"
    for door in (REPORTER, STAFF, OPERATOR):
        for target in (
            f"/{junk}",
            f"/v1/tip/{junk}?{mark('query')}={mark('query')}",
            f"/v1/tip?receipt={traffic.marks.receipt()}&{mark('query')}",
            f"/v1/tip/attachments/{mark('path')}",
            f"/v1/tips/{mark('path')}/follow-ups",
            f"/v1/objects/{mark('path')}?after={mark('query')}",
            f"/health/live?{mark('query')}=%E0%B8%A5{mark('query')}",
            f"//{mark('path')}//..;/%2e%2e/{mark('path')}%00%zz",
        ):
            for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
                traffic.send(door, method, target, mark("body").encode(), JSON)
        for line in (
            f"{mark('method')} /v1/tips HTTP/1.1\r\nHost: x\r\n\r\n",
            f"GET /{mark('path')} HTTP/9.{mark('version')}\r\n\r\n",
            f"GET /{traffic.marks.thai} HTTP/1.1\r\nHost: x\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: {mark('host')}\r\n{mark('no-colon')}\r\n\r\n",
            f"GET / HTTP/1.1\r\nX: {mark('header') * 4000}\r\n\r\n",
            f"POST /v1/tips HTTP/1.1\r\nHost: x\r\nContent-Length: {mark('length')}\r\n\r\n",
            f"PUT /v1/tips HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nz{mark('chunk')}\r\n",
            mark("not-http") * 20,
        ):
            traffic.raw(door, line.encode())


def bodies_that_never_end(traffic: Traffic) -> None:
    """A front end that hangs up half-way, one that stalls, one that announces too much."""
    half = tip(traffic.marks.text("half-body"))[:-2]
    head = (
        f"POST /v1/tips HTTP/1.1\r\nHost: 127.0.0.1:{traffic.service.ports[REPORTER]}\r\n"
        "Content-Type: application/json\r\n"
        f"User-Agent: {traffic.marks.of('user-agent')}\r\nContent-Length: "
    ).encode()
    traffic.raw(REPORTER, head + b"500\r\n\r\n" + half, patience_s=0.1)
    traffic.raw(REPORTER, head + b"500\r\n\r\n" + half, patience_s=5)
    traffic.raw(REPORTER, head + b"9999999999\r\n\r\n" + half)
