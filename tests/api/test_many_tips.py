"""What a question costs the database does not depend on how many tips there are."""

import secrets

from mustshare_api.app import composition
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from mustshare_api.store.embedded import EmbeddedPostgres
from tests.bench import many
from tests.doors import STARTED_AT, Doors, MovedClock, doors_of
from tests.organisation import Organisation
from tests.pages import Desk, case
from tests.postgres import in_database, run

TODAY = STARTED_AT.date()

STAFF = ("/v1/changes?limit=5", "/v1/changes?limit=5&since=2025-06-01", "/v1/tips?limit=5",
         "/v1/index?limit=5", "/v1/objects/{object}", "/v1/objects/{object}/head",
         "/v1/tips/{tip}/rotations", "/v1/seconds", "/v1/totals", "/v1/erasures/2026-10",
         "/v1/drafts", "/v1/publications/cases", "/v1/referrals", "/v1/agencies",
         "/v1/audit/checkpoint")  # fmt: skip
PUBLIC = (f"/v1/cases/{case()['slug']}", f"/v1/cases/{case()['slug']}/history", "/v1/cases",
          "/v1/articles", "/v1/feed.json", "/v1/feed.atom", "/v1/statistics")  # fmt: skip


async def statements(doors: Doors) -> tuple[dict[str, int], set[str]]:
    """How many each question takes, and the tables that one of them is read whole for."""
    database, counted, scanned = doors.bench.tips._database, dict[str, int](), set[str]()
    (first, *_) = (await doors.signed("GET", "/v1/index?limit=5")).json()["objects"]
    for asked in (*STAFF, *PUBLIC):
        target = asked.format(object=first["object_id"], tip=first["tip_id"])
        async with many.watching(database) as watched:
            doors.bench.plane.forget()
            if asked in PUBLIC:
                answer = await doors.reporter.get(target)
            else:
                answer = await doors.signed("GET", target)
        assert answer.status_code == 200, (target, answer.text)
        counted[asked] = watched.statements()
        async with database.connection() as connection:
            scanned |= await watched.scanned(connection)
    return counted, scanned


async def test_a_thousand_tips_take_as_many_statements_as_ten_and_no_whole_scan(
    postgres: EmbeddedPostgres, template: str, org: Organisation, stripper: Stripper
) -> None:
    """For every list and page of the staff door, and everything that is public."""
    found = {}
    kids = [entry.kid for entry in org.directory().recipients(TODAY)]
    for tips in (10, 1000):
        name = f"test_{secrets.token_hex(8)}"
        await run(postgres.dsn, f"CREATE DATABASE {name} TEMPLATE {template}")
        dsn, clock = in_database(postgres.dsn, name), MovedClock()
        await many.fill(dsn, tips, kids, TODAY)
        async with composition.workbench(Settings(), dsn, org.roots, stripper, clock) as bench:
            await bench.directory.accept(org.note())
            async with doors_of(bench, org, clock) as doors:
                assert (await Desk(doors).publish(case())).status_code == 201
                found[tips] = await statements(doors)
        await run(postgres.dsn, f"DROP DATABASE {name} WITH (FORCE)")

    assert found[10][0] == found[1000][0]
    # No tip here has a file: an empty table is read whole, whatever index it has.
    assert found[1000][1] <= {"envelope_chunks"}
