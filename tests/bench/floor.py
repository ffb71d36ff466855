"""The floor beneath the service: the work that no service could do without, and nothing else.

    stdin   {"dsn", "clients", "seconds", "recipients": [base64], "text"}
    stdout  {"accepted", "cpu_ms", "argon2_ms", "per_s"}, or with "photo" the bare picture

Per tip: one Argon2id in a pool of as many threads as the service has, one seal, one commit.
"""

import asyncio
import base64
import io
import json
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from PIL import Image

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import SERVER_SEALED, Kind, Prefix
from mustshare_api.domain import receipt

SLOTS = 2
DEPLOYMENT = bytes(16)


class Floor:
    """Counts what bare tips cost."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self._recipients = [base64.b64decode(key) for key in job["recipients"]]
        self._threads = ThreadPoolExecutor(SLOTS)
        self._text = job["text"].encode()
        self._argon2_s = 0.0
        self._accepted = 0

    async def run(self) -> dict[str, Any]:
        """All clients together."""
        pool = await asyncpg.create_pool(self._job["dsn"], min_size=1, max_size=16)
        await pool.execute("CREATE TABLE IF NOT EXISTS bench_floor (octets bytea NOT NULL)")
        cpu, began = time.process_time(), time.monotonic()
        until = began + self._job["seconds"]
        await asyncio.gather(*(self._client(pool, until) for _ in range(self._job["clients"])))
        cpu, elapsed = time.process_time() - cpu, time.monotonic() - began
        await pool.close()
        done = max(self._accepted, 1)
        return {
            "accepted": self._accepted,
            "cpu_ms": cpu / done * 1e3,
            "argon2_ms": self._argon2_s / done * 1e3,
            "per_s": self._accepted / elapsed,
        }

    async def _client(self, pool: "asyncpg.Pool[asyncpg.Record]", until: float) -> None:
        loop = asyncio.get_running_loop()
        while time.monotonic() < until:
            keys = await loop.run_in_executor(self._threads, self._derive)
            prefix = Prefix(
                kind=Kind.TIP,
                flags=SERVER_SEALED,
                tip_id=secrets.token_bytes(16),
                object_id=secrets.token_bytes(16),
                bundle_hash=receipts.bundle_hash(keys.bundle),
            )
            octets = sealing.seal_message(prefix, self._recipients, self._text, keys.sign)
            await pool.execute("INSERT INTO bench_floor VALUES ($1)", octets)
            self._accepted += 1

    def _derive(self) -> receipts.ReceiptKeys:
        began = time.thread_time()
        keys = receipts.derive(receipt.mint(), DEPLOYMENT)
        self._argon2_s += time.thread_time() - began
        return keys


def bare_picture(path: str) -> dict[str, Any]:
    """One decode and one encode as the service encodes, in CPU."""
    octets = Path(path).read_bytes()
    began = time.process_time()
    with Image.open(io.BytesIO(octets)) as picture:
        picture.save(io.BytesIO(), "JPEG", quality=92, subsampling="4:2:0", optimize=True)
    return {"accepted": 1, "cpu_ms": (time.process_time() - began) * 1e3}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    found = bare_picture(given["photo"]) if "photo" in given else uvloop.run(Floor(given).run())
    json.dump(found, sys.stdout)
