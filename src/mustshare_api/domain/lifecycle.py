"""Where a tip stands and what moves it: one table, from which everything else is read.

    verify      an officer                received, set_aside, closed               -> verifying
    set_aside   an officer                received, verifying                       -> set_aside
    publish     an officer, and another   verifying, referred                       -> published
    refer       an officer, and another   verifying, published, referred            -> referred
    close       an officer                verifying, published, referred, set_aside -> closed
    erase       an officer, and another   wherever it lives                         -> expired
    withdraw    its reporter              wherever it lives                         -> withdrawn
    expire      the clock                 wherever it lives                         -> expired

Refusals, the database's own check and the diagram in docs/lifecycle.md come from `STEPS`. What
cannot be taken back takes two people. A tip that was withdrawn or has expired keeps a row
without a receipt, a bundle or an envelope, so that staff tools learn to drop what they hold.
Nothing leads back from there. What is referred can be referred to a further agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mustshare_api.errors import NotPermitted, WrongMoment


class State(StrEnum):
    """Where a tip stands."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    PUBLISHED = "published"
    REFERRED = "referred"
    SET_ASIDE = "set_aside"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Step(StrEnum):
    """What moves a tip."""

    VERIFY = "verify"
    SET_ASIDE = "set_aside"
    PUBLISH = "publish"
    REFER = "refer"
    CLOSE = "close"
    ERASE = "erase"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Maker(StrEnum):
    """Who makes a step."""

    OFFICER = "officer"
    REPORTER = "reporter"
    CLOCK = "clock"


TOMBSTONES: Final = (State.WITHDRAWN, State.EXPIRED)
LIVING: Final[tuple[State, ...]] = tuple(state for state in State if state not in TOMBSTONES)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table: from where to where, by whom, and how many of them it takes."""

    begins: tuple[State, ...]
    ends: State
    by: Maker
    people: int = 1


_S = State
STEPS: Final[Mapping[Step, Move]] = MappingProxyType(
    {
        Step.VERIFY: Move((_S.RECEIVED, _S.SET_ASIDE, _S.CLOSED), _S.VERIFYING, Maker.OFFICER),
        Step.SET_ASIDE: Move((_S.RECEIVED, _S.VERIFYING), _S.SET_ASIDE, Maker.OFFICER),
        Step.PUBLISH: Move((_S.VERIFYING, _S.REFERRED), _S.PUBLISHED, Maker.OFFICER, 2),
        Step.REFER: Move(
            (_S.VERIFYING, _S.PUBLISHED, _S.REFERRED), _S.REFERRED, Maker.OFFICER, 2
        ),
        Step.CLOSE: Move(
            (_S.VERIFYING, _S.PUBLISHED, _S.REFERRED, _S.SET_ASIDE), _S.CLOSED, Maker.OFFICER
        ),
        Step.ERASE: Move(LIVING, _S.EXPIRED, Maker.OFFICER, 2),
        Step.WITHDRAW: Move(LIVING, _S.WITHDRAWN, Maker.REPORTER),
        Step.EXPIRE: Move(LIVING, _S.EXPIRED, Maker.CLOCK),
    }
)
BY_OFFICERS: Final = tuple(step for step, move in STEPS.items() if move.by is Maker.OFFICER)


def after(state: State, step: Step) -> State:
    """Where a step leads.

    Raises:
        WrongMoment: `step.wrong_state`, there is no such step from there.
    """
    move = STEPS[step]
    if state not in move.begins:
        raise WrongMoment("step.wrong_state")
    return move.ends


def check_maker(step: Step, maker: Maker) -> None:
    """That a step is for whoever asks for it.

    Raises:
        NotPermitted: `step.not_for_staff`.
    """
    if STEPS[step].by is not maker:
        raise NotPermitted("step.not_for_staff")


def diagram() -> str:
    """The table as a Mermaid state diagram; two people are a double line of words."""
    lines = ["stateDiagram-v2", "    [*] --> received"]
    for step, move in STEPS.items():
        says = f"{step} ({move.by}{', and another' if move.people > 1 else ''})"
        lines += [f"    {begins} --> {move.ends} : {says}" for begins in move.begins]
    lines += [f"    {state} --> [*]" for state in TOMBSTONES]
    return "".join(f"{line}\n" for line in lines)
