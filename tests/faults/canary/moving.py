"""Officers move a tip, one proposes and takes back, and all that waits is told."""

import json

from tests.faults.canary.traffic import Traffic


def moving(traffic: Traffic, tip_id: bytes) -> None:
    """A step, a proposal, what waits, the proposal taken back, a month's erasures."""
    tip = tip_id.hex()
    for name, seen, status in (("verify", 0, 200), ("publish", 1, 202)):
        body = json.dumps({"step": name}).encode()
        target = f"/v1/tips/{tip}/steps"
        assert traffic.signed("POST", target, body, if_match=f'"{seen}"').status == status
    assert len(traffic.signed("GET", "/v1/seconds").json()["seconds"]) == 1
    assert traffic.signed("DELETE", f"/v1/seconds/tip.publish/{tip}").status == 204
    for target in ("/v1/erasures/2026-11", "/v1/totals"):
        assert traffic.signed("GET", target).status == 200
