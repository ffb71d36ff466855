"""What several tests of the desk wait for."""

import time
from collections.abc import Callable

import pytest

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import Entry
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tips
from mustshare_api.keytool.inbox.entries import new_object_id, seal_entry
from tests.keytool.conftest import Reporter, Tool


@pytest.fixture
def writes(tool: Tool, reporter: Reporter) -> Callable[..., str]:
    """A colleague's entry, put where the door has it."""

    def write(officer: Officer, entry: Entry, signed_by: Officer | None = None) -> str:
        tip = load_tips(Home(tool.home))[reporter.tip]
        object_id = new_object_id()
        octets = seal_entry(tip, object_id, entry, signed_by or officer, reporter.recipients)
        reporter.door.objects[object_id] = octets
        return object_id

    return write


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits until something holds, at most twenty seconds."""

    def wait(holds: Callable[[], bool]) -> None:
        for _ in range(400):
            if holds():
                return
            time.sleep(0.05)
        pytest.fail("it never held")

    return wait
