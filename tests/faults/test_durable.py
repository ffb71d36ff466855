"""The answer leaves after the disk has it: seen from outside, in the order of system calls.

    request         t0
    database             fdatasync(pg_wal/…) begins ... ends
    service                                                    write(TCP …)   first after t0

strace follows the service and its database. The connection is kept alive, so that the first
octet that leaves after a request is the first of its answer and no part of a handshake.
"""

import json
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from mustshare_api.domain import receipt
from tests.faults import processes
from tests.faults.reporters import JSON, OCTETS, sealed_tip, with_receipt
from tests.pictures import jpegs
from tests.service import Service

CALLS = "fdatasync,fsync,write,writev,sendto,sendmsg"
_LINE = re.compile(r"^(?P<pid>[0-9]+) +(?P<at>[0-9]+\.[0-9]+) (?P<call>.*)$")
_WAL = re.compile(r"^f(?:data)?sync\([0-9]+<[^>]*/pg_wal/")
_TCP = re.compile(r"^(?:write|writev|sendto|sendmsg)\([0-9]+<TCP")


@dataclass(frozen=True)
class Call:
    """One system call, from its first to its last instant."""

    began: float
    ended: float
    what: str


class Traced:
    """A service under strace, and one connection to it."""

    def __init__(self, service: Service) -> None:
        assert shutil.which("strace"), "this test needs strace: apt-get install strace"
        self.service = service
        self._connection: HTTPSConnection = service.connect()
        self._send("GET", "/v1/intake")
        self._output = service.folder / "trace"
        self._tracer = self._attach()

    def _attach(self) -> "subprocess.Popen[bytes]":
        family = [one for one in processes.family(self.service) if "zygote" not in one.what]
        command = ["strace", "-f", "-ttt", "-yy", "-s", "0", "-e", f"trace={CALLS}"]
        command += ["-o", str(self._output)]
        command += [word for one in family for word in ("-p", str(one.pid))]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE)
        assert tracer.stderr is not None
        for _ in family:
            said = tracer.stderr.readline()
            assert b"attached" in said, f"strace cannot look into the service: {said!r}"
        return tracer

    def request(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] = {}
    ) -> tuple[int, float, float]:
        """The status of one request, and the instants before and after it."""
        began = time.time()
        return self._send(method, target, body, headers), began, time.time()

    def _send(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] = {}
    ) -> int:
        self._connection.request(method, target, body, dict(headers))
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    def calls(self) -> list[Call]:
        """Ends the trace; what was called."""
        self.close()
        return list(_read(self._output))

    def close(self) -> None:
        """Ends the trace."""
        self._connection.close()
        if self._tracer.poll() is None:
            self._tracer.send_signal(signal.SIGTERM)
            self._tracer.wait(20)
        assert self._tracer.stderr is not None
        self._tracer.stderr.close()


def _read(trace: Path) -> Iterator[Call]:
    """The calls of a trace; one that was interrupted by another's line is put together."""
    waiting: dict[str, tuple[float, str]] = {}
    for line in trace.read_text(errors="replace").splitlines():
        parts = _LINE.match(line)
        if parts is None:
            continue
        pid, at, call = parts["pid"], float(parts["at"]), parts["call"]
        if call.endswith("<unfinished ...>"):
            waiting[pid] = (at, call)
        elif call.startswith("<...") and pid in waiting:
            began, what = waiting.pop(pid)
            yield Call(began, at, what)
        else:
            yield Call(at, at, call)


def synced_before_the_answer(calls: list[Call], began: float, ended: float) -> bool:
    """Whether the write-ahead log was on disk when the answer to a request began to leave."""
    answered = min(one.began for one in calls if one.began > began and _TCP.match(one.what))
    assert answered <= ended, "the answer is not in the trace"
    return any(
        began <= one.began and one.ended <= answered for one in calls if _WAL.match(one.what)
    )


@pytest.fixture
def traced(service: Service) -> Iterator[Traced]:
    """A service under strace."""
    found = Traced(service)
    yield found
    found.close()


def test_a_201_leaves_after_the_log_is_on_disk(traced: Traced) -> None:
    """Tips in clear and sealed, follow-ups and photos: each is synchronised, then answered."""
    digits = receipt.mint()
    mine = with_receipt(digits)
    sealed = sealed_tip(traced.service, "ปิดผนึก", receipt.mint())
    photo = f"/v1/tip/attachments/{secrets.token_hex(16)}"
    words = json.dumps({"id": secrets.token_hex(16), "text": "เพิ่มเติม"}).encode()

    writes = [
        traced.request("POST", "/v1/tips", b'{"text": "tip"}', {**JSON, **mine}),
        traced.request("POST", "/v1/tips", sealed, OCTETS),
        traced.request("POST", "/v1/tip/follow-ups", words, {**JSON, **mine}),
        traced.request("PUT", photo, jpegs.plain(), {**OCTETS, **mine}),
    ]
    reads = [traced.request("GET", "/v1/tip", headers=mine) for _ in range(4)]
    calls = traced.calls()

    assert [status for status, _, _ in writes] == [201] * 4
    assert [synced_before_the_answer(calls, *when) for _, *when in writes] == [True] * 4
    # What is only read is not synchronised, so the line above tells something.
    assert not all(synced_before_the_answer(calls, *when) for _, *when in reads)
