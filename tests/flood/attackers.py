"""Attackers over HTTP, in a process of their own: many connections of one kind.

    stdin    the job, a line of JSON       stdout   "ready": every connection is there
             "go"                                   what came of it, a line of JSON

An attacker keeps a connection and sends again as soon as it was answered, but no sooner than
`every_s` after the last; what a 503 says of coming back is nothing to them. The process is nice
to the others on the machine: what is measured is the service, and attackers have machines of
their own.
"""

import asyncio
import json
import os
import secrets
import ssl
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from mustshare_api.domain import receipt
from tests.bench.load import request
from tests.flood.solving import solved

JSON = "application/json"
TEXT = json.dumps({"text": "ข้อความขยะ " * 8}).encode()
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE

Job = dict[str, Any]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Tally:
    """What came of it: taken (2xx), refused (4xx), turned away for want of room, cut off."""

    taken: int = 0
    refused: int = 0
    turned_away: int = 0
    cut_off: int = 0
    solving_s: float = 0.0
    cpu_s: float = 0.0


def tip(*more: str) -> bytes:
    """A tip in clear, with header lines."""
    octets = request("POST", "/v1/tips", JSON, TEXT)
    return with_lines(octets, more)


def with_lines(octets: bytes, more: tuple[str, ...]) -> bytes:
    """A request with further header lines."""
    head, _, body = octets.partition(b"\r\n\r\n")
    return b"\r\n".join([head, *(line.encode() for line in more), b"", b""]) + body


def brings(job: Job) -> bytes:
    """A tip with one of the solutions that the job has."""
    return tip(f"Challenge-Solution: {secrets.choice(job['solutions'])}")


def guess(_job: Job) -> bytes:
    """A receipt of the right form that nobody has."""
    return request("GET", "/v1/tip", "", b"", f"Receipt {receipt.mint()}")


def begin(job: Job) -> bytes:
    """A new upload on a tip of the attacker's own, by its access token: without a stretch."""
    said = json.dumps({"id": secrets.token_hex(16), "size_bytes": 1 << 20}).encode()
    token = secrets.choice(job["tokens"])
    octets = request("POST", "/v1/tip/uploads", JSON, said, f"Bearer {token}")
    return with_lines(octets, (f"Upload-Token: {secrets.token_urlsafe(32)}",))


MAKERS: dict[str, Callable[[Job], bytes]] = {
    "plain": lambda _: tip(),
    "replay": brings,
    "forged": brings,
    "guess": guess,
    "key": lambda job: tip(f"Partner-Key: {job['key']}"),
    "uploads": begin,
    "hammer": lambda _: request("POST", "/v1/challenges", "", b""),
    "asks": lambda _: request("GET", "/v1/intake", "", b""),
}


class Attack:
    """All connections of a job."""

    def __init__(self, job: Job) -> None:
        self.job, self.tally, self.until = job, Tally(), 0.0
        self._solvers = ThreadPoolExecutor(job.get("cores", 1))

    async def connect(self) -> list[Streams]:
        """Every connection, some at a time: a handshake costs the service a millisecond."""
        made = list[Streams]()
        for _ in range(0, self.job["connections"], 20):
            made += await asyncio.gather(*(self._connected() for _ in range(20)))
        return made[: self.job["connections"]]

    async def _connected(self) -> Streams:
        return await asyncio.open_connection("127.0.0.1", self.job["port"], ssl=CONTEXT)

    async def run(self, streams: Streams) -> None:
        """One attacker, until time is up."""
        await asyncio.sleep(secrets.randbelow(1000) / 1000 * self.job["every_s"])
        while (began := time.monotonic()) < self.until:
            try:
                await self._again(streams)
            except (OSError, EOFError):
                self.tally.cut_off += 1
                streams[1].transport.abort()
                await asyncio.sleep(0.2)
                streams = await self._connected()
            await asyncio.sleep(max(0.0, self.job["every_s"] - (time.monotonic() - began)))
        streams[1].transport.abort()

    async def _again(self, streams: Streams) -> None:
        if self.job["kind"] == "solve":
            octets = tip(f"Challenge-Solution: {await self._solution(streams)}")
        else:
            octets = MAKERS[self.job["kind"]](self.job)
        status, _ = await answered(streams, octets)
        if status < 300:
            self.tally.taken += 1
        elif status in (429, 503):
            self.tally.turned_away += 1
        else:
            self.tally.refused += 1

    async def _solution(self, streams: Streams) -> str:
        """A challenge, solved in earnest."""
        _, content = await answered(streams, MAKERS["hammer"](self.job))
        loop = asyncio.get_running_loop()
        solution, took_s = await loop.run_in_executor(
            self._solvers, solved, json.loads(content)
        )
        self.tally.solving_s += took_s
        return solution


async def answered(streams: Streams, octets: bytes) -> tuple[int, bytes]:
    """Sends a request; its answer's status and body."""
    reader, writer = streams
    writer.write(octets)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    headers = dict(line.partition(b": ")[::2] for line in head.split(b"\r\n")[1:] if line)
    content = await reader.readexactly(int(headers.get(b"content-length", 0)))
    if headers.get(b"connection") == b"close":
        writer.close()
    return int(head[9:12]), content


async def main() -> None:
    """Does the job."""
    attack = Attack(json.loads(sys.stdin.readline()))
    connections = await attack.connect()
    os.nice(10)
    print("ready", flush=True)
    sys.stdin.readline()
    began_cpu_s = time.process_time()
    attack.until = time.monotonic() + attack.job["seconds"]
    await asyncio.wait(
        [asyncio.create_task(attack.run(one)) for one in connections],
        timeout=attack.job["seconds"],
    )
    attack.tally.cpu_s = time.process_time() - began_cpu_s
    print(json.dumps(asdict(attack.tally)), flush=True)
    os._exit(0)  # what still waits for an answer will not get one


if __name__ == "__main__":
    asyncio.run(main())
