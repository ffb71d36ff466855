"""Tips by the hundred thousand, made by the database itself, and what is asked of it.

Random ids, days spread over two years, ciphertext that is none: pages cost what their rows and
indexes cost, whatever is inside. Rows lie in the order of their ids, where the nightly mixing
puts them. A quarter of the receipts was exchanged once.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from mustshare_api.store.database import Connection, Database

BIG = ("tips", "envelopes", "envelope_recipients", "envelope_chunks", "rotations")
"""Tables that grow with the tips."""

_SCAN = re.compile(r"Seq Scan on (\w+)")


async def fill(dsn: str, tips: int, kids: Sequence[bytes], today: date) -> None:
    """Puts so many tips into an empty, migrated database, each with one object."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET synchronous_commit = off")
        await connection.execute(
            """
            INSERT INTO tips (tip_id, access_hash, bundle, bundle_hash, fingerprint, state,
                              received_on, expires_on, changed_on)
            SELECT uuid_send(gen_random_uuid()), sha256(uuid_send(gen_random_uuid())),
                   decode(repeat('ab', 1248), 'hex'), sha256(int8send(n)), sha256(int8send(n)),
                   'received', $2::date - day, $2::date - day + 3650, $2::date - day
            FROM generate_series(1, $1::bigint) AS n,
                 LATERAL (SELECT (n * 700 / $1)::int AS day) AS spread
            ORDER BY 1
            """,
            *(tips, today),
            timeout=3600,
        )
        stanzas = bytes([len(kids)]) + b"".join(kid + bytes(1168) for kid in kids)
        await connection.execute(
            """
            INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                   payload, payload_bytes, changed_on)
            SELECT uuid_send(gen_random_uuid()), tip_id, 1, received_on,
                   decode('4d534f3100010100', 'hex') || tip_id || tip_id || bundle_hash,
                   $1, decode('00', 'hex'), 1, changed_on
            FROM tips ORDER BY 1
            """,
            stanzas,
            timeout=3600,
        )
        await connection.execute(
            """
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT kid, object_id, changed_on FROM envelopes, unnest($1::bytea[]) AS kid
            ORDER BY object_id, kid
            """,
            list(kids),
            timeout=3600,
        )
        await connection.execute(
            """
            INSERT INTO rotations (tip_id, number, bundle, notice, acceptance)
            SELECT tip_id, 1, bundle, substr(bundle, 1, 64), substr(bundle, 1, 64)
            FROM tips WHERE get_byte(tip_id, 0) < 64
            """,
            timeout=3600,
        )
        await connection.execute("VACUUM ANALYZE", timeout=3600)
    finally:
        await connection.close()


@dataclass
class Watched:
    """What a database was asked."""

    asked: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def statements(self) -> int:
        """How many statements that was."""
        return len(self.asked)

    async def scanned(self, connection: Connection) -> set[str]:
        """The growing tables that any of the questions would be read whole for."""
        found: set[str] = set()
        for query, args in self.asked:
            if query.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
                rows = await connection.fetch(f"EXPLAIN {query}", *args)
                plan = "\n".join(row[0] for row in rows)
                found |= set(_SCAN.findall(plan)) & set(BIG)
        return found


@asynccontextmanager
async def watching(database: Database) -> AsyncGenerator[Watched]:
    """Writes down what a database is asked within the block."""
    watched = Watched()
    plain = database.connection

    def note(record: Any) -> None:
        watched.asked.append((record.query, tuple(record.args or ())))

    @asynccontextmanager
    async def noted() -> AsyncGenerator[Connection]:
        async with plain() as connection:
            connection.add_query_logger(note)
            try:
                yield connection
            finally:
                connection.remove_query_logger(note)

    database.connection = noted  # type: ignore[method-assign]
    try:
        yield watched
    finally:
        database.connection = plain  # type: ignore[method-assign]
