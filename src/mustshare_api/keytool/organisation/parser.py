"""The commands for people and their keys: ceremonies, the directory, cards, epoch keys."""

from pathlib import Path

from mustshare_api.keytool.desk.ceremony import ROLES
from mustshare_api.keytool.desk.parsing import Commands, command, group
from mustshare_api.keytool.organisation import directory_commands, epoch_commands, key_commands
from mustshare_api.keytool.organisation.proposing import DEFAULT_DAYS
from mustshare_api.keytool.sharing.parser import add_retire

_OWN = ("passphrase", "home")


def add_organisation(to: Commands) -> None:
    """Adds them all."""
    _add_ceremonies(to)
    _add_own_keys(to)
    directory = group(to, "directory", "the signed list of keys")
    _add_propose(directory)
    _add_sign(directory)
    _add_directory(directory)


def _add_ceremonies(to: Commands) -> None:
    root = group(to, "root", "root keys, which sign the directory")
    init = command(root, "init", key_commands.root_init, "make a root key", "passphrase")
    init.add_argument("name")
    init.add_argument("--out", type=Path, required=True, help="a folder")

    roots = group(to, "roots", "the pin file that clients check directories with")
    make = command(roots, "make", key_commands.roots_make, "write a pin file", "qr")
    make.add_argument("public", type=Path, nargs="+", help="NAME.root.pub")
    make.add_argument("--k", type=int, required=True, help="how many of them must sign")
    make.add_argument("--out", type=Path, required=True)
    show = command(roots, "show", key_commands.roots_show, "show its fingerprint", "qr")
    show.add_argument("roots", type=Path)

    cards = group(to, "cards", "what people hand out to be listed")
    card = command(cards, "show", directory_commands.cards_show, "check and show a card")
    card.add_argument("card", type=Path)


def _add_own_keys(to: Commands) -> None:
    init = command(to, "init", key_commands.init, "make your own keys", *_OWN)
    init.add_argument("name")
    init.add_argument("--role", choices=ROLES, default=ROLES[0])

    change = command(
        to, "passphrase", key_commands.passphrase, "change a key file's passphrase", *_OWN
    )
    change.add_argument("--key", type=Path, metavar="FILE", help="else the one in --home")
    change.add_argument("--new-passphrase-file", type=Path, metavar="FILE")

    epochs = group(to, "epochs", "your keys, week by week")
    command(epochs, "extend", epoch_commands.extend, "make those of a further quarter", *_OWN)
    command(epochs, "show", epoch_commands.show, "show what each could open here", *_OWN)
    add_retire(epochs)

    link = command(to, "connect", key_commands.connect, "set the staff door", "home", "qr")
    link.add_argument("url")
    link.add_argument("--ca", type=Path, help="its certificate authority, in PEM")
    link.add_argument("--roots", type=Path, help="the pin file")


def _add_propose(to: Commands) -> None:
    propose = command(to, "propose", directory_commands.propose, "draft one")
    propose.add_argument("--from", dest="old", type=Path, metavar="NOTE", help="carry it on")
    propose.add_argument("--roots", type=Path, help="check that note with this pin file")
    propose.add_argument("--cards", type=Path, nargs="+", default=[], metavar="CARD")
    propose.add_argument("--suspend", nargs="+", default=[], metavar="NAME")
    propose.add_argument(
        "--revoke", nargs="+", default=[], metavar="NAME", help="and never believe their key"
    )
    propose.add_argument(
        "--entry", type=Path, nargs="+", default=[], metavar="FILE", help="further lines"
    )
    propose.add_argument("--serial", type=int, help="of the first one; later they count up")
    propose.add_argument("--deployment", metavar="HEX|new", help="of the first one")
    propose.add_argument("--days", type=int, default=DEFAULT_DAYS, help="30 at most")
    propose.add_argument("--evaluation", action="store_true", help="nobody real is behind it")
    propose.add_argument("--out", type=Path, required=True)


def _add_sign(to: Commands) -> None:
    sign = command(to, "sign", directory_commands.sign, "sign as a root", "passphrase")
    sign.add_argument("note", type=Path)
    sign.add_argument("--key", type=Path, required=True, help="NAME.root.msk")
    sign.add_argument(
        "--from", dest="old", type=Path, metavar="NOTE", help="show what changes since"
    )
    sign.add_argument("--roots", type=Path, help="check that note with this pin file")


def _add_directory(to: Commands) -> None:
    check = command(to, "check", directory_commands.check, "check as a client would")
    check.add_argument("note", type=Path)
    check.add_argument("--roots", type=Path, required=True)
    check.add_argument("--newer-than", type=int, metavar="SERIAL")

    publish = command(to, "publish", directory_commands.publish, "hand it in", *_OWN)
    publish.add_argument("note", type=Path)
    show = command(to, "show", directory_commands.show, "show one", "home")
    show.add_argument("note", type=Path, nargs="?", help="a file; else the one believed here")
    show.add_argument("--from", dest="old", type=Path, metavar="NOTE", help="and what changed")
