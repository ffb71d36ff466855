"""What a front passes on, and what it keeps: a list of headers, and nothing.

Marks go in by every way a request has; the recorder shows what came out at the other end, and
the front's folder, its words and the machine's temporary files show what stayed.
"""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from tests.deploy.fronts.conftest import Starter
from tests.deploy.fronts.recorder import Recorder, Request
from tests.deploy.fronts.shipped import free_ports, strace
from tests.deploy.fronts.wire import Client
from tests.faults.canary.marks import Marks, Search
from tests.faults.canary.places import files, look
from tests.shape.tree import ROOT

TELLING = (
    *("Cookie", "Referer", "User-Agent", "From", "Via", "Forwarded", "True-Client-IP", "DNT"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "X-Anything"),
    *("CF-Connecting-IP", "CF-IPCountry", "CF-Ray", "Fastly-Client-IP", "Client-IP"),
    *(
        "Sec-CH-UA",
        "Sec-CH-UA-Model",
        "Sec-Fetch-Site",
        "Sec-GPC",
        "Device-Memory",
        "Viewport-Width",
    ),
    *(
        "Save-Data",
        "Downlink",
        "Priority",
        "Edge-Bucket",
        "Traceparent",
        "Baggage",
        "Ping-From",
    ),
    *("If-Unmodified-Since", "Proxy-Authorization", "Pragma", "Warning", "Max-Forwards", "TE"),
)
READ = (
    *("Accept", "Accept-Language", "Authorization", "Content-Type", "Content-Digest"),
    *("Idempotency-Key", "If-Match", "If-None-Match", "Range", "Origin", "Partner-Key"),
    *("Challenge-Solution", "Upload-Token", "Upload-Offset", "Upload-Complete", "Signature"),
    *("Signature-Input", "Event-Signature", "Access-Control-Request-Method"),
    *("Access-Control-Request-Headers", "If-Range", "Tip-About"),
)
FRAMING = {b"host", b"connection", b"content-length", b"transfer-encoding"}


def names(request: Request) -> set[bytes]:
    """The headers' names."""
    return {name.lower() for name, _ in request.headers}


@pytest.mark.parametrize("plain", [False, True], ids=["tls", "onion"])
def test_what_the_api_reads_arrives_and_nothing_else(
    front: Client, recorder: Recorder, plain: bool
) -> None:
    """An allow-list: each header of the API unchanged, none that tells who asks."""
    sent = {name: f"{name.lower()}-value" for name in (*TELLING, *READ)}
    target = f"/names/{front.front.kind}/{plain}"
    front.request("PUT", target, b"body", sent, plain=plain)
    (arrived,) = recorder.of(target)

    assert names(arrived) - FRAMING == {name.lower().encode() for name in READ}
    assert {n: arrived.values(n.lower().encode()) for n in READ} == {
        n: [f"{n.lower()}-value".encode()] for n in READ
    }
    assert arrived.values(b"host") == [front.host.encode()]
    assert b"127.0.0.1" not in b"".join(value for _, value in arrived.headers)


def test_the_list_holds_every_header_of_the_contract() -> None:
    """A header that the contract gains has to be let through by all three files."""
    contract = (ROOT / "openapi" / "openapi.json").read_text()
    named = set(re.findall(r'"name": "([A-Za-z-]+)",\s+"in": "header"', contract))

    assert named
    assert named <= set(READ)


def test_what_a_browser_does_not_send_is_not_made_up(front: Client, recorder: Recorder) -> None:
    """No Accept-Encoding, no User-Agent, no empty header of the front's own."""
    target = f"/bare/{front.front.kind}"
    front.request("GET", target)
    (arrived,) = recorder.of(target)

    assert names(arrived) - {b"connection"} == {b"host"}


def test_a_value_is_passed_on_as_it_came(front: Client, recorder: Recorder) -> None:
    """Words that a configuration would take for its own are none in a value."""
    tricky = "{env.HOME} $host %[src] {http.request.remote.host} ${PATH}"
    target = f"/tricky/{front.front.kind}?q={{env.HOME}}&x=%2e%2e%2f//a"
    front.request("GET", target, headers={"Authorization": tricky})
    (arrived,) = recorder.of(f"/tricky/{front.front.kind}")

    assert arrived.values(b"authorization") == [tricky.encode()]
    assert arrived.target == target.encode()


OPTIONAL = {
    "haproxy": {"    #http-request set-header Edge": "    http-request set-header Edge"},
    "nginx": {'    #"~^(?!127\\.)(?<net4>': '    "~^(?<net4>'},
    "caddy": {"\t#vars Edge-Bucket": "\tvars Edge-Bucket"},
}


def test_the_optional_line_tells_a_network_and_no_address(
    kind: str, start: Starter, recorder: Recorder
) -> None:
    """With the line for flood control taken in: 24 bits, never what a sender claims."""
    client = start(kind, recorder.port, OPTIONAL[kind])
    target = f"/edge/{kind}"
    client.request("GET", target, headers={"Edge-Bucket": "203.0.113.9"})
    (arrived,) = recorder.of(target)

    assert [v.split(b"/")[0] for v in arrived.values(b"edge-bucket")] == [b"127.0.0.0"]


@pytest.fixture(scope="module")
def marks() -> Marks:
    return Marks()


def tell(client: Client, marks: Marks) -> None:
    """Everything a request can hold, right and wrong, on both ports."""
    everything = {name: marks.of(name.lower()) for name in (*TELLING, *READ)}
    everything["Authorization"] = f"Receipt {marks.receipt()}"
    text = marks.text("body").encode()
    photo = text + b"\xff\xd8" + bytes(3 << 20) + text
    for plain in (False, True):
        client.request("POST", f"/v1/tips?{marks.of('query')}", text, everything, plain=plain)
        with suppress(OSError):  # a front without a door hangs up while it is told
            client.request("PUT", f"/{marks.of('path')}", photo, everything, plain=plain)
        malformed(client, marks, plain=plain)
        aborted(client, marks, photo, plain=plain)
    client.curl(
        f"/{marks.of('h2')}", "--http2", "-A", marks.of("agent"), "-d", marks.of("form")
    )
    client.curl("/v1/x", "--http2", "-e", marks.of("referer"), "-H", f"X-Long: {'x' * 40_000}")


def malformed(client: Client, marks: Marks, *, plain: bool) -> None:
    """Requests that end in an error of the front, with marks where the fault is."""
    mark = marks.of("malformed").encode()
    host = b"Host: " + client.host.encode() + b"\r\n"
    for octets in (
        mark + b"\r\n\r\n",
        b"GET /" + mark + b" HTTP/9.9\r\n" + host + b"\r\n",
        b"GET /" + mark + b" HTTP/1.1\r\nHost: " + mark + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + mark + b" : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"Cookie: " + mark + b"\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"Cookie: " + mark * 2000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: " + mark + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 999999999\r\n\r\n" + mark,
        b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz" + mark,
        b"CONNECT " + mark + b":1 HTTP/1.1\r\n" + host + b"\r\n",
    ):
        client.say(octets, plain=plain, wait_s=0.15)


def aborted(client: Client, marks: Marks, photo: bytes, *, plain: bool) -> None:
    """A photo whose sender goes away in the middle."""
    head = f"PUT /{marks.of('aborted')} HTTP/1.1\r\nHost: {client.host}\r\n"
    head += f"Content-Length: {2 * len(photo)}\r\n\r\n"
    with client.dial(plain=plain) as line, suppress(OSError):
        line.settimeout(1)
        line.sendall(head.encode() + photo)


@pytest.fixture(scope="module")
def told(kind: str, start: Starter, recorder: Recorder, marks: Marks) -> tuple[Client, Client]:
    """A front that was told everything under the eyes of strace; and one without a door."""
    watched = start(
        kind,
        recorder.port,
        before=lambda folder: strace(folder.parent / f"{folder.name}.strace", *CALLS),
    )
    lonely = start(kind, free_ports(1)[0])
    for client in (watched, lonely):
        tell(client, marks)
    return watched, lonely


CALLS = ("open", "openat", "creat", "connect", "accept", "accept4")
WRITTEN = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]+)", [^)\n]*O_(?:WRONLY|RDWR|CREAT)')
CALLED = re.compile(r"connect\(\d+, (\{[^}]*\})")
ACCEPTED = re.compile(r"accept4?\(\d+, .*\) = \d+\n")


def test_nothing_of_a_request_stays(told: tuple[Client, Client], marks: Marks) -> None:
    """No file that the front has, as configured or as its home, and no word it printed."""
    search = Search(marks)
    for client in told:
        looked = look(files(client.front.folder, search.overlap), search)
        assert looked.places >= 2
        assert looked.hits == []


def test_it_says_nothing_once_it_serves(told: tuple[Client, Client]) -> None:
    """What a front printed, it printed before the first request: no address, no target."""
    for client in told:
        said = client.front.said.read_text()
        assert "127.0.0.1:" not in said.replace(f"127.0.0.1:{client.front.tls}", "")
        assert "HTTP/1" not in said


def test_it_opens_no_file_to_write_and_calls_nobody_but_the_door(
    told: tuple[Client, Client], recorder: Recorder
) -> None:
    """By its system calls: no log, no temporary file, no system logger, no name service."""
    front = told[0].front
    whole = (front.folder.parent / f"{front.folder.name}.strace").read_text()
    served = ACCEPTED.search(whole)
    assert served is not None
    record = whole[served.end() :]
    door = f"htons({recorder.port})"
    called = CALLED.findall(record)

    assert [one for one in called if door in one]
    assert [one for one in called if door not in one] == []
    written = {one for one in WRITTEN.findall(record) if not TIDYING.search(one)}
    assert written <= keeps_house(front.folder)


TIDYING = re.compile(r"/caddy/[0-9]+$")
"""What becomes `last_clean.json`: written under a number, then renamed."""


def keeps_house(folder: Path) -> set[str]:
    """What Caddy writes about itself: its number, and when it last tidied up."""
    home = folder / "home" / "caddy"
    names = ("instance.uuid", "last_clean.json", "locks/storage_clean.lock")
    return {str(home / name) for name in names}


PLANTED = {
    "haproxy": {"    no log\n": "    log stderr format raw local0\n    option httplog\n"},
    "nginx": {"error_log /dev/null emerg;": "error_log stderr error;"},
    "caddy": {"output discard": "output stderr", "\timport dressed\n\troute": "\tlog\n\troute"},
}


def test_a_planted_log_is_found(kind: str, start: Starter, marks: Marks) -> None:
    """One line changed back to what these programs do by themselves, and the search is red."""
    leaky = start(kind, free_ports(1)[0], PLANTED[kind])
    tell(leaky, marks)
    search = Search(marks)

    assert look(files(leaky.front.folder, search.overlap), search).hits
