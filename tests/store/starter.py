"""Starts the embedded server in a process of its own, for tests that kill or lower it.

    python starter.py <data directory> <as whom: "same" or a user id> <how it ends>

How it ends: `wait` (prints the server's pid and then sleeps), `stop`, or `exit` (leaves without
stopping). Being another user is done by a user namespace: the files of the interpreter stay
readable, which a real change of user would not promise.
"""

import ctypes
import os
import sys
import time
from pathlib import Path

from mustshare_api.errors import Misconfigured
from mustshare_api.store.embedded import EmbeddedPostgres

_CLONE_NEWUSER = 0x10000000


def _become(user: str) -> None:
    if user == "same":
        return
    inside, outside, group = int(user), os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0:
        raise OSError
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{inside} {outside} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{inside} {group} 1", encoding="ascii")


def _main(directory: Path, user: str, ending: str) -> None:
    _become(user)
    try:
        server = EmbeddedPostgres.start(directory, patience_s=10)
    except Misconfigured as refused:
        sys.stdout.write(f"{refused.advice}\n")
        sys.exit(1)
    sys.stdout.write(f"{server.pid} {server.dsn}\n")
    sys.stdout.flush()
    if ending == "wait":
        time.sleep(600)
    if ending == "stop":
        server.stop()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
