"""The commands that tie tips to a case and untie them: one entry on the desk of each tip.

1. find    every tip and the case, before anything is written; the door is asked for a name
           that is not known here, unless told not to
2. seal    an entry for each tip on which it changes something
3. send    as every entry
"""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing

from mustshare_api.domain.desk import CaseEntry
from mustshare_api.keytool.desk.delivered import Delivered, say_delivered
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.showing import desk_data
from mustshare_api.keytool.inbox.tied import Case, find_case, learn_cases
from mustshare_api.keytool.inbox.writing import count_all, deliver
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.reading import find_tips


def tie(args: Namespace, session: Session) -> Exit:
    """Says that tips belong to a case."""
    return _change(args, session, add=True)


def untie(args: Namespace, session: Session) -> Exit:
    """Says that tips belong to a case no longer."""
    return _change(args, session, add=False)


def _change(args: Namespace, session: Session, *, add: bool) -> Exit:
    """Steps 1 to 3."""
    home = Home(args.home)
    tips = find_tips(home, args.tip)
    if any(tip.bundle is None for tip in tips):
        raise Refusal("tip.gone")
    current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(open_desk(home, officer, session.today)) as desk:
        case = _case(desk, args, session)
        changed = tied(desk, tips, case, session, add=add)
        done = Delivered(waiting=count_all(home)) if args.offline else deliver(desk, session)
        desk.keep_overview()
        session.console.data(
            {
                "case": case.page_id,
                "slug": case.slug,
                "tips": [desk_data(desk, tip) for tip in changed],
                "waiting": done.waiting,
                "refused": done.refused,
            }
        )
        code = "case.tied" if add else "case.untied"
        session.console.say(code, count=len(changed), case=case.name)
    return say_delivered(done, session.console)


def tied(
    desk: Desk, tips: Sequence[TipEntry], case: Case, session: Session, *, add: bool
) -> list[TipEntry]:
    """Writes an entry on each tip that it changes; those tips.

    Raises:
        Refusal: `desk.nothing_changes`, and as `Desk.write`.
    """
    page_id = case.page_id
    changed = [tip for tip in tips if (page_id in desk.state_of(tip.tip_id).cases) is not add]
    if page_id is None or not changed:
        raise Refusal("desk.nothing_changes")
    now = session.clock.now()
    for tip in changed:
        at = desk.dated(tip.tip_id, now)
        entry = CaseEntry(sent_at=at, signed_by=desk.signed_by, case_id=page_id, add=add)
        desk.write(tip, entry, keep=False)
    desk.keep()
    return changed


def _case(desk: Desk, args: Namespace, session: Session) -> Case:
    """The case that was typed, by a name that is known here or that the door knows.

    Raises:
        Refusal: as `find_case`; Unreachable where only the door could tell.
    """
    try:
        return find_case(desk, args.case)
    except Refusal as refused:
        if refused.code != "case.unknown" or args.offline or not desk.home.server.exists():
            raise
    with closing(Door(load_server(desk.home), desk.officer, session.clock)) as door:
        learn_cases(desk, door)
    return find_case(desk, args.case)
