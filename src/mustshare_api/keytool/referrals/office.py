"""What every officer's command about referrals works with: folder, door, tips, dockets.

The link from a referral to its tips is in sealed notes and dockets (`book`), and nowhere at
the door. Whatever is told of a referral is told to every tip of it.
"""

from argparse import Namespace
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import NoteEntry
from mustshare_api.domain.docket import DocketBody, DocketReferral
from mustshare_api.domain.referral import State
from mustshare_api.errors import MustShareError, WrongMoment
from mustshare_api.keytool.desk.delivered import Delivered
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tip
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.inbox.commands import send_entries
from mustshare_api.keytool.inbox.filling import bring_up, open_desk
from mustshare_api.keytool.inbox.writing import deliver_through
from mustshare_api.keytool.referrals.asked import forget_asked
from mustshare_api.keytool.referrals.book import (
    Booked,
    forget,
    load_book,
    read_notes,
    remember,
)
from mustshare_api.keytool.referrals.dockets import Dockets, forget_gone, with_referral
from mustshare_api.keytool.referrals.referral_door import ReferralDoor
from mustshare_api.keytool.referrals.said import Believers
from mustshare_api.keytool.refusal import Exit, Refusal, Rewritten
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.reading import find_tips


@dataclass(frozen=True, slots=True)
class Office:
    """What an officer's command about referrals works with.

    `over_older`: a docket is written although the door gave back an older one than was known.
    """

    home: Home
    officer: Officer
    door: Door
    session: Session
    over_older: bool = False

    @property
    def referrals(self) -> ReferralDoor:
        """The door, about referrals."""
        return ReferralDoor(self.door)

    @property
    def dockets(self) -> Dockets:
        """The dockets that are here."""
        believers = Believers.of(self.home)
        return Dockets(self.home, self.officer, believers, over_older=self.over_older)

    def booked(self, referral_id: str) -> Booked | None:
        """The tips of a referral, as its notes tell; kept from then on."""
        known = load_book(self.home, self.officer).get(referral_id)
        if known is not None:
            return known
        with closing(open_desk(self.home, self.officer, self.session.today)) as desk:
            notes = [
                (tip_id, note.text)
                for tip_id in desk.tips
                for note in desk.state_of(tip_id).notes
            ]
        found = read_notes(referral_id, notes)
        if found is not None:
            remember(self.home, self.officer, referral_id, found)
        return found

    def tips_of(self, referral_id: str, typed: Sequence[str] | None = None) -> list[TipEntry]:
        """The tips of a referral: as typed, else by its notes, else by dockets.

        Those that are gone are left out: nobody is there to be told.

        Raises:
            Refusal: `referral.no_tip`, and as `find_tips`.
        """
        if typed:
            return find_tips(self.home, typed)
        booked = self.booked(referral_id)
        if booked is None:
            ids = [tip.tip_id for tip in self.dockets.tips_of(referral_id)]
        else:
            ids = [one.tip_id for one in booked.tips]
        found = (load_tip(self.home, tip_id) for tip_id in ids)
        living = [tip for tip in found if tip is not None and tip.bundle is not None]
        if not living:
            raise Refusal("referral.no_tip")
        return living

    def put_docket(
        self, tip: TipEntry, change: Callable[[DocketBody], DocketBody]
    ) -> DocketBody:
        """Writes the docket of a tip anew; what it says now.

        No change tells of a receipt that was exchanged, nor of clocks that differ between
        officers: where the door has another docket or another key, all is compared, and it is
        tried again.
        """
        try:
            return self._put_docket(tip, change)
        except WrongMoment as refused:
            if refused.code not in {"docket.changed", "tip.rotated"}:
                raise
        seeds, session = self.officer.seeds(), self.session
        done = sync(self.home, self.door, seeds, session.console, session.today)
        if done.is_fewer:
            bring_up(self.home, self.officer, session.today)
        return self._put_docket(load_tip(self.home, tip.tip_id) or tip, change)

    def _put_docket(
        self, tip: TipEntry, change: Callable[[DocketBody], DocketBody]
    ) -> DocketBody:
        dockets, now = self.dockets, self.session.clock.now()
        last, entry = dockets.last(tip)
        docket = change(dockets.begun(last, now))
        dockets.put(self.door, tip, docket, entry, now)
        return docket

    def note(self, tips: Sequence[TipEntry], texts: Sequence[str]) -> None:
        """A note on each tip's desk, sealed to officers; sent now, or with the next sync."""
        session = self.session
        with closing(open_desk(self.home, self.officer, session.today)) as desk:
            for tip, text in zip(tips, texts, strict=True):
                at = desk.dated(tip.tip_id, session.clock.now())
                desk.write(tip, NoteEntry(sent_at=at, signed_by=desk.signed_by, text=text))
            deliver_through(desk, self.door, session)


@contextmanager
def office(args: Namespace, session: Session, *, synced: bool = False) -> Generator[Office]:
    """The officer's folder, locked, and a door; `synced` first where what is here matters."""
    home = Home(args.home)
    server = load_server(home)
    current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    over_older = getattr(args, "over_older", False)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        drop_leftovers(home)
        if synced:
            done = sync(
                home, door, officer.seeds(), session.console, session.today, whole=False
            )
            if done.deleted:
                # No later sync hears of it: what goes with a tip goes now.
                after_sync(home, door, officer, session)
        yield Office(home, officer, door, session, over_older)


def drop_leftovers(home: Home) -> None:
    """Deletes the files of referrals that a killed command left: officers' keys open them."""
    for left in (home.path / "referrals").glob("*"):
        left.unlink(missing_ok=True)


def take_back(args: Namespace, session: Session) -> Exit:
    """Takes a referral back, and tells the reporters who were told that it was sent."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        booked = desk_of.booked(shown.referral.id)
        desk_of.referrals.take_back(shown.referral)
        session.console.say("referral.taken_back", referral=shown.referral.id)
        among = None if booked is None else {one.tip_id for one in booked.tips}
        told = tell_taken_back(desk_of, shown.referral.id, among)
        forget(desk_of.home, desk_of.officer, shown.referral.id)
        forget_asked(desk_of.home, desk_of.officer, shown.referral.id)
    session.console.data({"referral": shown.referral.id, "state": State.TAKEN_BACK.value})
    return Exit.DONE if told else Exit.REFUSED


def tell_taken_back(desk_of: Office, referral_id: str, among: Collection[str] | None) -> bool:
    """Brings dockets up to a referral that was taken back; whether no tip is left to tell.

    Those that say so already, or that never told of it, stay as they are. `among`: its tips;
    None where they are not known, and all dockets are looked at.
    """
    now = desk_of.referrals.show(referral_id).referral
    back = DocketReferral(now.id, now.agency, now.state, now.changed_on)
    whole = True
    for tip in desk_of.dockets.behind(now.id, now.state, among):
        try:
            desk_of.put_docket(tip, partial(with_referral, referral=back))
        except Rewritten:
            raise
        except MustShareError as refused:
            desk_of.session.console.refuse(refused)
            desk_of.session.console.warn(
                "referral.untold_back", referral=now.id, tip=tip.tip_id
            )
            whole = False
        else:
            desk_of.session.console.say("referral.told_back", referral=now.id, tip=tip.tip_id)
    return whole


def after_sync(  # noqa: PLR0913 - as `send_entries`, the desk's
    home: Home,
    door: Door,
    officer: Officer,
    session: Session,
    *,
    drop_refused: bool = False,
    news: bool = True,
) -> Delivered:
    """What a sync ends with: entries go out, and referrals of what is gone come back."""
    done = send_entries(home, door, officer, session, drop_refused=drop_refused, news=news)
    drop_leftovers(home)
    forget_gone(home)
    take_back_orphans(home, door, officer, session)
    return done


def take_back_orphans(home: Home, door: Door, officer: Officer, session: Session) -> None:
    """Takes back what is of a tip that is gone: withdrawn, erased or past its day.

    The door cannot: it does not know. So every machine that knows does, at its next sync.
    """
    known = {one.tip_id for booked in load_book(home, officer).values() for one in booked.tips}
    for tip_id in sorted(known):
        tip = load_tip(home, tip_id)
        if tip is not None and tip.bundle is None:
            take_back_of(home, door, officer, session, tip_id)


def take_back_of(home: Home, door: Door, officer: Officer, session: Session, gone: str) -> None:
    """Takes back the open referrals of a tip that is gone, and tells the tips that are left.

    What is refused is tried again at the next sync.
    """
    desk_of = Office(home, officer, door, session)
    for referral_id, booked in load_book(home, officer).items():
        left = {one.tip_id for one in booked.tips} - {gone}
        if len(left) == len(booked.tips):
            continue
        try:
            settled = _settle_orphan(desk_of, referral_id, left)
        except Rewritten:
            raise
        except MustShareError as refused:
            settled = refused.code == "referral.not_found"
            if not settled:
                session.console.refuse(refused)
        if settled:
            forget(home, officer, referral_id)
            forget_asked(home, officer, referral_id)


def _settle_orphan(desk_of: Office, referral_id: str, left: Collection[str]) -> bool:
    """Takes it back, unless it is concluded or somebody has; whether all that are left know."""
    referral = desk_of.referrals.show(referral_id).referral
    if referral.state is State.CONCLUDED:
        return True
    if referral.state is not State.TAKEN_BACK:
        desk_of.referrals.take_back(referral)
        desk_of.session.console.say("referral.orphaned", referral=referral_id)
    return tell_taken_back(desk_of, referral_id, left)


def after_erasing(
    home: Home, door: Door, officer: Officer, session: Session, gone: str
) -> None:
    """What an erased tip's referrals come to, at once; all that fails is for the next sync."""
    booked = load_book(home, officer).values()
    if gone not in {one.tip_id for each in booked for one in each.tips}:
        return
    try:
        # What was told of the tips that are left has to be here, whoever told it.
        sync(home, door, officer.seeds(), session.console, session.today, whole=False)
    except Rewritten:
        raise
    except MustShareError as refused:
        session.console.refuse(refused)
        return
    take_back_of(home, door, officer, session, gone)
