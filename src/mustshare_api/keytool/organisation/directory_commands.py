"""The commands around the directory: draft it, sign it, check it, hand it in, look at it.

Each looks at everything that could be refused before it asks for a passphrase or writes a
file, and names the file that it refuses.
"""

from argparse import Namespace
from contextlib import closing
from pathlib import Path

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto.directory import SIZE_LIMIT_BYTES, Directory
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.directories import (
    ROOTS_LIMIT_BYTES,
    judge_directory,
    kept_directory,
    take_directory,
)
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.session import Session, load_server, unlock_requester
from mustshare_api.keytool.desk.terminal import ask_passphrase
from mustshare_api.keytool.organisation import proposing
from mustshare_api.keytool.organisation.comparing import check_follows
from mustshare_api.keytool.organisation.proposing import Changes, Proposal
from mustshare_api.keytool.organisation.showing_keys import (
    changes_data,
    show_card,
    show_changes,
)
from mustshare_api.keytool.refusal import Exit, Refusal, about
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.tips.showing import directory_data, say_directory, show_directory


def propose(args: Namespace, session: Session) -> Exit:
    """Drafts a directory, from cards or from the one before."""
    old = _old(args)
    proposal = _proposal(args, old)
    changes = Changes(args.cards, args.suspend, args.revoke, args.entry)
    draft = proposing.propose(old, proposal, changes, session.today)
    write_bytes(args.out, draft, replace=False)
    _show(notes.parse(draft), old, session, path=str(args.out))
    session.console.say("done.written", path=str(args.out))
    return Exit.DONE


def _proposal(args: Namespace, old: Directory | None) -> Proposal:
    """Serial and deployment: of the note before, or as typed for the first one.

    Raises:
        Refusal: `directory.from_what`, both ways or neither.
        Malformed: `number.malformed`.
    """
    typed = (args.serial, args.deployment)
    if old is not None and typed == (None, None):
        evaluation = old.evaluation or args.evaluation
        return Proposal(old.deployment_id, old.serial + 1, args.days, evaluation)
    if old is not None or None in typed:
        raise Refusal("directory.from_what")
    deployment_id = proposing.deployment_id_of(args.deployment)
    return Proposal(deployment_id, args.serial, args.days, args.evaluation)


def sign(args: Namespace, session: Session) -> Exit:
    """Adds a root's signature to a directory, once its holder has seen what it changes."""
    key_file = ceremony.read_key_file(args.key)
    old = _old(args)
    with about(args.note):
        draft = notes.parse(read_bytes(args.note, SIZE_LIMIT_BYTES))
        if old is not None:
            check_follows(old, draft)
    if not session.console.as_json:
        _show(draft, old, session)
    passphrase = ask_passphrase(session.console, args.key.name, args.passphrase_file)
    with about(args.key):
        name = ceremony.sign(args.note, draft.octets, key_file, passphrase)
    session.console.data({"path": str(args.note), "signed_by": name})
    session.console.say("done.signed", name=name, path=str(args.note))
    return Exit.DONE


def check(args: Namespace, session: Session) -> Exit:
    """Checks a directory as a client would."""
    roots = read_roots(args.roots)
    newer_than = args.newer_than
    with about(args.note):
        octets = read_bytes(args.note, SIZE_LIMIT_BYTES)
        checked = notes.verify(octets, roots, today=session.today, newer_than=newer_than)
    show_directory(session.console, checked, verified=True)
    return Exit.DONE


def show(args: Namespace, session: Session) -> Exit:
    """Shows a note, or the directory that this machine believes."""
    if args.note is not None:
        with about(args.note):
            shown = notes.parse(read_bytes(args.note, SIZE_LIMIT_BYTES))
        _show(shown, _parsed(args.old), session)
    else:
        show_directory(session.console, kept_directory(Home(args.home)), verified=True)
    return Exit.DONE


def publish(args: Namespace, session: Session) -> Exit:
    """Hands a directory to the staff door, once this machine believes it."""
    home = Home(args.home)
    with about(args.note):
        octets = read_bytes(args.note, SIZE_LIMIT_BYTES)
        checked = judge_directory(home, octets, session.today)
    server = load_server(home)
    requester = unlock_requester(home, args, session)
    with home.locked(), closing(Door(server, requester, session.clock)) as door:
        door.publish(octets)
        take_directory(home, octets, session.today)
    session.console.data({"serial": checked.serial, "digest": checked.digest.hex()})
    session.console.say("done.published", serial=checked.serial)
    return Exit.DONE


def cards_show(args: Namespace, session: Session) -> Exit:
    """Checks a card's signature, and shows whose keys are on it."""
    with about(args.card):
        entries = proposing.read_card(args.card)
    show_card(session.console, entries)
    return Exit.DONE


def read_roots(file: Path) -> Roots:
    """A pin file, named where it is refused.

    Raises:
        InFile: `roots.malformed`.
    """
    with about(file):
        return parse_roots(read_bytes(file, ROOTS_LIMIT_BYTES))


def _old(args: Namespace) -> Directory | None:
    """The note before; believed, where there is a pin file to believe it by."""
    if args.old is None or args.roots is None:
        return _parsed(args.old)
    roots = read_roots(args.roots)
    with about(args.old):
        return notes.believe(read_bytes(args.old, SIZE_LIMIT_BYTES), roots)


def _parsed(file: Path | None) -> Directory | None:
    if file is None:
        return None
    with about(file):
        return notes.parse(read_bytes(file, SIZE_LIMIT_BYTES))


def _show(
    shown: Directory, old: Directory | None, session: Session, path: str | None = None
) -> None:
    """A note that is not believed yet, and what it changes in the one before."""
    data = directory_data(shown) | {"verified": False}
    if path is not None:
        data["path"] = path
    if old is not None:
        data |= {"changes": changes_data(old, shown)}
    session.console.data(data)
    say_directory(session.console, shown, verified=False)
    if old is not None:
        show_changes(session.console, old, shown)
