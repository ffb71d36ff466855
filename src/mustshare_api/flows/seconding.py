"""Two people for what cannot be taken back: to publish, to hand over, to erase.

    1. propose   the first officer's signed request; a digest of what is to be done is kept
    2. second    another officer's request for the very same: it is done, in one transaction
    3. or else   the first takes it back, or a week goes by

Each of the two requests is signed and in the audit log, which holds both names' keys for good.
`store/seconding.py` has what a store calls within its transaction; here is who asks.
"""

from mustshare_api.clock import bangkok_day
from mustshare_api.errors import NotFound
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.seconding import OpenProposal, Proposal


def proposal(
    bench: Workbench, by: Admitted, act: str, subject: bytes, digest: bytes
) -> Proposal:
    """What the sender of a request wants done; for `store.seconding.second`.

    Raises:
        Unavailable: no directory in force.
    """
    today = bangkok_day(bench.clock.now())
    return Proposal(act, subject, digest, by.entry.name, today, _officers(bench))


async def waiting(bench: Workbench, by: Admitted) -> list[OpenProposal]:
    """What waits for a second officer, as far as the sender of a request may know of it.

    What somebody proposed who is no officer any more waits for nobody: it counts no more.

    Raises:
        Unavailable: no directory in force.
    """
    today, officers = bangkok_day(bench.clock.now()), _officers(bench)
    found = await bench.seconds.open(today, bench.directory.reach_of(by.entry))
    return [one for one in found if one.officer in officers]


async def take_back(bench: Workbench, by: Admitted, act: str, subject: bytes) -> None:
    """Drops the sender's own proposal; the same again is told that it is gone.

    Raises:
        NotFound: `second.not_found`, there was none, it is somebody else's, or it was done.
    """
    today = bangkok_day(bench.clock.now())
    if not await bench.seconds.take_back(act, subject, by.entry.name, today, by.leaf):
        raise NotFound("second.not_found")


def _officers(bench: Workbench) -> frozenset[str]:
    entries = bench.directory.current().entries
    return frozenset(entry.name for entry in entries if entry.role == "signing")
