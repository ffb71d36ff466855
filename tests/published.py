"""A case that two officers of a real service publish."""

import hashlib
import json
import secrets
import time
from typing import Any

from tests.faults.canary.marks import Marks
from tests.faults.canary.traffic import Traffic
from tests.pages import case
from tests.service import Service


def publish(service: Service, markdown: str = "**95,000**") -> str:
    """The public path of the case."""
    traffic, page_id = Traffic(service, Marks()), secrets.token_hex(16)
    octets = json.dumps(case(body={"th": markdown, "en": markdown})).encode()
    digest = json.dumps({"digest": hashlib.sha256(octets).hexdigest()}).encode()
    for by, sent in zip(service.org.officers, (digest, octets), strict=False):
        signed: dict[str, Any] = {"keyid": by.keyid, "seed": by.sign_seed, "if_match": '"0"'}
        path = f"/v1/cases/{page_id}/publication"
        answer = traffic.signed("PUT", path, sent, created=int(time.time()), **signed)
        assert answer.status in (201, 202), answer.content
    return f"/v1/cases/{case()['slug']}"
