"""Moves a tip from one state to the next, on a request that an officer signed.

    1. maker    a step that is the reporter's or the clock's is refused by name
    2. again    whoever had it done already is told so, also of a tip that is erased by now
    3. hold     what the officer does not hold is not there
    4. make     under the tip's lock: version, state, what was read, second officer, step
                (`store/steps.py`)

The same request by two officers makes one step. It names the version that both saw, so that
neither confirms what has become of the tip since.
"""

import hashlib

from mustshare_api.clock import bangkok_day
from mustshare_api.domain.lifecycle import Maker, Step, check_maker
from mustshare_api.errors import NotFound
from mustshare_api.flows import seconding
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.seconding import Proposal
from mustshare_api.store.steps import Made, NewStep


async def make(  # noqa: PLR0913 - who, which tip, what, and what they know of it
    bench: Workbench, by: Admitted, tip_id: bytes, step: Step, seen: int, read: bytes | None
) -> Made:
    """Makes a step, or proposes it.

    Args:
        bench: the tools.
        by: who asks.
        tip_id: the tip.
        step: what is to be done.
        seen: the version of the tip that the officer saw.
        read: the hash over what the officer has read of it; None starts no clock.

    Raises:
        NotPermitted: it is not an officer's to make.
        NotFound: there is no such tip, or it is not theirs. Nothing tells which.
        WrongMoment: see `store.steps.StepStore.make`.
    """
    check_maker(step, Maker.OFFICER)
    today = bangkok_day(bench.clock.now())
    asked = _asked(bench, by, tip_id, step, seen)
    new = NewStep(tip_id, step, seen, read, asked, bench.retention.clocks(today), by.leaf)
    if made := await bench.steps.made_before(new):
        return made
    if not await bench.envelopes.holds_tip(bench.directory.reach_of(by.entry), tip_id):
        raise NotFound("tip.not_found")
    return await bench.steps.make(new)


def _asked(bench: Workbench, by: Admitted, tip_id: bytes, step: Step, seen: int) -> Proposal:
    # What was read is not of it: two officers confirm each other whatever else they know.
    asked = f"mustshare/v1 step\n{tip_id.hex()}\n{step}\n{seen}\n".encode()
    digest = hashlib.sha256(asked).digest()
    return seconding.proposal(bench, by, f"tip.{step}", tip_id, digest)
