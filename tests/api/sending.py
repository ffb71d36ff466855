"""Somebody who sends a file in pieces, and a look at what lies in the tables meanwhile."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from tests.api.files import located
from tests.doors import JSON, OCTETS, Doors, with_receipt

PATH = "/v1/tip/uploads"


def minted() -> str:
    """A token."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


@dataclass
class Sender:
    """A front end that sends one file in pieces."""

    doors: Doors
    credential: dict[str, str]
    octets: bytes
    token: str = field(default_factory=minted)
    object_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def headers(self) -> dict[str, str]:
        return {**self.credential, "upload-token": self.token}

    async def begin(self, **more: Any) -> httpx.Response:
        about = {"id": self.object_id, "size_bytes": len(self.octets), **more}
        return await self.doors.reporter.post(
            PATH, json=about, headers={**self.headers, **JSON}
        )

    async def chunk(self, start: int, end: int | None = None) -> httpx.Response:
        return await self.send(start, self.octets[start:end])

    async def send(self, offset: int, octets: bytes) -> httpx.Response:
        headers = {**self.headers, **OCTETS, "upload-offset": str(offset)}
        return await self.doors.reporter.patch(PATH, content=octets, headers=headers)

    async def head(self) -> httpx.Response:
        return await self.doors.reporter.head(PATH, headers=self.headers)

    async def whole(self, step: int = 1000, **more: Any) -> httpx.Response:
        answer = await self.begin(**more)
        assert answer.status_code == 201, answer.text
        for start in range(0, len(self.octets), step):
            answer = await self.chunk(start, start + step)
        return answer


async def sender(doors: Doors, octets: bytes | None = None) -> Sender:
    """Somebody with a tip and a picture."""
    receipt = with_receipt(await doors.new_tip())
    return Sender(doors, receipt, located() if octets is None else octets)


def raw(one: Sender, more: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as octets, so that anything can stand in them."""
    return [(name.encode(), value.encode()) for name, value in (one.headers | more).items()]


async def table(dsn: str, name: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(f"SELECT * FROM {name}")  # noqa: S608 - a name of ours
    finally:
        await connection.close()
