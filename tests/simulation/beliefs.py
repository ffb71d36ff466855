"""What both sides know of a deployment, and what has to hold after every step."""

import asyncio
from collections.abc import Coroutine
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)
from typing_extensions import override

from mustshare_api.clock import bangkok_day
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripper
from tests.organisation import Organisation
from tests.pictures import jpegs, pngs
from tests.simulation.model import Belief, Tip
from tests.simulation.stored import Reader, StoredTip
from tests.simulation.world import RETENTION_DAYS, World

T = TypeVar("T")
WEEKS = 24
JITTER_DAYS = 14
PICTURES = (jpegs.phone(), pngs.plain())
WAYS = ("minted", "retry key", "nothing", "sealed")


class Beliefs(RuleBasedStateMachine):
    """A deployment and what is known of it. Rules are added by whoever plays."""

    def __init__(
        self, server: str, template: str, org: Organisation, reader: Reader, stripper: Stripper
    ) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world = World(server, template, org, stripper)
        self.run(self.world.begin())
        self.reader = reader
        self.tips: list[Tip] = []
        self.thrown_away: list[str] = []
        self.tip_ids: dict[str, bytes] = {}
        self.expiry: dict[str, date] = {}
        self.number = 0

    @override
    def teardown(self) -> None:
        self.run(self.world.end())
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    # What is known.

    @property
    def today(self) -> date:
        return bangkok_day(self.world.clock.now())

    @property
    def recipients(self) -> list[bytes]:
        directory = self.world.doors.bench.directory
        return [entry.public_key for entry in directory.recipients()]

    @property
    def open(self) -> bool:
        """Whether there is a directory by which anything can be taken now."""
        return self.world.doors.bench.directory.days_left() > 0

    def alive(self, tip: Tip) -> bool:
        """Whether a tip that is stored has not expired."""
        return tip.text in self.expiry and self.today < self.expiry[tip.text]

    @property
    def usable(self) -> list[Tip]:
        return [tip for tip in self.tips if tip.usable and self.alive(tip)]

    @property
    def roomy(self) -> list[Tip]:
        """Those that take another file; what is full is refused, as it is told at the door."""
        most = self.world.doors.bench.limits.attachments_per_tip
        return [tip for tip in self.usable if len(tip.on_it("file", *Belief)) < most]

    def said(self, text: str) -> str:
        """A text that no other has."""
        self.number += 1
        return f"{self.number}: {text}"

    def touched(self, tip: Tip, *, surely: bool, by_staff: bool = False) -> None:
        if by_staff:
            tip.staff_from = min(tip.staff_from, self.today)
        tip.active_to = max(tip.active_to, self.today)
        if surely:
            tip.active_from = max(tip.active_from, self.today)

    def is_lapsed(self, tip: Tip) -> bool:
        """Whether it was stored and has expired since: the same receipt cannot begin again."""
        return tip.text in self.expiry and not self.alive(tip)

    # What always holds.

    async def drained(self, bench: Workbench) -> None:
        """Waits for the stretch of a request that hung up: a thread cannot be stopped."""
        async with asyncio.timeout(10):
            while bench.stretcher.load:
                await asyncio.sleep(0.005)

    @invariant()
    def nothing_is_left_taken(self) -> None:
        """No memory and no place in a queue is held by a request that has ended."""
        bench = self.world.doors.bench
        assert bench.parking.taken_bytes == 0
        self.run(self.drained(bench))

    @invariant()
    def the_store_is_what_was_acknowledged(self) -> None:
        """Once, as sent; and nothing else."""
        stored = self.run(self.reader.read(self.world.aside))
        by_text: dict[str, StoredTip] = {}
        for tip_id, found in stored.items():
            (text,) = found.texts
            assert text not in by_text, "a tip was stored twice"
            by_text[text] = found
            self.tip_ids[text] = tip_id
            self.expiry[text] = found.expires_on
        known = {tip.text: tip for tip in self.tips}
        assert by_text.keys() <= known.keys()
        for tip in self.tips:
            self.check_tip(tip, by_text.get(tip.text))

    def check_tip(self, tip: Tip, found: StoredTip | None) -> None:
        if tip.belief is Belief.GONE:
            assert found is None, "a withdrawn tip is still there"
        if tip.belief is Belief.KEPT and not self.is_lapsed(tip):
            assert found is not None, "an acknowledged tip is not there"
        if found is None:
            return
        if found.expires_on < date.max:
            # Somebody of staff has seen to it: else it would wait for as long as it takes.
            assert tip.staff_from < date.max
            assert frozenset(found.sent) in tip.read, "a clock runs over what nobody has read"
            earliest = tip.staff_from + timedelta(days=RETENTION_DAYS)
            latest = tip.active_to + timedelta(days=RETENTION_DAYS + JITTER_DAYS)
            assert earliest <= found.expires_on < latest
        must = {i: t for i, t in tip.things.items() if t.belief is Belief.KEPT}
        may = {i: t for i, t in tip.things.items() if t.belief is not Belief.GONE}
        assert must.keys() <= found.things.keys() <= may.keys()
        for object_id, (what, said) in found.things.items():
            assert (what, said) == (may[object_id].what, may[object_id].said)
