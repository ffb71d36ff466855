"""What arrives before a request is one: chunks, solutions of challenges, cursors of lists."""

import base64
import hashlib
import json

import httptools

from mustshare_api.app.server.chunked import ChunkWalk
from mustshare_api.crypto import challenges
from mustshare_api.errors import Busy, Malformed
from mustshare_api.flows import plane
from tests.fuzz.harness import Target

KEY, NOW_S, COST = bytes(32), 1_795_400_000, 2
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"


class Refused(Exception):
    """By the parser of requests, or it waits for more."""


class Heard:
    """What the parser of requests tells."""

    ends = 0

    def on_message_complete(self) -> None:
        self.ends += 1


def ends_in(octets: bytes) -> int:
    """How many requests end in them."""
    heard = Heard()
    try:
        httptools.HttpRequestParser(heard).feed_data(HEAD + octets)
    except httptools.HttpParserError:
        raise Refused from None
    return heard.ends


def read_chunks(octets: bytes) -> None:
    """A body ends where the parser of requests has it end, however it comes in pieces."""
    walk, slow = ChunkWalk(), ChunkWalk()
    end = walk.end_in(octets)
    if not 0 <= end <= len(octets):
        raise AssertionError
    at = 0
    while at < len(octets) and not slow.is_over:
        at += slow.end_in(octets[at : at + 1])
    if (slow.is_over, at) != (walk.is_over, end):
        raise AssertionError
    ended = ends_in(octets[:end])
    if ended != walk.is_over or (ended and ends_in(octets[: end - 1])):
        raise AssertionError
    if not ended:
        raise Refused


def read_solution(octets: bytes) -> None:
    """A solution of somebody's: what is let through is one that we asked for."""
    solved = challenges.check(KEY, octets.decode("utf-8", "replace"), NOW_S)
    if solved.cost != COST or solved.expires_at_s != NOW_S + challenges.VALID_S:
        raise AssertionError


def solved() -> bytes:
    """As a client sends it; of one try, so that its counter is known."""
    asked = challenges.make(KEY, COST, 1, NOW_S)
    found = hashlib.pbkdf2_hmac(
        "sha256",
        bytes.fromhex(asked["parameters"]["nonce"]) + bytes(4),
        bytes.fromhex(asked["parameters"]["salt"]),
        *(COST, challenges.KEY_BYTES),
    )
    solution = {"counter": 0, "derivedKey": found.hex()}
    return base64.b64encode(json.dumps({"challenge": asked, "solution": solution}).encode())


def read_place(octets: bytes) -> None:
    """A cursor of a public list."""
    day, page_id = plane._read_cursor(octets.decode("utf-8", "replace"))
    if len(page_id) != 16 or not 1 <= day.year <= 9999:
        raise AssertionError


TARGETS = (
    Target(
        *("chunks", read_chunks, (Refused,)),
        lambda: {
            "two": b"5\r\nhello\r\n3;a=b\r\nyou\r\n0\r\n\r\n",
            "trailer": b"00005\r\nhello\r\n0\r\nlate: x\r\n\r\n",
        },
        *(512, (b"\r\n", b"0\r\n\r\n", b";", b"-5", b"0x", HIDDEN)),
    ),
    Target(
        *("solution", read_solution, (Busy,)),
        lambda: {"right": solved()},
        *(3072, (b"W10=", b"e30=")),
    ),
    Target(
        *("list-cursor", read_place, (Malformed,)),
        lambda: {"last": b"AAsKj" + b"A" * 22},
        64,
    ),
)
