"""The traps that only a wire shows: slow bodies, early refusals, HEAD, senders who hang up."""

import re
import socket
import time

import structlog

from mustshare_api.store.rows import EVERYTHING
from tests.api.front_end import FrontEnd
from tests.api.served import Served, until_closed
from tests.doors import JSON, OCTETS

MEBIBYTE = 1 << 20
SOON_S = 5.0
"""Far more than a connection takes to close, far less than it would stay open."""


def head(method: str, path: str, **headers: object) -> bytes:
    """A request's head, `_` in a header's name for its dash."""
    lines = [f"{method} {path} HTTP/1.1", "host: reporter.test"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def statuses(octets: bytes) -> list[int]:
    """The statuses of the answers in what came back."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", octets)]


def coming(length: int, kind: dict[str, str] = JSON, path: str = "/v1/tips") -> bytes:
    """The head of a POST that announces so many bytes."""
    return head("POST", path, content_type=kind["content-type"], content_length=length)


def test_6_a_body_that_stalls_is_told_and_closed(dripped: Served) -> None:
    """408, and the connection is gone soon after."""
    began = time.monotonic()
    found = dripped.say(coming(99) + b'{"te')

    assert statuses(found) == [408]
    assert b"request.too_slow" in found
    assert time.monotonic() - began < SOON_S


def test_6_a_body_that_drips_is_told_and_closed(dripped: Served) -> None:
    """Coming in time every time does not help when the whole takes too long."""
    began = time.monotonic()
    with dripped.dial() as wire:
        wire.sendall(coming(999))
        wire.settimeout(0.1)
        found = b""
        while time.monotonic() - began < SOON_S and not found:
            try:
                wire.sendall(b" ")
                found = wire.recv(65536)
            except TimeoutError:
                continue
        wire.settimeout(10)
        found += until_closed(wire)

    assert statuses(found) == [408]
    assert time.monotonic() - began < SOON_S


def test_6_a_body_where_none_belongs_does_not_hold_the_connection(dripped: Served) -> None:
    """A GET that drips a body it announced gets its answer, and the connection closes."""
    began = time.monotonic()
    with dripped.dial() as wire:
        wire.sendall(head("GET", "/v1/intake", content_length=1000) + b"x")
        found = until_closed(wire)

    assert statuses(found) == [200]
    assert b"connection: close" in found.lower()
    assert time.monotonic() - began < SOON_S


def test_6_many_that_stall_shut_nobody_out(dripped: Served) -> None:
    """While a hundred bodies hang, a tip goes through."""
    stalled = []
    try:
        for _ in range(100):
            wire = dripped.dial()
            wire.sendall(coming(9) + b"{")
            stalled.append(wire)
        body = b'{"text":"a"}'
        asked = head(
            "POST",
            "/v1/tips",
            content_type=JSON["content-type"],
            content_length=len(body),
            connection="close",
        )
        assert statuses(dripped.say(asked + body)) == [201]
    finally:
        for wire in stalled:
            wire.close()


def test_7_the_server_names_neither_itself_nor_the_time(served: Served) -> None:
    """Nothing in an answer tells what runs here."""
    found = served.say(head("GET", "/v1/intake", connection="close")).lower()

    assert b"\r\nserver:" not in found
    assert b"\r\ndate:" not in found
    assert b"uvicorn" not in found


def test_8_an_early_refusal_reaches_a_sender_who_is_still_sending(served: Served) -> None:
    """413 at the announcement; the answer is read although the sender does not stop at once."""
    began = time.monotonic()
    with served.dial() as wire:
        wire.sendall(
            head(
                "POST",
                "/v1/tips",
                content_type=JSON["content-type"],
                content_length=64 * MEBIBYTE,
            )
        )
        try:
            for _ in range(64):
                wire.sendall(bytes(MEBIBYTE // 4))
        except (BrokenPipeError, ConnectionResetError):
            pass
        found = until_closed(wire)

    assert statuses(found) == [413]
    assert time.monotonic() - began < SOON_S


def test_8_a_body_over_the_limit_without_announcement_is_refused(served: Served) -> None:
    """Chunked encoding announces nothing; it is counted."""
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    found = served.say(
        head("POST", "/v1/tips", content_type=JSON["content-type"], transfer_encoding="chunked")
        + chunk * 4
    )

    assert statuses(found) == [413]


def test_8_head_is_get_without_its_body(served: Served) -> None:
    """Same status and headers, no octets, and the connection goes on."""
    both = served.say(
        head("HEAD", "/v1/intake") + head("GET", "/v1/intake", connection="close")
    )
    first, second = both.split(b"HTTP/1.1 ")[1:]

    assert statuses(both) == [200, 200]
    assert first.endswith(b"\r\n\r\n")
    length = re.search(rb"content-length: ([0-9]+)", second)
    assert length is not None
    assert length[0] in first


def test_8_a_sender_who_hangs_up_is_no_failure_of_ours(served: Served) -> None:
    """A lost connection in mid-body is not logged as an error, and stores nothing."""
    with structlog.testing.capture_logs() as lines:
        for kind in (JSON, OCTETS):
            wire = served.dial()
            wire.sendall(coming(500, kind) + b'{"text":"a')
            wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        time.sleep(0.3)

    assert lines == []
    assert served.run(served.bench.tips.page(EVERYTHING, None, 10)).rows == []


def test_who_ends_what_they_send_before_the_answer_may_send_it_again(served: Served) -> None:
    """They look like somebody who has left, and are cut off; again, it is the same tip."""
    org = served.org
    made = FrontEnd(org.deployment_id, org.recipients())
    body = made.tip()
    request = coming(len(body), OCTETS) + body
    with served.dial() as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        assert statuses(until_closed(wire)) in ([], [201])

    with served.dial() as wire:
        wire.sendall(request)
        assert statuses(wire.recv(65536)) == [201]
    kept = served.run(served.bench.tips.page(EVERYTHING, None, 10)).rows
    assert len(kept) == 1
