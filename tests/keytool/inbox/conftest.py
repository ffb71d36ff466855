"""What several tests of the desk wait for."""

import time
from collections.abc import Callable

import pytest


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
