"""A tip of each mode with marks in it, and what lies in the tables after it came in."""

import json
import secrets
from dataclasses import dataclass, field

import asyncpg

from tests.api.front_end import FrontEnd
from tests.api.sending import Sender
from tests.doors import JSON, OCTETS, Doors, with_receipt
from tests.pages import Desk, case
from tests.pictures import jpegs, marks

SERVER, CLIENT = MODES = ("server_sealed", "client_sealed")
TEXT = f"{marks.TEXT} ถนนพัง"
ADDRESS, BROWSER = "203.0.113.9", "Mozilla/5.0 canary"
TELLING = {"user-agent": BROWSER, "x-forwarded-for": ADDRESS, "accept-language": "en, x-canary"}


@dataclass
class Story:
    """One mode's tip: what went over the wire for it, and what lies in the tables after."""

    doors: Doors
    dsn: str
    mode: str
    front: FrontEnd
    photo: bytes = field(default_factory=jpegs.phone)
    wire: dict[str, bytes] = field(default_factory=dict)
    kept: str = ""
    days: dict[str, str] = field(default_factory=dict)

    @property
    def sealing(self) -> bool:
        return self.mode == CLIENT

    @property
    def credential(self) -> dict[str, str]:
        return dict(self.front.headers) if self.sealing else with_receipt(self.front.digits)

    def tip(self, text: str) -> bytes:
        """The body that this mode sends for a text."""
        return self.front.tip(text) if self.sealing else f'{{"text": "{text}"}}'.encode()

    def file(self, object_id: bytes) -> bytes:
        """The octets that this mode sends for the photo."""
        return self.front.attachment(object_id, self.photo) if self.sealing else self.photo

    async def tell(self) -> "Story":
        """A case that is public, a tip, a photo, and the first half of another."""
        assert (await Desk(self.doors).publish(case())).status_code == 201
        headers = OCTETS if self.sealing else {**JSON, **self.credential}
        await self._sent("POST", "/v1/tips", "text", self.tip(TEXT), {**headers, **TELLING})
        object_id = secrets.token_bytes(16)
        path = f"/v1/tip/attachments/{object_id.hex()}"
        sent = {**self.credential, **OCTETS, **TELLING}
        await self._sent("PUT", path, "files", self.file(object_id), sent)
        await self._begin_another(secrets.token_bytes(16))
        self.wire["receipt"] = self.credential["authorization"].encode()
        await self.look()
        return self

    async def _sent(
        self, method: str, path: str, what: str, body: bytes, headers: dict[str, str]
    ) -> None:
        answer = await self.doors.reporter.request(method, path, content=body, headers=headers)
        assert answer.status_code == 201, answer.text
        self.wire[what] = body

    async def _begin_another(self, object_id: bytes) -> None:
        octets = self.file(object_id)
        one = Sender(self.doors, self.credential, octets, object_id=object_id.hex())
        assert (await one.begin()).status_code == 201
        half = len(octets) // 2
        assert (await one.chunk(0, half)).status_code == 204
        self.wire["unfinished_files"] = octets[:half]

    async def look(self) -> None:
        """Reads every value of every table; octets as Latin letters, so that a search finds."""
        connection = await asyncpg.connect(self.dsn)
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        try:
            tables = {
                name: await connection.fetch(f"SELECT * FROM {name}")  # noqa: S608 - catalogue
                for (name,) in await connection.fetch(names)
            }
        finally:
            await connection.close()
        values = [value for rows in tables.values() for row in rows for value in row.values()]
        self.kept = "\n".join(
            v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in values
        )
        self.rows = {name: len(rows) for name, rows in tables.items()}
        self.links = {row["about_slug"] for row in tables["tips"]} - {None}
        self.sizes = sorted({row["payload_bytes"] for row in tables["envelopes"]})
        self.days = {row["tip_id"].hex(): str(row["received_on"]) for row in tables["tips"]}

    async def link(self, *, asking: bool) -> bytes:
        """Sends one more tip, about a case; returns its body.

        Args:
            asking: whether its front end asks that the link be noted in clear.
        """
        front, slug = FrontEnd(self.front.deployment_id, self.front.recipients), case()["slug"]
        said = {"text": "a", "case": slug, "link_in_clear": asking}
        body = front.tip(slug) if self.sealing else json.dumps(said).encode()
        named = {"tip-about": f"case/{slug}"} if self.sealing and asking else {}
        headers = {**(OCTETS if self.sealing else JSON), **named}
        answer = await self.doors.reporter.post("/v1/tips", content=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return body

    def keeps(self, octets: bytes) -> bool:
        return octets.decode("latin-1") in self.kept

    @property
    def is_marked(self) -> bool:
        """Whether a mark of the words or the photo lies anywhere in the tables."""
        return marks.found_in(self.kept.encode("latin-1", "replace"))
