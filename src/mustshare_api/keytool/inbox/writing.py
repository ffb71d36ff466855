"""The commands that write on a tip's desk: assign, label, note, check, merge.

    1. seal    into the outbox, on this machine, whether or not there is a network
    2. send    what waits, unless told to leave it; a door that is not reached is no failure
    3. tell    what the desk says now, and what still waits

Every command says what it changed and not what it was given: an entry that changes nothing, a
tip merged into itself or round in a circle, are refused before anything is sealed.
"""

from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from typing import TypeAlias

from mustshare_api.domain.desk import (
    AssignEntry,
    CheckEntry,
    Entry,
    LabelEntry,
    MergeEntry,
    NoteEntry,
)
from mustshare_api.domain.lifecycle import Step
from mustshare_api.errors import Malformed, MustShareError
from mustshare_api.keytool.desk.delivered import Delivered, say_delivered
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.glance import Looked, look
from mustshare_api.keytool.inbox.listing import ME
from mustshare_api.keytool.inbox.merging import check_merge
from mustshare_api.keytool.inbox.outbox import Sender
from mustshare_api.keytool.inbox.showing import desk_data
from mustshare_api.keytool.inbox.stepping import (
    check_step,
    queue_step,
    queued_steps,
    send_steps,
)
from mustshare_api.keytool.refusal import Exit, Refusal, Unreachable
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.commands import text_of
from mustshare_api.keytool.tips.reading import find_tip

Make: TypeAlias = Callable[[Looked, TipEntry, str], Entry | None]
"""The entry, of the desk, the tip and when it is dated; None where there is none to write."""


def assign(args: Namespace, session: Session) -> Exit:
    """Says whose a tip is."""
    return _write(args, session, lambda desk, tip, at: assigned(desk, tip, at, args.officer))


def label(args: Namespace, session: Session) -> Exit:
    """Puts words on a tip and takes words off."""
    return _write(
        args, session, lambda desk, tip, at: labelled(desk, tip, at, args.add, args.remove)
    )


def note(args: Namespace, session: Session) -> Exit:
    """Writes a note.

    Raises:
        Malformed: `desk.malformed`, there is nothing in it to be read.
    """
    text = text_of(args)
    if not text.strip():
        raise Malformed("desk.malformed")
    return _write(
        args,
        session,
        lambda desk, _, at: NoteEntry(sent_at=at, signed_by=desk.signed_by, text=text),
    )


def check(args: Namespace, session: Session) -> Exit:
    """Ticks a line of the checklist, or opens it again."""
    return _write(
        args,
        session,
        lambda desk, _, at: CheckEntry(
            sent_at=at,
            signed_by=desk.signed_by,
            item=args.item,
            done=not args.undo,
            text=args.text,
        ),
    )


def verify(args: Namespace, session: Session) -> Exit:
    """Begins to verify a tip, which is this officer's from then on unless it is another's."""
    return _write(args, session, taken_up, Step.VERIFY)


def set_aside(args: Namespace, session: Session) -> Exit:
    """Sets a tip aside, and notes why if that is said."""
    return _write(
        args,
        session,
        lambda desk, _, at: (
            NoteEntry(sent_at=at, signed_by=desk.signed_by, text=args.text)
            if args.text is not None
            else None
        ),
        Step.SET_ASIDE,
    )


def merge(args: Namespace, session: Session) -> Exit:
    """Says that a tip is the same as another or a copy of its pattern, or is not after all."""
    into = find_tip(Home(args.home), args.into) if args.into else None
    return _write(
        args,
        session,
        lambda desk, tip, at: merged(desk, tip, at, into, args.relation),
    )


def assigned(desk: Looked, tip: TipEntry, at: str, name: str | None) -> AssignEntry:
    """The entry that gives a tip to an officer of the directory in force, or to nobody.

    Raises:
        Refusal: `share.unknown_officer`, `desk.nothing_changes`.
    """
    officer = desk.officer.name if name == ME else name
    listed = current_directory(desk.home, desk.today).entries
    if officer is not None and officer not in {e.name for e in listed if e.role == "signing"}:
        raise Refusal("share.unknown_officer")
    if officer == desk.state_of(tip.tip_id).officer:
        raise Refusal("desk.nothing_changes")
    return AssignEntry(sent_at=at, signed_by=desk.signed_by, officer=officer)


def taken_up(desk: Looked, tip: TipEntry, at: str) -> AssignEntry | None:
    """The entry that gives a tip which nobody has to this officer."""
    if desk.state_of(tip.tip_id).officer is not None:
        return None
    return AssignEntry(sent_at=at, signed_by=desk.signed_by, officer=desk.officer.name)


def labelled(
    desk: Looked, tip: TipEntry, at: str, add: list[str], remove: list[str]
) -> LabelEntry:
    """The entry that puts on what is not there yet and takes off what is.

    Raises:
        Refusal: `desk.nothing_changes`, `label.both`.
    """
    there = desk.state_of(tip.tip_id).labels
    if set(add) & set(remove):
        raise Refusal("label.both")
    new, old = sorted(set(add) - there), sorted(set(remove) & there)
    if not new and not old:
        raise Refusal("desk.nothing_changes")
    return LabelEntry(sent_at=at, signed_by=desk.signed_by, add=new, remove=old)


def merged(
    desk: Looked, tip: TipEntry, at: str, into: TipEntry | None, relation: str | None
) -> MergeEntry:
    """The entry that merges a tip into another, or parts it again.

    Raises:
        Refusal: `merge.how`, and as `check_merge`.
    """
    check_merge(desk, tip, into)
    if into is None:
        return MergeEntry(sent_at=at, signed_by=desk.signed_by, into=None)
    if relation is None:
        raise Refusal("merge.how")
    return MergeEntry(
        sent_at=at,
        signed_by=desk.signed_by,
        into=into.tip_id,
        relation="copycat" if relation == "copycat" else "duplicate",
    )


def _write(args: Namespace, session: Session, make: Make, step: Step | None = None) -> Exit:
    """Steps 1 to 3."""
    home = Home(args.home)
    tip_id = find_tip(home, args.tip).tip_id
    current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(look(home, officer, session.today)) as desk:
        tip = desk.tip_of(tip_id)
        if tip is None:
            raise Refusal("tip.unknown")
        object_id = written(
            desk, tip, step, lambda: make(desk, tip, desk.dated(tip_id, session.clock.now()))
        )
        done = Delivered(waiting=count_all(home)) if args.offline else deliver(desk, session)
        desk.keep_overview()
        told = desk_data(desk, tip) | {"object_id": object_id, "waiting": done.waiting}
        session.console.data(told | {"refused": done.refused})
        session.console.say("desk.written", tip=tip.tip_id[:8])
    return say_delivered(done, session.console)


def written(
    desk: Looked, tip: TipEntry, step: Step | None, make: Callable[[], Entry | None]
) -> str | None:
    """Writes an entry, and queues the step that goes with it, or neither. The entry's id.

    Raises:
        MustShareError: as `check_step`, the entry's maker, and `Desk.write`.
    """
    if step is not None:
        check_step(tip, step)
    entry = make()
    object_id = desk.write(tip, entry) if entry is not None else None
    if step is not None:
        queue_step(desk, tip, step)
    return object_id


def deliver(desk: Looked, session: Session) -> Delivered:
    """Sends what waits, where there is a door that answers. Nothing is lost where not."""
    try:
        server = load_server(desk.home)
    except Refusal as refused:
        if refused.code != "home.not_connected":
            raise
        return Delivered(waiting=count_all(desk.home))
    with closing(Door(server, desk.officer, session.clock)) as door:
        return deliver_through(desk, door, session)


def deliver_through(desk: Looked, door: Door, session: Session) -> Delivered:
    """The same through a door that is there; what it refuses as a whole is said, and waits."""
    done = Delivered()
    try:
        sender = Sender(desk.home, desk.officer, desk.tip_of, desk.signers, desk.today)
        sender.send(door, done)
        send_steps(desk, door, done)
    except Unreachable:
        pass
    except MustShareError as refused:
        session.console.refuse(refused)
    done.waiting = count_all(desk.home)
    return done


def count_all(home: Home) -> int:
    """How many entries and steps wait."""
    return outbox.count_waiting(home) + len(queued_steps(home))
