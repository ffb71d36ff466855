"""What officers wrote of the agencies that the directory lists: titles and a kind, public all.

The directory says which agencies there are and with which keys; this is only what they are
called. A record is written from the version that its writer saw.
"""

from dataclasses import dataclass

from mustshare_api.errors import WrongMoment
from mustshare_api.store.audit import NewLeaf, append
from mustshare_api.store.database import Connection, Database, retried


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A record. Version 0 is one that nobody has written yet."""

    name: str
    title_th: str
    title_en: str
    kind: str
    version: int


class AgencyStore:
    """The table `agencies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @retried(idempotent=True)
    async def all(self) -> list[AgencyRow]:
        """Every record, by name."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT name, title_th, title_en, kind, version FROM agencies ORDER BY name"
            )
        return [AgencyRow(**dict(row)) for row in rows]

    @retried(idempotent=True)
    async def put(self, row: AgencyRow, leaf: NewLeaf | None) -> None:
        """Write a record over the one of `row.version`; 0 where there is none. Twice is once.

        Raises:
            WrongMoment: `agency.changed`, there is another by now.
        """
        async with self._database.transaction() as connection:
            written = await connection.fetchval(
                """
                INSERT INTO agencies (name, title_th, title_en, kind, version)
                VALUES ($1, $2, $3, $4, 1)
                ON CONFLICT (name) DO NOTHING RETURNING true
                """
                if row.version == 0
                else """
                UPDATE agencies SET title_th = $2, title_en = $3, kind = $4,
                                    version = version + 1
                WHERE name = $1 AND version = $5 RETURNING true
                """,
                *(row.name, row.title_th, row.title_en, row.kind),
                *(() if row.version == 0 else (row.version,)),
            )
            if not written:
                await _check_same(connection, row)
                return
            if leaf is not None:
                await append(connection, leaf)


async def _check_same(connection: Connection, row: AgencyRow) -> None:
    """That the next version says the very same: it was written, and the answer lost.

    Raises:
        WrongMoment: `agency.changed`.
    """
    same = await connection.fetchval(
        """
        SELECT true FROM agencies
        WHERE name = $1 AND title_th = $2 AND title_en = $3 AND kind = $4 AND version = $5
        """,
        *(row.name, row.title_th, row.title_en, row.kind, row.version + 1),
    )
    if not same:
        raise WrongMoment("agency.changed")
