"""What became of the desk entries that waited to be sent, and how that is said."""

from dataclasses import dataclass, field

from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Exit


@dataclass(slots=True)
class Delivered:
    """Ids of entries that the door has now, those it will not have and why, how many wait.

    `held_up` are entries that wait on though the door answered, and why: their tip is full.
    `moved` are tips that made the step that was asked for, `unmoved` those that did not.
    """

    sent: list[str] = field(default_factory=list[str])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    held_up: dict[str, str] = field(default_factory=dict[str, str])
    waiting: int = 0
    moved: list[str] = field(default_factory=list[str])
    unmoved: dict[str, str] = field(default_factory=dict[str, str])


def say_delivered(done: Delivered, console: Console) -> Exit:
    """Says it, for people; for machines only what was refused, on standard error."""
    if done.sent:
        console.say("desk.sent", count=len(done.sent))
    if done.waiting:
        console.say("desk.waiting", count=done.waiting)
    for object_id, code in done.held_up.items():
        console.warn("desk.held_up", object=object_id, why=console.sentence(code))
    for object_id, code in done.refused.items():
        console.warn("desk.refused", object=object_id, why=console.sentence(code))
    for tip_id in done.moved:
        console.say("desk.moved", tip=tip_id)
    for tip_id, code in done.unmoved.items():
        console.warn("desk.unmoved", tip=tip_id, why=console.sentence(code))
    return Exit.REFUSED if done.refused or done.unmoved else Exit.DONE
