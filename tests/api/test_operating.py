"""What an operator is shown: warnings that come in time, and gauges that no reporter moves."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from mustshare_api.errors import Unavailable
from mustshare_api.flows import upkeep
from mustshare_api.flows.buckets import EdgeBuckets
from mustshare_api.flows.directory import WARN_DAYS
from tests.api.sending import table
from tests.doors import Doors, with_receipt


async def rounds(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What is logged in some rounds of upkeep on each of two days, of which one job fails."""

    async def broken(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(upkeep, "EVERY_S", 0.001)
    monkeypatch.setattr(doors.bench.gate.partners, "sweep", broken)
    with capture_logs() as lines:
        running = asyncio.create_task(upkeep.keep_up(doors.bench))
        for many in (3, 6):
            while len([one for one in lines if one["event"] == "upkeep_failed"]) < many:
                await asyncio.sleep(0.01)
            doors.clock.at += timedelta(days=1)
        running.cancel()
        await asyncio.wait([running])
    return [dict(line) for line in lines]


async def test_that_the_directory_runs_out_is_said_once_a_day_whatever_else_fails(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 14 days on; a job that fails each time does not keep it from being said."""
    assert WARN_DAYS == 14
    doors.clock.at += timedelta(days=doors.bench.directory.days_left() - 14)
    lines = await rounds(doors, monkeypatch)
    said = [line["days_left"] for line in lines if line["event"] == "directory_running_out"]

    assert said[:2] == [14, 13]
    assert len(said) == len(set(said))


async def test_networks_are_forgotten_by_upkeep_when_nobody_comes(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statement at `GET /v1/intake` says ten minutes, and not until the next request."""
    buckets = EdgeBuckets(doors.clock)
    monkeypatch.setattr(doors.bench.gate, "buckets", buckets)
    bucket = buckets.bucket_of("203.0.113.7")
    assert bucket is not None
    buckets.draw(bucket)
    doors.clock.advance(minutes=9)
    await upkeep.once(doors.bench)

    assert (buckets._turns, buckets._salt) == ({}, b"")


async def test_no_gauge_moves_with_what_a_reporter_does(doors: Doors) -> None:
    """Read every few seconds and written down, one that did would tell when a tip came."""
    before = (await doors.operator.get("/metrics")).text
    digits = await doors.new_tip()
    seen = [(await doors.operator.get("/metrics")).text]
    for method, path in (("GET", "/v1/tip"), ("DELETE", "/v1/tip"), ("GET", "/v1/tip")):
        await doors.reporter.request(method, path, headers=with_receipt(digits))
        seen.append((await doors.operator.get("/metrics")).text)

    assert set(seen) == {before}


async def test_of_a_request_of_staff_nothing_is_left_after_some_minutes(
    doors: Doors, dsn: str
) -> None:
    """What staff do all day must not add up to a diary."""
    assert (await doors.signed("GET", "/v1/index")).status_code == 200
    before = await table(dsn, "nonces")
    doors.clock.advance(minutes=6)
    await upkeep.once(doors.bench)

    assert (len(before), await table(dsn, "nonces")) == (1, [])
