"""The onion door, come to by Tor: `make onion`, a minute or two, with Debian's tor and haproxy.

Not of the run of every change: it waits for authorities to vote, and for circuits.
"""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.onion.stage import STAFF_NAME, Stage, stage
from tests.onion.visitor import Answer, Visitor, circuits, close_circuits, command, presented
from tests.shape.tree import ROOT

PHOTO = (ROOT / "tests" / "data" / "road.jpg").read_bytes()
MARK = "ถนนพัง-zqxonionmark"
CHUNK = 500_000
ATTACKERS, HELD_EACH = 30, 6
STATE = frozenset(
    (
        *("CircuitBuildTimeBin", "CircuitBuildAbandonedCount", "TotalBuildTimes"),
        *("Guard", "Dormant", "MinutesSinceUserActivity", "LastWritten", "TorVersion"),
    )
)
"""What tor's state file may hold: guards and how often they served, days, nothing by visit."""


@pytest.fixture(scope="module")
def onion() -> Iterator[Stage]:
    # Short, and not pytest's own: a control socket's path has 107 octets at most.
    with tempfile.TemporaryDirectory(prefix="onion-") as folder, stage(Path(folder)) as made:
        yield made


def receipt_of(visitor: Visitor) -> str:
    """A fresh one, from the form as it is shown."""
    page = visitor.ask("GET", "/v1/form").body.decode()
    (found,) = re.findall(r'name="receipt" value="(\d{30})"', page)
    return str(found)


def sent_form(visitor: Visitor, receipt: str, photo: bytes) -> Answer:
    """The plain form with a photo, as a browser without script sends it."""
    fields = {"receipt": receipt, "text": MARK}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [b'name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + photo]
    lead = b"--limit\r\nContent-Disposition: form-data; "
    body = b"".join(lead + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=limit", "Accept": "text/html"}
    own = {"Origin": f"http://{visitor.host}", **kind}
    return visitor.ask("POST", "/v1/form", body, own)


def picture(side: int) -> bytes:
    """Noise, of about an octet a pixel: nothing makes it smaller."""
    made = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(made, "JPEG")
    return made.getvalue()


def test_a_form_without_script_and_all_that_follows(onion: Stage) -> None:
    """Form, photo, receipt, a follow-up; what is sent again is told that it was taken."""
    visitor = onion.visitor("reporter")
    receipt = receipt_of(visitor)
    pages = [sent_form(visitor, receipt, PHOTO) for _ in range(2)]
    more = {"id": secrets.token_hex(16), "text": MARK}
    told = [visitor.send("POST", "/v1/tip/follow-ups", more, receipt) for _ in range(2)]
    seen = visitor.ask("GET", "/v1/tip", headers=presented(receipt))

    assert [page.status for page in pages] == [201, 201]
    assert "ได้รับแล้ว" in pages[0].body.decode()
    assert [one.status for one in told] == [201, 201]
    assert seen.status == 200
    assert len(seen.body) == 10_240


def test_it_answers_to_its_own_name_alone(onion: Stage) -> None:
    """Another onion is misdirected; what is no onion gets nothing, served here or not."""
    visitor = onion.visitor("asker")

    def asked(host: str) -> int | None:
        with suppress(OSError, HTTPException):
            return visitor.ask("GET", "/v1/intake", headers={"Host": host}).status
        return None

    assert asked(onion.host) == 200
    assert [asked(f"sub.{onion.host}"), asked(f"{'a' * 56}.onion")] == [421, 421]
    for name in ("tips.localhost", STAFF_NAME, "unknown.example"):
        assert asked(name) is None


def test_a_tip_whose_circuit_closed_is_one_tip(onion: Stage) -> None:
    """Cut at any moment, and sent again: taken once."""
    visitor = onion.visitor("cut")
    before = len(onion.service.stored())
    with ThreadPoolExecutor(1) as beside:
        for wait_s in (0.02, 0.1, 0.3):
            receipt = receipt_of(visitor)
            first = beside.submit(visitor.send, "POST", "/v1/tips", {"text": MARK}, receipt)
            with suppress(OSError, HTTPException, TimeoutError):
                first.exception(wait_s)
            close_circuits(onion.control)
            first.exception()
            assert visitor.send("POST", "/v1/tips", {"text": MARK}, receipt).status == 201

    assert len(onion.service.stored()) == before + 3


def test_a_large_file_in_pieces_outlives_circuits_that_close(onion: Stage) -> None:
    """Three circuits lost within chunks; it goes on where the upload says."""
    visitor, large = onion.visitor("pieces"), picture(1400)
    receipt = receipt_of(visitor)
    assert visitor.send("POST", "/v1/tips", {"text": MARK}, receipt).status == 201
    begun = json.dumps({"id": secrets.token_hex(16), "size_bytes": len(large)}).encode()
    named = presented(receipt) | {"Upload-Token": secrets.token_urlsafe(32)}
    as_json, as_octets = "application/json", "application/octet-stream"
    uploads = "/v1/tip/uploads"
    assert visitor.ask("POST", uploads, begun, named | {"Content-Type": as_json}).status == 201
    cuts, offset, complete = 3, 0, "?0"
    with ThreadPoolExecutor(1) as beside:
        while complete == "?0":
            headers = named | {"Content-Type": as_octets, "Upload-Offset": str(offset)}
            chunk = large[offset : offset + CHUNK]
            sent = beside.submit(visitor.ask, "PATCH", uploads, chunk, headers)
            if cuts:
                cuts -= 1
                with suppress(OSError, HTTPException, TimeoutError):
                    sent.exception(0.1)
                close_circuits(onion.control)
            sent.exception()
            looked = visitor.ask("HEAD", uploads, headers=named)
            offset = int(looked.headers["upload-offset"])
            complete = looked.headers["upload-complete"]

    assert (complete, offset) == ("?1", len(large))


def test_a_slow_circuit_is_waited_for(onion: Stage) -> None:
    """3 kB/s both ways: form and photo come through every clock of front and door."""
    slow, fast = ("3 KBytes", "1 GBytes")
    visitor = onion.visitor("slow")
    receipt = receipt_of(visitor)
    command(onion.control, f'SETCONF BandwidthRate="{slow}" BandwidthBurst="{slow}"')
    try:
        page = sent_form(visitor, receipt, picture(200))
    finally:
        command(onion.control, f'SETCONF BandwidthRate="{fast}" BandwidthBurst="{fast}"')

    assert page.status == 201


def attack(visitor: Visitor, held: ExitStack) -> None:
    """Streams on the circuit that others use, each with a form that never goes on."""
    for _ in range(HELD_EACH):
        with suppress(OSError):
            line = held.enter_context(visitor.dial())
            line.sendall(
                f"POST /v1/form HTTP/1.1\r\nHost: {visitor.host}\r\nContent-Length: 90000\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode()
            )


def test_nobody_is_locked_out_by_another_through_one_tor(onion: Stage) -> None:
    """180 streams are held on one circuit; who shares it, and who has their own, is served."""
    with ExitStack() as held, ThreadPoolExecutor(ATTACKERS) as beside:
        shared = onion.visitor("shared")
        list(beside.map(lambda _: attack(shared, held), range(ATTACKERS)))
        reporters = [shared] * 6 + [onion.visitor(f"own{number}") for number in range(6)]
        tips = beside.map(lambda one: one.send("POST", "/v1/tips", {"text": MARK}), reporters)

        assert [tip.status for tip in tips] == [201] * 12
    assert len(circuits(onion.control)) >= 7


def test_nothing_of_a_visit_is_kept(onion: Stage) -> None:
    """The front says nothing, tor what it said at its start; no file names onion or tip."""
    marks = [onion.host.encode(), MARK.encode(), MARK.encode("utf-16-le")]
    files = [path for path in onion.service.folder.rglob("*") if path.is_file()]
    found = [path.name for path in files if any(mark in path.read_bytes() for mark in marks)]
    printed = [line for line in _lines(onion.service.log) if line[:1] == "{"]
    events = {json.loads(line)["event"] for line in printed}
    state = onion.network.home("onion") / "state"
    kept = {line.split()[0] for line in _lines(state) if line and line[0] != "#"}

    assert found == []
    assert _lines(onion.front.said) == []
    assert "[err]" not in onion.network.said("onion")
    assert onion.host not in onion.network.said("onion")
    assert kept <= STATE
    assert not [event for event in events if "tip" in event or "request" in event]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
