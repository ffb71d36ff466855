"""The commands that make keys, directories and connections, in the order of a ceremony.

The passphrase is asked for once everything that could be refused without it has been looked at.
"""

from argparse import Namespace
from contextlib import closing
from typing import Final

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.keytool import ceremony
from mustshare_api.keytool.directories import (
    ROOTS_LIMIT_BYTES,
    judge_directory,
    kept_directory,
    pin_roots,
    pinned_roots,
    take_directory,
)
from mustshare_api.keytool.door import Door
from mustshare_api.keytool.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.refusal import Exit, Refusal
from mustshare_api.keytool.session import (
    CA_NAME,
    Session,
    load_server,
    officer_passphrase,
    unlock_officer,
)
from mustshare_api.keytool.showing import show_directory
from mustshare_api.keytool.terminal import ask_passphrase, choose_passphrase
from mustshare_api.keytool.wire import Server, check_url

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
    return _show_roots(roots, session)


def roots_show(args: Namespace, session: Session) -> Exit:
    """Shows the fingerprint of a pin file."""
    return _show_roots(parse_roots(read_bytes(args.roots, ROOTS_LIMIT_BYTES)), session)


def init(args: Namespace, session: Session) -> Exit:
    """Makes an officer's keys."""
    home = Home(args.home)
    if home.officer.exists():
        raise Refusal("file.exists", path=str(home.officer))
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    key_file, card = ceremony.make_officer(
        args.name, home, passphrase, session.today, session.memory_kib
    )
    session.console.data({"key_file": str(key_file), "card": str(card)})
    session.console.say("done.key_file", path=str(key_file))
    session.console.say("done.card", path=str(card))
    return Exit.DONE


def renew(args: Namespace, session: Session) -> Exit:
    """Makes the weekly keys that are missing for the next quarter, and a new card."""
    home = Home(args.home)
    passphrase = officer_passphrase(home, args, session)
    with home.locked():
        card = ceremony.renew_officer(home, passphrase, session.today, session.memory_kib)
    session.console.data({"card": str(card)})
    session.console.say("done.card", path=str(card))
    return Exit.DONE


def connect(args: Namespace, session: Session) -> Exit:
    """Sets the staff door, and pins the roots."""
    home = Home(args.home)
    url = check_url(args.url)
    if args.roots is not None:
        pin_roots(home, read_bytes(args.roots, ROOTS_LIMIT_BYTES))
    roots = pinned_roots(home)
    if args.ca is not None:
        write_bytes(home.path / CA_NAME, read_bytes(args.ca, _CA_LIMIT_BYTES))
    home.save(home.server, Server(url, CA_NAME if args.ca else None))
    session.console.say("done.connected", url=url)
    return _show_roots(roots, session)


def directory_propose(args: Namespace, session: Session) -> Exit:
    """Drafts a directory from cards."""
    proposal = ceremony.Proposal(args.serial, args.deployment, args.days, args.evaluation)
    draft = ceremony.propose(args.cards, proposal, session.today)
    write_bytes(args.out, draft, replace=False)
    show_directory(session.console, notes.parse(draft), verified=False)
    session.console.say("done.written", path=str(args.out))
    return Exit.DONE


def directory_sign(args: Namespace, session: Session) -> Exit:
    """Adds a root's signature to a directory."""
    key_file = ceremony.read_key_file(args.key)
    draft = notes.parse(read_bytes(args.note, SIZE_LIMIT_BYTES))
    if not session.console.as_json:
        show_directory(session.console, draft, verified=False)
    passphrase = ask_passphrase(session.console, args.key.name, args.passphrase_file)
    name = ceremony.sign(args.note, key_file, passphrase)
    session.console.data({"path": str(args.note), "signed_by": name})
    session.console.say("done.signed", name=name, path=str(args.note))
    return Exit.DONE


def directory_check(args: Namespace, session: Session) -> Exit:
    """Checks a directory as a client would."""
    roots = parse_roots(read_bytes(args.roots, ROOTS_LIMIT_BYTES))
    octets = read_bytes(args.note, SIZE_LIMIT_BYTES)
    newer_than = args.newer_than
    checked = notes.verify(octets, roots, today=session.today, newer_than=newer_than)
    show_directory(session.console, checked, verified=True)
    return Exit.DONE


def directory_show(args: Namespace, session: Session) -> Exit:
    """Shows a note, or the directory that this machine believes."""
    if args.note is not None:
        shown = notes.parse(read_bytes(args.note, SIZE_LIMIT_BYTES))
        show_directory(session.console, shown, verified=False)
    else:
        show_directory(session.console, kept_directory(Home(args.home)), verified=True)
    return Exit.DONE


def directory_publish(args: Namespace, session: Session) -> Exit:
    """Hands a directory to the staff door, once this machine believes it."""
    home = Home(args.home)
    octets = read_bytes(args.note, SIZE_LIMIT_BYTES)
    checked = judge_directory(home, octets, session.today)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        door.publish(octets)
        take_directory(home, octets, session.today)
    session.console.data({"serial": checked.serial, "digest": checked.digest.hex()})
    session.console.say("done.published", serial=checked.serial)
    return Exit.DONE


def _show_roots(roots: Roots, session: Session) -> Exit:
    digits = roots.fingerprint()
    session.console.data(
        {"fingerprint": digits, "k": roots.k, "names": [key.name for key in roots.keys]}
    )
    grouped = " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))
    session.console.say("roots.fingerprint", k=roots.k, n=len(roots.keys), fingerprint=grouped)
    return Exit.DONE
