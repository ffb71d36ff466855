"""However a service ends, nothing that it started goes on running."""

import os
import secrets
import signal
import subprocess
import threading

import pytest

from tests.faults import processes
from tests.faults.conftest import Starter
from tests.faults.reporters import OCTETS, with_receipt
from tests.pictures import jpegs
from tests.service import Service


def at_a_terminal(service: Service) -> None:
    """Starts it as a shell does: first of a process group of its own."""
    service.stop(signal.SIGKILL)
    with service.log.open("ab") as output:
        service.process = subprocess.Popen(
            service.command("serve"),
            cwd=service.folder,
            env=service.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
        )
    service.wait_until_open()


def busy_with_a_photo(service: Service) -> threading.Thread:
    """A front end that has a picture in work; how that ends is nothing to this test."""
    digits = service.send_tip("ถนนพัง").json()["receipt"]
    target = f"/v1/tip/attachments/{secrets.token_hex(16)}"

    def send() -> None:
        try:
            service.request("PUT", target, jpegs.phone(), {**OCTETS, **with_receipt(digits)})
        except OSError:
            return

    sender = threading.Thread(target=send)
    sender.start()
    return sender


@pytest.mark.parametrize(
    ("how", "expected"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)],
    ids=["Ctrl-C", "SIGTERM", "SIGKILL"],
)
def test_nothing_goes_on_running(service: Service, how: signal.Signals, expected: int) -> None:
    """Ctrl-C (which the whole group gets), SIGTERM and SIGKILL each leave no process behind."""
    at_a_terminal(service)
    assert service.process is not None
    family = processes.family(service)
    assert any("zygote" in one.what for one in family)
    assert any("postgres" in one.what for one in family)
    sender = busy_with_a_photo(service)

    if how is signal.SIGINT:
        os.killpg(service.process.pid, how)
    else:
        service.process.send_signal(how)

    assert service.process.wait(30) == expected
    sender.join(30)
    assert processes.wait_until_gone(family, service.folder) == []


def test_a_picture_worker_that_dies_is_replaced(service: Service) -> None:
    """The next picture is taken by a new one, in the same sandbox to its last layer.

    Its parent has locked itself in by then, and a child is bound by what binds its parent.
    """
    digits = service.send_tip("ถนนพัง").json()["receipt"]
    old = processes.zygote(service)
    processes.end(old)

    target = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    answer = service.request("PUT", target, jpegs.phone(), {**OCTETS, **with_receipt(digits)})

    assert answer.status == 201, answer.content
    assert processes.zygote(service) != old
    health = service.request("GET", "/health/ready", door=2).json()
    assert health["sandbox_missing"] == health["confinement_missing"] == []


def test_a_service_starts_again_at_once_after_a_kill(started: Starter) -> None:
    """What a killed service leaves behind (a socket, a pid file) stands in nobody's way."""
    service = started()
    service.stop(signal.SIGKILL)

    service.start()

    assert service.send_tip("หลังไฟดับ").status == 201
