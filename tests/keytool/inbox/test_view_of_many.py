"""The view over many tips: it draws those in sight, holds all, and looks through all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from textual.pilot import Pilot

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.message import TipBody, encode_message
from mustshare_api.keytool.inbox.at_desk import About
from mustshare_api.keytool.inbox.listing import Filters, Listing, Row
from mustshare_api.keytool.inbox.register import Part
from mustshare_api.keytool.inbox.view.app import DeskApp
from mustshare_api.keytool.inbox.view.deeds import Deeds
from mustshare_api.keytool.inbox.view.tips_list import TipsList
from mustshare_api.keytool.staff_door.wire import TipEntry
from tests.keytool.conftest import Tool
from tests.keytool.inbox.test_view import answered, deeds_of, line, right

MANY = 100_000
OLDEST = f"{MANY - 1:032x}"
MARKED = 40_000
"""Far behind the first thousand."""


@pytest.fixture
def deeds(tool: Tool) -> Deeds:
    """A desk with a hundred thousand tips, of which one has words that were opened."""
    deeds = deeds_of(tool)
    for n in range(MANY):
        tip_id = f"{n:032x}"
        day = date(2026, 11, 23) - timedelta(days=n // 200)
        deeds.desk.tips[tip_id] = TipEntry(
            tip_id, "received", day, None, b"bundle", answered=True
        )
    marked = f"{MARKED:032x}"
    body = TipBody("2026-11-23T03:00:00Z", "เสาไฟกินรีกลางป่า")
    part = Part("f" * 32, marked, Kind.TIP, None, encode_message(body))
    deeds.desk.register.add([(part, body.text or "")])
    deeds.desk.register.describe(marked, About(place="500701", headline="เสาไฟกินรี"))
    return deeds


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The numbers of the rows that were made."""
    seen: set[int] = set()
    make = Listing.row

    def row(self: Listing, at: int) -> Row:
        seen.add(at)
        return make(self, at)

    monkeypatch.setattr(Listing, "row", row)
    return seen


@asynccontextmanager
async def viewing(deeds: Deeds) -> AsyncIterator[Pilot[int]]:
    async with DeskApp(deeds).run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        yield pilot
    deeds.close()


async def test_a_hundred_thousand_tips_are_held_and_a_screenful_is_drawn(
    deeds: Deeds, drawn: set[int]
) -> None:
    """The last is a key away, and search and filter look through all of them."""
    async with viewing(deeds) as pilot:
        table = pilot.app.query_one(TipsList)
        assert (table.row_count, table.virtual_size.height) == (MANY, MANY)
        assert f"{0:032x}" in right(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert (table.cursor_row, OLDEST in right(pilot)) == (MANY - 1, True)
        await pilot.press("pageup", "k")
        await pilot.pause()
        at = table.cursor_row
        assert MANY - 60 < at < MANY - 2
        assert f"{at:032x}" in right(pilot)
        assert len(drawn) < 200

        await answered(pilot, "slash", "กินรี")
        assert (table.row_count, f"{MARKED:032x}" in right(pilot)) == (1, True)
        await answered(pilot, "slash", "")
        assert table.cursor_row == MARKED
        await answered(pilot, "f", 'place="Mae Rim"')
        assert (table.row_count, line(pilot)) == (1, "1 tips")
        await answered(pilot, "f", "case=no-such")
        assert (table.row_count, "No case of that name" in line(pilot)) == (1, True)
    assert len(drawn) < 400


def test_no_tip_is_lost_between_the_lists(deeds: Deeds) -> None:
    """Without a filter the view lists what a filter lists that all pass, in the same order."""
    plain = [tip.tip_id for tip in Listing.of(deeds.desk, Filters()).tips]
    every = replace(Filters(), states=("received",))
    filtered = [tip.tip_id for tip in Listing.of(deeds.desk, every).tips]

    assert len(plain) == len(set(plain)) == MANY
    assert plain == filtered
    deeds.close()
