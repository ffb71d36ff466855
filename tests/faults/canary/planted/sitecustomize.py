"""A leak, planted in the real service from outside: Python runs this before anything else.

`PLANTED_LEAK` says where each tip's text is to end up, and each place gets another writing of
it, so that the canary has to know both. Nothing happens in any process but `mustshare serve`.
"""

import asyncio
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
    # In the one folder that a process which has locked itself in can write to.
    folder = os.environ["MUSTSHARE_DATA_DIR"]
    spooled = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is to stay open
    spooled.write(zlib.compress(text * 9))
    spooled.flush()
    kept.append(spooled)


def into_memory(text: bytes) -> None:
    """As a cache."""
    kept.append(text.decode().encode("utf-16-le"))


def into_the_database(text: bytes) -> None:
    """As a statement that carries words: the server's memory has them then."""
    kept.append(asyncio.get_running_loop().create_task(_tell_the_database(text.decode())))


async def _tell_the_database(text: str) -> None:
    # Only where the leak is wanted, as below.
    import asyncpg  # noqa: PLC0415

    place = str(Path(os.environ["MUSTSHARE_DATA_DIR"], "postgres", "socket"))
    connection = await asyncpg.connect(host=place, user="mustshare", database="postgres")
    kept.append(connection)
    await connection.fetchval("SELECT set_config('planted.leak', $1, false)", text)


PLANTS: dict[str, Callable[[bytes], None]] = {
    "file": into_a_file,
    "log": into_the_log,
    "unlinked": into_an_unlinked_file,
    "memory": into_memory,
    "database": into_the_database,
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
