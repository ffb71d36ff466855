"""A hand-over certificate as the key tool makes it, for a tip that came through the door."""

from dataclasses import dataclass
from typing import Any

import httpx

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import certificates, receipts
from mustshare_api.crypto.certificates import ReporterCopy
from mustshare_api.crypto.hand_over import Voucher
from mustshare_api.crypto.suite import sha256
from tests.doors import Doors, with_receipt
from tests.organisation import Officer, Organisation

AGENCY = "สำนักงาน ป.ป.ช."
PURPOSE = "ศาลอาญา คดีหมายเลขดำที่ 1/2570"
CONTENT = sha256(b"what the tip said")


def voucher(org: Organisation, officer: Officer | None = None, serial: int = 1) -> Voucher:
    """Of the first officer, unless told."""
    by = officer or org.officers[0]
    kid = bytes.fromhex(by.keyid)
    return Voucher(org.deployment_id, serial, by.name, kid, AGENCY, org.today)


def certified(org: Organisation, digits: str, head: Voucher | None = None) -> ReporterCopy:
    """The reporter's copy for the holder of a receipt."""
    bundle = receipts.derive(digits, org.deployment_id).bundle
    officer = org.officers[0]
    return certificates.issue(
        head or voucher(org), officer.sign_seed, receipts.bundle_hash(bundle), CONTENT
    )


@dataclass(frozen=True)
class Source:
    """A reporter with a tip and the certificate that came back."""

    doors: Doors
    digits: str
    copy: ReporterCopy

    async def prove(self, digits: str | None = None, **changed: Any) -> httpx.Response:
        """Asks for a proof."""
        body = {"certificate": self.copy.encode(), "for": PURPOSE} | changed
        headers = with_receipt(self.digits if digits is None else digits)
        return await self.doors.reporter.post(
            "/v1/certificates/proof", json=body, headers=headers
        )

    async def proof(self) -> str:
        """A proof that was made."""
        answer = await self.prove()
        assert answer.status_code == 200, answer.text
        made: str = answer.json()["proof"]
        return made


async def verify(doors: Doors, document: str) -> httpx.Response:
    """Asks what a document is worth."""
    return await doors.reporter.post("/v1/certificates/verify", json={"document": document})


async def source(doors: Doors) -> Source:
    """Somebody whose tip was handed over today."""
    assert bangkok_day(doors.clock.now()) == doors.org.today
    digits = await doors.new_tip()
    return Source(doors, digits, certified(doors.org, digits))
