"""Which hosts a door answers to."""

import json
from typing import Any

import pytest

from mustshare_api.api.harden import harden
from mustshare_api.api.hosts import ANY_HOST, Hosts, check_host, spelled
from mustshare_api.app.composition import hosts_of
from mustshare_api.errors import Malformed
from mustshare_api.settings import Settings, load
from tests.api.asgi import Message, call

OURS = Hosts.of(("tips.example.org", "tips.example.org:8443", "[2001:DB8::1]", "a.onion"))


async def inside(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


async def asked(
    hosts: Hosts, host: str | None, language: str = "th", more: tuple[bytes, ...] = ()
) -> list[Message]:
    """What comes back for a request with this Host, none, or several."""

    async def with_host(scope: Any, receive: Any, send: Any) -> None:
        kept = [pair for pair in scope["headers"] if pair[0] != b"host"]
        given = [] if host is None else [(b"host", host.encode("latin-1"))]
        scope["headers"] = [*kept, *given, *((b"host", one) for one in more)]
        await harden(check_host(inside, hosts), "reporter")(scope, receive, send)

    return await call(with_host, "GET", "/v1/intake", {"accept-language": language})


@pytest.mark.parametrize(
    "host",
    [
        "tips.example.org",
        "TIPS.Example.ORG",
        "tips.example.org:443",
        "tips.example.org:80",
        "tips.example.org:8443",
        "[2001:db8::1]",
        "[2001:0DB8:0:0:0:0:0:1]:443",
        "a.onion",
    ],
)
async def test_a_name_that_was_set_is_answered_however_it_is_written(host: str) -> None:
    """Large letters, the usual ports and the long form of an address are the same name."""
    sent = await asked(OURS, host)

    assert sent[0]["status"] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "tips.example.org.evil.example",
        "eviltips.example.org",
        "tips.example.org.",
        "tips.example.org:8444",
        "www.tips.example.org",
        "example.org",
        "xn--tips.example.org",
        "[2001:db8::2]",
        "[2001:db8::1]:8443",
        "127.0.0.1",
        "localhost",
        "a.onion:8080",
    ],
)
async def test_another_host_is_misdirected(host: str) -> None:
    """421, in the words of a problem; the connection ends."""
    sent = await asked(OURS, host)
    told = json.loads(sent[1]["body"])

    assert (sent[0]["status"], told["code"]) == (421, "request.wrong_host")
    assert (b"connection", b"close") in sent[0]["headers"]
    assert host not in sent[1]["body"].decode()


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        " ",
        "user@tips.example.org",
        "user:pass@tips.example.org",
        "tips.example.org/",
        "tips.example.org?",
        "tips.example.org#",
        "tips.example.org,evil.example",
        "tips.example.org evil.example",
        "tips.example.org:",
        "tips.example.org:0",
        "tips.example.org:0443",
        "tips.example.org:99999",
        "tips.example.org:+443",
        "tips.example.org:443:443",
        "tips..example.org",
        ".tips.example.org",
        "tips.example.org..",
        "[2001:db8::1",
        "[1:2]",
        "[::1%25eth0]",
        "2001:db8::1",
        "tips\x00.example.org",
        "t\xefps.example.org",
        "http://tips.example.org",
        "a" * 300,
        "*",
    ],
)
async def test_what_is_no_host_is_refused(host: str | None) -> None:
    """400 where any host would do as well as where names were set."""
    for hosts in (OURS, ANY_HOST, Hosts(this_machine=True)):
        sent = await asked(hosts, host)
        told = json.loads(sent[1]["body"])
        assert (sent[0]["status"], told["code"]) == (400, "request.malformed")


async def test_a_doubled_host_is_refused() -> None:
    """Even when both are ours: whoever is in front may have looked at the other one."""
    for second in (b"tips.example.org", b"evil.example", b""):
        sent = await asked(OURS, "tips.example.org", more=(second,))
        assert sent[0]["status"] == 400


@pytest.mark.parametrize(("language", "words"), [("th", "คำขอ"), ("en", "another host")])
async def test_a_misdirected_request_is_told_so_in_its_language(
    language: str, words: str
) -> None:
    """Thai or English, with the headers of every answer."""
    sent = await asked(OURS, "evil.example", language)

    assert words in sent[1]["body"].decode()
    assert (b"content-language", language.encode()) in sent[0]["headers"]
    assert (b"cache-control", b"no-store") in sent[0]["headers"]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8443", "127.0.0.1:8443", "127.9.9.9", "[::1]:8443"]
)
async def test_an_evaluation_answers_to_this_machine(host: str) -> None:
    """By whatever name and port of loopback."""
    here = hosts_of(Settings(), evaluation=True)

    assert (await asked(here, host))[0]["status"] == 200


@pytest.mark.parametrize(
    "host",
    ["tips.example.org", "localhost.evil.example", "127.0.0.1.nip.io", "0x7f.1", "2130706433",
     "127.1", "192.0.2.1", "[::2]", "0.0.0.1"],
)  # fmt: skip
async def test_an_evaluation_answers_to_nobody_else(host: str) -> None:
    """A page on the web that makes its own name lead here gets nothing."""
    here = hosts_of(Settings(), evaluation=True)

    assert (await asked(here, host))[0]["status"] == 421


def test_names_that_were_set_count_in_an_evaluation_too() -> None:
    """And then this machine's own do not, unless they are among them."""
    chosen = load({"MUSTSHARE_HOSTS": "tips.example.org, ต้องแฉ.ไทย"})
    hosts = hosts_of(chosen, evaluation=True)

    assert hosts.know("tips.example.org")
    assert hosts.know("ต้องแฉ.ไทย".encode("idna").decode())
    assert not hosts.know("localhost")


def test_a_service_for_real_tips_answers_to_any_host_unless_names_were_set() -> None:
    """Its proxy may know the names already."""
    chosen = load({"MUSTSHARE_ROOTS_FILE": "/etc/mustshare/roots"})

    assert hosts_of(chosen, evaluation=False) == ANY_HOST
    assert not hosts_of(chosen, evaluation=True).know("tips.example.org")


@pytest.mark.parametrize(
    "text",
    ["https://tips.example.org", "tips.example.org/", "*", "*.example.org", "a b", "a@b", "a:0",
     "a:99999", "[1:2]", "[::1", "tips.example.org.", "a..b", "-" * 64, "a\u3002..b"],
)  # fmt: skip
def test_a_setting_that_is_no_list_of_hosts_is_refused(text: str) -> None:
    """At start, in one line; a name that never matches would shut everyone out."""
    with pytest.raises(Exception, match="MUSTSHARE_HOSTS"):
        load({"MUSTSHARE_HOSTS": text})


def test_one_spelling_is_its_own() -> None:
    """Spelling a host twice changes nothing."""
    for host in ("A.example:8443", "[2001:DB8::0:1]:443", "x"):
        assert spelled(spelled(host)) == spelled(host)
    with pytest.raises(Malformed):
        spelled("a b")
