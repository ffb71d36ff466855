"""A leak, planted in the real service from outside: Python runs this before anything else.

`PLANTED_LEAK` says where each tip's text is to end up, and each place gets another writing of
it, so that the canary has to know both. Nothing happens in any process but `mustshare serve`.
"""

import base64
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

kept: list[object] = []


def into_a_file(text: bytes) -> None:
    """As a debugging aid that somebody forgot."""
    path = Path(os.environ["MUSTSHARE_DATA_DIR"], "postgres", "crash.txt")
    path.write_bytes(b"x" + base64.b64encode(b"." + text))


def into_the_log(text: bytes) -> None:
    """As an exception's text would be."""
    sys.stderr.write(f"ValueError: {text.decode()[-60:]!r}\n")


def into_an_unlinked_file(text: bytes) -> None:
    """As a spooled upload."""
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 - it is to stay open
    spooled.write(zlib.compress(text * 9))
    spooled.flush()
    kept.append(spooled)


def into_memory(text: bytes) -> None:
    """As a cache."""
    kept.append(text.decode().encode("utf-16-le"))


PLANTS: dict[str, Callable[[bytes], None]] = {
    "file": into_a_file,
    "log": into_the_log,
    "unlinked": into_an_unlinked_file,
    "memory": into_memory,
}


def plant(leak: Callable[[bytes], None]) -> None:
    """Has every tip in clear leak on its way."""
    # Only where the leak is wanted: every Python that finds this file runs it.
    from mustshare_api.domain.message import TipBody, encode_message  # noqa: PLC0415
    from mustshare_api.flows import intake  # noqa: PLC0415

    def leaky(message: TipBody) -> bytes:
        leak(message.text.encode())
        return encode_message(message)

    vars(intake)["encode_message"] = leaky


if "serve" in sys.orig_argv and (wanted := os.environ.get("PLANTED_LEAK")):
    plant(PLANTS[wanted])
