"""A load generator in a process of its own, as cheap as it can be: requests made beforehand.

    stdin   one job as JSON
    stdout  what came of it as JSON

Each client keeps one connection alive and sends again as soon as it was answered; 503 with a
Retry-After is waited for and counted, and is no failure.
"""

import asyncio
import json
import secrets
import ssl
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX_IDS = slice(8, 40)
"""Where an object's tip id and object id stand: fresh ones make another object of it."""

FRONT_BYTES = 32 + 1248
"""Access hash and bundle, before a sealed tip."""


@dataclass
class Tally:
    """What came of a job."""

    accepted: int = 0
    shed: int = 0
    failures: list[str] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)

    def report(self, elapsed_s: float) -> dict[str, Any]:
        """As the parent wants it."""
        ordered = sorted(self.latencies_ms) or [0.0]
        return {
            "accepted": self.accepted,
            "shed": self.shed,
            "failures": self.failures[:3],
            "failed": len(self.failures),
            "per_s": self.accepted / elapsed_s,
            "p50_ms": statistics.median(ordered),
            "p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        }


def in_clear(job: dict[str, Any], _body: bytes) -> Callable[[], bytes]:
    """The same text again and again: the service makes another receipt each time."""
    octets = request("POST", "/v1/tips", "application/json", job["text"].encode())
    return lambda: octets


def sealed(_job: dict[str, Any], body: bytes) -> Callable[[], bytes]:
    """One sealed tip with other ids and another access hash each time."""

    def fresh() -> bytes:
        made = bytearray(body)
        made[:32] = secrets.token_bytes(32)
        ids = slice(FRONT_BYTES + PREFIX_IDS.start, FRONT_BYTES + PREFIX_IDS.stop)
        made[ids] = secrets.token_bytes(32)
        return request("POST", "/v1/tips", "application/octet-stream", bytes(made))

    return fresh


def upload(job: dict[str, Any], body: bytes) -> Callable[[], bytes]:
    """A file under a new id each time; the id stands in a sealed one too."""

    def fresh() -> bytes:
        object_id = secrets.token_bytes(16)
        made = bytearray(body)
        if job["sealed"]:
            made[24:40] = object_id
        credential = secrets.choice(job["credentials"])
        target = f"/v1/tip/attachments/{object_id.hex()}"
        return request("PUT", target, "application/octet-stream", bytes(made), credential)

    return fresh


def ask(job: dict[str, Any], _body: bytes) -> Callable[[], bytes]:
    """A GET."""
    octets = request("GET", job["target"], "", b"", job.get("credential", ""))
    return lambda: octets


KINDS = {"in clear": in_clear, "sealed": sealed, "upload": upload, "ask": ask}


def request(method: str, target: str, kind: str, body: bytes, credential: str = "") -> bytes:
    """A request's octets."""
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n"
    head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else ""
    head += f"Authorization: {credential}\r\n" if credential else ""
    return head.encode() + b"\r\n" + body


class Client:
    """One connection."""

    def __init__(self, job: dict[str, Any], fresh: Callable[[], bytes], tally: Tally) -> None:
        self._job = job
        self._fresh = fresh
        self._tally = tally
        self._context = ssl.create_default_context(cafile=job["ca"])

    async def run(self, until: float) -> None:
        """Sends until the time, or the number of requests, is up."""
        left = self._job.get("each", 1 << 30)
        streams = await self._connect()
        while time.monotonic() < until and left > 0:
            began = time.monotonic()
            try:
                status, retry_after, closing = await self._once(*streams, self._fresh())
            except (OSError, asyncio.IncompleteReadError) as error:
                self._tally.failures.append(type(error).__name__)
                streams = await self._connect()
                continue
            if status == 503 and retry_after is not None:
                self._tally.shed += 1
                await asyncio.sleep(min(retry_after, 2))
            elif status in self._job["wants"]:
                self._tally.accepted += 1
                self._tally.latencies_ms.append((time.monotonic() - began) * 1e3)
                left -= 1
            else:
                self._tally.failures.append(str(status))
            if closing:
                streams[1].close()
                streams = await self._connect()
        streams[1].close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._job["port"], ssl=self._context)

    async def _once(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, octets: bytes
    ) -> tuple[int, int | None, bool]:
        writer.write(octets)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        headers = dict(line.partition(b": ")[::2] for line in head.split(b"\r\n")[1:] if line)
        await reader.readexactly(int(headers.get(b"content-length", 0)))
        waits = headers.get(b"retry-after")
        closing = headers.get(b"connection") == b"close"
        return int(head[9:12]), int(waits) if waits else None, closing


async def main() -> None:
    """Runs the job."""
    job = json.load(sys.stdin)
    body = Path(job["body"]).read_bytes() if "body" in job else b""
    tally = Tally()
    fresh = KINDS[job["kind"]](job, body)
    clients = [Client(job, fresh, tally) for _ in range(job["clients"])]
    began = time.monotonic()
    until = began + job.get("seconds", 600)
    await asyncio.gather(*(client.run(until) for client in clients))
    json.dump(tally.report(time.monotonic() - began), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
