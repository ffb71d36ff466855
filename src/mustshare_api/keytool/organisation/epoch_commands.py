"""An officer's keys from quarter to quarter: make the next, see what each could open."""

from argparse import Namespace

from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, officer_passphrase, unlock_officer
from mustshare_api.keytool.organisation.reach import reach_of
from mustshare_api.keytool.organisation.showing_keys import show_reach
from mustshare_api.keytool.refusal import Exit


def extend(args: Namespace, session: Session) -> Exit:
    """Makes the weekly keys that are missing for the next quarter, and a new card."""
    home = Home(args.home)
    passphrase = officer_passphrase(home, args, session)
    with home.locked():
        card, last_week = ceremony.extend_officer(
            home, passphrase, session.today, session.memory_kib
        )
    session.console.data({"card": str(card), "last_week": last_week.isoformat()})
    session.console.say("done.extended", last_week=last_week.isoformat())
    session.console.say("done.card", path=str(card))
    return Exit.DONE


def show(args: Namespace, session: Session) -> Exit:
    """Shows what each key could open of what is here. Keys that are gone open nothing."""
    home = Home(args.home)
    officer = unlock_officer(home, args, session)
    reach, objects = reach_of(officer, home)
    show_reach(session.console, reach, objects)
    return Exit.DONE
