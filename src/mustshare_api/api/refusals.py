"""Whole answers, octet for octet, for requests that never become one.

A head that is too long, too late or no HTTP at all reaches no app. Its answer is the same kind
of problem with the same headers as every other, in Thai, for the language that was asked for
stands in what was not read.
"""

from http import HTTPStatus

import msgspec

from mustshare_api.api.harden import SECURITY_HEADERS
from mustshare_api.api.problems import MEDIA_TYPE, problem
from mustshare_api.errors import MustShareError


def refusal(error: MustShareError) -> bytes:
    """An HTTP/1.1 answer that closes."""
    body, headers = problem(error, "th")
    octets = msgspec.json.encode(body)
    lines = {
        **headers,
        "content-type": MEDIA_TYPE,
        "content-length": str(len(octets)),
        "connection": "close",
        **{name.decode(): value.decode() for name, value in SECURITY_HEADERS.items()},
    }
    head = [f"HTTP/1.1 {body.status} {HTTPStatus(body.status).phrase}"]
    head += [f"{name}: {value}" for name, value in lines.items()]
    return "\r\n".join([*head, "", ""]).encode("ascii") + octets
