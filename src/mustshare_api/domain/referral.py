"""Where a referral to an agency stands and what moves it: one table, read by all.

    proposed --confirm--> sent --fetch--> fetched --acknowledge--> acknowledged
                                                                     |      ^
                                             ask: asked --answer--> answered
                                                                     | report, but for
                                                                     v `under_inquiry`
                                                                  concluded
    any but concluded --take_back--> taken_back
    sent ... answered --lapse--> lapsed --report--> lapsed, or concluded

The agency may acknowledge, ask and report as soon as it was sent: it does not have to go
through each door. What is proposed is there for officers alone. A report that an inquiry goes
on leaves the state as it is; any other one concludes, and later ones may still correct it.
What nobody concludes lapses by the clock: the file goes, and the agency may still report.
"""

from enum import StrEnum
from typing import Final

from mustshare_api.errors import WrongMoment


class State(StrEnum):
    """Where a referral stands."""

    PROPOSED = "proposed"
    SENT = "sent"
    FETCHED = "fetched"
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    CONCLUDED = "concluded"
    TAKEN_BACK = "taken_back"


class Step(StrEnum):
    """What moves a referral."""

    CONFIRM = "confirm"
    FETCH = "fetch"
    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    ANSWER = "answer"
    INQUIRE = "inquire"
    CONCLUDE = "conclude"
    TAKE_BACK = "take_back"
    LAPSE = "lapse"


class OutcomeKind(StrEnum):
    """What an agency says came of a referral."""

    UNDER_INQUIRY = "under_inquiry"
    INDICTED = "indicted"
    DISCIPLINED = "disciplined"
    MONEY_RETURNED = "money_returned"
    REPAIRED = "repaired"
    NO_GROUNDS = "no_grounds"
    PASSED_ON = "passed_on"

    @property
    def step(self) -> Step:
        """Which step a report of it is."""
        return Step.INQUIRE if self is OutcomeKind.UNDER_INQUIRY else Step.CONCLUDE


TIPS_LIMIT: Final = 16
"""Of one referral: what one person reads before they send it. More is several referrals."""

OPEN: Final = (
    State.SENT, State.FETCHED, State.ACKNOWLEDGED, State.ASKED, State.ANSWERED,
)  # fmt: skip
"""An agency works on it."""

STEPS: Final[dict[tuple[State, Step], State]] = {
    (State.PROPOSED, Step.CONFIRM): State.SENT,
    (State.PROPOSED, Step.TAKE_BACK): State.TAKEN_BACK,
    (State.SENT, Step.FETCH): State.FETCHED,
    (State.SENT, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.FETCHED, Step.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.ASKED, Step.ANSWER): State.ANSWERED,
    (State.ANSWERED, Step.ANSWER): State.ANSWERED,
    (State.CONCLUDED, Step.INQUIRE): State.CONCLUDED,
    (State.CONCLUDED, Step.CONCLUDE): State.CONCLUDED,
    (State.LAPSED, Step.INQUIRE): State.LAPSED,
    (State.LAPSED, Step.CONCLUDE): State.CONCLUDED,
    (State.LAPSED, Step.TAKE_BACK): State.TAKEN_BACK,
    **{(state, Step.FETCH): state for state in OPEN[1:]},
    **{(state, Step.ASK): State.ASKED for state in OPEN},
    **{(state, Step.INQUIRE): state for state in OPEN},
    **{(state, Step.CONCLUDE): State.CONCLUDED for state in OPEN},
    **{(state, Step.TAKE_BACK): State.TAKEN_BACK for state in OPEN},
    **{(state, Step.LAPSE): State.LAPSED for state in OPEN},
}

ENDED: Final = (State.LAPSED, State.CONCLUDED, State.TAKEN_BACK)
"""Its octets are deleted: the agency has them, never came for them, or shall not."""

SHOWN: Final = (*OPEN, *ENDED)
"""What an agency is told of at all; of what was taken back only once it had been sent."""


def after(state: str, step: Step) -> State:
    """Where a step leads.

    Raises:
        WrongMoment: `referral.wrong_state`, the step does not exist from there.
    """
    try:
        return STEPS[State(state), step]
    except KeyError:
        raise WrongMoment("referral.wrong_state") from None
