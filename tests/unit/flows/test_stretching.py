"""Receipts stand back where others want the same core."""

import os
import threading
from unittest.mock import Mock

from mustshare_api.flows.standing import Gate
from mustshare_api.flows.stretching import NICE, Stretcher


def priority() -> int:
    """How nice the calling thread is."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_stretch_is_nicer_than_the_event_loop() -> None:
    """Its threads alone: whoever called it stays as they were."""
    before, stretcher = priority(), Stretcher(1, 1, Mock(Gate))
    try:
        in_the_pool = stretcher._pool.submit(priority).result(10)
    finally:
        stretcher.close()

    assert in_the_pool == min(19, before + NICE)
    assert priority() == before
