"""A staff door of a few lines, over TLS, that checks every signature as the real one does."""

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto import requests
from mustshare_api.crypto.envelope import HEAD_LIMIT, parse_head
from mustshare_api.crypto.local_ca import Issued, make_server_certificate
from mustshare_api.errors import Skewed, Unsigned

NOT_FOUND = (404, b'{"code": "not_found", "title": "Nothing here"}')
PAGE = 2
"""Small, so that every test with three objects turns a page."""


_Sent = TypeVar("_Sent")


@dataclass
class FakeDoor:
    """What the door holds, what it was sent, and the faults it is told to have."""

    clock: Clock
    signing_keys: dict[str, bytes]
    directory: bytes = b""
    objects: dict[str, bytes] = field(default_factory=dict)
    tips: dict[str, dict[str, Any]] = field(default_factory=dict)
    index_overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    follow_ups: dict[str, list[bytes]] = field(default_factory=dict)
    attachments: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    requests_seen: list[tuple[str, str]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    refuse: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    lose_answers_to: list[str] = field(default_factory=list)
    cut_objects_after: int | None = None
    port: int = 0

    @cached_property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def index(self) -> list[dict[str, Any]]:
        return [self._listed(i, octets) for i, octets in sorted(self.objects.items())]

    def _listed(self, object_id: str, octets: bytes) -> dict[str, Any]:
        head = parse_head(octets[:HEAD_LIMIT])
        return {
            "object_id": object_id,
            "tip_id": head.prefix.tip_id.hex(),
            "kind": int(head.prefix.kind),
            "received_on": "2026-11-23",
            "octets": len(octets),
            "digest": hashlib.sha256(head.octets).hexdigest(),
        } | self.index_overrides.get(object_id, {})

    def add_tip(self, tip_id: bytes, bundle: bytes | None) -> None:
        self.tips[tip_id.hex()] = {
            "tip_id": tip_id.hex(),
            "state": "received",
            "received_on": "2026-11-23",
            "expires_on": "2027-11-23",
            "bundle": base64.b64encode(bundle).decode() if bundle else None,
            "answered": False,
        }


class _Handler(BaseHTTPRequestHandler):
    """Answers for a `FakeDoor`, which a subclass names."""

    protocol_version = "HTTP/1.1"
    door: FakeDoor

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.door.requests_seen.append((self.command, parts.path))
        try:
            self._check(parts.path, parts.query, body)
        except Unsigned as refused:
            told: dict[str, Any] = {"code": refused.code, "title": "no"}
            if isinstance(refused, Skewed):
                told |= {"skew_s": refused.skew_s}
            self._send(401, json.dumps(told).encode())
            return
        status, answer = self._route(parts.path, parse_qs(parts.query), body)
        if self.command in self.door.lose_answers_to:
            self.door.lose_answers_to.remove(self.command)
            self.close_connection = True
            return
        self._send(status, answer)

    def _check(self, path: str, query: str, body: bytes) -> None:
        headers = dict(self.headers.items())
        verified = requests.verify(
            self.command,
            self.headers["Host"],
            path,
            query,
            headers,
            now=int(self.door.clock.now().timestamp()),
            public_key_of=self.door.signing_keys.get,
        )
        digest = requests.BodyDigest(headers)
        digest.update(body)
        digest.check()
        if verified.nonce in self.door.nonces:
            raise Unsigned("signature.replayed")
        self.door.nonces.add(verified.nonce)

    def _route(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, bytes]:
        told = self.door.refuse.get((self.command, path))
        if told is not None:
            return told
        if self.command == "GET":
            return self._read(path.split("/")[2:], query)
        return self._write(path.split("/")[2:], query, body)

    def _read(self, path: list[str], query: dict[str, list[str]]) -> tuple[int, bytes]:
        door = self.door
        match path:
            case ["index"]:
                return 200, _page("objects", door.index(), query)
            case ["tips"]:
                return 200, _page("tips", sorted_tips(door), query)
            case ["objects", object_id] if object_id in door.objects:
                return 200, door.objects[object_id]
            case ["directory"]:
                return 200, door.directory
            case _:
                return NOT_FOUND

    def _write(
        self, path: list[str], query: dict[str, list[str]], body: bytes
    ) -> tuple[int, bytes]:
        match path:
            case ["directory"]:
                self.door.directory = body
                return 204, b""
            case ["tips", tip_id, "attachments", object_id]:
                sent = (tip_id, object_id, query["follow_up"][0], body)
                return _store(self.door.attachments, sent)
            case ["tips", tip_id, "follow-ups"]:
                return _store(self.door.follow_ups.setdefault(tip_id, []), body)
            case _:
                return NOT_FOUND

    def _send(self, status: int, answer: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.door.cut_objects_after is not None and "/v1/objects/" in self.path:
            answer = answer[: self.door.cut_objects_after]
            self.close_connection = True
        self.wfile.write(answer)


def _store(stored: list[_Sent], sent: _Sent) -> tuple[int, bytes]:
    """201 the first time, 200 for the same again."""
    if sent in stored:
        return 200, b""
    stored.append(sent)
    return 201, b""


def sorted_tips(door: FakeDoor) -> list[dict[str, Any]]:
    return [tip for _, tip in sorted(door.tips.items())]


def _page(name: str, listed: list[dict[str, Any]], query: dict[str, list[str]]) -> bytes:
    after = query.get("after", [""])[0]
    key = "object_id" if name == "objects" else "tip_id"
    rest = [each for each in listed if each[key] > after]
    shown = rest[: min(PAGE, int(query["limit"][0]))]
    following = shown[-1][key] if len(rest) > len(shown) else None
    return json.dumps({name: shown, "next": following}).encode()


@contextmanager
def serving(door: FakeDoor, authority: Issued, folder: Path) -> Iterator[FakeDoor]:
    """Serves on a loopback port until the block ends."""
    issued = make_server_certificate(authority, SystemClock().now())
    pair = folder / "door.pem"
    pair.write_bytes(issued.key_pem + issued.certificate_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(pair)
    handler = type("Handler", (_Handler,), {"door": door})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    door.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
