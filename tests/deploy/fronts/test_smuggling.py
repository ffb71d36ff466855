"""Requests that two programs may read differently: a front refuses, or passes on exactly one.

    probe -- front -- recorder, which reads with the service's own parser

What tells a smuggled request: the recorder reads a request on a connection whose answer no
client ever got, because the front does not know that it sent one.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import pytest

from tests.deploy.fronts.probes import PIPELINED, PROBES
from tests.deploy.fronts.recorder import Recorder, Request
from tests.deploy.fronts.wire import Client

WAIT_S = 0.8
"""Longer than a front on loopback thinks; some probes wait for more and get nothing."""


@dataclass(frozen=True)
class Outcome:
    """What came of one probe."""

    answers: bytes
    arrived: list[Request]
    hidden: list[Request]
    unreadable: bool
    """A connection on which a whole request stands before what the door cannot read."""


@pytest.fixture(scope="module", params=[False, True], ids=["tls", "onion"])
def outcomes(
    request: pytest.FixtureRequest, front: Client, recorder: Recorder
) -> dict[str, Outcome]:
    """Every probe, all at once."""
    plain: bool = request.param
    tag = f"{front.front.kind}-{plain:d}"

    def probe(number: int, octets: bytes) -> bytes:
        marked = octets
        for stem in (b"/p", b"/smuggled"):
            marked = marked.replace(stem + b" ", b"%s/%s/%d/ " % (stem, tag.encode(), number))
        with suppress(OSError):
            return front.say(marked, plain=plain, wait_s=WAIT_S)
        return b""

    with ThreadPoolExecutor(24) as pool:
        said = list(pool.map(probe, range(len(PROBES)), PROBES.values()))
    return {
        what: _outcome(recorder, said[number], f"/{tag}/{number}/")
        for number, what in enumerate(PROBES)
    }


def _outcome(recorder: Recorder, answers: bytes, tag: str) -> Outcome:
    arrived = recorder.of(tag)
    hidden = [one for one in arrived if b"smuggled" in one.target]
    lines = [one for one in recorder.connections if tag.encode() in one.octets]
    broken = [one for one in lines if one.unreadable and any(r.whole for r in one.requests)]
    return Outcome(answers, arrived, hidden, broken != [])


def test_no_request_arrives_that_the_front_does_not_know(outcomes: dict[str, Outcome]) -> None:
    """Each request that the door's parser reads has an answer that somebody got."""
    unknown = {
        what: (found.arrived, found.answers)
        for what, found in outcomes.items()
        if len([one for one in found.arrived if one.whole]) > found.answers.count(b"taken")
    }

    assert unknown == {}


def test_nothing_hidden_arrives(outcomes: dict[str, Outcome]) -> None:
    """Not even as a request of its own, but where the first one lawfully ends before it."""
    hidden = {
        what: (found.hidden, found.answers)
        for what, found in outcomes.items()
        if found.hidden and what not in PIPELINED
    }

    assert hidden == {}


def test_what_arrives_is_read_one_way_only(outcomes: dict[str, Outcome]) -> None:
    """One Host, one length or chunks and never both, and the door's parser takes all of it."""
    doubtful = {
        what: found.arrived
        for what, found in outcomes.items()
        if found.unreadable or not all(_is_plain(one) for one in found.arrived if one.whole)
    }

    assert doubtful == {}


def _is_plain(request: Request) -> bool:
    lengths = request.values(b"content-length")
    codings = request.values(b"transfer-encoding")
    framings = len(lengths) + len(codings)
    odd = b"".join(name + value for name, value in request.headers)
    return (
        framings <= 1
        and len(request.values(b"host")) == 1
        and codings in ([], [b"chunked"])
        and not set(odd) & set(b"\x00\r\n")
    )


def test_honest_requests_pass_after_all_of_them(
    outcomes: dict[str, Outcome], front: Client
) -> None:
    """Whatever a probe left behind, it left on a line of its own."""
    answers = [front.request("GET", "/honest", plain=plain) for plain in (False, True) * 3]

    assert [one.body for one in answers] == [b"taken"] * 6
