"""A staff door of a few lines, over TLS, that checks every signature as the real one does."""

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
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
from mustshare_api.crypto.envelope import HEAD_LIMIT, PREFIX_BYTES, parse_head
from mustshare_api.crypto.local_ca import Issued, make_server_certificate
from mustshare_api.crypto.receipts import bundle_hash
from mustshare_api.errors import Skewed, Unsigned
from tests.keytool import fake_feed
from tests.keytool.fake_log import FakeLog

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
    chains: dict[str, dict[str, Any]] = field(default_factory=dict)
    index_overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    follow_ups: dict[str, list[bytes]] = field(default_factory=dict)
    attachments: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    requests_seen: list[tuple[str, str]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    refuse: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)
    asks_to_wait: str = ""  # with every answer
    refuse_entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    accepted_kids: frozenset[bytes] | None = None
    lose_answers_to: list[str] = field(default_factory=list)
    cut_objects_after: int | None = None
    ranges: fake_feed.Ranges = field(default_factory=fake_feed.Ranges)
    before_replacing: Callable[[str], None] | None = None
    says_done_and_does_nothing: bool = False
    page: int = PAGE
    changed_on: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)  # what no page of changes tells of
    log: FakeLog = field(default_factory=FakeLog)
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
            "digest": digest_of(octets),
        } | self.index_overrides.get(object_id, {})

    def replace(self, object_id: str, octets: bytes, if_match: str | None) -> tuple[int, bytes]:
        """Puts other octets in an object's place if its head is the one that was seen."""
        if self.before_replacing:
            self.before_replacing(object_id)
        if if_match is None:
            return 428, b'{"code": "precondition.missing"}'
        if object_id not in self.objects:
            return 404, b'{"code": "object.not_found"}'
        if octets == self.objects[object_id] or self.says_done_and_does_nothing:
            return 204, b""
        if if_match != f'"{digest_of(self.objects[object_id])}"':
            return 412, b'{"code": "object.changed"}'
        self.objects[object_id] = octets
        return 204, b""

    def head(self, object_id: str) -> bytes:
        return parse_head(self.objects[object_id][:HEAD_LIMIT]).octets

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
    # An answer goes out in two pieces. Held back by Nagle's algorithm, the second waits 40 ms.
    disable_nagle_algorithm = True
    door: FakeDoor
    tag = range = ""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""

    def do_GET(self) -> None:
        self._answer()

    do_PUT = do_POST = do_GET  # noqa: N815 - names that http.server looks for

    def _answer(self) -> None:
        self.tag = self.range = ""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.door.requests_seen.append((self.command, parts.path))
        try:
            self._check(parts.path, parts.query, body)
        except Unsigned as refused:
            skew = {"skew_s": refused.skew_s} if isinstance(refused, Skewed) else {}
            told = {"code": refused.code, "title": "no", **skew}
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
        if told := self.door.refuse.get((self.command, path)):
            return told
        if self.command == "GET":
            return self._read(path.split("/")[2:], query)
        if self.command == "PUT" and path.startswith("/v1/objects/"):
            return self._replace(path.split("/")[3:], body)
        return self._write(path.split("/")[2:], query, body)

    def _replace(self, path: list[str], body: bytes) -> tuple[int, bytes]:
        if path[0] not in self.door.objects:
            return 404, b'{"code": "object.not_found"}'
        if path[1:] == ["recipients"]:
            octets = self.door.objects[path[0]]
            length = parse_head(octets[:HEAD_LIMIT]).length
            body = octets[:PREFIX_BYTES] + body + octets[length:]
        return self.door.replace(path[0], body, self.headers["If-Match"])

    def _read(self, path: list[str], query: dict[str, list[str]]) -> tuple[int, bytes]:
        door = self.door
        told: tuple[int, bytes]
        match path:
            case ["index"]:
                told = 200, fake_feed.page("objects", door.index(), query, door.page)
            case ["tips"]:
                told = 200, fake_feed.page("tips", fake_feed.tips(door), query, door.page)
            case ["objects", object_id, *rest] if object_id in door.objects:
                told, self.tag, self.range = fake_feed.part(
                    door, object_id, rest == ["head"], self.headers
                )
            case ["tips", tip_id, "rotations"] if tip_id in door.chains:
                told = 200, json.dumps(door.chains[tip_id]).encode()
            case ["changes"]:
                told = self._changes(query)
            case ["directory"]:
                told = 200, door.directory
            case ["audit", *rest]:
                told = door.log.answer(rest, query, door.directory)
            case _:
                told = NOT_FOUND
        return told

    def _changes(self, query: dict[str, list[str]]) -> tuple[int, bytes]:
        octets = fake_feed.changes(self.door, query)
        self.tag = f'"{hashlib.sha256(octets).hexdigest()}"'
        return (304, b"") if self.headers["If-None-Match"] == self.tag else (200, octets)

    def _write(
        self, path: list[str], query: dict[str, list[str]], body: bytes
    ) -> tuple[int, bytes]:
        told: tuple[int, bytes]
        match path:
            case ["directory"]:
                self.door.directory = body
                told = 204, b""
            case ["objects", "batch"]:
                told = 200, fake_feed.batch(self.door, body)
            case ["audit", "cosignatures"]:
                self.door.log.cosigned.append(body)
                told = 204, b""
            case ["tips", tip_id, "attachments", object_id]:
                file = (tip_id, object_id, query["follow_up"][0], body)
                told = self._take(tip_id, self.door.attachments, file, body)
            case ["desk", "entries"]:
                told = 207, fake_feed.note(self.door, body)
            case ["tips", tip_id, "steps"] if tip_id in self.door.tips:
                told = fake_feed.step(self.door.tips[tip_id], self.headers["If-Match"], body)
            case ["tips", tip_id, "follow-ups"]:
                stored = self.door.follow_ups.setdefault(tip_id, [])
                told = self._take(tip_id, stored, body, body)
            case _:
                told = NOT_FOUND
        return told

    def _take(
        self, tip_id: str, stored: list[_Sent], sent: _Sent, octets: bytes
    ) -> tuple[int, bytes]:
        """As the real door: nothing new to a receipt that was exchanged."""
        chain = self.door.chains.get(tip_id)
        if chain and sent not in stored:
            named = parse_head(octets[:HEAD_LIMIT]).prefix.bundle_hash
            if named != bundle_hash(base64.b64decode(chain["bundle"])):
                return 409, b'{"code": "tip.rotated"}'
        return _store(stored, sent)

    def _send(self, status: int, answer: bytes) -> None:
        self.send_response(status)
        told = {"ETag": self.tag, "Content-Range": self.range}
        for name, value in {**told, "Retry-After": self.door.asks_to_wait}.items():
            if value:
                self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.door.cut_objects_after is not None and "/v1/objects/" in self.path:
            answer = answer[: self.door.cut_objects_after]
            self.close_connection = True
        self.wfile.write(answer)


def digest_of(octets: bytes) -> str:
    return hashlib.sha256(parse_head(octets[:HEAD_LIMIT]).octets).hexdigest()


def _store(stored: list[_Sent], sent: _Sent) -> tuple[int, bytes]:
    """201 the first time, 200 for the same again."""
    if sent in stored:
        return 200, b""
    stored.append(sent)
    return 201, b""


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
