"""Signed notes, and what is written as one: directories, checkpoints, cards, pins."""

from collections.abc import Mapping
from datetime import date

from mustshare_api.crypto import cards, checkpoints, directory, notes, roots
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment
from tests.fuzz.harness import Target, same
from tests.unit.crypto.directories import (
    ENTRIES,
    MONDAY,
    NOTE,
    ROOT_SEEDS,
    ROOTS,
    compose,
    signed,
)

ORIGIN = checkpoints.origin_of(bytes(16))
CHECKPOINT = checkpoints.compose(Checkpoint(ORIGIN, 7, bytes(range(32))), b"l" * 32)
COSIGNED = CHECKPOINT + checkpoints.cosign(
    CHECKPOINT, "partner.example", b"w" * 32, 1_795_000_000
)
WITNESS = checkpoints.Witness("partner.example", ENTRIES[8].public_key)
VERIFIERS = (*ROOTS.keys, checkpoints.log_verifier(bytes(16), ENTRIES[9].public_key))


def read_note(octets: bytes) -> None:
    """Taken apart; signed once more, its text is the same."""
    note = notes.split(octets)
    note.signers_among(VERIFIERS)
    again = notes.split(notes.sign(octets, "anan", ROOT_SEEDS["anan"]))
    same(again.text, note.text)


def read_verifier(octets: bytes) -> None:
    """Whoever signs."""
    line = octets.decode("utf-8", "replace")
    same(notes.parse_verifier(line).encode(), line)


def read_entry(octets: bytes) -> None:
    """A line of a directory."""
    line = octets.decode("utf-8", "replace")
    same(Entry.parse(line).encode(), line)


def read_directory(octets: bytes) -> None:
    """Read, written anew, and asked for what clients ask it."""
    read = directory.parse(octets)
    read.recipients(read.issued_on)
    read.last_week()
    draft = directory.compose(
        deployment_id=read.deployment_id,
        serial=read.serial,
        issued_on=read.issued_on,
        expires_on=read.expires_on,
        entries=read.entries,
        evaluation=read.evaluation,
    )
    same(notes.split(draft).text, notes.split(octets).text)


def believe_directory(octets: bytes) -> None:
    """As a client does, with its pins."""
    directory.verify(octets, ROOTS, today=MONDAY, newer_than=7)


def read_checkpoint(octets: bytes) -> None:
    """With the lines of whoever cosigned."""
    read, note = checkpoints.parse(octets)
    same(read.text(), note.text)
    checkpoints.line_of(note, WITNESS)


def read_card(octets: bytes) -> None:
    """An officer's public halves."""
    entries = cards.parse_card(octets)
    lines = "".join(f"{entry.encode()}\n" for entry in entries)
    same(notes.split(octets).text.decode().partition("\n")[2], lines)


def read_roots(octets: bytes) -> None:
    """What clients pin."""
    same(roots.parse(octets).encode(), octets)


def all_notes() -> Mapping[str, bytes]:
    """Small ones of each kind."""
    few = signed(compose(ENTRIES[:2]), "anan", "busaba")
    return {"directory": few, "checkpoint": COSIGNED, "draft": compose(ENTRIES[:2])}


NAMES = (b"\n\n", "— anan ".encode(), "— ".encode(), b"+", b"==")
LINES = {f"line {n}": entry.encode().encode() for n, entry in enumerate(ENTRIES[:2])}
TARGETS = (
    Target("note", read_note, (Malformed, CannotOpen), all_notes, words=NAMES),
    Target(
        *("verifier", read_verifier, (Malformed,)),
        lambda: {"root": ROOTS.keys[0].encode().encode()},
        512,
        (b"+",),
    ),
    Target("entry", read_entry, (Malformed,), lambda: LINES, 4096, (b" - ", b" 2026-11-23 ")),
    Target(
        *("directory", read_directory, (Malformed,)),
        lambda: {"every-role": NOTE, "small": compose(ENTRIES[:2])},
        1 << 15,
        (b"\nevaluation\n", b"serial ", b"9999-12-31", b"0001-01-01", *NAMES),
    ),
    Target(
        *("believed", believe_directory, (Malformed, CannotOpen, WrongMoment)),
        lambda: {"small": signed(compose(ENTRIES[:2]), "anan", "busaba")},
        1 << 15,
        NAMES,
    ),
    Target(
        *("checkpoint", read_checkpoint, (Malformed,)),
        lambda: {"plain": CHECKPOINT, "cosigned": COSIGNED},
        words=NAMES,
    ),
    Target(
        *("card", read_card, (Malformed,)),
        lambda: {"officer": Officer.new("somsri", date(2026, 11, 23), weeks=1).card()},
        words=NAMES,
    ),
    Target(
        "roots", read_roots, (Malformed,), lambda: {"pins": ROOTS.encode()}, words=(b"k 2",)
    ),
)
