"""`case tell`: the dockets of a case's tips say which page that is, and how it stands.

A reporter sees by their step that a tip is published, and not as what. Told are the tips that
officers tied to the case and the duplicates of those, and nobody else: that a reporter named a
case says nothing of whether it is theirs. A docket that tells of the case, and whose tip is
tied to it no longer, tells of it no more. One that says so already is left as it is.
"""

from argparse import Namespace
from contextlib import closing
from functools import partial

from mustshare_api.domain.docket import DocketBody, DocketCase
from mustshare_api.domain.pages import CASE
from mustshare_api.errors import MustShareError
from mustshare_api.keytool.cases.desk import find_page
from mustshare_api.keytool.desk.listed import load_tip
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.tied import cases_through, find_case, learn_cases
from mustshare_api.keytool.referrals.dockets import with_case
from mustshare_api.keytool.referrals.office import Office, office
from mustshare_api.keytool.refusal import Exit, Refusal, Rewritten
from mustshare_api.keytool.staff_door.wire import TipEntry


def tell_case(args: Namespace, session: Session) -> Exit:
    """Brings the docket of each tip of a case up to how the case stands."""
    with office(args, session, synced=True) as desk_of:
        page_id, tied = _tied(desk_of, args.case)
        page = find_page(desk_of.door, CASE, page_id)
        if page is None or not page.shown_version:
            raise Refusal("case.not_published")
        case = DocketCase(page.slug, page.state, page.changed_on)
        due = _due(desk_of, case, tied)
        told = [tip_id for tip_id in due if _told(desk_of, case, tip_id, due[tip_id])]
    session.console.data({"case": case.slug, "state": case.state, "told": told})
    session.console.say("case.told", case=case.slug, count=len(told))
    return Exit.DONE if len(told) == len(due) else Exit.REFUSED


def _tied(desk_of: Office, typed: str) -> tuple[str, set[str]]:
    """The case's id, and the tips that officers tied to it, by themselves or a duplicate.

    Raises:
        Refusal: as `find_case`.
    """
    session = desk_of.session
    with closing(open_desk(desk_of.home, desk_of.officer, session.today)) as desk:
        learn_cases(desk, desk_of.door)
        page_id = find_case(desk, typed).page_id or ""
        through = cases_through(desk)
        tied = {
            tip_id
            for tip_id in desk.tips
            if page_id in desk.state_of(tip_id).cases | through.get(tip_id, set())
        }
    return page_id, tied


def _due(
    desk_of: Office, case: DocketCase, tied: set[str]
) -> dict[str, tuple[TipEntry, DocketCase | None]]:
    """What is to be told of the case to whom: how it stands, or that it is theirs no more."""
    known = {tip.tip_id: docket for tip, docket in desk_of.dockets.newest()}
    naming = {tip_id for tip_id, docket in known.items() if _said(docket, case.slug)}
    found: dict[str, tuple[TipEntry, DocketCase | None]] = {}
    for tip_id in sorted(tied | naming):
        tip, wanted = load_tip(desk_of.home, tip_id), case if tip_id in tied else None
        docket = known.get(tip_id)
        said = _said(docket, case.slug) if docket is not None else None
        if tip is not None and tip.bundle is not None and said != wanted:
            found[tip_id] = tip, wanted
    return found


def _said(docket: DocketBody, slug: str) -> DocketCase | None:
    return next((one for one in docket.cases if one.slug == slug), None)


def _told(
    desk_of: Office, case: DocketCase, tip_id: str, due: tuple[TipEntry, DocketCase | None]
) -> bool:
    """Whether the docket was written. One that was not keeps no other from being told."""
    tip, wanted = due
    try:
        desk_of.put_docket(tip, partial(with_case, slug=case.slug, case=wanted))
    except Rewritten:
        raise
    except MustShareError as refused:
        desk_of.session.console.refuse(refused)
        desk_of.session.console.warn("case.untold", case=case.slug, tip=tip_id)
        return False
    return True
