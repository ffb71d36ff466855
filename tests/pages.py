"""Pages that tests publish: their contents, and two officers who send them."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.doors import Doors
from tests.pictures import jpegs


def both(text: str) -> dict[str, str]:
    """A text in two languages."""
    return {"th": f"{text} (ไทย)", "en": f"{text} (English)"}


def case(**changes: Any) -> dict[str, Any]:
    """A case's content."""
    return {
        "slug": "kinnari-lamp-posts",
        "version": 1,
        "state": "open",
        "title": both("Kinnari lamp posts"),
        "summary": both("Lamp posts of 95,000 baht each"),
        "body": {"th": "# เสาไฟ\n\n**ราคา**", "en": "# Lamp posts\n\n**price**"},
        "agency": both("Racha Thewa"),
        "places": ["110303"],
        "procurement": [{"scheme": "TH-EGP", "id": "63017000001"}],
        "budget": [{"baht": 642_000_000, "label": both("in all")}],
        "timeline": [{"on": "2021-06-01", "text": both("found")}],
        "call_for_evidence": both("Do you have the inspection report?"),
        "right_of_reply": [
            {"from": both("the mayor"), "text": both("we did nothing"), "on": "2021-07-01"}
        ],
        **changes,
    }


def article(**changes: Any) -> dict[str, Any]:
    """An article's content."""
    return {
        "slug": "how-to-read-a-tender",
        "version": 1,
        "form": "knowledge",
        "title": both("How to read a tender"),
        "summary": both("In five steps"),
        "body": {"th": "1. อ่าน", "en": "1. read"},
        **changes,
    }


def change() -> dict[str, Any]:
    """What a correction says of itself."""
    return {"what": both("the price"), "why": both("a mistake")}


def picture(octets: bytes) -> dict[str, Any]:
    """How a page names a picture."""
    return {
        "id": secrets.token_hex(16),
        "sha256": hashlib.sha256(octets).hexdigest(),
        "alt": both("a lamp post"),
    }


@dataclass
class Desk:
    """Two officers at the staff door."""

    doors: Doors
    plural: str = "cases"
    page_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def path(self) -> str:
        """Where the page is published."""
        return f"/v1/{self.plural}/{self.page_id}/publication"

    async def put(
        self, target: str, body: Any, version: int | str | None = 0, officer: int = 0
    ) -> httpx.Response:
        """A signed change of what was seen as a version."""
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        seen = f'"{version}"' if isinstance(version, int) else version
        by = self.doors.org.officers[officer]
        headers = self.doors.signature("PUT", target, octets, by, seen)
        return await self.doors.staff.put(target, content=octets, headers=headers)

    async def get(self, target: str) -> httpx.Response:
        """A signed question."""
        return await self.doors.signed("GET", target)

    async def propose(self, content: dict[str, Any]) -> httpx.Response:
        """The first officer's digest."""
        digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        return await self.put(self.path, {"digest": digest}, content["version"] - 1)

    async def second(self, content: dict[str, Any]) -> httpx.Response:
        """The second officer's page."""
        return await self.put(self.path, content, content["version"] - 1, officer=1)

    async def publish(self, content: dict[str, Any]) -> httpx.Response:
        """Both, one after another."""
        proposed = await self.propose(content)
        assert proposed.status_code == 202, proposed.text
        return await self.second(content)

    async def send_picture(self, named: dict[str, Any], octets: bytes) -> httpx.Response:
        """A picture of the page."""
        target = f"{self.path}/pictures/{named['id']}"
        return await self.put(target, octets, None)

    async def take_down(self, version: int) -> httpx.Response:
        """Hides it."""
        target = f"/v1/{self.plural}/{self.page_id}/taking-down"
        return await self.put(target, {"reason": change()}, version)


def photo() -> bytes:
    """A photo that says nothing about its owner, as the key tool would send it."""
    return jpegs.plain()
