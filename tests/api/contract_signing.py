"""Signs the requests of the contract's run, whoever makes them up."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from typing_extensions import override

from mustshare_api.crypto import events
from mustshare_api.crypto import requests as signing
from tests.organisation import Officer


@dataclass(frozen=True)
class SignedBy(requests.auth.AuthBase):
    """Signs what is about to be sent, as the key tool does."""

    officer: Officer

    @override
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        place = urlsplit(str(request.url))
        body: Any = request.body or b""
        octets = body.encode() if isinstance(body, str) else bytes(body)
        method, created = str(request.method), int(time.time())
        headers = signing.sign(
            method,
            place.netloc,
            place.path,
            place.query,
            signing.content_digest(octets),
            keyid=self.officer.keyid,
            seed=self.officer.sign_seed,
            created=created,
            nonce=secrets.token_urlsafe(16),
        )
        event = events.request_headers(
            method,
            place.path,
            place.query,
            hashlib.sha256(octets).digest(),
            created=created,
            seed=self.officer.sign_seed,
        )
        request.headers.update({**headers, **event})
        return request
