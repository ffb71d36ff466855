"""kill -9, again and again, at any moment, while front ends send.

front ends   tips, follow-ups and photos, each retried until acknowledged, each journalled
killer       the serving process, or the database under it; then starts what has ended
at the end   the store is what the journal says, to the last object, and nothing half
"""

import asyncio
import os
import secrets
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from tests.faults import processes
from tests.faults.desk import Staff, check_against
from tests.faults.reporters import FrontEnd, GaveUp, Journal, with_receipt
from tests.pictures import jpegs
from tests.service import Service

FRONT_ENDS = 8
LOOKED_AT = 20
KILLS = int(os.environ.get("KILLS", "5"))

HALF_THERE = {
    "a tip that has lost its first message": """
        SELECT count(*) FROM tips t WHERE state NOT IN ('withdrawn', 'expired') AND NOT EXISTS
            (SELECT FROM envelopes e WHERE e.tip_id = t.tip_id AND e.kind = 1)
    """,
    "an object on no living tip": """
        SELECT count(*) FROM envelopes e WHERE NOT EXISTS
            (SELECT FROM tips t WHERE t.tip_id = e.tip_id
                                      AND t.state NOT IN ('withdrawn', 'expired'))
    """,
    "a rotation on no living tip, or out of its place": """
        SELECT count(*) FROM rotations r WHERE number <> 1 OR NOT EXISTS
            (SELECT FROM tips t WHERE t.tip_id = r.tip_id
                                      AND t.state NOT IN ('withdrawn', 'expired')
                                      AND t.bundle <> r.bundle)
    """,
    "chunks without an envelope": """
        SELECT count(*) FROM envelope_chunks c WHERE NOT EXISTS
            (SELECT FROM envelopes e WHERE e.object_id = c.object_id)
    """,
    "an attachment whose chunks are not all there": """
        SELECT count(*) FROM envelopes e WHERE kind IN (4, 5) AND payload_bytes <>
            (SELECT coalesce(sum(octet_length(octets)), 0) FROM envelope_chunks c
             WHERE c.object_id = e.object_id)
    """,
    "chunks with a gap": """
        SELECT count(*) FROM (SELECT object_id FROM envelope_chunks GROUP BY object_id
            HAVING max(number) <> count(*) - 1 OR min(number) <> 0) AS gaps
    """,
}


def keep_sending(service: Service, journal: Journal, enough: threading.Event) -> None:
    """One front end, until it has been enough; what it has begun it ends."""
    front_end = FrontEnd(service, journal, longest_wait_s=0.2)
    picture = jpegs.phone()
    try:
        while not enough.is_set():
            text = f"เบาะแส {secrets.token_hex(12)}"
            ways = ("receipt", "retry key", "sealed")
            digits = front_end.tip(text, ways[secrets.randbelow(3)])
            front_end.follow_up(text, digits, f"เพิ่มเติม {text}")
            digits = front_end.rotate(text, digits)
            front_end.photo(text, digits, picture)
    except GaveUp as failure:
        journal.failures.append(str(failure))
        enough.set()
    finally:
        front_end.close()


def kill_and_start_again(service: Service, victim: str) -> None:
    """Ends one process in the middle of things, and does what a supervisor does."""
    assert service.process is not None
    time.sleep(0.2 + secrets.randbelow(1000) / 1000)
    family = processes.family(service)
    if victim == "database":
        processes.end(processes.postmaster(service))
        assert service.process.wait(20) != 0
    else:
        service.stop(signal.SIGKILL)
    assert processes.wait_until_gone(family, service.folder) == []
    service.start()


@pytest.mark.parametrize("victim", ["service", "database"])
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    service: Service, victim: str
) -> None:
    """After five kills each acknowledged thing is there once, as sent, and nothing else is."""
    journal, enough = Journal(), threading.Event()
    with ThreadPoolExecutor(FRONT_ENDS) as front_ends:
        for _ in range(FRONT_ENDS):
            front_ends.submit(keep_sending, service, journal, enough)
        try:
            for _ in range(KILLS):
                kill_and_start_again(service, victim)
        finally:
            enough.set()

    assert journal.cut_off > 0, "no request was ever cut off: the kills came too late"
    assert asyncio.run(half_there(service)) == []
    check_against(Staff(service).fetch().opened(service.org.officers[0]), journal)
    check_receipts(service, journal)


def check_receipts(service: Service, journal: Journal) -> None:
    """Of a receipt and the one it was exchanged for, the new one works and no other."""
    assert journal.left
    for old, new in journal.left[-LOOKED_AT:]:
        shown = [
            service.request("GET", "/v1/tip", None, with_receipt(digits)).status
            for digits in (old, new)
        ]
        assert shown == [401, 200]


async def half_there(service: Service) -> list[str]:
    """Which kinds of half-stored thing there are."""
    connection = await asyncpg.connect(
        host=str(service.data / "postgres" / "socket"), user="mustshare", database="postgres"
    )
    try:
        return [what for what, query in HALF_THERE.items() if await connection.fetchval(query)]
    finally:
        await connection.close()


def test_a_service_ends_when_its_embedded_database_does(service: Service) -> None:
    """It says so in one line and fails, so that whoever watches it starts both again."""
    assert service.process is not None
    family = processes.family(service)

    processes.end(processes.postmaster(service))

    assert service.process.wait(20) == 1
    last = service.log.read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("mustshare: the embedded database ended")
    assert processes.wait_until_gone(family, service.folder) == []


def test_a_service_outlives_a_database_session(service: Service) -> None:
    """A backend that is killed costs a moment; the database recovers and tips are taken."""
    backend = next(one for one in processes.family(service) if "[local]" in one.what)
    processes.end(backend.pid)  # PostgreSQL then ends all the others by itself

    journal = Journal()
    front_end = FrontEnd(service, journal, longest_wait_s=0.2)
    front_end.tip("หลังฐานข้อมูลสะดุด")
    front_end.close()

    check_against(Staff(service).fetch().opened(service.org.officers[0]), journal)
