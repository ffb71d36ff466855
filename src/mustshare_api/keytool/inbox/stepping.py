"""Steps on their way to the door: what an officer decided of a tip, with the version they saw.

    steps/<tip id>    {"tip_id": ..., "step": "verify", "seen": 3, "read": "3f..."}

Unlike an entry, a step holds only from where the tip stood. So it is checked here against the
table before it is kept, and one that the door will not have is told and forgotten: somebody has
moved the tip since, and what that means is for a person to say. A step whose answer was lost is
known by the version after the one that was seen.

Nothing in it is secret: the door is told state and version in any case.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from mustshare_api.domain.lifecycle import STEPS, State, Step, after
from mustshare_api.errors import NotFound, Unavailable, WrongMoment
from mustshare_api.keytool.desk.delivered import Delivered
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import save_tip
from mustshare_api.keytool.desk.seen import seen_of
from mustshare_api.keytool.inbox.at_work import AtWork
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.steps_door import StepsDoor
from mustshare_api.keytool.staff_door.wire import Digest, Id, TipEntry


class QueuedStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that waits. `seen` is the tip's version by which it was decided.

    `read` is the hash over what had been read of it by then: what a later sync brings was not
    known to whoever decided. It is empty where an older tool queued it.
    """

    tip_id: Id
    step: Step
    seen: Annotated[int, Meta(ge=0, le=2**15)]
    read: Digest | Literal[""] = ""


def check_step(tip: TipEntry, step: Step) -> None:
    """Refuses a step that there is not from where the tip stands, as far as is known here.

    Raises:
        WrongMoment: `step.wrong_state`.
        Refusal: `tip.gone`.
    """
    if tip.bundle is None:
        raise Refusal("tip.gone")
    if tip.state in set(State):
        after(State(tip.state), step)


def queue_step(desk: AtWork, tip: TipEntry, step: Step) -> None:
    """Keeps a step, in the place of one of the same tip that waits.

    Raises:
        Refusal: `file.cannot_write`.
    """
    read = seen_of(desk.home, tip.tip_id)
    queued = QueuedStep(tip.tip_id, step, tip.steps, read)
    desk.home.save(_file(desk.home, tip.tip_id), queued)


def queued_steps(home: Home) -> dict[str, QueuedStep]:
    """The steps that wait, by tip.

    Raises:
        Refusal: `home.malformed`.
    """
    nothing = QueuedStep("", Step.VERIFY, 0)
    files = sorted(_folder(home).glob("[0-9a-f]*"))
    found = [home.load(file, QueuedStep, nothing) for file in files]
    return {each.tip_id: each for each in found if each.tip_id}


def send_steps(desk: AtWork, door: Door, done: Delivered) -> None:
    """Sends the steps that wait, and remembers where they led.

    Raises:
        Unreachable: cut off; what was not answered waits on.
        Refusal: `door.nonsense`.
    """
    for each in queued_steps(desk.home).values():
        tip = desk.tip_of(each.tip_id)
        if tip is not None and not _is_made(each, tip):
            try:
                _send(desk, door, each, tip)
            except (NotFound, WrongMoment) as refused:
                done.unmoved[each.tip_id] = refused.code
            except Unavailable:
                continue
            else:
                done.moved.append(each.tip_id)
        _file(desk.home, each.tip_id).unlink(missing_ok=True)


def _send(desk: AtWork, door: Door, queued: QueuedStep, tip: TipEntry) -> None:
    if tip.bundle is None:
        raise NotFound("tip.not_found")
    asked = msgspec.structs.replace(tip, steps=queued.seen)
    made = StepsDoor(door).make(asked, queued.step, queued.read)
    tip.state, tip.steps, tip.expires_on = made.state, made.steps, made.expires_on
    save_tip(desk.home, tip)
    desk.move(tip)


def _is_made(queued: QueuedStep, tip: TipEntry) -> bool:
    """Whether it was made already, its answer lost."""
    return (tip.steps, tip.state) == (queued.seen + 1, STEPS[queued.step].ends)


def _folder(home: Home) -> Path:
    return home.path / "steps"


def _file(home: Home, tip_id: str) -> Path:
    return _folder(home) / tip_id
