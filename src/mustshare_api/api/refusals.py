"""Whole answers, octet for octet, for requests that never become one.

A head that is too long, too late or no HTTP at all reaches no app. Its answer is the same kind
of problem with the same headers as every other, in the language that was asked for as far as
the head was read; otherwise in Thai.
"""

from http import HTTPStatus

from mustshare_api.api.cors import VARY
from mustshare_api.api.harden import Headers, dressed
from mustshare_api.api.languages import asked_for
from mustshare_api.api.problems import plain_answer


def refusal(code: str, headers: Headers, *, bodiless: bool = False) -> bytes:
    """An HTTP/1.1 answer that closes, to a request of which these headers were read.

    Args:
        code: of the problem.
        headers: names in small letters.
        bodiless: whether it was HEAD.
    """
    status, given, body = plain_answer(code, asked_for(headers))
    lines = dressed([*given, VARY], close=True)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
    start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return start + head + b"\r\n" + (b"" if bodiless else body)
