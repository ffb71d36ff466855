"""`mustshare backup`: everything a restore needs, sealed to a key that is off the server.

    pg_dump -> parts of 8 MiB -> tar -> age -> .mustshare-<day>.part -> mustshare-<day>.age

Nothing of it touches the disk in clear, and the server cannot open what it wrote: the key is an
agency's kind of key, `age1pq...`, whose other half lies with whoever would restore. The file
gets its name once it is whole and on disk; a run that is cut short leaves older files alone.

A backup holds what the database held, so it outlives a withdrawn tip. `--keep-days` is thus the
longest that withdrawn words, sealed, survive here; say so to reporters.
"""

import contextlib
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Final

from mustshare_api.app.backups.parts import PARTS, README, Writer
from mustshare_api.crypto.age import AgeSealer, parse_recipients
from mustshare_api.errors import Malformed, Misconfigured
from mustshare_api.settings import Settings
from mustshare_api.store import dumps
from mustshare_api.store.serial_floor import FILE_NAME

STAMP: Final = "backup.day"
"""In the data directory: the day of the last whole backup, for `mustshare doctor`."""

_NAME: Final = re.compile(r"mustshare-([0-9]{4}-[0-9]{2}-[0-9]{2})\.age")


@dataclass(frozen=True, slots=True)
class Order:
    """What an operator asked for."""

    recipients: list[bytes]
    into: Path
    keep_days: int
    today: date
    forgets: bool = True
    """Whether older ones go. By a clock that leapt ahead all of them would be too old."""


class _Sealed:
    """A stream that seals what is written to it."""

    def __init__(self, out: IO[bytes], recipients: list[bytes]) -> None:
        self._out = out
        self._sealer = AgeSealer(recipients)
        self._taken_bytes = 0
        out.write(self._sealer.head)

    def write(self, octets: bytes) -> int:
        """Takes octets."""
        self._out.write(self._sealer.update(octets))
        self._taken_bytes += len(octets)
        return len(octets)

    def tell(self) -> int:
        """How much was taken."""
        return self._taken_bytes

    def finish(self) -> None:
        """Marks the last chunk as the last."""
        self._out.write(self._sealer.finalize())


def read_recipients(told: str) -> list[bytes]:
    """Keys from the text of one, or from a file with a key a line.

    Raises:
        Misconfigured: it is neither, or a key is not post-quantum.
    """
    try:
        return parse_recipients(
            told.encode() if told.startswith("age1") else Path(told).read_bytes()
        )
    except Malformed as error:
        if error.code == "age.classical":
            raise Misconfigured(
                "a backup is sealed to post-quantum keys alone (age1pq...): make one with "
                "`age-keygen -pq`, on another machine."
            ) from None
        raise Misconfigured(
            "--to is neither an age1pq... key nor a file of such keys, a key a line."
        ) from None
    except OSError:
        raise Misconfigured(
            "--to names no file that can be read, and is no age1pq... key."
        ) from None


def back_up(
    settings: Settings, given: dict[str, str], dsn: str, major: int, order: Order
) -> Path:
    """Writes today's backup, and forgets those that are too old.

    Raises:
        Misconfigured: it could not be written; nothing was overwritten.
    """
    final = order.into / f"mustshare-{order.today.isoformat()}.age"
    try:
        with _in_place_of(final) as out:
            sealed = _Sealed(out, order.recipients)
            _fill(Writer(sealed), settings, given, dsn, major)
            sealed.finish()
        if order.forgets:
            _forget(order)
        _stamp(settings.data_dir, order.today)
    except OSError as error:
        raise Misconfigured(
            f"the backup was not written to {order.into}: {error.strerror}."
        ) from None
    return final


def _fill(
    writer: Writer, settings: Settings, given: dict[str, str], dsn: str, major: int
) -> None:
    writer.add("README", README.encode())
    lines = [f"{name}={value}\n" for name, value in sorted(given.items())]
    writer.add("settings.env", "".join(lines).encode())
    floor = settings.data_dir / FILE_NAME
    for name, path in (("roots", settings.roots_file), (FILE_NAME, floor)):
        if path is not None and path.exists():
            writer.add(name, path.read_bytes())
    for number, part in enumerate(dumps.parts_of(dsn, major)):
        writer.add(f"{PARTS}/{number:05}", part)
    writer.close()


@contextmanager
def _in_place_of(final: Path) -> Generator[IO[bytes]]:
    """A file beside it that takes its name once it is whole and on disk."""
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = final.with_name(f".{final.stem}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(final)
        _sync(final.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _sync(folder: Path) -> None:
    """Makes a name as durable as the file it stands for."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _forget(order: Order) -> None:
    oldest = (order.today - timedelta(days=order.keep_days)).isoformat()
    for path in order.into.iterdir():
        match = _NAME.fullmatch(path.name)
        if match is not None and match[1] < oldest:
            path.unlink()


def _stamp(data_dir: Path, today: date) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data_dir / STAMP).write_text(f"{today.isoformat()}\n", encoding="ascii")
