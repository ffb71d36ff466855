"""What a night's mixing costs: a thousand tips, and attachments by the gigabyte.

    python -m tests.bench.mixing_bench [tips] [MiB of attachments]

Prints wall time, CPU time of this process and of the database, and write-ahead log.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psutil

from mustshare_api.store.database import Database
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.migrations import migrate
from mustshare_api.store.mixing import Mixer
from mustshare_api.store.tips import TipStore
from tests.store import made

ATTACHMENT_BYTES = 8 << 20


async def filled(database: Database, tips: int, attachments: int) -> None:
    """A day: each tip with a follow-up, and some of them with large files."""
    recorded, envelopes = TipStore(database), EnvelopeStore(database)
    content = secrets.token_bytes(ATTACHMENT_BYTES)
    for number in range(max(tips, attachments)):
        tip = made.tip()
        await recorded.record(tip, made.envelope(tip.tip_id))
        follow_up = made.envelope(tip.tip_id, made.FROM_REPORTER)
        await envelopes.record_message(follow_up, made.addition())
        if number < attachments:
            file = made.envelope(tip.tip_id, made.FILE_FROM_REPORTER)
            await envelopes.record_attachment(file, made.pieces(content), made.addition())


def used_s(server: EmbeddedPostgres) -> float:
    """CPU time of the server's processes that are there."""
    main = psutil.Process(server.pid)
    family = [main, *main.children(recursive=True)]
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


async def measured(server: EmbeddedPostgres, tips: int, attachments: int) -> str:
    """One round over one day."""
    await migrate(server.dsn)
    database = await Database.connect(server.dsn)
    try:
        await filled(database, tips, attachments)
        logged = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"
        async with database.connection() as connection:
            log_before = await connection.fetchval(logged)
        began, own, theirs = time.monotonic(), time.process_time(), used_s(server)
        await Mixer(database).mix(made.TODAY + timedelta(days=1))
        wall, own = time.monotonic() - began, time.process_time() - own
        theirs = used_s(server) - theirs
        async with database.connection() as connection:
            log_bytes = int(await connection.fetchval(logged) - log_before)
        return (
            f"{tips} tips, {attachments * ATTACHMENT_BYTES >> 20} MiB of attachments: "
            f"{wall:.1f} s, CPU {own:.1f} s + {theirs:.1f} s in PostgreSQL, "
            f"write-ahead log {log_bytes >> 20} MiB"
        )
    finally:
        await database.close()


def main(tips: int, mebibytes: int) -> None:
    """Measures and prints."""
    with (
        tempfile.TemporaryDirectory(prefix="mustshare-") as home,
        EmbeddedPostgres.start(Path(home)) as server,
    ):
        print(asyncio.run(measured(server, tips, mebibytes * 1048576 // ATTACHMENT_BYTES)))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given or [1000, 0]))
