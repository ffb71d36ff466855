"""Lists of the public plane that are kept ready: how much of a service's memory they take."""

import base64
from datetime import date

import pytest

from mustshare_api.api.plane import shared
from tests.doors import Doors
from tests.pages import Desk, case


async def test_made_up_cursors_do_not_fill_the_memory(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists that are kept ready have so many octets in all, however many are asked for."""
    await Desk(doors).publish(case())
    monkeypatch.setattr(shared, "KEPT_BYTES", 20_000)
    for day in range(1, 29):
        cursor = date(2030, 1, day).toordinal().to_bytes(4) + bytes(16)
        after = base64.urlsafe_b64encode(cursor).rstrip(b"=").decode()
        answer = await doors.reporter.get(f"/v1/cases?after={after}")
        assert len(answer.json()["pages"]) == 1
    kept = doors.bench.plane.kept.values()

    assert 0 < sum(len(one.octets) for one in kept) < 20_000
