"""Tips by the hundred thousand, made by the database itself, and what is asked of it.

Random ids, days spread over two years, and random octets of the length of what is really there,
so that they lie where real ones lie: bundles in their rows, stanzas apart from theirs. Payloads
are short: a list reads none. Rows lie in the order of their ids, where the nightly mixing puts
them, vacuumed as it leaves them. A quarter of the receipts was exchanged once. A million is six
gigabytes and takes some minutes.
"""

import re
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from mustshare_api.crypto.receipts import BUNDLE_BYTES
from mustshare_api.store.database import Connection, Database

BIG = ("tips", "envelopes", "envelope_recipients", "envelope_chunks", "rotations")
"""Tables that grow with the tips."""

_NOISE_BYTES = 1 << 20

_SCAN = re.compile(r"Seq Scan on (\w+)")


async def fill(dsn: str, tips: int, kids: Sequence[bytes], today: date) -> None:
    """Puts so many tips into an empty, migrated database, each with one object."""
    connection = await asyncpg.connect(dsn, command_timeout=3600)
    # Cut anywhere, it gives octets that nothing can compress, at the cost of copying them.
    noise = secrets.token_bytes(_NOISE_BYTES + 2 * BUNDLE_BYTES)
    try:
        await connection.execute("SET synchronous_commit = off")
        await connection.execute(
            """
            INSERT INTO tips (tip_id, access_hash, bundle, bundle_hash, fingerprint, state,
                              received_on, expires_on, changed_on)
            SELECT tip_id, sha256(tip_id), substr($3::bytea, at, 1248), sha256(int8send(n)),
                   sha256(int8send(n)), 'received', day, day + 3650, day
            FROM (
                SELECT n, uuid_send(gen_random_uuid()) AS tip_id,
                       $2::date - ((n - 1) * 700 / $1)::int AS day,
                       1 + (random() * $4::int)::int AS at
                FROM generate_series(1, $1::bigint) AS n ORDER BY 2
            ) AS made
            """,
            *(tips, today, noise, _NOISE_BYTES),
        )
        await connection.execute(
            """
            INSERT INTO envelopes (object_id, tip_id, kind, received_on, prefix, stanzas,
                                   payload, payload_bytes, changed_on)
            SELECT object_id, tip_id, 1, received_on,
                   decode('4d534f3100010100', 'hex') || tip_id || object_id || bundle_hash,
                   $1::bytea || (
                       SELECT string_agg(kid || substr($3::bytea, at, 1168), ''::bytea)
                       FROM unnest($2::bytea[]) AS kid
                   ),
                   substr($3::bytea, at, 64), 64, changed_on
            FROM (
                SELECT uuid_send(gen_random_uuid()) AS object_id, tip_id, received_on,
                       bundle_hash, changed_on, 1 + (random() * $4::int)::int AS at
                FROM tips ORDER BY 1
            ) AS made
            """,
            *(bytes([len(kids)]), list(kids), noise, _NOISE_BYTES),
        )
        await connection.execute(
            """
            INSERT INTO envelope_recipients (kid, object_id, changed_on)
            SELECT kid, object_id, changed_on FROM envelopes, unnest($1::bytea[]) AS kid
            ORDER BY object_id, kid
            """,
            list(kids),
        )
        # Vacuum takes no page for settled whose rows may not be on the disk yet.
        await connection.execute("SET synchronous_commit = on")
        await connection.execute(
            """
            INSERT INTO rotations (tip_id, number, bundle, notice, acceptance)
            SELECT tip_id, 1, bundle, substr(bundle, 1, 64), substr(bundle, 1, 64)
            FROM tips WHERE get_byte(tip_id, 15) < 64 ORDER BY 1
            """
        )
        await connection.execute("VACUUM ANALYZE")
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
    """Writes down what a database is asked within the block, by us and not by the driver."""
    watched = Watched()
    plain = database.connection

    def note(record: Any) -> None:
        if "pg_catalog" not in record.query and "current_setting" not in record.query:
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
