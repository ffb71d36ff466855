"""`referrals look` and `confirm`: the second officer opens the very file, and sends it.

1. sync      as the tips stand now, and the first officer's notes
2. look      the file is opened here and held against its signed list
3. ask       from whom, for whom, of which tips, what is in it and how long: then a word
4. confirm   one request; every tip takes the step `refer` in it, or none does
5. tell      each tip's docket says so
"""

import sys
from argparse import Namespace
from functools import partial

import msgspec

from mustshare_api.domain.docket import DocketReferral
from mustshare_api.domain.referral import OPEN, State
from mustshare_api.errors import MustShareError, WrongMoment
from mustshare_api.keytool.desk.listed import load_tip, save_tip
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import quoted
from mustshare_api.keytool.hand_over.exporting import CERTIFICATE
from mustshare_api.keytool.referrals.book import Booked
from mustshare_api.keytool.referrals.dockets import with_referral
from mustshare_api.keytool.referrals.looking import Looked, look
from mustshare_api.keytool.referrals.office import Office, office
from mustshare_api.keytool.referrals.referral_door import place_of_refused
from mustshare_api.keytool.referrals.said import Believers
from mustshare_api.keytool.referrals.wire import ReferralEntry, ReferralShown
from mustshare_api.keytool.refusal import Exit, Refusal


def look_at(args: Namespace, session: Session) -> Exit:
    """Shows what a referral would send, or has sent."""
    with office(args, session) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        looked = _looked(desk_of, shown)
    session.console.data({"report": looked.report, "files": _names(looked)})
    say_looked(session, looked)
    return Exit.DONE


def _names(looked: Looked) -> list[str]:
    return [file.name for file in looked.manifest.files]


def say_looked(session: Session, looked: Looked) -> None:
    """From whom and for whom, the report, and every file with its length."""
    head, files = looked.manifest.head, looked.manifest.files
    session.console.say("referral.by", officer=head.officer, day=head.day.isoformat())
    session.console.say("referral.for", agency=head.agency)
    session.console.show(quoted(looked.report))
    for file in files:
        session.console.say("referral.file", name=file.name, octets=file.size_bytes)
    octets = sum(file.size_bytes for file in files)
    session.console.say("referral.files", count=len(files), octets=octets)


def _looked(desk_of: Office, shown: ReferralShown) -> Looked:
    file = desk_of.home.path / "referrals" / f"{shown.referral.id}.age"
    try:
        desk_of.referrals.fetch(shown.referral, file)
        return look(file, desk_of.officer, Believers.of(desk_of.home))
    finally:
        file.unlink(missing_ok=True)


def confirm(args: Namespace, session: Session) -> Exit:
    """Looks, asks, confirms, and tells the reporters."""
    with office(args, session, synced=True) as desk_of:
        shown = desk_of.referrals.find(args.referral)
        booked = desk_of.booked(shown.referral.id)
        if booked is None:
            raise Refusal("referral.no_tip")
        certified = _agreed_to(args, desk_of, shown, booked)
        _send(desk_of, shown.referral, booked)
        now = desk_of.referrals.show(shown.referral.id).referral
        if now.state is not State.PROPOSED:
            _keep(desk_of, booked)
            _tell(desk_of, now, certified=certified)
    tips = [one.tip_id for one in booked.tips]
    session.console.data(msgspec.to_builtins(now) | {"tips": tips})
    if now.state is State.PROPOSED:
        # The first officer's word had run out or was taken back: this one stands in its place.
        session.console.say("step.proposed")
        return Exit.DONE
    session.console.say("referral.sent", referral=now.id, agency=now.agency, count=len(tips))
    return Exit.DONE


def _agreed_to(args: Namespace, desk_of: Office, shown: ReferralShown, booked: Booked) -> bool:
    """Whether a certificate is in what the officer looked at and agrees to.

    Of what was sent already nothing is asked: this is a second try after a lost answer, or the
    door will say that it is not.

    Raises:
        WrongMoment: `second.same_person`.
        Refusal: `referral.other_agency`, the notes say another; `referral.not_agreed`.
    """
    referral, session = shown.referral, desk_of.session
    if referral.state is not State.PROPOSED and referral.state not in OPEN:
        return False
    looked = _looked(desk_of, shown)
    certified = any(name.startswith(CERTIFICATE) for name in _names(looked))
    if referral.state in OPEN:
        return certified
    if looked.manifest.head.officer == desk_of.officer.name:
        raise WrongMoment("second.same_person")
    if booked.agency != referral.agency:
        raise Refusal("referral.other_agency")
    say_looked(session, looked)
    session.console.say("referral.goes_to", agency=referral.agency, count=len(booked.tips))
    for one in booked.tips:
        session.console.say("referral.of_tip", tip=one.tip_id)
    if not args.yes and not _says_yes(session):
        raise Refusal("referral.not_agreed")
    return certified


def _says_yes(session: Session) -> bool:
    """Whether the officer typed yes; anything else is no, and `--json` has shown nothing."""
    if session.console.as_json:
        return False
    print(
        session.console.sentence("referral.ask"), file=session.console.err, end=" ", flush=True
    )
    return sys.stdin.readline().strip() in {"yes", "ใช่"}


def _send(desk_of: Office, referral: ReferralEntry, booked: Booked) -> None:
    """Confirms; a tip that does not take the step is named.

    Raises:
        Refusal: `referral.tip_named`.
    """
    try:
        desk_of.referrals.confirm(referral, booked, desk_of.home)
    except WrongMoment as refused:
        found = place_of_refused(refused)
        named = sorted(one.tip_id for one in booked.tips)
        if found is None or found[0] >= len(named):
            raise
        why = desk_of.session.console.sentence(found[1])
        raise Refusal("referral.tip_named", tip=named[found[0]], why=why) from None


def _keep(desk_of: Office, booked: Booked) -> None:
    """Where its tips stand now, for the next step."""
    for one in booked.tips:
        tip = load_tip(desk_of.home, one.tip_id)
        if tip is not None and tip.steps == one.seen:
            tip.state, tip.steps = "referred", one.seen + 1
            save_tip(desk_of.home, tip)


def _tell(desk_of: Office, now: ReferralEntry, *, certified: bool) -> None:
    """Tells each tip's reporter. Done is done: what failed must not read as if nothing went."""
    told = DocketReferral(now.id, now.agency, now.state, now.changed_on, certified)
    failed: MustShareError | None = None
    for tip in desk_of.tips_of(now.id):
        try:
            desk_of.put_docket(tip, partial(with_referral, referral=told))
        except MustShareError as refused:
            desk_of.session.console.warn("referral.untold", referral=now.id, tip=tip.tip_id)
            failed = refused
    if failed is not None:
        raise failed
