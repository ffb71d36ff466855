"""Slow clients at the fronts' own deadlines, shortened: let go, and honest ones go on."""

import socket
import time
from contextlib import ExitStack, suppress

import pytest

from tests.deploy.fronts.conftest import PlainService, Starter
from tests.deploy.fronts.recorder import Recorder
from tests.deploy.fronts.wire import Client, is_closed

HASTY = {
    "haproxy": {
        "timeout http-request 10s": "timeout http-request 1s",
        "client 30s": "client 2s",
    },
    "nginx": {
        "client_header_timeout 10s": "client_header_timeout 1s",
        "send_timeout 30s;\nreset": "send_timeout 2s;\nreset",
    },
    "caddy": {
        "read_header 10s": "read_header 1s",
        "body 16m": "body 3s",
        "write 30m": "write 3s",
    },
}
"""The deadlines of the shipped files, each written down where it stands there."""

SLOW = 60
SOON_S = 12.0
"""Far more than any of the shortened deadlines, for a machine that is busy."""


@pytest.fixture(scope="module")
def hasty(kind: str, start: Starter, recorder: Recorder) -> Client:
    """A front with short deadlines."""
    return start(kind, recorder.port, HASTY[kind])


@pytest.fixture(scope="module")
def hasty_served(kind: str, start: Starter, service: PlainService) -> Client:
    """The same before the service."""
    return start(kind, service.ports[0], HASTY[kind])


def drips(line: socket.socket, octets: bytes, every_s: float) -> bool:
    """Sends an octet at a time; whether the other side has closed before all were sent."""
    line.settimeout(every_s)
    for number in range(len(octets)):
        with suppress(TimeoutError):
            try:
                line.sendall(octets[number : number + 1])
                if line.recv(1000) == b"":
                    return True
            except (BrokenPipeError, ConnectionResetError, OSError) as error:
                if not isinstance(error, TimeoutError):
                    return True
                raise
    return False


@pytest.mark.parametrize("plain", [False, True], ids=["tls", "onion"])
def test_a_head_that_drips_is_cut_off(hasty: Client, plain: bool) -> None:
    """The deadline is for the whole head: an octet now and then does not put it off."""
    head = f"GET /drip HTTP/1.1\r\nHost: {hasty.host}\r\nAccept: {'x' * 200}".encode()
    with hasty.dial(plain=plain) as line:
        assert drips(line, head, 0.1)


@pytest.mark.parametrize("plain", [False, True], ids=["tls", "onion"])
def test_a_body_that_stops_is_cut_off(hasty_served: Client, plain: bool) -> None:
    """The door's 408 comes through; who keeps the line is let go then, but by Caddy."""
    served = hasty_served
    head = f"POST /v1/tips HTTP/1.1\r\nHost: {served.host}\r\nContent-Length: 100\r\n"
    head += "Content-Type: application/json\r\n\r\n{"
    with served.dial(plain=plain) as line:
        line.sendall(head.encode())
        assert b" 408 " in line.recv(4096)
        if served.front.kind != "caddy":
            assert is_closed(line, SOON_S)


def test_an_answer_that_nobody_reads_is_given_up(hasty: Client, recorder: Recorder) -> None:
    """Eight megabytes that stay unread hold a line, and the door behind it, for no longer."""
    target = f"/large/{hasty.front.kind}"
    with hasty.dial(plain=True) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {hasty.host}\r\n\r\n".encode())
        assert ended(recorder, target)


def ended(recorder: Recorder, target: str) -> bool:
    """Whether a request's line to the door is closed soon."""
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        found = [one for one in recorder.connections if target.encode() in one.octets]
        if found and all(one.ended for one in found):
            return True
        time.sleep(0.05)
    return False


def test_honest_requests_go_on_beside_slow_ones(hasty: Client, recorder: Recorder) -> None:
    """Sixty heads and sixty bodies that never end, and nobody else notices."""
    head = f"POST /slow HTTP/1.1\r\nHost: {hasty.host}\r\nContent-Length: 5000\r\n"
    with ExitStack() as held:
        for number in range(2 * SLOW):
            line = held.enter_context(hasty.dial(plain=number % 4 > 0))
            line.sendall(head.encode() + (b"\r\nx" if number % 2 else b"Accept: "))
        answers = [hasty.request("POST", "/honest", b"a tip").status for _ in range(20)]

    assert answers == [200] * 20


@pytest.mark.parametrize(
    "many",
    ["".join(f"X-{n}: y\r\n" for n in range(120)), f"X-Long: {'y' * 20_000}\r\n"],
    ids=["lines", "bytes"],
)
def test_a_head_that_is_too_large_is_refused(
    front: Client, recorder: Recorder, many: str, request: pytest.FixtureRequest
) -> None:
    """Over 16 KiB everywhere, over 64 lines where they are counted; the list drops them."""
    target = f"/large-head/{front.front.kind}/{request.node.callspec.id}"
    head = f"GET {target} HTTP/1.1\r\nHost: {front.host}\r\nConnection: close\r\n"
    told = front.say(f"{head}{many}\r\n".encode())
    counts = front.front.kind == "haproxy" or "Long" in many

    assert told.split(b" ", 2)[1] in ((b"400", b"431") if counts else (b"200",))
    assert all(
        not any(n.startswith(b"X-") for n, _ in one.headers) for one in recorder.of(target)
    )
