"""The commands that change who can open what, and those that show it."""

from argparse import Namespace
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from mustshare_api.crypto import xwing
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.copies import Follower, read_copy
from mustshare_api.keytool.desk.directories import current_directory, pinned_roots
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tips
from mustshare_api.keytool.desk.people import describe, known_keys
from mustshare_api.keytool.desk.session import (
    Session,
    load_server,
    officer_passphrase,
    unlock_officer,
)
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.sharing import retiring
from mustshare_api.keytool.sharing.granting import (
    Dropping,
    case_key_of,
    chosen_tips,
    grant,
    objects_of,
)
from mustshare_api.keytool.sharing.retiring import Doomed, Retired
from mustshare_api.keytool.sharing.swapping import Swapper, Tally
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry
from mustshare_api.keytool.tips.reading import find_tip


def epochs_retire(args: Namespace, session: Session) -> Exit:
    """Brings what is open over to the case key, and destroys the keys of old weeks."""
    home = Home(args.home)
    with _unlocked(home, args, session) as (officer, passphrase):
        doomed = retiring.doomed_weeks(officer, args.before, session.today)
        if not doomed.seeds:
            session.console.data({"rewrapped": 0, "unreadable": [], "destroyed": 0})
            session.console.say("retire.nothing")
            return Exit.DONE
        return _destroy(home, officer, doomed, passphrase, session)


def case_key_renew(args: Namespace, session: Session) -> Exit:
    """Makes a new case key; once it is listed, brings everything over and destroys the old."""
    home = Home(args.home)
    with _unlocked(home, args, session) as (officer, passphrase):
        if len(officer.case_seeds) > 1:
            doomed = retiring.doomed_case_keys(officer)
            return _destroy(home, officer, doomed, passphrase, session)
        renewed = replace(officer, case_seeds=(xwing.new_seed(), *officer.case_seeds))
        card = ceremony.save_officer(home, renewed, passphrase, session.memory_kib)
    session.console.data({"card": str(card)})
    session.console.say("case_key.made", path=str(card))
    return Exit.DONE


def recipients(args: Namespace, session: Session) -> Exit:
    """Shows to whom the objects of a tip are sealed."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    known = known_keys(home)
    shown: list[dict[str, Any]] = []
    for entry in objects_of(home, [tip]):
        copy = read_copy(home, entry.object_id)
        if copy is not None:
            lines = describe(copy, tip, known)
            shown.append(
                {"object_id": entry.object_id, "kind": entry.kind, "recipients": lines}
            )
    session.console.data(shown)
    for each in shown:
        _show_recipients(each, session.console)
    return Exit.DONE


def grant_tips(args: Namespace, session: Session) -> Exit:
    """Lets a colleague into tips."""
    with _sharing(args, session) as work:
        directory = current_directory(work.home, session.today)
        key = case_key_of(directory, args.name)
        tally = grant(work.swapper, work.entries, key, session.console)
    session.console.data(asdict(tally))
    session.console.say("share.granted", name=args.name, done=tally.done, already=tally.already)
    return _exit_of(tally)


def drop_tips(args: Namespace, session: Session) -> Exit:
    """Lets a colleague out of tips, and says what cannot be taken back."""
    with _sharing(args, session) as work:
        dropping = Dropping.of(
            work.home, work.officer, args.name, leave_out_unknown=args.leave_out_unknown
        )
        held = len(dropping.held(work.entries))
        run = dropping.seal_anew if args.re_encrypt else dropping.drop
        tally = run(work.swapper, work.entries, session.console)
    session.console.data(asdict(tally) | {"held_before": held})
    code = "share.resealed" if args.re_encrypt else "share.dropped"
    session.console.say(code, name=args.name, done=tally.done)
    seen = "share.seen_before" if held else "share.seen_unknown"
    session.console.say(seen, name=args.name, count=held)
    if not args.re_encrypt:
        session.console.say("share.key_kept", name=args.name)
    return _exit_of(tally)


@dataclass(frozen=True, slots=True)
class _Work:
    """What sharing works on, once everything is here in its present state."""

    home: Home
    officer: Officer
    swapper: Swapper
    entries: list[IndexEntry]


@contextmanager
def _sharing(args: Namespace, session: Session) -> Generator[_Work]:
    """Syncs, and picks the objects of the chosen tips."""
    home = Home(args.home)
    if bool(args.tips) is args.all:
        raise Refusal("share.which")
    server = load_server(home)
    pinned_roots(home)
    chosen_tips(home, args.tips)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        seeds = officer.seeds()
        synced = sync(home, door, seeds, session.console, session.today)
        for object_id in synced.refused:
            session.console.warn("object.malformed", object=object_id)
        entries = objects_of(home, chosen_tips(home, args.tips))
        swapper = Swapper(Follower(home, door, seeds), load_tips(home))
        yield _Work(home, officer, swapper, entries)


@contextmanager
def _unlocked(home: Home, args: Namespace, session: Session) -> Generator[tuple[Officer, str]]:
    """The officer as the key file has them while nobody else can change it."""
    passphrase = officer_passphrase(home, args, session)
    with home.locked():
        yield ceremony.open_officer(home, passphrase), passphrase


def _destroy(
    home: Home, officer: Officer, doomed: Doomed, passphrase: str, session: Session
) -> Exit:
    server = load_server(home)
    with closing(Door(server, officer, session.clock)) as door:
        done = retiring.bring_over(home, door, officer, doomed, session.console, session.today)
    ceremony.save_officer(home, doomed.without, passphrase, session.memory_kib)
    _show_retired(done, len(doomed.seeds), session.console)
    return Exit.DONE


def _show_retired(done: Retired, count: int, console: Console) -> None:
    console.data(asdict(done) | {"destroyed": count})
    for object_id in done.unreadable:
        console.warn("retire.unreadable", object=object_id)
    console.say("retire.done", objects=done.rewrapped, count=count)


def _show_recipients(shown: dict[str, Any], console: Console) -> None:
    console.say(f"recipients.kind_{shown['kind']}", object=shown["object_id"])
    for line in shown["recipients"]:
        role = line["role"]
        code = f"recipients.{role}" if role in {"reporter", "unknown"} else "recipients.line"
        console.say(code, **{name: each or "-" for name, each in line.items()})


def _exit_of(tally: Tally) -> Exit:
    return Exit.REFUSED if tally.refused else Exit.DONE
