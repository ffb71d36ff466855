"""`mustshare-key audit` and `witness`: look the log over as an auditor, cosign as a partner.

    audit verify     look (see `watching`), then read all of it again and recompute the root
    audit show       the same, and say what was done
    witness init     a key that cosigns, and its card for the directory
    witness cosign   look with the witness's own memory, cosign, hand in

A witness remembers in a folder of its own, so that it signs only what continues what it signed
before, whatever the auditor's folder beside it has come to believe. Its checkpoint is kept
before anything is signed: a crash in between makes it sign the same again and nothing else.
"""

import secrets
from argparse import Namespace
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from mustshare_api.crypto import checkpoints, keys
from mustshare_api.crypto.checkpoints import Witness
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.crypto.witnessing import WitnessSecret
from mustshare_api.errors import NotFound
from mustshare_api.keytool.audit.reading import NotAsSigned, Reader, ReadLeaf
from mustshare_api.keytool.desk import ceremony
from mustshare_api.keytool.desk.directories import pinned_roots, take_directory
from mustshare_api.keytool.desk.home import Home, read_bytes, write_bytes
from mustshare_api.keytool.desk.session import Session, load_server, unlock_requester
from mustshare_api.keytool.desk.terminal import Console, ask_passphrase, choose_passphrase
from mustshare_api.keytool.desk.watching import Watcher
from mustshare_api.keytool.refusal import Exit, Rewritten, about
from mustshare_api.keytool.staff_door.audit_log import AuditDoor
from mustshare_api.keytool.staff_door.door import Door

SERVER: Final = "server"


def audit_verify(args: Namespace, session: Session) -> Exit:
    """Checks the whole log."""
    home = Home(args.home)
    with _looking(home, args, session) as watcher:
        leaves = _read_all(watcher, home)
        _sum_up(watcher, leaves, session.console)
    return Exit.DONE


def audit_show(args: Namespace, session: Session) -> Exit:
    """Checks the whole log, and shows what was done since a day."""
    home = Home(args.home)
    with _looking(home, args, session) as watcher:
        leaves = _read_all(watcher, home)
    shown = [leaf for leaf in leaves if _is_since(leaf, args.since)]
    session.console.data([_line(leaf) for leaf in shown])
    for leaf in shown:
        if leaf.event is None:
            session.console.say("audit.shredded", position=leaf.position)
        else:
            session.console.say("audit.line", **_line(leaf))
    return Exit.DONE


def witness_init(args: Namespace, session: Session) -> Exit:
    """Makes a witness's key file and card."""
    witness = WitnessSecret.new(args.name)
    key_file = args.out / f"{args.name}.witness.msk"
    card = args.out / f"{args.name}.witness.card"
    passphrase = choose_passphrase(session.console, args.passphrase_file)
    octets = keys.seal_key_file(
        witness.encode(),
        passphrase,
        kid_of(verify_key_of(witness.seed)),
        memory_kib=session.memory_kib,
    )
    write_bytes(key_file, octets, replace=False)
    write_bytes(card, witness.card(), replace=False)
    session.console.data({"key_file": str(key_file), "card": str(card)})
    session.console.say("done.key_file", path=str(key_file))
    session.console.say("done.card", path=str(card))
    return Exit.DONE


def witness_cosign(args: Namespace, session: Session) -> Exit:
    """Looks as a witness, cosigns what is seen, and hands it in."""
    witness = _open_witness(args, session)
    home = Home(args.home)
    with _looking(home, args, session, folder=home.path / "witness" / witness.name) as watcher:
        note = watcher.look()
        checkpoint, parsed = checkpoints.parse(note)
        line = witness.cosign(note, int(session.clock.now().timestamp()))
        watcher.door.cosign(parsed.text + b"\n" + line)
    session.console.data({"size": checkpoint.size, "root": checkpoint.root.hex()})
    session.console.say("witness.cosigned", size=checkpoint.size, root=checkpoint.root.hex())
    return Exit.DONE


def _open_witness(args: Namespace, session: Session) -> WitnessSecret:
    octets = ceremony.read_key_file(args.key)
    file = args.witness_passphrase_file or args.passphrase_file
    passphrase = ask_passphrase(session.console, args.key.name, file)
    with about(args.key):
        return WitnessSecret.parse(keys.open_key_file(octets, passphrase))


@contextmanager
def _looking(
    home: Home, args: Namespace, session: Session, folder: Path | None = None
) -> Generator[Watcher]:
    """One who looks, over an open door, with the directory that the door has now."""
    server = load_server(home)
    pinned_roots(home)
    requester = unlock_requester(home, args, session)
    with home.locked(), closing(Door(server, requester, session.clock)) as door:
        directory = take_directory(home, door.directory(), session.today)
        yield Watcher(folder or home.path, AuditDoor(door), directory)


def _read_all(watcher: Watcher, home: Home) -> list[ReadLeaf]:
    """Looks, and reads everything that was seen.

    Raises:
        Rewritten: it does not hold.
    """
    note = watcher.look()
    checkpoint = checkpoints.parse(note)[0]
    reader = Reader(watcher.door, pinned_roots(home), checkpoint)
    try:
        return list(reader.read())
    except NotAsSigned as found:
        raise _evidence(watcher.folder, note, found) from None


def _evidence(folder: Path, note: bytes, found: NotAsSigned) -> Rewritten:
    aside = folder / "evidence" / secrets.token_hex(8)
    write_bytes(aside / "told.note", note, replace=False)
    why = f"{found.position} {found.why}\n".encode()
    write_bytes(aside / "why.txt", why, replace=False)
    return Rewritten("audit.event_changed", position=found.position, path=str(aside))


def _sum_up(watcher: Watcher, leaves: list[ReadLeaf], console: Console) -> None:
    kept = read_bytes(watcher.kept_file, checkpoints.SIZE_LIMIT_BYTES)
    checkpoint = checkpoints.parse(kept)[0]
    shredded = sum(leaf.event is None for leaf in leaves)
    cosigned = _cosigned(watcher.door, watcher.directory)
    told: dict[str, str | int] = {
        "size": checkpoint.size,
        "shredded": shredded,
        "root": checkpoint.root.hex(),
    }
    console.data({**told, "cosigned": dict(cosigned)})
    console.say("audit.verified", **told)
    for name, size in cosigned:
        console.say("audit.cosigned", name=name, size=size)


def _cosigned(door: AuditDoor, directory: Directory) -> list[tuple[str, int]]:
    """Which witnesses of the directory stand beneath the newest cosigned checkpoint."""
    try:
        checkpoint, note = checkpoints.parse(door.checkpoint(cosigned=True))
    except NotFound:
        return []
    witnesses = [
        Witness(one.name, one.public_key) for one in directory.entries if one.role == "witness"
    ]
    held = (one for one in witnesses if checkpoints.line_of(note, one) is not None)
    return [(one.name, checkpoint.size) for one in held]


def _is_since(leaf: ReadLeaf, since: str | None) -> bool:
    return since is None or leaf.event is None or leaf.event.day.isoformat() >= since


def _line(leaf: ReadLeaf) -> dict[str, str | int]:
    if leaf.event is None:
        return {"position": leaf.position}
    return {
        "position": leaf.position,
        "day": leaf.event.day.isoformat(),
        "by": leaf.by or SERVER,
        "did": leaf.event.did,
    }
