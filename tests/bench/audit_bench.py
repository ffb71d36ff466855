"""What remembering a deed adds to a staff write: the same write with and without, in turns.

    python -m tests.bench.audit_bench            300 pairs, some seconds
    python -m tests.bench.audit_bench --pairs 50

Both write one sealed answer durably to a PostgreSQL of its own. They take turns, each pair in
the other order than the one before, so that whatever else the machine does troubles both alike;
the figures are over the differences within pairs.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from mustshare_api.crypto import events
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.database import Database
from mustshare_api.store.embedded import EmbeddedPostgres
from mustshare_api.store.envelopes import EnvelopeStore
from mustshare_api.store.migrations import migrate
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.tips import TipStore
from tests.store import made

WARM_UP = 20
LIMIT_MS = 1.0


def leaf() -> NewLeaf:
    """A deed as long as an answer's."""
    event = events.of_request(
        method="POST",
        path=f"/v1/tips/{'ab' * 16}/follow-ups",
        query="",
        body_sha256=b"b" * 32,
        created=1795400000,
        kid=b"k" * 16,
    )
    signed = event.signed(b"s" * 32)
    return NewLeaf(signed.encode(), signed.day)


async def timed_ms(store: EnvelopeStore, tip_id: bytes, leaf: NewLeaf | None) -> float:
    """One durable write."""
    reply = made.envelope(tip_id, made.FROM_STAFF)
    adding = made.addition(limit_objects=1 << 20, limit_bytes=1 << 40, leaf=leaf)
    began = time.perf_counter()
    outcome = await store.record_message(reply, adding)
    took_ms = (time.perf_counter() - began) * 1000
    assert outcome is Outcome.RECORDED
    return took_ms


async def measured(dsn: str, pairs: int) -> tuple[list[float], list[float]]:
    """Milliseconds without and with, pair by pair."""
    await migrate(dsn)
    database = await Database.connect(dsn)
    tip = made.tip()
    await TipStore(database).record(tip, made.envelope(tip.tip_id))
    store, remembered = EnvelopeStore(database), leaf()
    without: list[float] = []
    with_leaf: list[float] = []
    for number in range(pairs + WARM_UP):
        both = [(without, None), (with_leaf, remembered)]
        for times, what in both if number % 2 else reversed(both):
            times.append(await timed_ms(store, tip.tip_id, what))
    await database.close()
    return without[WARM_UP:], with_leaf[WARM_UP:]


def main() -> int:
    """Prints the table; 1 when the median adds more than a millisecond."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    pairs: int = parser.parse_args().pairs
    with (
        tempfile.TemporaryDirectory(prefix="mustshare-bench-") as home,
        EmbeddedPostgres.start(Path(home)) as server,
    ):
        without, with_leaf = asyncio.run(measured(server.dsn, pairs))
    added = [after - before for before, after in zip(without, with_leaf, strict=True)]
    rows = (("without", without), ("with its leaf", with_leaf), ("added", added))
    print(f"{'staff write, ms':>16} {'median':>8} {'mean':>8} {'95 %':>8}")
    for name, times in rows:
        late = statistics.quantiles(times, n=20)[-1]
        print(
            f"{name:>16} {statistics.median(times):8.2f} {statistics.fmean(times):8.2f}"
            f" {late:8.2f}"
        )
    return 0 if statistics.median(added) <= LIMIT_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
