"""The commands that make keys and connections, in the order of a ceremony.

The passphrase is asked for once everything that could be refused without it has been looked at.
"""

from argparse import Namespace
from typing import Final

from mustshare_api.crypto.roots import Roots
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.directories import ROOTS_LIMIT_BYTES, pin_roots, pinned_roots
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.session import CA_NAME, Session
from mustshare_api.keytool.desk.terminal import ask_passphrase, choose_passphrase
from mustshare_api.keytool.organisation.directory_commands import read_roots
from mustshare_api.keytool.organisation.qr import draw_qr
from mustshare_api.keytool.refusal import Exit, Refusal, about
from mustshare_api.keytool.staff_door.wire import Server, check_url

_CA_LIMIT_BYTES: Final = 1 << 20


def root_init(args: Namespace, session: Session) -> Exit:
    """Makes a root key."""
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    key_file, public = ceremony.make_root(args.name, args.out, passphrase, session.memory_kib)
    session.console.data({"key_file": str(key_file), "public": str(public)})
    session.console.say("done.key_file", path=str(key_file))
    session.console.say("done.written", path=str(public))
    return Exit.DONE


def roots_make(args: Namespace, session: Session) -> Exit:
    """Writes the pin file of some roots."""
    roots = ceremony.make_roots(args.public, args.k)
    write_bytes(args.out, roots.encode(), replace=False)
    session.console.say("done.written", path=str(args.out))
    return _show_roots(roots, args, session)


def roots_show(args: Namespace, session: Session) -> Exit:
    """Shows the fingerprint of a pin file."""
    return _show_roots(read_roots(args.roots), args, session)


def init(args: Namespace, session: Session) -> Exit:
    """Makes the keys of an officer, an auditor or a recovery."""
    home = Home(args.home)
    for role in ceremony.KEY_FILES:
        if home.key_file(role).exists():
            raise Refusal("file.exists", path=str(home.key_file(role)))
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    key_file, card = ceremony.make_keys(
        args.role, args.name, home, passphrase, session.today, session.memory_kib
    )
    session.console.data({"key_file": str(key_file), "card": str(card)})
    session.console.say("done.key_file", path=str(key_file))
    session.console.say("done.card", path=str(card))
    return Exit.DONE


def passphrase(args: Namespace, session: Session) -> Exit:
    """Changes the passphrase of a key file, a root's as well as one's own."""
    file = args.key or ceremony.own_key_file(Home(args.home))
    ceremony.read_key_file(file)
    old = ask_passphrase(session.console, file.name, args.passphrase_file)
    new = choose_passphrase(session.console, args.new_passphrase_file)
    with about(file):
        ceremony.change_passphrase(file, old, new, session.memory_kib)
    session.console.data({"key_file": str(file)})
    session.console.say("done.passphrase", path=str(file))
    return Exit.DONE


def connect(args: Namespace, session: Session) -> Exit:
    """Sets the staff door, and pins the roots."""
    home = Home(args.home)
    url = check_url(args.url)
    if args.roots is not None:
        with about(args.roots):
            pin_roots(home, read_bytes(args.roots, ROOTS_LIMIT_BYTES))
    roots = pinned_roots(home)
    if args.ca is not None:
        write_bytes(home.path / CA_NAME, read_bytes(args.ca, _CA_LIMIT_BYTES))
    home.save(home.server, Server(url, CA_NAME if args.ca else None))
    session.console.say("done.connected", url=url)
    return _show_roots(roots, args, session)


def _show_roots(roots: Roots, args: Namespace, session: Session) -> Exit:
    digits = roots.fingerprint()
    session.console.data(
        {"fingerprint": digits, "k": roots.k, "names": [key.name for key in roots.keys]}
    )
    grouped = " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))
    session.console.say("roots.fingerprint", k=roots.k, n=len(roots.keys), fingerprint=grouped)
    if not (args.no_qr or session.console.as_json):
        draw_qr(digits, session.console.out)
    return Exit.DONE
