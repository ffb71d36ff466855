"""The commands around an escrow key: its custodians, making it, and bringing it back."""

from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from mustshare_api.crypto.custody import HolderKey
from mustshare_api.crypto.escrow_release import release
from mustshare_api.keytool.desk.copies import Follower
from mustshare_api.keytool.desk.directories import (
    current_directory,
    kept_directory,
    pinned_roots,
)
from mustshare_api.keytool.desk.home import Home, write_bytes
from mustshare_api.keytool.desk.session import (
    Session,
    load_server,
    unlock_officer,
    unlock_requester,
)
from mustshare_api.keytool.desk.syncing import sync
from mustshare_api.keytool.desk.terminal import ask_passphrase, choose_passphrase
from mustshare_api.keytool.escrow import custody
from mustshare_api.keytool.escrow.custody import Recovery
from mustshare_api.keytool.escrow.drill import Drilled, drill
from mustshare_api.keytool.escrow.escrowing import move, restore
from mustshare_api.keytool.refusal import Exit, about
from mustshare_api.keytool.sharing.granting import case_key_of
from mustshare_api.keytool.staff_door.door import Door


def custodian_init(args: Namespace, session: Session) -> Exit:
    """Makes a custodian's key."""
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    made = custody.make_holder("custodian", args.name, args.out, passphrase, session.memory_kib)
    return _show_holder(*made, session)


def escrow_begin(args: Namespace, session: Session) -> Exit:
    """Makes the box of one recovery."""
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    made = custody.make_holder(
        "recovery_box", args.name, args.out, passphrase, session.memory_kib
    )
    return _show_holder(*made, session)


def escrow_make(args: Namespace, session: Session) -> Exit:
    """Parts a new escrow key among custodians."""
    holders = [custody.read_holder(file, "custodian") for file in args.custodians]
    file = custody.make_set(args.name, holders, args.m, args.out)
    session.console.say("done.written", path=str(file))
    session.console.say("done.written", path=f"{file}.entry")
    return _show_set(file, session)


def escrow_show(args: Namespace, session: Session) -> Exit:
    """Shows who holds a set."""
    return _show_set(args.set, session)


def escrow_release(args: Namespace, session: Session) -> Exit:
    """Releases a custodian's shares to the box of a recovery."""
    parted = custody.read_set(args.set)
    box = custody.read_holder(args.to, "recovery_box")
    closed = custody.closed_holder(args.key)
    if not session.console.as_json:
        _say_fingerprint(box, session)
    passphrase = ask_passphrase(session.console, args.key.name, args.passphrase_file)
    holder = custody.open_holder(args.key, closed, passphrase, "custodian")
    with about(args.set):
        released = release(parted, holder.seed, box.public_key)
    file = args.out / f"{holder.name}.release"
    write_bytes(file, released.encode(), replace=False)
    session.console.data({"release": str(file), "box": box.fingerprint})
    session.console.say("done.written", path=str(file))
    return Exit.DONE


def escrow_drill(args: Namespace, session: Session) -> Exit:
    """Proves on the sealed objects of a folder that a recovery would work. Writes nothing."""
    home = Home(args.home)
    with about(args.set):
        custody.check_in_force(custody.read_set(args.set), kept_directory(home))
    seed = _seed_of(args, session)
    return _show_drill(drill(home, seed), session)


def escrow_restore(args: Namespace, session: Session) -> Exit:
    """Lets an officer into everything that is in escrow, by a recovery key.

    Its folder is new, so whether the set is still in force shows once the door is asked.
    """
    home = Home(args.home)
    server = load_server(home)
    pinned_roots(home)
    parted = custody.read_set(args.set)
    seed = _seed_of(args, session)
    seeds = {parted.kid: seed}
    requester = unlock_requester(home, args, session)
    with home.locked(), closing(Door(server, requester, session.clock)) as door:
        whole = _sync_whole(home, door, seeds, session)
        directory = current_directory(home, session.today)
        with about(args.set):
            custody.check_in_force(parted, directory)
        key = case_key_of(directory, args.name)
        restored = restore(Follower(home, door, seeds), seed, key, session.console)
    session.console.data(asdict(restored.tally) | {"not_in_escrow": restored.without})
    tally = restored.tally
    session.console.say("share.granted", name=args.name, done=tally.done, already=tally.already)
    if restored.without:
        session.console.say("escrow.without", count=restored.without)
    return Exit.DONE if whole and not tally.refused else Exit.REFUSED


def escrow_move(args: Namespace, session: Session) -> Exit:
    """Puts everything that the officer holds under the escrow keys in force."""
    home = Home(args.home)
    server = load_server(home)
    officer = unlock_officer(home, args, session)
    seeds = officer.seeds()
    with home.locked(), closing(Door(server, officer, session.clock)) as door:
        whole = _sync_whole(home, door, seeds, session)
        directory = current_directory(home, session.today)
        tally = move(Follower(home, door, seeds), directory, session.console)
    session.console.data(asdict(tally))
    session.console.say("escrow.moved", done=tally.done, already=tally.already)
    return Exit.DONE if whole and not tally.refused else Exit.REFUSED


def _sync_whole(home: Home, door: Door, seeds: Mapping[bytes, bytes], session: Session) -> bool:
    """Syncs, and says which objects are not what the door lists. Whether there is none."""
    synced = sync(home, door, seeds, session.console, session.today)
    for object_id in synced.refused:
        session.console.warn("object.malformed", object=object_id)
    return not synced.refused


def _seed_of(args: Namespace, session: Session) -> bytes:
    """The escrow key that the files of a recovery make, once all of them are in order.

    Raises:
        MustShareError: one of the files is not.
    """
    parted = custody.read_set(args.set)
    releases = custody.read_releases(args.released, parted)
    closed = custody.closed_holder(args.key)
    passphrase = ask_passphrase(session.console, args.key.name, args.passphrase_file)
    box = custody.open_holder(args.key, closed, passphrase, "recovery_box")
    with about(args.set):
        return Recovery(parted, releases, box).seed()


def _show_holder(key_file: Path, public: Path, holder: HolderKey, session: Session) -> Exit:
    session.console.data(
        {
            "key_file": str(key_file),
            "public": str(public),
            "fingerprint": holder.fingerprint,
        }
    )
    session.console.say("done.key_file", path=str(key_file))
    session.console.say("done.written", path=str(public))
    _say_fingerprint(holder, session)
    return Exit.DONE


def _say_fingerprint(holder: HolderKey, session: Session) -> None:
    digits = holder.fingerprint
    grouped = " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))
    session.console.say("escrow.fingerprint", name=holder.name, fingerprint=grouped)


def _show_set(file: Path, session: Session) -> Exit:
    parted = custody.read_set(file)
    names = [each.name for each in parted.custodians]
    session.console.data({"m": parted.m, "custodians": names, "kid": parted.kid.hex()})
    session.console.say(
        "escrow.set",
        m=parted.m,
        n=len(names),
        names=", ".join(names),
        kid=parted.kid.hex(),
    )
    return Exit.DONE


def _show_drill(done: Drilled, session: Session) -> Exit:
    session.console.data(
        {"opened": done.opened, "not_in_escrow": done.without, "refused": done.refused}
    )
    session.console.say(
        "escrow.drilled", opened=done.opened, without=done.without, refused=len(done.refused)
    )
    for object_id, code in done.refused.items():
        why = session.console.sentence(code)
        session.console.warn("share.refused", object=object_id, why=why)
    return Exit.CANNOT_OPEN if done.refused or not done.opened else Exit.DONE
