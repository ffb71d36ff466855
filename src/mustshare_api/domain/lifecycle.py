"""Where a tip stands and what moves it: one table, from which everything else is read.

              withdraw              expire
    received ----------> withdrawn, ----------> expired

A tip that was withdrawn or has expired keeps a row without a receipt, a bundle or an envelope,
so that staff tools learn to drop what they hold. Nothing leads back from there.
"""

from enum import StrEnum

from mustshare_api.errors import WrongMoment


class State(StrEnum):
    """Where a tip stands."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Step(StrEnum):
    """What moves a tip."""

    WITHDRAW = "withdraw"
    EXPIRE = "expire"


STEPS: dict[tuple[State, Step], State] = {
    (State.RECEIVED, Step.WITHDRAW): State.WITHDRAWN,
    (State.RECEIVED, Step.EXPIRE): State.EXPIRED,
}


def after(state: State, step: Step) -> State:
    """Where a step leads.

    Raises:
        WrongMoment: the step does not exist from there.
    """
    try:
        return STEPS[state, step]
    except KeyError:
        raise WrongMoment("tip.wrong_state") from None
