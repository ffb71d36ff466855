"""What gets into a log, and what does not, whoever asks for it."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from mustshare_api.logs import EVENTS, log, set_up


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the service writes, once it has set its log up."""
    before = structlog.get_config()
    stream = io.StringIO()
    set_up(stream)
    yield stream
    structlog.configure(**before)


def test_an_event_that_is_not_listed_is_dropped(written: io.StringIO) -> None:
    """Whoever adds one to a handler adds nothing to the log."""
    log("tip_taken", tip_id="ab", words="SECRET")
    structlog.get_logger().error("SECRET", exc_info=True)

    assert written.getvalue() == ""


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_a_key_that_is_not_listed_is_dropped(written: io.StringIO, event: str) -> None:
    """Of a listed event its own keys are written, and no instant beside them."""
    own = dict.fromkeys(EVENTS[event], "told")
    log(event, **own, address="SECRET", timestamp="SECRET", receipt="SECRET")

    assert json.loads(written.getvalue()) == {"event": event, "level": "info", **own}


def test_a_value_cannot_make_a_line_of_its_own(written: io.StringIO) -> None:
    """A line end in what is told, or quotes, stay inside of it."""
    told = 'x"}\n{"event": "service_stopped"}'
    log("directory_refused", code=told)

    assert written.getvalue().count("\n") == 1
    assert json.loads(written.getvalue())["code"] == told
