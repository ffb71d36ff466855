"""The commands by which officers refer: one proposes, another looks and confirms.

    refer      export as `export` makes it, sealed to the agency and to officers' case keys;
               handed in; a note on the tip's desk says which referral it is
    look       the second officer opens the very file, and is shown report and manifest
    confirm    looks, hands the second word in, and tells the reporter by the docket
    take-back  as long as it is not concluded

The link from a referral to its tip is in sealed notes and dockets, and nowhere at the door.
"""

import secrets
from argparse import Namespace
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

import msgspec

from mustshare_api.crypto import drafts
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import NoteEntry
from mustshare_api.domain.docket import DocketBody, DocketReferral
from mustshare_api.domain.referral import State
from mustshare_api.errors import MustShareError, WrongMoment
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import load_tip
from mustshare_api.keytool.desk.session import Session, load_server, unlock_officer
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.desk.terminal import quoted
from mustshare_api.keytool.hand_over.choosing import Wanted, choose
from mustshare_api.keytool.hand_over.commands import fitting
from mustshare_api.keytool.hand_over.exporting import Export, voucher, write_export
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.writing import deliver_through
from mustshare_api.keytool.referrals.dockets import Dockets, with_referral
from mustshare_api.keytool.referrals.looking import Looked, look
from mustshare_api.keytool.referrals.referral_door import ReferralDoor
from mustshare_api.keytool.referrals.said import Believers
from mustshare_api.keytool.referrals.wire import ReferralEntry, ReferralShown
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import TipEntry
from mustshare_api.keytool.tips.reading import find_tip, open_messages

_NOTE: Final = "referral {id} -> {agency}"
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Office:
    """What an officer's command about referrals works with."""

    home: Home
    officer: Officer
    door: Door
    session: Session

    @property
    def referrals(self) -> ReferralDoor:
        """The door, about referrals."""
        return ReferralDoor(self.door)

    @property
    def dockets(self) -> Dockets:
        """The dockets that are here."""
        return Dockets(self.home, self.officer, Believers.of(self.home))

    def tip_of(self, referral_id: str, typed: str | None) -> TipEntry:
        """The tip of a referral: as typed, else by its docket, else by a note on its desk.

        Raises:
            Refusal: `referral.no_tip`, and as `find_tip`.
        """
        if typed is not None:
            return find_tip(self.home, typed)
        told = self.dockets.tip_of(referral_id)
        if told is not None:
            return told
        with closing(open_desk(self.home, self.officer, self.session.today)) as desk:
            for tip_id, tip in desk.tips.items():
                notes = desk.state_of(tip_id).notes
                if any(note.text.startswith(f"referral {referral_id} ") for note in notes):
                    return tip
        raise Refusal("referral.no_tip")


@contextmanager
def office(args: Namespace, session: Session, *, synced: bool = False) -> Generator[Office]:
    """The officer's folder, locked, and a door; `synced` first where what is here matters."""
    home = Home(args.home)
    server = load_server(home)
    current_directory(home, session.today)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        if synced:
            sync(home, door, officer.seeds(), session.console, session.today, whole=False)
        yield Office(home, officer, door, session)


def refer(args: Namespace, session: Session) -> Exit:
    """Proposes a referral of a tip to an agency."""
    home = Home(args.home)
    tip = find_tip(home, args.tip)
    directory = current_directory(home, session.today)
    recipients = _recipients(directory, args.agency, session)
    wanted = Wanted(args.messages, args.cut, args.attachments, args.include)
    referral_id = secrets.token_hex(_ID_BYTES)
    file = home.path / "referrals" / f"{referral_id}.age"
    with office(args, session) as desk_of:
        opened = open_messages(home, tip, desk_of.officer, directory)
        head = voucher(desk_of.officer, directory, args.title or args.agency, session.today)
        certificate = fitting(args.certificate, head) if args.certificate else None
        chosen = choose(opened, wanted)
        made = Export(
            home,
            desk_of.officer,
            directory,
            head,
            opened,
            chosen,
            certificate,
            args.unsafe_original,
        )
        try:
            write_export(made, recipients, file, session.console)
            desk_of.referrals.propose(referral_id, args.agency, file)
        finally:
            file.unlink(missing_ok=True)
        _note(desk_of, tip, _NOTE.format(id=referral_id, agency=args.agency))
    session.console.data(
        {"referral": referral_id, "agency": args.agency, "withheld": dict(chosen.withheld)}
    )
    session.console.say("referral.proposed", referral=referral_id, agency=args.agency)
    return Exit.DONE


def _recipients(directory: Directory, agency: str, session: Session) -> list[bytes]:
    """The agency's key and each officer's, so that a second one can look."""
    entry = directory.agency(agency)
    if entry is None:
        raise Refusal("referral.unknown_agency")
    officers = drafts.recipients(directory, session.today)
    return [entry.public_key, *(one.public_key for one in officers)]


def _note(desk_of: Office, tip: TipEntry, text: str) -> None:
    """A note on the tip's desk, sealed to officers; sent now, or with the next sync."""
    session = desk_of.session
    with closing(open_desk(desk_of.home, desk_of.officer, session.today)) as desk:
        at = desk.dated(tip.tip_id, session.clock.now())
        desk.write(tip, NoteEntry(sent_at=at, signed_by=desk.signed_by, text=text))
        deliver_through(desk, desk_of.door, session)


def list_referrals(args: Namespace, session: Session) -> Exit:
    """Lists them."""
    with office(args, session) as desk_of:
        found = desk_of.referrals.all()
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        say_referral(session, one)
    if not found:
        session.console.say("referral.none")
    return Exit.DONE


def say_referral(session: Session, one: ReferralEntry) -> None:
    """One line."""
    session.console.say(
        "referral.line",
        referral=one.id,
        agency=one.agency,
        state=one.state.value,
        day=one.changed_on.isoformat(),
    )


def look_at(args: Namespace, session: Session) -> Exit:
    """Shows what a referral would send, or has sent."""
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        looked = _looked(desk_of, shown)
    session.console.data({"report": looked.report, "files": _files(looked)})
    say_looked(session, looked)
    return Exit.DONE


def _files(looked: Looked) -> list[str]:
    return [file.name for file in looked.manifest.files]


def say_looked(session: Session, looked: Looked) -> None:
    """Report, files and what was withheld."""
    head = looked.manifest.head
    session.console.say("referral.by", officer=head.officer, day=head.day.isoformat())
    session.console.show(quoted(looked.report))
    for name in _files(looked):
        session.console.say("referral.file", name=name)


def _looked(desk_of: Office, shown: ReferralShown) -> Looked:
    file = desk_of.home.path / "referrals" / f"{shown.referral.id}.age"
    try:
        desk_of.referrals.fetch(shown.referral, file)
        return look(file, desk_of.officer, Believers.of(desk_of.home))
    finally:
        file.unlink(missing_ok=True)


def confirm(args: Namespace, session: Session) -> Exit:
    """Looks, confirms, and tells the reporter."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        if shown.referral.state is not State.PROPOSED:
            raise WrongMoment("referral.wrong_state")
        tip = desk_of.tip_of(shown.referral.id, args.tip)
        looked = _looked(desk_of, shown)
        if looked.manifest.head.officer == desk_of.officer.name:
            raise WrongMoment("second.same_person")
        say_looked(session, looked)
        desk_of.referrals.confirm(shown.referral)
        now = desk_of.referrals.show(shown.referral.id).referral
        if now.state is State.PROPOSED:
            raise WrongMoment("second.other_content")
        certified = "certificate.txt" in _files(looked)
        try:
            put_referral(desk_of, tip, now, certificate=certified)
        except MustShareError:
            # Done is done: what failed must not read as if nothing had gone.
            session.console.warn("referral.untold", referral=now.id)
            raise
    session.console.data(msgspec.to_builtins(now) | {"tip": tip.tip_id})
    session.console.say("referral.sent", referral=now.id, agency=now.agency)
    return Exit.DONE


def put_referral(
    desk_of: Office, tip: TipEntry, referral: ReferralEntry, *, certificate: bool = False
) -> None:
    """Tells the reporter, by the docket, how far a referral has come."""
    told = DocketReferral(
        referral.id, referral.agency, referral.state, referral.changed_on, certificate
    )
    put_docket(desk_of, tip, lambda docket: with_referral(docket, told))


def put_docket(
    desk_of: Office, tip: TipEntry, change: Callable[[DocketBody], DocketBody]
) -> DocketBody:
    """Writes the docket of a tip anew; what it says now.

    No change tells of a receipt that was exchanged, nor of clocks that differ between officers:
    where the door has another docket or another key, all is compared, and it is tried again.
    """
    try:
        return _put_docket(desk_of, tip, change)
    except WrongMoment as refused:
        if refused.code not in {"docket.changed", "tip.rotated"}:
            raise
    session = desk_of.session
    sync(desk_of.home, desk_of.door, desk_of.officer.seeds(), session.console, session.today)
    return _put_docket(desk_of, load_tip(desk_of.home, tip.tip_id) or tip, change)


def _put_docket(
    desk_of: Office, tip: TipEntry, change: Callable[[DocketBody], DocketBody]
) -> DocketBody:
    dockets, now = desk_of.dockets, desk_of.session.clock.now()
    last, entry = dockets.last(tip)
    docket = change(dockets.begun(last, now))
    dockets.put(desk_of.door, tip, docket, entry, now)
    return docket


def take_back(args: Namespace, session: Session) -> Exit:
    """Takes a referral back."""
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        desk_of.referrals.take_back(shown.referral)
    session.console.data({"referral": shown.referral.id, "state": State.TAKEN_BACK.value})
    session.console.say("referral.taken_back", referral=shown.referral.id)
    return Exit.DONE
