"""What a deployment holds beside tips, and what others come back with after it was restored.

a case               anybody reads it where it was
a partner's webhook  whoever sets it up again is told the secret that they have
a referral           its agency fetches the file that was sealed to it
"""

import json
import secrets
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.api.referring import Agency, agreed, proposal
from tests.faults.canary.marks import Marks
from tests.faults.canary.referring import ask
from tests.faults.canary.traffic import Traffic
from tests.published import publish
from tests.service import Response, Service

RECORD = {"title_th": "ป.ป.ช.", "title_en": "NACC", "kind": "anti_corruption"}
WANTED = {"url": "https://hooks.example.org/new", "secret_id": secrets.token_hex(16)}


@dataclass(frozen=True)
class HandedOver:
    """Where each of it is, and who asks for it."""

    case: str
    webhook: str
    key: dict[str, str]
    agency: Agency
    referral: str

    def told(self, service: Service) -> tuple[Response, ...]:
        """The case, the webhook's secret, what waits for it, the referral, its file."""
        traffic, path = Traffic(service, Marks()), f"/v1/referrals/{self.referral}"
        hooks, wanted = "/v1/partner/webhooks", json.dumps(WANTED).encode()
        return (
            service.request("GET", self.case),
            service.request("PUT", f"{hooks}/{self.webhook}", wanted, self.key),
            service.request("GET", hooks, headers=self.key),
            ask(traffic, "GET", "/v1/referrals", by=self.agency),
            ask(traffic, "GET", f"{path}/bundle", by=self.agency),
        )


def handed_over(service: Service, agency: Agency) -> HandedOver:
    """All of it done, by the people who do it. `agency` stands in the directory."""
    key = {"Partner-Key": _partner(service), "Content-Type": "application/json"}
    webhook, case = secrets.token_hex(16), publish(service)
    made = HandedOver(case, webhook, key, agency, _referred(service, agency))
    assert [one.status for one in made.told(service)] == [200, 201, 200, 200, 200]
    return made


def _partner(service: Service) -> str:
    added = subprocess.run(
        service.command("partner", "add", "river-watch", "--quota", "100"),
        cwd=service.folder,
        env=service.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return added.stdout.strip()


def _referred(service: Service, agency: Agency) -> str:
    """Two tips, by two officers."""
    traffic, made = Traffic(service, Marks()), secrets.token_hex(16)

    def done(method: str, target: str, body: bytes | dict[str, Any], **more: Any) -> None:
        answer = ask(traffic, method, target, body, **more)
        assert answer.status < 300, answer.content

    done("PUT", f"/v1/agencies/{agency.name}", RECORD, seen=0)
    tips = sorted(one["tip_id"] for one in ask(traffic, "GET", "/v1/tips").json()["tips"])[:2]
    for tip_id in tips:
        done("POST", f"/v1/tips/{tip_id}/steps", {"step": "verify"}, seen=0)
    octets = agency.sealed(secrets.token_bytes(300_000))
    word = agreed(octets, [{"tip_id": tip_id, "steps": 1} for tip_id in tips])
    done("PUT", proposal(made, word, agency.name), octets)
    second = service.org.officers[1]
    done("POST", f"/v1/referrals/{made}/confirmation", word, by=second, seen=1)
    return made
