"""History is rewritten in PostgreSQL, as whoever holds it could, and the tool shouts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from mustshare_api.crypto import checkpoints
from mustshare_api.crypto.merkle import grown, leaf_hash
from mustshare_api.keytool.audit.reading import NotAsSigned, Reader
from mustshare_api.keytool.desk.watching import Watcher
from mustshare_api.keytool.refusal import Exit, Rewritten, exit_of
from mustshare_api.keytool.staff_door.answered import refusal_of
from mustshare_api.keytool.staff_door.audit_log import AuditDoor
from mustshare_api.store.database import Connection
from tests.doors import Doors


@dataclass
class Through:
    """The tool's door, straight into the app instead of over TLS."""

    doors: Doors
    loop: asyncio.AbstractEventLoop

    def ask(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        target = f"{path}?{urlencode(query)}" if query else path
        asked = self.doors.signed("GET", target)
        answer = asyncio.run_coroutine_threadsafe(asked, self.loop).result(30)
        if answer.status_code >= 300:
            raise refusal_of(answer.status_code, answer.content)
        return answer.content


@dataclass
class Auditor:
    """Somebody with a folder who looks at the log now and then."""

    doors: Doors
    folder: Path

    @property
    def door(self) -> AuditDoor:
        return AuditDoor(Through(self.doors, asyncio.get_running_loop()))  # type: ignore[arg-type]

    async def look(self) -> bytes:
        watcher = Watcher(self.folder, self.door, self.doors.bench.directory.current())
        return await asyncio.to_thread(watcher.look)

    async def read(self) -> int:
        """Reads everything again; how many leaves there were."""
        note = await self.look()
        reader = Reader(self.door, self.doors.org.roots, checkpoints.parse(note)[0])
        return len(await asyncio.to_thread(lambda: list(reader.read())))

    async def rewrite(self, how: Callable[[Connection], Awaitable[Any]]) -> None:
        async with self.doors.bench.audit.store._database.transaction() as connection:
            await how(connection)

    def evidence(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("evidence/*/*"))


@pytest.fixture
async def auditor(doors: Doors, tmp_path: Path) -> Auditor:
    """One who looked when the log had some leaves, and believed what it saw."""
    for serial in (2, 3):
        note = doors.org.note(serial)
        assert (await doors.signed("PUT", "/v1/directory", note)).status_code == 204
    auditor = Auditor(doors, tmp_path)
    await auditor.look()
    return auditor


async def rebuild(connection: Connection) -> None:
    """Makes tree and head anew from the leaves as they are, numbering them without gaps."""
    rows = await connection.fetch("SELECT * FROM audit_leaves ORDER BY position")
    await connection.execute("TRUNCATE audit_leaves, audit_nodes")
    peaks: tuple[bytes, ...] = ()
    for position, row in enumerate(rows):
        hashed = leaf_hash(row["nonce"] + row["event"])
        after = grown(position, peaks, hashed)
        peaks = after.peaks
        await connection.execute(
            "INSERT INTO audit_leaves VALUES ($1, $2, $3, $4, $5, $6)",
            *(position, hashed, row["happened_on"], row["nonce"], row["event"]),
            row["directory"],
        )
        for node, octets in after.completed:
            await connection.execute(
                "INSERT INTO audit_nodes VALUES ($1, $2, $3)", *node, octets
            )
    await connection.execute(
        "UPDATE audit_head SET size = $1, peaks = $2", len(rows), b"".join(peaks)
    )


async def edit(connection: Connection) -> None:
    """Says of a deed of staff that it was another's."""
    await connection.execute(
        """
        UPDATE audit_leaves SET event = convert_to(
            regexp_replace(convert_from(event, 'UTF8'), 'by [0-9a-f]{4}', 'by 0000'), 'UTF8')
        WHERE convert_from(event, 'UTF8') LIKE '%did PUT%'
        """
    )


async def delete(connection: Connection) -> None:
    """Takes a deed of staff away."""
    await connection.execute(
        "DELETE FROM audit_leaves WHERE position = (SELECT max(position) - 1 FROM audit_leaves)"
    )


async def truncate(connection: Connection) -> None:
    """Forgets the last two leaves, tree and all."""
    await connection.execute(
        "DELETE FROM audit_leaves"
        " WHERE position >= (SELECT max(position) - 1 FROM audit_leaves)"
    )
    await rebuild(connection)


async def edit_and_rebuild(connection: Connection) -> None:
    """Everything as if it had never been otherwise, under the real log key."""
    await edit(connection)
    await rebuild(connection)


async def delete_and_rebuild(connection: Connection) -> None:
    """The same with a leaf less; more is done later, so that the log is as long again."""
    await delete(connection)
    await rebuild(connection)


async def test_an_honest_log_is_believed_again_and_again(auditor: Auditor) -> None:
    """Looked at, read in whole, grown, and looked at again."""
    before = await auditor.read()
    await auditor.doors.signed("PUT", "/v1/directory", auditor.doors.org.note(4))

    assert await auditor.read() == before + 2
    assert auditor.evidence() == []


async def test_an_edited_event_is_found_by_whoever_reads(auditor: Auditor) -> None:
    """The text no longer has the hash that is in the tree."""
    await auditor.rewrite(edit)

    with pytest.raises(NotAsSigned) as found:
        await auditor.read()
    assert found.value.why == "event"


async def test_an_event_edited_with_its_hash_is_found_by_whoever_reads(
    auditor: Auditor,
) -> None:
    """Of a deed that nobody signed: then the leaves no longer fold to the root."""

    async def edit_the_first(connection: Connection) -> None:
        await connection.execute(
            """
            WITH edited AS (
                SELECT position, convert_to(
                    replace(convert_from(event, 'UTF8'), '0001', '0009'), 'UTF8') AS event
                FROM audit_leaves WHERE position = 0)
            UPDATE audit_leaves SET event = edited.event,
                leaf_hash = sha256('\\x00'::bytea || nonce || edited.event)
            FROM edited WHERE audit_leaves.position = edited.position
            """
        )

    await auditor.rewrite(edit_the_first)

    with pytest.raises(NotAsSigned) as found:
        await auditor.read()
    assert found.value.why == "root"


@pytest.mark.parametrize("how", [truncate, edit_and_rebuild, delete_and_rebuild])
async def test_a_rewritten_history_makes_the_tool_shout(auditor: Auditor, how: Any) -> None:
    """With both checkpoints kept as evidence, and the one believed before left in its place."""
    kept = (auditor.folder / "checkpoint.note").read_bytes()
    await auditor.rewrite(how)

    with pytest.raises(Rewritten) as shouted:
        await auditor.look()

    assert (shouted.value.code, exit_of(shouted.value)) == ("audit.rewritten", Exit.REWRITTEN)
    assert (auditor.folder / "checkpoint.note").read_bytes() == kept
    assert auditor.evidence() == ["kept.note", "told.note", "why.json"]


async def test_a_rewritten_history_that_has_grown_since_makes_the_tool_shout(
    auditor: Auditor,
) -> None:
    """As long as before and longer, signed by the real key, with proofs of the new tree."""
    await auditor.rewrite(edit_and_rebuild)
    await auditor.doors.signed("PUT", "/v1/directory", auditor.doors.org.note(4))

    with pytest.raises(Rewritten) as shouted:
        await auditor.look()
    assert shouted.value.code == "audit.rewritten"


@pytest.mark.parametrize("position", [0, 4])
async def test_a_deleted_leaf_is_found(auditor: Auditor, position: int) -> None:
    """By the next look where a proof needs it, else by whoever reads."""

    async def delete_it(connection: Connection) -> None:
        await connection.execute("DELETE FROM audit_leaves WHERE position = $1", position)

    await auditor.rewrite(delete_it)

    with pytest.raises((Rewritten, NotAsSigned)):
        await auditor.read()
