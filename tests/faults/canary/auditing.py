"""An auditor and a witness look the log over, with marks where a stranger could put them."""

import secrets

from mustshare_api.crypto import checkpoints
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from tests.faults.canary.traffic import Traffic


def audit(traffic: Traffic) -> None:
    """Every route of the log, well asked; then each with a question that is none."""
    org, seed = traffic.service.org, secrets.token_bytes(32)
    org.others.append(Entry.of("witness", "agency", None, verify_key_of(seed)))
    assert traffic.signed("PUT", "/v1/directory", org.note(2)).status == 204
    note = traffic.signed("GET", "/v1/audit/checkpoint").content
    size = checkpoints.parse(note)[0].size
    digest = org.directory(2).digest.hex()
    asked = (
        "key", "entries?from=0", f"directory?digest={digest}", f"consistency?from=1&to={size}",
        f"inclusion?directory={digest}&size={size}",
    )  # fmt: skip
    for target in asked:
        assert traffic.signed("GET", f"/v1/audit/{target}").status == 200
        more = f"{'&' if '?' in target else '?'}{traffic.marks.of('audit')}=1"
        assert traffic.signed("GET", f"/v1/audit/{target}{more}").status == 400
    line = checkpoints.cosign(note, "agency", seed, 1795400000)
    assert traffic.signed("POST", "/v1/audit/cosignatures", note + line).status == 204
    traffic.signed("POST", "/v1/audit/cosignatures", traffic.marks.text("cosign").encode())
