"""No statement of the service needs to read a whole table that grows.

Every SQL literal of the sources is planned as it would be for any values, on a database where
PostgreSQL is told to scan a table only where nothing else is left. A scan that remains is one
for which there is no index, however much or little lies in the tables; and an index that is
walked from one end to the other is told apart from one that is looked into. What planners
choose at size is held by `test_plans.py` and `test_published.py`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

import mustshare_api
from mustshare_api.store.database import Connection

SOURCES = Path(mustshare_api.__file__).parent
SERVED = ("store", "app", "flows", "api")
"""Where SQL is PostgreSQL's; the key tool's is SQLite's."""

STATEMENT = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\s")

SMALL = {
    *("audit_head", "audit_key", "deployment", "erasure_months", "mixing", "plane", "upkeep"),
    *("webhook_key", "migrations", "directories", "agencies", "partners", "partner_usage"),
    *("webhook_endpoints", "plane_figures", "audit_cosignatures"),
    *("page_totals", "referral_totals"),
}
"""One row, or one a month, year, partner or directory: they do not grow with tips or pages."""

WHOLE = {
    "store/unmixed.py": "the night's mixing looks for what no night has mixed yet",
    "store/mixing.py": "likewise; what is read there are the night's own numbers",
    "store/inspecting.py": "what PostgreSQL itself has, for `doctor`",
}
"""Files of which no request is asked."""

COUNTED = {
    ("store/counting.py", "tips_counted"): "once a month",
    ("store/erasures.py", "tips_counted"): "counts all tips: along the narrowest index",
    ("store/erasures.py", "tallies_pkey"): "a row a month and state",
    ("store/published.py", "pages_counted"): "counts all pages: along the narrowest index",
    ("store/drafts.py", "drafts_pkey"): "counts drafts, of which there is a bounded number",
    ("store/seconding.py", "seconds"): "tells all that waits for a second officer, a week's",
    ("store/uploads.py", "uploads"): "counts the files on their way, a bounded number",
    ("store/referrals.py", "referrals"): "the night's sweep",
    ("store/referrals.py", "referrals_pkey"): "the night's look at what nobody concluded",
    ("store/points.py", "page_versions_pkey"): "the night's sweep",
    (
        "store/webhook_endpoints.py",
        "webhook_events",
    ): "an operator has all of a month told anew",
    ("store/tips.py", "tips_pkey"): "expiry, by night: with rows in it, along `tips_due`",
}
"""Scans from end to end, each with why it may be one."""


def statements() -> Iterator[tuple[str, int, str]]:
    """Every SQL literal: file, line, text."""
    for path in sorted(one for folder in SERVED for one in (SOURCES / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and STATEMENT.match(str(node.value)):
                yield str(path.relative_to(SOURCES)), node.lineno, str(node.value)


async def _plan(connection: Connection, statement: str) -> list[str]:
    values = len((await connection.prepare(statement)).get_parameters())
    await connection.execute(f"PREPARE one AS {statement}")
    given = f"({', '.join(['NULL'] * values)})" if values else ""
    rows = await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE one{given}")
    await connection.execute("DEALLOCATE one")
    return [row[0] for row in rows]


def _whole(plan: list[str]) -> set[str]:
    """Tables and indexes that a plan reads from end to end, without an order to stop in."""
    found = {scan[1] for line in plan if (scan := re.search(r"Seq Scan on (\w+)", line))}
    for line, under in zip(plan, [*plan[1:], ""], strict=True):
        index = re.search(r"Index (?:Only )?Scan .*?(?:using|on) (\w+)(?: on (\w+))?", line)
        if index and "Index Cond" not in under and not any("Limit" in one for one in plan):
            found.add(index[1] if index[2] not in SMALL else index[2])
    return found - SMALL


@pytest.fixture
async def planner(dsn: str) -> Connection:
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET enable_seqscan = off")
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    return connection


async def test_no_statement_needs_to_read_a_table_whole(planner: Connection) -> None:
    """Of all there are, those that may are named above, each with its reason."""
    found: dict[tuple[str, str], int] = {}
    planned = 0
    for file, line, statement in statements():
        planned += 1
        if file not in WHOLE:
            found |= {(file, name): line for name in _whole(await _plan(planner, statement))}
    await planner.close()

    assert planned > 200
    assert {what: line for what, line in found.items() if what not in COUNTED} == {}
