"""The commands that change who can open what, and that show it."""

from datetime import date

from mustshare_api.keytool.desk.parsing import Commands, command, group
from mustshare_api.keytool.sharing import commands
from mustshare_api.keytool.sharing.retiring import KEPT_DAYS

_OWN = ("passphrase", "home")


def add_sharing(to: Commands) -> None:
    """Adds them all but `epochs retire`, which stands with the other commands for epochs."""
    case_key = group(to, "case-key", "the key that open tips are kept under")
    command(case_key, "renew", commands.case_key_renew, "change it, in two steps", *_OWN)

    shown = command(
        to, "recipients", commands.recipients, "who can open a tip, offline", "home"
    )
    shown.add_argument("tip", help="its id, or the first digits of it")
    let_in = command(to, "grant", commands.grant_tips, "let a colleague in", *_OWN)
    let_out = command(to, "drop", commands.drop_tips, "let a colleague out", *_OWN)
    for each in (let_in, let_out):
        each.add_argument("tips", nargs="*", metavar="TIP")
        each.add_argument("name", metavar="NAME")
        each.add_argument("--all", action="store_true", help="every tip that is here")
    let_out.add_argument(
        "--re-encrypt",
        action="store_true",
        dest="re_encrypt",
        help="under new content keys, so that old ones open nothing fetched from now on",
    )
    let_out.add_argument(
        "--leave-out-unknown",
        action="store_true",
        help="shut out keys that no directory here lists, too",
    )


def add_retire(epochs: Commands) -> None:
    """Adds the one that destroys weekly keys."""
    retire = command(epochs, "retire", commands.epochs_retire, "destroy old weeks' keys", *_OWN)
    retire.add_argument(
        "--before",
        type=date.fromisoformat,
        metavar="MONDAY",
        help=f"keys of weeks before it; else those that ended {KEPT_DAYS} days ago",
    )
