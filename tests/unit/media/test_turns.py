"""Pictures wait by sender, and senders take turns."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from mustshare_api.errors import Busy
from mustshare_api.media.turns import Turns

A, B, C = b"a", b"b", b"c"


class Line:
    """One thread, held shut until `go`, and room for four."""

    def __init__(self) -> None:
        self.turns = Turns[None](1, 4)
        self.done: list[str] = []
        self._shut = threading.Event()
        self._begun = threading.Event()
        self.first = self.turns.submit(A, self._hold)
        assert self._begun.wait(5)

    def send(self, sender: bytes, name: str) -> Future[None]:
        """Puts one in the line."""
        return self.turns.submit(sender, lambda: self.done.append(name))

    def go(self) -> list[str]:
        """Lets all through and says in which order they came."""
        self._shut.set()
        self.first.result(5)
        self.turns._threads.shutdown()
        return self.done

    def _hold(self) -> None:
        self._begun.set()
        assert self._shut.wait(5)


@pytest.fixture
def line() -> Iterator[Line]:
    """A line in which one is being served."""
    made = Line()
    yield made
    made.go()
    made.turns.close()


def test_senders_take_turns(line: Line) -> None:
    """Whoever came with many waits for those who came with one."""
    for sender, name in ((A, "a1"), (A, "a2"), (B, "b1"), (C, "c1")):
        line.send(sender, name)

    assert line.go() == ["a1", "b1", "c1", "a2"]


def test_a_newcomer_takes_the_last_place_of_whoever_has_most(line: Line) -> None:
    """Who loses it is told to come back; the newcomer is served."""
    sent = [line.send(A, f"a{n}") for n in range(4)]

    line.send(B, "b1")

    with pytest.raises(Busy) as caught:
        sent[-1].result(5)
    assert caught.value.code == "media.busy"
    assert line.go() == ["a0", "b1", "a1", "a2"]


def test_whoever_has_most_displaces_nobody(line: Line) -> None:
    """Their own next picture is what is refused."""
    for n in range(4):
        line.send(A, f"a{n}")

    with pytest.raises(Busy):
        line.send(A, "a4")

    assert line.go() == ["a0", "a1", "a2", "a3"]


def test_among_equals_the_last_to_come_is_refused(line: Line) -> None:
    """Displacing one for another would help nobody."""
    for sender in (B, C, b"d", b"e"):
        line.send(sender, sender.decode())

    with pytest.raises(Busy):
        line.send(b"f", "f")


def test_whoever_leaves_makes_room(line: Line) -> None:
    """A cancelled picture holds no place."""
    sent = [line.send(A, f"a{n}") for n in range(4)]

    sent[1].cancel()
    line.send(A, "a4")

    assert line.go() == ["a0", "a2", "a3", "a4"]


def test_what_waits_is_cancelled_at_the_end(line: Line) -> None:
    """And what is in work is finished."""
    waiting = line.send(B, "b1")
    ending = threading.Thread(target=line.turns.close)
    ending.start()

    while not waiting.cancelled():
        time.sleep(0.001)
    line.go()
    ending.join(5)

    assert line.done == []
    assert not line.first.cancelled()


def test_what_goes_wrong_is_told_to_whoever_waits(line: Line) -> None:
    """And stops nobody behind it."""

    def wrong() -> None:
        raise ValueError

    broken = line.turns.submit(B, wrong)
    line.send(C, "c1")

    assert line.go() == ["c1"]
    with pytest.raises(ValueError, match=r"^$"):
        broken.result(5)
