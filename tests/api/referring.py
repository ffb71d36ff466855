"""Officers and agencies around one referral."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
from typing_extensions import override

from mustshare_api.crypto import agency_words, drafts, opening, receipts, sealing, xwing
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.crypto.agency_words import Said
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.envelope import Expected, Head, Kind, Prefix, parse_head
from mustshare_api.crypto.referred import NamedTip, commitment
from mustshare_api.crypto.suite import sha256, signer, verify_key_of
from mustshare_api.domain.docket import (
    DocketBody,
    DocketOutcome,
    DocketReferral,
    encode_docket,
)
from mustshare_api.domain.referral import OutcomeKind, State
from tests.doors import Doors
from tests.organisation import Officer

JSON = {"content-type": "application/json"}


@dataclass
class Agency(Officer):
    """An agency: a signing seed, and the seed of an age identity."""

    age_seed: bytes = field(default_factory=xwing.new_seed)

    @property
    def recipient(self) -> bytes:
        return xwing.public_key_of(self.age_seed)

    @override
    def entries(self) -> list[Entry]:
        return [
            Entry.of("agency-signing", self.name, None, verify_key_of(self.sign_seed)),
            Entry.of("agency", self.name, None, self.recipient),
        ]

    def sealed(self, content: bytes = b"a tar archive") -> bytes:
        """An age file to this agency."""
        sealer = AgeSealer([self.recipient])
        return sealer.head + sealer.update(content) + sealer.finalize()


@dataclass
class Office:
    """The doors, two officers, two agencies, and what they ask."""

    doors: Doors
    nacc: Agency
    pacc: Agency
    words: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Of each referral what its second officer sends."""

    @property
    def first(self) -> Officer:
        return self.doors.org.officers[0]

    @property
    def second(self) -> Officer:
        return self.doors.org.officers[1]

    async def ask(
        self,
        method: str,
        target: str,
        body: bytes | dict[str, Any] = b"",
        *,
        by: Officer | None = None,
        seen: int | str | None = None,
        more: dict[str, str] | None = None,
    ) -> httpx.Response:
        """A signed request. `seen` is a version, or a whole If-Match."""
        octets = json.dumps(body).encode() if isinstance(body, dict) else body
        match = f'"{seen}"' if isinstance(seen, int) else seen
        headers = self.doors.signature(method, target, octets, by, match)
        headers |= JSON if isinstance(body, dict) else {}
        return await self.doors.staff.request(
            method, target, content=octets, headers=headers | (more or {})
        )

    async def proposed(self, octets: bytes | None = None, agency: str = "nacc") -> str:
        """A referral of a verified tip that waits for a second officer; its id."""
        file = octets or self.nacc.sealed()
        return await self.proposed_of([await self.a_tip()], file, agency)

    async def proposed_of(
        self, tips: list[dict[str, Any]], file: bytes | None = None, agency: str = "nacc"
    ) -> str:
        """The same, of these tips."""
        made, octets = secrets.token_hex(16), file or self.nacc.sealed()
        said = agreed(octets, tips)
        got = await self.ask("PUT", proposal(made, said, agency), octets)
        assert got.status_code == 202, got.text
        self.words[made] = said
        return made

    async def a_tip(self) -> dict[str, Any]:
        """Some living tip that can be referred, and its version."""
        await self.listed() or await self.doors.new_tip()
        tip_id, one = next(iter((await self.listed()).items()))
        if one["state"] == "received":
            await self.verify(tip_id)
        return {"tip_id": tip_id, "steps": (await self.listed())[tip_id]["steps"]}

    async def verify(self, tip_id: str) -> None:
        got = await self.ask("POST", f"/v1/tips/{tip_id}/steps", {"step": "verify"}, seen=0)
        assert got.status_code == 200, got.text

    async def listed(self) -> dict[str, Any]:
        """Living tips by id, as officers are told of them."""
        tips = (await self.ask("GET", "/v1/tips")).json()["tips"]
        return {one["tip_id"]: one for one in tips if one["bundle"]}

    async def confirm(
        self, referral: str, *, by: Officer | None = None, seen: int = 1, **said: Any
    ) -> httpx.Response:
        body = {**self.words[referral], **said}
        path = f"/v1/referrals/{referral}/confirmation"
        return await self.ask("POST", path, body, by=by or self.second, seen=seen)

    async def sent(self, octets: bytes | None = None) -> str:
        """A referral that the agency is shown."""
        made = await self.proposed(octets)
        got = await self.confirm(made)
        assert got.status_code == 204, got.text
        return made

    async def stands(self, referral: str) -> tuple[str, int]:
        """State and version, as officers are shown them."""
        found = (await self.ask("GET", f"/v1/referrals/{referral}")).json()["referral"]
        return found["state"], found["version"]

    async def says(
        self, referral: str, sort: str, word: dict[str, Any], *, seen: int | None = None
    ) -> httpx.Response:
        """The agency's word, from the version that there is."""
        _, version = await self.stands(referral)
        path = f"/v1/referrals/{referral}/{sort}"
        return await self.ask(
            "POST", path, word, by=self.nacc, seen=version if seen is None else seen
        )

    async def opened_word(self, referral: str, word_id: str) -> Said:
        """A word as an officer opens it; not yet believed."""
        octets = (await self.ask("GET", f"/v1/referrals/{referral}/words/{word_id}")).content
        ids = bytes.fromhex(referral), bytes.fromhex(word_id)
        expect = Expected(Kind.AGENCY_WORD, *ids, agency_words.WORD_HASH)
        content = opening.open_agency_word(octets, self.first.seeds(), expect=expect)
        return agency_words.parse(content)

    async def docket(self, tip_id: bytes, *, by: Officer | None = None, **parts: Any) -> bytes:
        """A sealed docket for the bundle in force."""
        officer = by or self.first
        body = DocketBody("2026-11-23T05:00:00Z", officer.keyid, **parts)
        return await self.sealed_docket(tip_id, encode_docket(body), officer)

    async def sealed_docket(self, tip_id: bytes, content: bytes, by: Officer) -> bytes:
        bundle = (await self.doors.bundles())[tip_id]
        hashed = receipts.bundle_hash(bundle)
        prefix = Prefix(Kind.DOCKET, 0, tip_id, secrets.token_bytes(16), hashed)
        keys = [receipts.parse_bundle(bundle).reply_key, *self.doors.org.recipients()]
        return sealing.seal_message(prefix, keys, content, signer(by.sign_seed))

    async def put_docket(
        self, tip_id: bytes, octets: bytes, last: bytes | None = None
    ) -> httpx.Response:
        """Hands a docket in, over the last one where there is one."""
        path = f"/v1/tips/{tip_id.hex()}/docket"
        if last is None:
            return await self.ask("PUT", path, octets, more={"if-none-match": "*"})
        return await self.ask("PUT", path, octets, seen=f'"{head_digest(last)}"')


def head_digest(octets: bytes) -> str:
    """By which a docket says which one it replaces."""
    head: Head = parse_head(octets)
    return sha256(head.octets).hex()


def agreed(octets: bytes, tips: list[dict[str, Any]]) -> dict[str, Any]:
    """What a second officer sends of a file and some tips."""
    named = sorted(tips, key=lambda one: str(one["tip_id"]))
    return {"sha256": sha256(octets).hex(), "nonce": secrets.token_hex(16), "tips": named}


def proposal(made: str, said: dict[str, Any], agency: str = "nacc") -> str:
    """The target of the first officer's request."""
    tips = [NamedTip(bytes.fromhex(one["tip_id"]), one["steps"]) for one in said["tips"]]
    named = commitment(bytes.fromhex(said["nonce"]), tips).hex()
    return f"/v1/referrals/{made}?agency={agency}&tips={named}"


def question(**changed: Any) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "nonce": secrets.token_hex(16),
        "text_th": "มีรายงานการตรวจรับงานหรือไม่",
        **changed,
    }


def outcome(kind: str = "disciplined", **changed: Any) -> dict[str, Any]:
    return question(kind=kind, on="2026-11-20", **changed)


def reported(referral: str, outcome_id: str) -> dict[str, Any]:
    """The parts of a docket that tell of an outcome."""
    on = date(2026, 11, 23)
    return {
        "referrals": [DocketReferral(referral, "nacc", State.CONCLUDED, on, certificate=True)],
        "outcomes": [
            DocketOutcome(
                outcome_id, referral, OutcomeKind.REPAIRED, on, "ซ่อมถนนแล้ว", "Repaired"
            )
        ],
    }


async def office_of(doors: Doors) -> Office:
    """With both agencies in the directory in force."""
    nacc, pacc = Agency("nacc"), Agency("pacc")
    await doors.bench.directory.accept(
        doors.org.note(2, also=(*nacc.entries(), *pacc.entries()))
    )
    return Office(doors, nacc, pacc)


def officers_keys(doors: Doors) -> set[bytes]:
    """To whom an agency's word is sealed."""
    directory = doors.bench.directory.current()
    return {entry.kid for entry in drafts.recipients(directory, doors.org.today)}
