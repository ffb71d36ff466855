"""Moves a tip from one state to the next, on a request that an officer signed.

    1. maker    a step that is the reporter's or the clock's is refused by name
    2. hold     what the officer does not hold is not there
    3. propose  where it takes two, who asks, and for exactly what
    4. make     under the tip's lock: version, state, second officer, step (`store/steps.py`)

The same request by two officers makes one step. It names the version that both saw, so that
neither confirms what has become of the tip since.
"""

import hashlib

from mustshare_api.clock import bangkok_day
from mustshare_api.domain.lifecycle import STEPS, Maker, Step, check_maker
from mustshare_api.errors import NotFound
from mustshare_api.flows import seconding
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.seconding import Proposal
from mustshare_api.store.steps import Made, NewStep


async def make(bench: Workbench, by: Admitted, tip_id: bytes, step: Step, seen: int) -> Made:
    """Makes a step, or proposes it. `seen` is the version of the tip that the officer saw.

    Raises:
        NotPermitted: it is not an officer's to make.
        NotFound: there is no such tip, or it is not theirs. Nothing tells which.
        WrongMoment: see `store.steps.StepStore.make`.
    """
    check_maker(step, Maker.OFFICER)
    if not await bench.envelopes.holds_tip(bench.directory.reach_of(by.entry), tip_id):
        raise NotFound("tip.not_found")
    today = bangkok_day(bench.clock.now())
    clocks = bench.retention.clocks(today)
    takes_two = STEPS[step].people > 1
    proposal = _proposal(bench, by, tip_id, step, seen) if takes_two else None
    return await bench.steps.make(NewStep(tip_id, step, seen, proposal, clocks, today, by.leaf))


def _proposal(bench: Workbench, by: Admitted, tip_id: bytes, step: Step, seen: int) -> Proposal:
    asked = f"mustshare/v1 step\n{tip_id.hex()}\n{step}\n{seen}\n".encode()
    digest = hashlib.sha256(asked).digest()
    return seconding.proposal(bench, by, f"tip.{step}", tip_id, digest)
