"""What waits its turn is not read on, whoever asks for more."""

import asyncio
from unittest.mock import Mock

import pytest

from mustshare_api.app.server.flow import Flow


@pytest.fixture
def line() -> Mock:
    """A transport that takes note of what it is told."""
    line = Mock(asyncio.Transport)
    line.is_closing.return_value = False
    return line


@pytest.fixture
def flow(line: Mock) -> Flow:
    """A connection that is read from."""
    return Flow(line)


def reads(flow: Flow, line: Mock) -> bool:
    """Whether the transport was last told to read, and the flow knows it."""
    told = [str(call[0]) for call in line.method_calls]
    reading = not told or told[-1] == "resume_reading"
    assert reading is not flow.read_paused
    return reading


def test_an_app_that_asks_for_more_waits_as_well(flow: Flow, line: Mock) -> None:
    """Until it is let go, and then it is read at once."""
    flow.hold()
    flow.resume_reading()
    assert not reads(flow, line)
    flow.let_go()

    assert reads(flow, line)


def test_what_an_app_has_paused_stays_so(flow: Flow, line: Mock) -> None:
    """It has more than it can take, whoever's turn it is."""
    flow.pause_reading()
    flow.hold()
    flow.let_go()
    assert not reads(flow, line)
    flow.resume_reading()

    assert reads(flow, line)


def test_an_app_may_pause_what_is_held(flow: Flow, line: Mock) -> None:
    """Then nothing is read when it is let go."""
    flow.hold()
    flow.hold()
    flow.pause_reading()
    flow.let_go()
    flow.let_go()

    assert not reads(flow, line)


def test_an_answer_rests_until_its_turn_and_until_there_is_room(flow: Flow) -> None:
    """Whichever of the two comes last."""
    flow.rest()
    flow.pause_writing()
    flow.write_on()
    assert flow.write_paused
    flow.rest()
    flow.resume_writing()
    assert flow.write_paused
    flow.write_on()

    assert not flow.write_paused


def test_an_answer_to_nobody_rests_no_more(flow: Flow, line: Mock) -> None:
    """Its turn never comes: who has hung up stands in no line."""
    flow.rest()
    line.is_closing.return_value = True
    flow.resume_writing()

    assert not flow.write_paused
