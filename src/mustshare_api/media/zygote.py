"""The process that every child is forked from: libraries loaded once, no picture ever seen.

    serving process --- channel (order + 3 descriptors) ---> zygote --- fork ---> child
          ^                                                     |                   |
          +---- line: the child's pidfd, then its exit ---------+                   |
          +---- line: report ---------------------------------------- ... ----------+

Started by `python -m mustshare_api.media.zygote`, never by forking the serving process: that
one has threads, keys and a database connection, and this way the zygote can be started again
at any time. It has no environment, no standard streams, and leaves when its channel closes.
Since it reads no picture, nothing of one reporter is in memory when another's file is parsed.
"""

import gc
import importlib
import io
import json
import os
import selectors
import signal
import socket
import sys

from PIL import Image

from mustshare_api.media import child, redraw, sandbox
from mustshare_api.media.channel import BORN, EXIT, Setting, parse_setting
from mustshare_api.media.report import ORDER_BYTES, Order, parse_order
from mustshare_api.media.sniff import Format

_FDS_WITH_ORDER = 3
_WARM = 20
_NICE = 10
"""Drawing yields to serving: with as many pictures in work as there are cores, the event loop
would otherwise wait for a whole time slice."""


class Zygote:
    """Forks on order and reaps what it forked."""

    def __init__(self, channel: socket.socket, setting: Setting) -> None:
        self._channel = channel
        self._setting = setting
        self._draw = _load(setting.draw)
        _warm_up()
        self._lines: dict[int, socket.socket] = {}
        self._pid = os.getpid()

    def serve(self) -> None:
        """Until the channel closes."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is not self._channel:
                        selector.unregister(key.fd)
                        self._reap(key.fd, key.data)
                    elif (born := self._take()) is None:
                        return
                    elif born:
                        selector.register(born[0], selectors.EVENT_READ, born[1])

    def try_out(self) -> str:
        """Forks a child that only locks itself in, and says whether it could."""
        pid = os.fork()
        if pid == 0:
            try:
                sandbox.lock(self._setting.limits, self._pid)
            finally:
                # Under the filter even a failing exit is one of the calls allowed.
                os._exit(child.ENDED if _is_locked() else child.NOT_LOCKED)
        _, status = os.waitpid(pid, 0)
        return sandbox.IN_FORCE if status == 0 else "cannot be installed"

    def _take(self) -> tuple[int, int] | tuple[()] | None:
        """One order: its child's pidfd and pid; empty if no child came; None at the end."""
        octets, fds, _, _ = socket.recv_fds(self._channel, ORDER_BYTES, _FDS_WITH_ORDER)
        if not octets:
            return None
        source, result, line = fds
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if pid == 0:
            held = (source, result, line)
            child.run(parse_order(octets), held, self._draw, self._setting, self._pid)
        os.close(source)
        os.close(result)
        if pid < 0:
            os.close(line)
            return ()
        return self._follow(pid, socket.socket(fileno=line))

    def _follow(self, pid: int, line: socket.socket) -> tuple[int, int]:
        pidfd = os.pidfd_open(pid)
        line.settimeout(0)
        socket.send_fds(line, [BORN], [pidfd])
        self._lines[pidfd] = line
        return pidfd, pid

    def _reap(self, pidfd: int, pid: int) -> None:
        _, status = os.waitpid(pid, 0)
        os.close(pidfd)
        with self._lines.pop(pidfd) as line:
            line.send(EXIT + os.waitstatus_to_exitcode(status).to_bytes(2, "big", signed=True))


def _is_locked() -> bool:
    """Whether the filter answers: nothing else would refuse to name the working directory."""
    try:
        os.getcwd()  # noqa: PTH109 - the system call itself is what is asked
    except PermissionError:
        return True
    return False


def _warm_up() -> None:
    """Draws a picture of its own some times, so that no child is the first to do anything.

    What the interpreter learns of code as it runs is written beside the code: each child would
    copy those pages for itself, and that was a sixth of its cost.
    """
    own = io.BytesIO()
    Image.new("RGB", (8, 8)).save(own, "JPEG")
    order = Order(Format.JPEG, len(own.getvalue()))
    for _ in range(_WARM):
        redraw.redraw(own.getvalue(), order, io.BytesIO()).encode()


def _load(name: str) -> child.Draw:
    module, _, function = name.partition(":")
    draw: child.Draw = getattr(importlib.import_module(module), function)
    return draw


def main(fd: int, setting: Setting) -> None:
    """Loads, locks in what can be inherited, says what is in force, serves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.nice(_NICE)
    with socket.socket(fileno=fd) as channel:
        zygote = Zygote(channel, setting)
        in_force = sandbox.confine()
        gc.freeze()
        in_force["seccomp"] = zygote.try_out()
        channel.send(json.dumps(in_force).encode())
        zygote.serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), parse_setting(sys.argv[2]))
