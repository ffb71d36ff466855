"""A witness for the contract's run: cosigns whatever checkpoint the door shows."""

import time

import requests

from mustshare_api.crypto import checkpoints
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from tests.api.served import Served

SEED = b"w" * 32


def cosigned(served: Served, auth: requests.auth.AuthBase) -> bytes:
    """The newest checkpoint with a witness's line; the first call puts the witness in force."""
    at, org = f"{served.url('staff')}/v1", served.org
    if not org.others:
        org.others.append(Entry.of("witness", "agency", None, verify_key_of(SEED)))
        put = requests.put(
            f"{at}/directory",
            data=org.note(2),
            auth=auth,
            timeout=30,
            headers={"Content-Type": "application/octet-stream"},
        )
        assert put.status_code == 204, put.text
    note = requests.get(f"{at}/audit/checkpoint", auth=auth, timeout=30).content
    return note + checkpoints.cosign(note, "agency", SEED, int(time.time()))
