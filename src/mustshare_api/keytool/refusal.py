"""What the tool ends with when it does not do what it was asked.

    0  done                       3  the staff door was not reached
    1  refused, or failed         4  cannot open: passphrase, key or sealed octets
    2  the command line itself    5  the audit log was rewritten: keep the evidence

A refusal here may name a file or an address: it goes to the terminal of the person who typed
it, never to a log. What came from a reporter or from the server's disk is not in one.
"""

import contextlib
from collections.abc import Generator
from enum import IntEnum
from pathlib import Path
from typing import Final

from mustshare_api.errors import CannotOpen, MustShareError, Unavailable


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NETWORK = 3
    CANNOT_OPEN = 4
    REWRITTEN = 5


class Refusal(MustShareError):
    """A refusal whose sentence has `values` filled in."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.values = values


class Unreachable(Refusal):
    """No answer from the staff door, or none that is one."""

    def __init__(self, **values: str | int) -> None:
        super().__init__("door.unreachable", **values)


class AskedToWait(Unavailable):
    """The staff door is busy, and says for how long: `retry_after_s`."""


class Rewritten(Refusal):
    """The audit log is not what it was, or does not prove it. `path` is the evidence."""


class InFile(Refusal):
    """A refusal that is about one file, where its sentence does not name one."""

    def __init__(self, file: Path, refused: MustShareError) -> None:
        values = refused.values if isinstance(refused, Refusal) else {}
        super().__init__(refused.code, **values)
        self.file = file
        self.refused = refused


@contextlib.contextmanager
def about(file: Path) -> Generator[None]:
    """Names the file in whatever is refused within.

    Raises:
        InFile: with the code of what was refused; a refusal that names a file passes as it is.
    """
    try:
        yield
    except MustShareError as refused:
        if isinstance(refused, Refusal) and (
            isinstance(refused, InFile) or "path" in refused.values
        ):
            raise
        raise InFile(file, refused) from None


_NOT_ABOUT_OPENING: Final = ("directory.", "note.", "hand_over.", "certificate.")


def exit_of(error: MustShareError) -> Exit:
    """The exit code that goes with an error."""
    if isinstance(error, InFile):
        return exit_of(error.refused)
    if isinstance(error, Unreachable):
        return Exit.NETWORK
    if isinstance(error, Rewritten):
        return Exit.REWRITTEN
    if isinstance(error, CannotOpen) and not error.code.startswith(_NOT_ABOUT_OPENING):
        return Exit.CANNOT_OPEN
    return Exit.REFUSED
