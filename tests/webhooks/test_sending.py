"""Sending one webhook: to the address that was judged, by TLS that holds, not for long."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mustshare_api.app.delivering.resolving import Resolver, looked_up
from mustshare_api.app.delivering.sending import HEAD_S, Sender
from tests.webhooks.receiver import HOST, Receiver, answer, receiving

HEADERS = {"webhook-id": "msg_1"}


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncGenerator[Receiver]:
    async with receiving(tmp_path) as found:
        yield found


async def test_a_webhook_arrives_as_one_request(receiver: Receiver) -> None:
    """Under the name's own certificate, with its headers and its octets."""
    result = await receiver.sender().send(receiver.destination(), HEADERS, b'{"a":1}')

    ((headers, body),) = receiver.requests
    assert (result.taken, result.status, body) == (True, 204, b'{"a":1}')
    assert headers[""] == "POST /hook?a=b HTTP/1.1"
    assert headers["host"] == f"{HOST}:{receiver.port}"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize("status", [200, 202, 204, 299])
async def test_any_2xx_is_taken(receiver: Receiver, status: int) -> None:
    receiver.answers = [answer(status)]

    assert (await receiver.sender().send(receiver.destination(), HEADERS, b"")).taken


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
async def test_nothing_else_is_and_nothing_is_followed(receiver: Receiver, status: int) -> None:
    """A redirect is a failure: the address that was judged is the one that is agreed."""
    receiver.answers = [answer(status, f"location: https://{HOST}:{receiver.port}/else\r\n")]
    result = await receiver.sender().send(receiver.destination(), HEADERS, b"")

    assert (result.taken, result.gone, result.status) == (False, False, status)
    assert receiver.connections == 1


async def test_410_says_that_nothing_more_is_wanted(receiver: Receiver) -> None:
    receiver.answers = [answer(410)]

    assert (await receiver.sender().send(receiver.destination(), HEADERS, b"")).gone


async def test_statuses_that_announce_another_are_passed_over(receiver: Receiver) -> None:
    receiver.answers = [b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + answer(200)]

    assert (await receiver.sender().send(receiver.destination(), HEADERS, b"")).taken


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/2 200\r\n",
        b"HTTP/1.1 2000 OK\r\n",
        b"HTTP/1.1 20\xb2 OK\r\n",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200" + b" " * 100_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
    ],
)
async def test_what_is_no_answer_is_a_failure(receiver: Receiver, octets: bytes) -> None:
    """Never an error of ours, however it is malformed or long."""
    receiver.answers = [octets]
    sender = receiver.sender(timeout_s=0.3)
    result = await sender.send(receiver.destination(), HEADERS, b"")

    assert result.status is None
    assert result.why in ("webhook.no_answer", "webhook.too_slow")


async def test_an_endless_body_is_not_read(receiver: Receiver) -> None:
    """The status line is all that is looked at; then the connection is cut off."""
    receiver.answers = [b"HTTP/1.1 200 OK\r\n\r\n" + bytes(8 << 20)]
    result = await receiver.sender().send(receiver.destination(), HEADERS, b"")

    assert result.taken


async def test_a_receiver_that_drips_runs_out_of_time(receiver: Receiver) -> None:
    """One clock for the whole attempt, not one for each octet."""
    receiver.answers, receiver.drip_s = [answer(200)], 0.05
    began = time.monotonic()
    sender = replace(receiver.sender(), timeout_s=0.2)
    result = await sender.send(receiver.destination(), HEADERS, b"")

    assert result.why == "webhook.too_slow"
    assert time.monotonic() - began < 1


async def test_a_certificate_for_another_name_is_refused(receiver: Receiver) -> None:
    result = await receiver.sender().send(
        receiver.destination("other.example.org"), HEADERS, b"secret"
    )

    assert result.why == "webhook.tls_failed"
    assert receiver.requests == []


async def test_a_certificate_of_an_unknown_authority_is_refused(receiver: Receiver) -> None:
    """The sender as it ships knows this machine's authorities and no others."""
    sender = replace(Sender(), resolve=receiver.sender().resolve, judge=list)
    result = await sender.send(receiver.destination(), HEADERS, b"secret")

    assert result.why == "webhook.tls_failed"


async def test_plain_http_is_no_answer(receiver: Receiver) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(answer(200))
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    to = replace(receiver.destination(), port=server.sockets[0].getsockname()[1])
    result = await receiver.sender().send(to, HEADERS, b"secret")
    server.close()

    assert result.why == "webhook.tls_failed"


async def test_nobody_there_is_no_answer(receiver: Receiver) -> None:
    to = replace(receiver.destination(), port=1)

    assert (await receiver.sender().send(to, HEADERS, b"")).why == "webhook.no_answer"


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.7"), ("::1",), ("::ffff:127.0.0.1",), ()]
)
async def test_the_shipped_judge_refuses_our_own_network_at_every_attempt(
    receiver: Receiver, addresses: tuple[str, ...]
) -> None:
    """Also where one good address stands beside a bad one."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        del host, port
        return addresses

    result = await replace(receiver.sender(), resolve=resolve, judge=Sender().judge).send(
        receiver.destination(), HEADERS, b""
    )

    assert result.why == "webhook.address_refused"
    assert receiver.connections == 0


async def test_a_name_is_asked_for_once_and_the_judged_address_is_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: what the name leads to a moment later is never looked at."""
    asked: list[str] = []
    connected: list[str] = []
    opened = asyncio.open_connection

    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    async def open_connection(host: str, port: int, **more: object):
        connected.append(host)
        return await opened("127.0.0.1", port, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    sender = replace(receiver.sender(), resolve=resolve, judge=Sender().judge)
    first = await sender.send(receiver.destination(), HEADERS, b"")
    second = await sender.send(receiver.destination(), HEADERS, b"")

    assert (asked, connected, first.taken) == ([HOST, HOST], ["8.8.8.8"], True)
    assert second.why == "webhook.address_refused"


async def test_the_next_address_is_tried_where_one_refuses(receiver: Receiver) -> None:
    sender = receiver.sender("127.0.0.2", "127.0.0.1")

    assert (await sender.send(receiver.destination(), HEADERS, b"")).taken


async def test_the_next_address_is_tried_where_no_road_leads_to_one(
    receiver: Receiver,
) -> None:
    """No error of a connection: many hosts have an IPv6 address and no IPv6."""
    sender = receiver.sender("255.255.255.255", "127.0.0.1")

    assert (await sender.send(receiver.destination(), HEADERS, b"")).taken


async def test_a_name_that_is_unknown_has_no_address(receiver: Receiver) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError

    sender = replace(receiver.sender(), resolve=resolve)

    assert (await sender.send(receiver.destination(), HEADERS, b"")).why == "webhook.no_name"


@pytest.mark.parametrize(
    ("said", "heeded"),
    [
        ("retry-after: 90", "90"),
        ("x: y\r\nRetry-After:  7 ", "7"),
        ("retry-after: Mon, 23 Nov 2026 03:00:00 GMT", "Mon, 23 Nov 2026 03:00:00 GMT"),
        ("retry-after: ", ""),
        ("retry-after: " + "9" * 65, ""),
        ("retry-after: 1\u00b2", ""),
    ],
)
async def test_for_how_long_a_receiver_wants_us_away_is_read(
    receiver: Receiver, said: str, heeded: str
) -> None:
    """In its own words, of one line that is no longer than such a value is."""
    receiver.answers = [f"HTTP/1.1 503 Full\r\n{said}\r\n\r\n".encode("latin-1")]
    result = await receiver.sender().send(receiver.destination(), HEADERS, b"")

    assert (result.status, result.retry_after) == (503, heeded)


async def test_a_head_that_never_ends_is_the_status_that_it_began_with(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody keeps us by a header that drips."""
    monkeypatch.setattr("mustshare_api.app.delivering.sending.HEAD_S", 0.05)
    receiver.answers = [b"HTTP/1.1 429 Too Many\r\nretry-aft"]
    result = await receiver.sender().send(receiver.destination(), HEADERS, b"")

    assert HEAD_S > 0
    assert (result.status, result.retry_after) == (429, "")


async def test_slow_names_hold_up_no_other_one() -> None:
    """Each look-up has a thread of its own; a host is looked up once at a time."""
    release, asked = threading.Event(), list[str]()

    def look_up(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        if host.startswith("slow"):
            release.wait(10)
        return ["8.8.8.8"]

    resolve = Resolver(look_up)
    slow = [asyncio.create_task(resolve(f"slow{n}.example.org", 443)) for n in range(40)]
    twice = asyncio.create_task(resolve("slow0.example.org", 443))
    quick = await asyncio.wait_for(resolve("quick.example.org", 443), 5)
    slow[0].cancel()
    release.set()
    found = await asyncio.gather(*slow[1:], twice)

    assert (quick, found[-1]) == (["8.8.8.8"], ["8.8.8.8"])
    assert sorted(asked) == sorted({*asked})
    assert len(asked) == 41


async def test_so_many_names_are_looked_up_at_one_time() -> None:
    """The next one waits its turn; whoever has waited long enough goes on."""
    release = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        del host, port
        release.wait(10)
        raise OSError

    resolve = Resolver(look_up, lookups=1)
    first = asyncio.create_task(resolve("one.example.org", 443))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(resolve("two.example.org", 443), 0.05)
    release.set()

    with pytest.raises(OSError, match=r"^$"):
        await first


async def test_the_resolver_of_this_machine_is_asked() -> None:
    """Its answers are judged, whatever it thinks of a spelling."""
    assert "127.0.0.1" in await Resolver()("localhost", 443)
    assert not set(looked_up("2130706433", 443)) - {"127.0.0.1"}
