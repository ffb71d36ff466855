"""Lists referrals, for officers and agencies: one line of each, with the day its file goes."""

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence

import msgspec

from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.referrals.office import Office, office
from mustshare_api.keytool.referrals.wire import ReferralEntry
from mustshare_api.keytool.refusal import Exit
from mustshare_api.keytool.steps import lapsing


def list_referrals(args: Namespace, session: Session) -> Exit:
    """Lists them, keeps the list for the digest, and says whose reporters know less than it."""
    with office(args, session, synced=True) as desk_of:
        found = desk_of.referrals.all()
        lapsing.look(desk_of.home, desk_of.door)
        behind = _behind(desk_of, found)
    session.console.data(
        [msgspec.to_builtins(one) | {"behind": behind[one.id]} for one in found]
    )
    for one in found:
        say_referral(session, one)
        if behind[one.id]:
            session.console.say("referral.behind", count=behind[one.id], referral=one.id)
    if not found:
        session.console.say("referral.none")
    return Exit.DONE


def _behind(desk_of: Office, found: Sequence[ReferralEntry]) -> Counter[str]:
    """How many dockets here tell of another state than a referral has, by its id."""
    states = {one.id: one.state for one in found}
    return Counter(
        told.id
        for _, docket in desk_of.dockets.newest()
        for told in docket.referrals
        if states.get(told.id, told.state) is not told.state
    )


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
