"""The highest directory serial that this machine has served, beside the database.

    <deployment, 32 hex> <serial>

Whoever can write to the database can delete its newest directory and so bring back officers who
were struck off. A running process remembers better; this file remembers for one that starts
anew. It protects from somebody who holds the database and not this machine's disk, and from a
backup of the database that is older than the last directory. It is no secret, and it is left
alone where the disk can't be written: then a start believes the database, as it has to.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.logs import log

FILE_NAME: Final = "directory.serial"
_LIMIT_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class SerialFloor:
    """The file, which may not be there yet."""

    path: Path

    def read(self, deployment_id: bytes) -> int:
        """The highest serial served for this deployment; 0 where none is known."""
        try:
            with self.path.open("rb") as stream:
                deployment, _, serial = stream.read(_LIMIT_BYTES).decode("ascii").partition(" ")
            return int(serial) if deployment == deployment_id.hex() else 0
        except (OSError, ValueError):
            return 0

    def write(self, deployment_id: bytes, serial: int) -> None:
        """Keeps a serial, durably, or says in the log that it could not."""
        part = self.path.with_name(f".{FILE_NAME}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with part.open("wb") as stream:
                stream.write(f"{deployment_id.hex()} {serial}\n".encode())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self.path)
        except OSError as failed:
            log("serial_floor_not_kept", kind=type(failed).__name__)
        finally:
            with contextlib.suppress(OSError):
                part.unlink()
