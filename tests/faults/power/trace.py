r"""What a database did to its disk, system call by system call, as strace wrote it down.

    <pid> <began> pwrite64(5<\x2f…path>, "\x00…", 8192, 16384) = 8192 <0.000031>
    <pid> <began> fsync(5<\x2f…path> <unfinished ...>
    <pid> <ended> <... fsync resumed>) = 0 <0.004>

Every string is in hexadecimal, so that no octet of a page can look like strace's own signs.
Times are of the clock that the clients' journal is in, so that the two can be laid side by
side: what was acknowledged before an instant had reached the disk before it, or was lost.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.store.programs import Programs
from tests.programs import program

CALLS: Final = (
    *("openat", "open", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "lseek"),
    *("fsync", "fdatasync", "ftruncate", "truncate", "fallocate", "rename", "renameat"),
    *("renameat2", "unlink", "unlinkat", "link", "linkat", "mkdir", "mkdirat", "rmdir"),
)
_LONGEST_BYTES: Final = 2 << 20
"""Of one write: a WAL segment is made in one, and is a megabyte here."""

_LINE: Final = re.compile(r"^([0-9]+) +([0-9.]+) (.*)$")
_RESUMED: Final = re.compile(r"^<\.\.\. [a-z0-9]+ resumed>(.*)$")
_DONE: Final = re.compile(
    r"^([a-z0-9]+)\((.*)\)\s+= (-?[0-9]+)(?:<([^>]*)>[^<]*)?[^<]*(?:<([0-9.]+)>)?$"
)
_UNFINISHED: Final = " <unfinished ...>"


@dataclass(frozen=True)
class Call:
    """One call that did not fail. `made` is the path of the descriptor that it gave, if any."""

    pid: int
    began: float
    ended: float
    name: str
    arguments: str
    result: int
    made: str


def small_segments(real: Programs, folder: Path) -> Programs:
    """The same programs, making clusters whose WAL segments are a megabyte."""
    return _between(
        real, folder, {"initdb": f"{real.initdb} --wal-segsize=1", "postgres": real.postgres}
    )


def traced(real: Programs, folder: Path, *more: str) -> tuple[Programs, Path]:
    """The same programs with the server's calls written down, and where.

    Args:
        real: the installation to run.
        folder: for the programs in between and for what strace writes.
        more: settings of the server, the last of which wins.
    """
    output = folder / "calls"
    wanted = f"-e signal=none -e trace={','.join(CALLS)}"
    how = f"-D -f --seccomp-bpf -qq -y -ttt -T -xx -v -s {_LONGEST_BYTES} {wanted}"
    strace = f"{program('strace')} {how} -o {output} {real.postgres}"
    found = _between(real, folder, {"initdb": real.initdb, "postgres": strace}, *more)
    return found, output


def _between(
    real: Programs, folder: Path, commands: Mapping[str, str], *settings: str
) -> Programs:
    """Scripts in place of the programs."""
    folder.mkdir()
    more = " ".join(f"-c {setting}" for setting in settings)
    for name, command in commands.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@" {more}\n', encoding="ascii")
        (folder / name).chmod(0o700)
    return Programs(folder, real.major)


def calls(output: Path) -> list[Call]:
    """The calls in the order in which they began."""
    return sorted(_calls(output), key=lambda call: call.began)


def _calls(output: Path) -> Iterator[Call]:
    begun: dict[int, tuple[float, str]] = {}
    with output.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            found = _LINE.match(line)
            if found is None:
                continue
            pid, at, what = int(found[1]), float(found[2]), found[3]
            resumed = _RESUMED.match(what)
            if what.endswith(_UNFINISHED):
                begun[pid] = at, what.removesuffix(_UNFINISHED)
            elif resumed and pid in begun:
                began, head = begun.pop(pid)
                yield from _call(pid, began, at, head + resumed[1])
            else:
                yield from _call(pid, at, None, what)


def _call(pid: int, began: float, ended: float | None, text: str) -> Iterator[Call]:
    done = _DONE.match(text)
    if done is None or int(done[3]) < 0:
        return
    until = began + float(done[5] or 0) if ended is None else ended
    path = octets_of(done[4] or "").decode()
    yield Call(pid, began, until, done[1], done[2], int(done[3]), path)


def octets_of(text: str) -> bytes:
    r"""The octets of `\x2f\x74`."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else b""
