"""The commands of an officer's day: fetch, list, open, answer."""

import sys
from argparse import Namespace
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final, Protocol

import msgspec

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.message import TEXT_LIMIT_BYTES
from mustshare_api.errors import Malformed, MustShareError, Unavailable
from mustshare_api.keytool.desk.compared import say_compared, warn_uncompared
from mustshare_api.keytool.desk.delivered import Delivered, say_delivered
from mustshare_api.keytool.desk.directories import (
    current_directory,
    kept_directory,
    pinned_roots,
)
from mustshare_api.keytool.desk.fetching import Synced
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.desk.listed import load_tip, load_tips
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.desk.terminal import Console, PageBar
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips import answering
from mustshare_api.keytool.tips.answering import Answer, Waiting
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.reading import (
    find_tip,
    find_tips,
    mark_opened,
    open_tip,
    shelf_of,
)
from mustshare_api.keytool.tips.resealing import Resealer
from mustshare_api.keytool.tips.showing import show_tip, tip_data

_FROM_REPORTER: Final = frozenset({Kind.TIP, Kind.FOLLOW_UP_FROM_REPORTER})


class Afterwards(Protocol):
    """What the desk, a floor above, does with a door that is open for tips."""

    def __call__(  # noqa: PLR0913 - as `send_entries`, the desk's
        self,
        home: Home,
        door: Door,
        officer: Officer,
        session: Session,
        *,
        drop_refused: bool = False,
        news: bool = True,
    ) -> Delivered:
        """Sends the desk entries that wait, and says what became of them.

        Without `news`, and where none waits, there is nothing to do.
        """
        ...


def sync_home(args: Namespace, session: Session, *, afterwards: Afterwards) -> Exit:
    """Fetches what is new, and sends the desk entries that wait."""
    home = Home(args.home)
    server = load_server(home)
    pinned_roots(home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        whole: bool = args.full
        seeds = officer.seeds()
        done = sync(home, door, seeds, session.console, session.today, whole=whole)
        for waiting in answering.waiting_answers(home):
            tip = load_tip(home, waiting.tip_id)
            if tip is not None and tip.bundle is None:
                answering.drop_answer(home, waiting)
        entries = afterwards(home, door, officer, session, news=whole or done.is_news)
    ended = _show_sync(done, entries, session.console)
    say_compared(home, session.console, session.today)
    return max(ended, say_delivered(entries, session.console))


def list_tips(args: Namespace, session: Session) -> Exit:
    """Shows the tips that are here."""
    home = Home(args.home)
    if not home.path.is_dir():
        raise Refusal("home.missing", path=str(home.path))
    opened = set(home.load(home.opened_ids, list[str], []))
    shelf = shelf_of(home)
    tips = sorted(load_tips(home).values(), key=lambda tip: (tip.received_on, tip.tip_id))
    lines = [_list_line(home, tip, shelf.get(tip.tip_id, []), opened) for tip in tips]
    session.console.data(lines)
    for line in lines:
        _show_line(line, session.console)
    if not lines:
        session.console.say("list.empty")
    warn_uncompared(home, session.console, session.today)
    return Exit.DONE


def open_tips(args: Namespace, session: Session) -> Exit:
    """Opens tips."""
    home = Home(args.home)
    tips = find_tips(home, args.tip)
    seeds = unlock_officer(home, args, session).seeds()
    directory = kept_directory(home) if home.directory.exists() else None
    opened: list[OpenedTip] = []
    with home.locked():
        shelf = shelf_of(home)
        pages = PageBar(session.console)
        for tip in tips:
            to = _folder(args, home, tip, several=len(tips) > 1)
            unsafe: bool = args.unsafe_original
            opened.append(
                open_tip(
                    home, tip, shelf, seeds, directory, to, unsafe_original=unsafe, pages=pages
                )
            )
        shown = [tip_data(each) for each in opened] if session.console.as_json else []
        session.console.data(shown[0] if len(shown) == 1 else shown)
        for each in opened:
            show_tip(session.console, each)
        mark_opened(home, opened)
    failures = sum(each.failures for each in opened)
    if not failures:
        return Exit.DONE
    session.console.warn("open.some", count=failures)
    return Exit.CANNOT_OPEN


def _folder(args: Namespace, home: Home, tip: TipEntry, *, several: bool) -> Path:
    """Where the files of a tip go: those of several never into one folder."""
    if args.attachments is None:
        return home.attachments(tip.tip_id)
    to: Path = args.attachments
    return to / tip.tip_id if several else to


def answer(args: Namespace, session: Session) -> Exit:
    """Seals an answer and sends it."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    server = load_server(home)
    current_directory(home, session.today)
    said = Answer(text_of(args), args.attach or [], args.unsafe_original)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        waiting = answering.compose(home, tip, officer, said, session)
        again = Resealer(home, door, officer, session.clock.now())
        _send(home, door, waiting, session.console, again)
    session.console.data(msgspec.to_builtins(waiting) | {"sent": True})
    session.console.say("done.sent", object=waiting.object_id)
    return Exit.DONE


def resend(args: Namespace, session: Session, *, afterwards: Afterwards) -> Exit:
    """Sends what waits in the outbox, as the same octets. One refusal holds up no other.

    Desk entries go with it; what is refused of them is dropped as answers are.
    """
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        waiting = answering.waiting_answers(home)
        again = Resealer(home, door, officer, session.clock.now())
        drop: bool = args.drop_refused
        sent = [
            each.object_id
            for each in waiting
            if _resend(each, session.console, again, drop_refused=drop)
        ]
        entries = afterwards(home, door, officer, session, drop_refused=drop)
    session.console.data({"sent": sent, "entries": asdict(entries)})
    if not waiting and entries == Delivered():
        session.console.say("outbox.empty")
    ended = Exit.DONE if len(sent) == len(waiting) else Exit.REFUSED
    return max(ended, say_delivered(entries, session.console))


def _resend(waiting: Waiting, console: Console, again: Resealer, *, drop_refused: bool) -> bool:
    """Whether it went. Where the door is not there or is busy, nothing is ever dropped."""
    try:
        answering.send(again.home, again.door, waiting, console, again)
    except (Refusal, Unavailable):
        raise
    except MustShareError as refused:
        console.warn(refused.code)
        if drop_refused:
            answering.drop_answer(again.home, waiting)
        console.warn(
            "outbox.dropped" if drop_refused else "outbox.refused", object=waiting.object_id
        )
        return False
    console.say("done.sent", object=waiting.object_id)
    return True


def _send(home: Home, door: Door, waiting: Waiting, console: Console, again: Resealer) -> None:
    try:
        answering.send(home, door, waiting, console, again)
    except MustShareError:
        console.warn("outbox.kept")
        raise


def text_of(args: Namespace) -> str:
    """What is to be said: given, from a file, or from standard input to its end.

    Raises:
        Malformed: `message.malformed`, it is no UTF-8.
        Refusal: `file.cannot_read`.
    """
    if args.text is not None:
        return str(args.text)
    if args.file is not None:
        octets = read_bytes(args.file, TEXT_LIMIT_BYTES)
    else:
        octets = sys.stdin.buffer.read(TEXT_LIMIT_BYTES + 1)
    try:
        # As an editor on Windows saves it: its marks would be shown as marks.
        return octets.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        raise Malformed("message.malformed") from None


def _show_sync(done: Synced, entries: Delivered, console: Console) -> Exit:
    console.data(asdict(done) | {"entries": asdict(entries)})
    for tip_id, count in done.deleted.items():
        console.say("sync.deleted", tip=tip_id, count=count)
    for tip_id, count in done.unlisted.items():
        console.say("sync.unlisted", tip=tip_id, count=count)
    console.say("sync.summary", tips=done.tips, fetched=done.fetched, kept=done.kept)
    if done.rewrapped:
        console.say("sync.rewrapped", count=done.rewrapped)
    for tip_id in done.rotated:
        console.say("sync.rotated", tip=tip_id)
    for object_id in done.refused:
        console.warn("object.malformed", object=object_id)
    if done.doubtful:
        console.warn("sync.doubtful", count=len(done.doubtful))
    for tip_id in done.changed:
        console.warn("tip.bundle_changed", tip=tip_id)
    return Exit.REFUSED if done.refused or done.changed else Exit.DONE


def _list_line(
    home: Home, tip: TipEntry, known: list[IndexEntry], opened: set[str]
) -> dict[str, object]:
    here = [entry for entry in known if home.sealed(entry.object_id).exists()]
    words = [entry for entry in here if entry.kind in _FROM_REPORTER]
    return {
        "tip_id": tip.tip_id,
        "state": tip.state,
        "received_on": tip.received_on.isoformat(),
        "expires_on": tip.expires_on.isoformat() if tip.expires_on else None,
        "answered": tip.answered,
        "gone": tip.bundle is None,
        "objects": len(here),
        "new": sum(1 for entry in words if entry.object_id not in opened),
    }


def _show_line(line: dict[str, object], console: Console) -> None:
    count = int(str(line["new"]))
    opened = bool(line["objects"])
    news = console.sentence("list.new", count=count) if count else ""
    console.say(
        "list.line",
        tip=str(line["tip_id"]),
        day=str(line["received_on"]),
        state=str(line["state"]),
        objects=str(line["objects"]),
        news=news or (console.sentence("list.opened") if opened else ""),
    )
