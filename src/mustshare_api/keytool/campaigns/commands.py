"""The commands about a campaign's points, and the one that closes a campaign.

point approve     opens the tip, takes its place, snaps it, sends the cell
point list        every point, and the cell that it is shown in
point take-back   by the tip, or by an id of the list
campaign close    proposes a version that ends on a day; another officer publishes it
"""

from argparse import Namespace
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.days import is_buddhist
from mustshare_api.errors import NotFound
from mustshare_api.keytool.campaigns import choosing, desk
from mustshare_api.keytool.cases import drafting, newest
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.reading import find_tip, open_messages


@dataclass(frozen=True, slots=True)
class _Work:
    """One officer at the staff door."""

    door: Door
    home: Home
    officer: Officer
    session: Session

    def opened(self, wanted: str) -> OpenedTip:
        """The messages of a tip that is here."""
        directory = current_directory(self.home, self.session.today)
        return open_messages(self.home, find_tip(self.home, wanted), self.officer, directory)

    def check_grid(
        self, slug: str, page_id: str, campaign: CampaignContent, precision_m: int | None
    ) -> None:
        """That the door's grid is no finer than the one in the draft that an officer signed.

        Two officers signed for the page by its digest, and it is the door that says which page
        that was: a finer grid of its own making would put a reporter's place on a public map.
        So would the draft of another campaign, if the door could name that one's page, or one
        that was replaced since. Whoever says a precision has decided for themselves.

        Raises:
            Refusal: `point.other_grid`; `point.no_draft`, there is nothing to hold it against;
                `point.older_draft`, there was a newer one.
        """
        if precision_m is not None or campaign.map is None:
            return
        directory = current_directory(self.home, self.session.today)
        try:
            octets = self.door.ask(f"/v1/drafts/{page_id}")
        except NotFound:
            raise Refusal("point.no_draft") from None
        opened = drafting.open_draft(page_id, octets, self.officer, directory)
        draft = opened.content
        if not isinstance(draft, CampaignContent) or draft.slug != slug or draft.map is None:
            raise Refusal("point.no_draft")
        if draft.version < campaign.version or not newest.is_newest(self.home, opened):
            raise Refusal("point.older_draft")
        if campaign.map.grid_m < draft.map.grid_m:
            raise Refusal("point.other_grid", door=campaign.map.grid_m, signed=draft.map.grid_m)


@contextmanager
def _working(args: Namespace, session: Session) -> Generator[_Work]:
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with closing(Door(server, officer, session.clock)) as door:
        yield _Work(door, home, officer, session)


def approve_point(args: Namespace, session: Session) -> Exit:
    """Puts the place of a tip on its campaign's map."""
    with _working(args, session) as work:
        opened = work.opened(args.tip)
        slug, place = _slug(opened, args), choosing.place_of(opened, args.photo)
        page_id, campaign = desk.shown_campaign(work.door, slug)
        work.check_grid(slug, page_id, campaign, args.precision)
        cell = choosing.cell_for(place, campaign, args.precision)
        point_id = choosing.point_id_of(work.home, opened, work.officer, slug, place)
        is_new = desk.approve(work.door, slug, point_id, cell, _province(opened, args))
    session.console.data(
        {"campaign": slug, "point": point_id, "cell": cell.name, "new": is_new}
    )
    code = "point.approved" if is_new else "point.known"
    session.console.say(code, cell=cell.name, metres=cell.size_m, campaign=slug)
    return Exit.DONE


def list_points(args: Namespace, session: Session) -> Exit:
    """Shows the points of a campaign."""
    with _working(args, session) as work:
        found = list(desk.listed(work.door, args.campaign))
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        code = "point.line_shown" if one.shown_in else "point.line_waits"
        day = one.shown_on or one.batch_on
        session.console.say(
            code, point=one.id, cell=one.cell, shown=one.shown_in or "", day=day.isoformat()
        )
    if not found:
        session.console.say("point.none")
    return Exit.DONE


def take_back_point(args: Namespace, session: Session) -> Exit:
    """Takes a point off the map: the tip's, or one of the list."""
    with _working(args, session) as work:
        if args.point is not None:
            slug, point_id = _given(args), args.point
        else:
            opened = work.opened(_tip(args))
            slug, place = _slug(opened, args), choosing.place_of(opened, args.photo)
            point_id = choosing.point_id_of(work.home, opened, work.officer, slug, place)
        desk.take_back(work.door, slug, point_id)
    session.console.data({"campaign": slug, "point": point_id})
    session.console.say("point.taken_back", point=point_id, campaign=slug)
    return Exit.DONE


def ended(content: CampaignContent, version: int, args: Namespace) -> CampaignContent:
    """A campaign's next version, which ends on a day.

    Raises:
        Refusal: `campaign.ends_first`, `day.buddhist`.
    """
    if is_buddhist(args.on):
        raise Refusal("day.buddhist")
    if args.on < content.opens_on:
        raise Refusal("campaign.ends_first")
    what = {"th": f"ปิดรับวันที่ {args.on}", "en": f"It takes tips until {args.on}."}
    change = {"what": what, "why": {"th": args.why_th, "en": args.why_en}}
    said = msgspec.to_builtins(content) | {
        "closes_on": args.on.isoformat(),
        "version": version,
        "change": change,
    }
    return msgspec.convert(said, CampaignContent)


def _slug(opened: OpenedTip, args: Namespace) -> str:
    """The campaign that a tip answers, or the one that the officer names."""
    named: str | None = args.campaign or choosing.body_of(opened).campaign
    if named is None:
        raise Refusal("point.which_campaign")
    return named


def _given(args: Namespace) -> str:
    if args.campaign is None or args.tip is not None:
        raise Refusal("point.which_campaign")
    slug: str = args.campaign
    return slug


def _tip(args: Namespace) -> str:
    if args.tip is None:
        raise Refusal("point.which_tip")
    tip: str = args.tip
    return tip


def _province(opened: OpenedTip, args: Namespace) -> str | None:
    """Two digits: what the officer says, or those of the place that the tip names."""
    if args.province is not None:
        province: str = args.province
        return province
    place = choosing.body_of(opened).place
    return place[:2] if place else None
