"""Front ends that do what the documentation tells them to, and write down what they were told.

    1. make the receipt, or an Idempotency-Key, and every id yourself
    2. no answer, or 503: wait as told, then send the very same again
    3. 200 or 201: it is done. Anything else is a failure, and is written down as one

The journal holds what was acknowledged, so whoever reads the store can hold it to that.
"""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.domain import receipt
from mustshare_api.domain.message import TipBody, encode_message
from mustshare_api.flows.standing import PATIENCE_S
from tests.service import Response, Service

GIVE_UP_S = 90
ANSWER_S = PATIENCE_S + 30
"""How long a front end waits for an answer: longer than it may have to stand in line, and then
for the work. One that waited as long as the line alone hung up on a busy machine by itself."""

JSON = {"Content-Type": "application/json"}
OCTETS = {"Content-Type": "application/octet-stream"}


@dataclass
class Journal:
    """What was acknowledged, by all front ends of a test."""

    tips: dict[str, str | None] = field(default_factory=dict)
    """Text -> receipt, where a receipt was seen."""

    follow_ups: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id -> (text of its tip, text)."""

    photos: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id -> (text of its tip, SHA-256 of what was sent)."""

    left: list[tuple[str, str]] = field(default_factory=list)
    """Receipts that were exchanged, and for which."""

    failures: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    """Of the connections that were cut off, what was asked and how that ended."""

    shed: int = 0
    cut_off: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, **more: int) -> None:
        """Adds to the counts."""
        with self._lock:
            self.shed += more.get("shed", 0)
            self.cut_off += more.get("cut_off", 0)

    @property
    def acknowledged(self) -> int:
        """How many things."""
        return len(self.tips) + len(self.follow_ups) + len(self.photos)


class GaveUp(Exception):
    """A request that was not acknowledged in time, or was refused."""


class FrontEnd:
    """One connection and one journal."""

    def __init__(
        self, service: Service, journal: Journal, *, longest_wait_s: float = 60
    ) -> None:
        self._service = service
        self._context = service.context
        self._journal = journal
        self._longest_wait_s = longest_wait_s
        self._connection: HTTPSConnection | None = None

    def send(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Response:
        """Sends until there is an answer that is final.

        Raises:
            GaveUp: it was refused, or there was none in good time.
        """
        until = time.monotonic() + GIVE_UP_S
        while time.monotonic() < until:
            try:
                answer = self._once(method, target, body, headers)
            except (OSError, HTTPException) as error:
                self.close()
                self._journal.count(cut_off=1)
                self._journal.ends.append(f"{method} {target}: {error!r}")
                time.sleep(min(0.05, self._longest_wait_s))
                continue
            if answer.status in (200, 201):
                return answer
            if answer.status != 503 or "retry-after" not in answer.headers:
                raise GaveUp(f"{method} {target}: {answer.status} {answer.content[:300]!r}")
            self._journal.count(shed=1)
            time.sleep(min(float(answer.headers["retry-after"]), self._longest_wait_s))
        raise GaveUp(f"{method} {target}: no answer in {GIVE_UP_S} s")

    def _once(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Response:
        if self._connection is None:
            self._connection = HTTPSConnection(
                "127.0.0.1", self._service.ports[0], context=self._context, timeout=ANSWER_S
            )
        self._connection.request(method, target, body, dict(headers))
        answer = self._connection.getresponse()
        content = answer.read()
        if (answer.getheader("connection") or "").lower() == "close":
            self.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, named, content)

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def tip(self, text: str, how: str = "receipt") -> str:
        """Sends a tip in one of the four ways; its receipt."""
        digits = receipt.mint()
        headers = dict(JSON)
        if how == "receipt":
            headers["Authorization"] = f"Receipt {digits}"
        elif how == "retry key":
            headers["Idempotency-Key"] = secrets.token_urlsafe(24)
        body = json.dumps({"text": text}).encode()
        if how == "sealed":
            self.send("POST", "/v1/tips", sealed_tip(self._service, text, digits), OCTETS)
        else:
            told = self.send("POST", "/v1/tips", body, headers).json()["receipt"]
            digits = told or digits
        self._journal.tips[text] = digits
        return digits

    def rotate(self, tip: str, digits: str) -> str:
        """Exchanges a receipt for a new one; the new one."""
        new = receipt.mint()
        body = json.dumps({"receipt": new}).encode()
        self.send("POST", "/v1/tip/receipt", body, {**JSON, **with_receipt(digits)})
        self._journal.tips[tip] = new
        self._journal.left.append((digits, new))
        return new

    def follow_up(self, tip: str, digits: str, text: str) -> None:
        """Adds words to a tip."""
        object_id = secrets.token_hex(16)
        body = json.dumps({"id": object_id, "text": text}).encode()
        self.send("POST", "/v1/tip/follow-ups", body, {**JSON, **with_receipt(digits)})
        self._journal.follow_ups[object_id] = (tip, text)

    def photo(self, tip: str, digits: str, picture: bytes) -> None:
        """Adds a picture to a tip."""
        object_id = secrets.token_hex(16)
        target = f"/v1/tip/attachments/{object_id}"
        self.send("PUT", target, picture, {**OCTETS, **with_receipt(digits)})
        self._journal.photos[object_id] = (tip, hashlib.sha256(picture).hexdigest())


def with_receipt(digits: str) -> dict[str, str]:
    """The header."""
    return {"Authorization": f"Receipt {digits}"}


def sealed_tip(service: Service, text: str, digits: str) -> bytes:
    """The body with which a careful front end sends a tip."""
    keys = receipts.derive(digits, service.org.deployment_id)
    prefix = Prefix(
        kind=Kind.TIP,
        flags=0,
        tip_id=secrets.token_bytes(16),
        object_id=secrets.token_bytes(16),
        bundle_hash=receipts.bundle_hash(keys.bundle),
    )
    body = encode_message(TipBody(sent_at="2026-11-23T05:00:00Z", text=text))
    octets = sealing.seal_message(prefix, service.org.recipients(), body, keys.sign)
    return receipts.access_hash(keys.access) + keys.bundle + octets
