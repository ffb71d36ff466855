"""The commands that read the desk: inbox, show, search."""

import importlib.util
from argparse import Namespace
from contextlib import closing

from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.compared import warn_uncompared
from mustshare_api.keytool.desk.delivered import Delivered
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.desk.session import Session, unlock_officer
from mustshare_api.keytool.inbox import outbox
from mustshare_api.keytool.inbox.at_desk import AtDesk
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.glance import look
from mustshare_api.keytool.inbox.listing import Filters, rows
from mustshare_api.keytool.inbox.overview import is_kept, standing
from mustshare_api.keytool.inbox.place_names import code_of
from mustshare_api.keytool.inbox.searching import found_data, search_desk, show_found
from mustshare_api.keytool.inbox.showing import (
    opened_tip,
    show_rows,
    show_whole,
)
from mustshare_api.keytool.inbox.stepping import queued_steps
from mustshare_api.keytool.inbox.tied import learn_missing
from mustshare_api.keytool.inbox.writing import deliver_through
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.tips.reading import find_tip, mark_opened


def inbox(args: Namespace, session: Session) -> Exit:
    """Lists the tips that are asked for."""
    place = code_of(args.place, session.console.language) if args.place is not None else None
    filters = Filters(
        args.state or (),
        args.label or (),
        args.campaign,
        args.category,
        place,
        args.first_on,
        args.last_on,
        args.officer,
        args.unread,
        args.overdue,
        args.case,
    )
    return _listed(args, session, filters)


def tips_of_case(args: Namespace, session: Session) -> Exit:
    """Lists the tips of a case."""
    return _listed(args, session, Filters(case=args.case))


def _listed(args: Namespace, session: Session, filters: Filters) -> Exit:
    home = Home(args.home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(look(home, officer, session.today)) as desk:
        show_rows(session.console, rows(desk, filters))
        warn_uncompared(home, session.console, session.today)
        return _say_refused(desk, session)


def show(args: Namespace, session: Session) -> Exit:
    """Shows one tip whole. Its files stay closed: `open` is for that."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    if tip.bundle is None:
        raise Refusal("tip.gone")
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(look(home, officer, session.today)) as desk:
        show_whole(session.console, desk, tip)
        mark_opened(home, [opened_tip(desk, tip)])
        return _say_refused(desk, session, tip.tip_id)


def search(args: Namespace, session: Session) -> Exit:
    """Looks for words in everything that was opened here."""
    home = Home(args.home)
    officer = unlock_officer(home, args, session)
    if not args.words and not args.rebuild:
        raise Refusal("search.no_words")
    with (
        home.locked(),
        closing(open_desk(home, officer, session.today, rebuild=args.rebuild)) as desk,
    ):
        if args.words:
            found = search_desk(desk, args.words)
            session.console.data(found_data(found))
            show_found(session.console, found)
        else:
            session.console.data({"rebuilt": len(desk.register.object_ids())})
            session.console.say("search.rebuilt", count=len(desk.register.object_ids()))
        return _say_refused(desk, session)


def view(args: Namespace, session: Session) -> Exit:
    """Opens the view on a whole terminal.

    Raises:
        Refusal: `desk.no_view`, the extra that draws it is not installed.
    """
    if importlib.util.find_spec("textual") is None:
        raise Refusal("desk.no_view")
    from mustshare_api.keytool.inbox.view.starting import run_view  # noqa: PLC0415 - an extra's

    return run_view(args, session)


def send_entries(  # noqa: PLR0913 - whose folder, through what, as whom, and how much
    home: Home,
    door: Door,
    officer: Officer,
    session: Session,
    *,
    drop_refused: bool = False,
    news: bool = True,
) -> Delivered:
    """What the desk does with a door that is open, as after a sync.

    Where nothing is new it is done all the same if a sync before this one was cut off, or
    another command's was: what is opened here of a tip that is gone goes with it.

    1. forget    entries that were fetched again, and those of tips that are gone
    2. send      what waits; what the door will not have is forgotten where that is asked for
    3. register  what came is opened into it, and what is gone leaves it
    4. names     of cases that an entry names and that are not known here
    """
    waits = outbox.ids(home) or queued_steps(home)
    if not (news or waits) and is_kept(home, officer, standing(home, session.today)):
        return Delivered()
    _forget_settled(home)
    with closing(open_desk(home, officer, session.today)) as desk:
        done = deliver_through(desk, door, session)
        learn_missing(desk, door)
        desk.keep_overview()
    if drop_refused and (count := outbox.drop(home, refused=True)):
        session.console.warn("desk.dropped", count=count)
        done.refused.clear()
    return done


def _forget_settled(home: Home) -> None:
    """Step 1, by what is on its way: it is little, and the lists are long."""
    waiting = outbox.outgoing(home)
    if not waiting:
        return
    ids, tip_ids = {e.object_id for e in waiting}, {e.tip_id for e in waiting}
    with Listed.opened(home) as listed:
        # Listed alone is only said: what was not fetched is still here and nowhere else.
        known = [i for i in ids if listed.has_object(i) and home.sealed(i).exists()]
        tips = [tip for tip_id in tip_ids if (tip := listed.tip(tip_id)) is not None]
    outbox.drop_listed(home, known)
    outbox.drop(home, tip_ids=[tip.tip_id for tip in tips if tip.bundle is None])


def _say_refused(desk: AtDesk, session: Session, tip_id: str | None = None) -> Exit:
    """Says what could not be opened, if anything could not."""
    if tip_id is None:
        count = desk.refused_listed()
    else:
        count = sum(entry.object_id in desk.refused for entry in desk.shelf_of(tip_id))
    if not count:
        return Exit.DONE
    session.console.warn("open.some", count=count)
    return Exit.CANNOT_OPEN
