"""Lists referrals, for officers and agencies: one line of each, with the day its file goes."""

from argparse import Namespace

import msgspec

from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.referrals.office import office
from mustshare_api.keytool.referrals.wire import ReferralEntry
from mustshare_api.keytool.refusal import Exit
from mustshare_api.keytool.steps import lapsing


def list_referrals(args: Namespace, session: Session) -> Exit:
    """Lists them, and keeps the list for the digest."""
    with office(args, session) as desk_of:
        found = desk_of.referrals.all()
        lapsing.look(desk_of.home, desk_of.door)
    session.console.data([msgspec.to_builtins(one) for one in found])
    for one in found:
        say_referral(session, one)
    if not found:
        session.console.say("referral.none")
    return Exit.DONE


def say_referral(session: Session, one: ReferralEntry) -> None:
    """One line, and a second one on the day by which its file goes."""
    session.console.say(
        "referral.line",
        referral=one.id,
        agency=one.agency,
        state=one.state.value,
        day=one.changed_on.isoformat(),
    )
    if one.lapses_on is not None:
        session.console.say("referral.lapses", day=one.lapses_on.isoformat())
