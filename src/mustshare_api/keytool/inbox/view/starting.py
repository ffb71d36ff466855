"""Starts the view, with a folder in memory for pictures where there is one to be had."""

from argparse import Namespace
from contextlib import ExitStack

from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.session import Session, unlock_officer
from mustshare_api.keytool.inbox.filling import open_desk
from mustshare_api.keytool.inbox.memory_folder import memory_folder
from mustshare_api.keytool.inbox.view.app import DeskApp
from mustshare_api.keytool.inbox.view.deeds import Deeds
from mustshare_api.keytool.refusal import Exit, Refusal


def run_view(args: Namespace, session: Session) -> Exit:
    """Runs the view until it is left, and says how many entries wait."""
    home = Home(args.home)
    officer = unlock_officer(home, args, session)
    with home.locked():
        desk = open_desk(home, officer, session.today)
    with ExitStack() as held:
        try:
            pictures = held.enter_context(memory_folder())
        except Refusal:
            pictures = None  # said when a picture is asked for
        deeds = Deeds(desk, session, pictures, tuple(args.viewer or ()))
        held.callback(deeds.close)
        app = DeskApp(deeds)
        waiting = app.run()
        deeds.leave()
    if app.return_code:
        return Exit.REFUSED
    if waiting:
        session.console.say("desk.waiting", count=waiting)
    return Exit.DONE
