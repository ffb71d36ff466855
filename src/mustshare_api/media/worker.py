"""The serving process's end: starts the zygote, follows one child, kills what hangs.

Everything here blocks and belongs in a thread. The serving process never imports an imaging
library and never forks itself.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from mustshare_api.clock import Clock
from mustshare_api.media.channel import EXIT, PAGE, Setting
from mustshare_api.media.report import REPORT_BYTES, Order

_HELLO_S = 20.0
"""Loading the libraries takes 0.2 s; a machine that is busy may take many times that."""

_BORN_S = 10.0
"""A zygote that has not forked by then is wedged."""

_LAST_WORDS_S = 5.0
_MESSAGE_BYTES = 4096
_MESSAGES = 8
"""An honest child is good for three; one that floods the line is ended."""

_PAGES = 60
"""One that was asked to say how far it is may do so after each page."""

Told = Callable[[int, int], None]
"""Called with the pages done and the pages in all, as a child says."""

_TUNABLES = {"mmap_threshold": 1 << 32, "trim_threshold": 1 << 32}
"""Pixels in one heap that is never given back, and that has room made in it: see `room`."""

_ENVIRONMENT = {
    "GLIBC_TUNABLES": ":".join(f"glibc.malloc.{name}={n}" for name, n in _TUNABLES.items()),
    "PYTHONDONTWRITEBYTECODE": "1",
}


class ZygoteLost(Exception):
    """The zygote died or hangs; a new one can be started."""


@dataclass(slots=True)
class Ending:
    """How one child ended."""

    report: bytes | None = None
    exit_code: int | None = None
    timed_out: bool = False


class Zygote:
    """A handle on one running zygote."""

    def __init__(self, setting: Setting, clock: Clock) -> None:
        self._clock = clock
        self._wall_s = setting.limits.wall_s
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = _spawn(theirs.fileno(), setting)
        self.sandbox = self._hello()

    def draw(self, order: Order, source: int, result: int, told: Told | None = None) -> Ending:
        """Has one child draw one picture.

        Args:
            order: What to draw.
            source: Descriptor of the sender's file.
            result: Descriptor that the child writes to.
            told: Who is to hear how far it is.

        Raises:
            ZygoteLost: No child could be followed to its end.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                try:
                    fds = [source, result, theirs.fileno()]
                    socket.send_fds(self._channel, [order.encode()], fds)
                except OSError:
                    raise ZygoteLost from None
            return self._follow(_Line(ours, self._clock, told))

    def stop(self) -> None:
        """Ends the zygote and with it its children."""
        self._channel.close()
        try:
            self._process.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """Ends a zygote that can't be trusted to end itself."""
        self._process.kill()
        self._process.wait()
        self._channel.close()

    def _follow(self, line: "_Line") -> Ending:
        try:
            if not line.wait_for(lambda: line.pidfd is not None, _BORN_S):
                self._process.kill()
                raise ZygoteLost
            if line.wait_for(lambda: line.ending.exit_code is not None, self._wall_s):
                return line.ending
            line.ending.timed_out = True
            line.kill()
            if not line.wait_for(lambda: line.ending.exit_code is not None, _LAST_WORDS_S):
                self._process.kill()
            return line.ending
        finally:
            line.close()

    def _hello(self) -> dict[str, str]:
        self._channel.settimeout(_HELLO_S)
        try:
            octets = self._channel.recv(_MESSAGE_BYTES)
        except OSError:
            octets = b""
        self._channel.settimeout(None)
        if not octets:
            self.kill()
            raise ZygoteLost
        in_force: dict[str, str] = json.loads(octets)
        return in_force


class _Line:
    """What comes from one child and about it, in whatever order."""

    def __init__(self, end: socket.socket, clock: Clock, told: Told | None) -> None:
        self.ending = Ending()
        self.pidfd: int | None = None
        self._end = end
        self._messages = 0 if told is None else -_PAGES
        self._told = told
        self._clock = clock

    def wait_for(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Reads until it has happened; False when the time is up.

        Raises:
            ZygoteLost: Nobody holds the other end any more.
        """
        poll = select.poll()
        poll.register(self._end, select.POLLIN)
        until = self._clock.monotonic() + seconds
        while not happened():
            left = until - self._clock.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                return False
            self._read()
        return True

    def kill(self) -> None:
        """Ends the child; by pidfd, so that it can be no other process."""
        if self.pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> None:
        """Forgets the child."""
        if self.pidfd is not None:
            os.close(self.pidfd)

    def _is_dead(self) -> bool:
        """By the kernel's word: a child could write the zygote's, and linger."""
        poll = select.poll()
        if self.pidfd is not None:
            poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(0))

    def _read(self) -> None:
        """Takes one message in; what no honest child could send is passed over."""
        octets, fds, _, _ = socket.recv_fds(self._end, _MESSAGE_BYTES, 1)
        if not octets:
            raise ZygoteLost
        self._messages += 1
        if self._messages > _MESSAGES:
            self.kill()
        if fds and self.pidfd is None:
            self.pidfd = fds[0]
        elif len(octets) == REPORT_BYTES:
            self.ending.report = self.ending.report or octets
        elif octets.startswith(EXIT) and self._is_dead():
            code = octets[len(EXIT) :]
            self.ending.exit_code = int.from_bytes(code, "big", signed=True)
        elif self._told and octets.startswith(PAGE) and len(octets) == len(PAGE) + 2:
            self._told(octets[-2], octets[-1])


def _spawn(fd: int, setting: Setting) -> subprocess.Popen[bytes]:
    """Starts a zygote without environment, so that no secret of this process is in it."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "mustshare_api.media.zygote",
            str(fd),
            setting.encode(),
        ],
        pass_fds=(fd,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_ENVIRONMENT},
        start_new_session=True,
    )
