"""Counts how the tips of an officer's folder stand: what the digest says.

Always the same lines, also where each of them is zero: that a digest has come, or how long it
is, tells nothing. It is made of what was last synced, offline and without a passphrase, so that
a timer can make it and no secret has to lie there for it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from mustshare_api.domain.deadlines import deadlines, is_soon
from mustshare_api.domain.lifecycle import State
from mustshare_api.keytool.staff_door.steps_door import Waiting
from mustshare_api.keytool.staff_door.wire import TipEntry

SET_DOWN = frozenset({State.SET_ASIDE, State.CLOSED})
"""Where nobody is expected to answer any more; its reporter sees so."""


@dataclass(slots=True)
class Digest:
    """How the tips stand on a day, by what was last synced.

    Attributes:
        day: the Bangkok day on which it was made.
        synced_on: the one on which tips were last fetched; None if never.
        compared_on: the one on which all that the door lists was last compared; None if never.
        states: tips by where they stand, each of them, tombstones too.
        to_acknowledge: past seven days without a step or an answer.
        to_answer: past three months without an answer.
        to_read: whose reporter wrote last, so that no clock runs.
        expiring: gone within thirty days.
        seconds: proposals that waited for another officer when last looked.
    """

    day: date
    synced_on: date | None
    compared_on: date | None
    states: dict[str, int] = field(default_factory=dict[str, int])
    to_acknowledge: int = 0
    to_answer: int = 0
    to_read: int = 0
    expiring: int = 0
    seconds: int = 0

    def data(self) -> dict[str, Any]:
        """For machines."""
        found = asdict(self)
        days = {name: found[name] for name in ("day", "synced_on", "compared_on")}
        return found | {name: day and day.isoformat() for name, day in days.items()}


def counted(
    tips: Iterable[TipEntry],
    seconds: Iterable[Waiting],
    today: date,
    synced_on: date | None,
    compared_on: date | None,
) -> Digest:
    """The digest of these tips."""
    every = list(tips)
    living = [tip for tip in every if tip.bundle is not None]
    stand = Counter(tip.state for tip in every)
    return Digest(
        day=today,
        synced_on=synced_on,
        compared_on=compared_on,
        states={state.value: stand[state] for state in State},
        to_acknowledge=sum(_is_unacknowledged(tip, today) for tip in living),
        to_answer=sum(_is_unanswered(tip, today) for tip in living),
        to_read=sum(tip.expires_on is None for tip in living),
        expiring=sum(is_soon(tip.expires_on, today) for tip in living),
        seconds=sum(one.expires_on > today for one in seconds),
    )


def _is_unacknowledged(tip: TipEntry, today: date) -> bool:
    noted = tip.answered or tip.steps > 0
    return not noted and deadlines(tip.received_on).acknowledge_by < today


def _is_unanswered(tip: TipEntry, today: date) -> bool:
    due = deadlines(tip.received_on).answer_by
    return not tip.answered and tip.state not in SET_DOWN and due < today
