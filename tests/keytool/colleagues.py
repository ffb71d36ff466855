"""Colleagues of the officer whose folder the tests work in, and what they do to objects."""

from datetime import date
from typing import Any

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import opening, resealing, xwing
from mustshare_api.crypto.envelope import HEAD_LIMIT, Expected, Head, parse_head
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import kid_of
from mustshare_api.errors import CannotOpen
from tests.keytool.conftest import Reporter, Tool
from tests.keytool.fake_door import FakeDoor

STRANGER = xwing.public_key_of(bytes(range(32)))


def publish(tool: Tool, door: FakeDoor, serial: int, *others: Officer) -> None:
    """A new directory of somsri and these, signed, and handed out by the door."""
    cards = [str(tool.home / "somsri.card")]
    for other in others:
        card = tool.folder / f"{other.name}.card"
        card.write_bytes(other.card())
        cards.append(str(card))
    note = f"directory-{serial}"
    ended = tool.run(
        "directory", "propose", "--cards", *cards, "--serial", str(serial),
        "--deployment", tool.deployment(), "--out", tool.path(note),
    )  # fmt: skip
    assert ended.code == 0, ended.err
    tool.sign(note, "anan", "busaba")
    door.directory = (tool.folder / note).read_bytes()


def revoke(tool: Tool, door: FakeDoor, name: str) -> None:
    """The next directory after the one that the door hands out, without somebody for good."""
    (tool.folder / "before").write_bytes(door.directory)
    ended = tool.run(
        "directory", "propose", "--from", tool.path("before"), "--roots", tool.path("roots"),
        "--revoke", name, "--out", tool.path("revoked"),
    )  # fmt: skip
    assert ended.code == 0, ended.err
    tool.sign("revoked", "anan", "busaba")
    door.directory = (tool.folder / "revoked").read_bytes()


def colleague(tool: Tool, door: FakeDoor, name: str = "arthit", serial: int = 8) -> Officer:
    """A new officer, listed by the directory that the door hands out from here on."""
    officer = Officer.new(name, bangkok_day(tool.clock.now()))
    publish(tool, door, serial, officer)
    return officer


def intake_key(officer: Officer, week: date) -> bytes:
    return xwing.public_key_of(officer.epochs[week])


def case_kid(officer: Officer) -> bytes:
    return kid_of(xwing.public_key_of(officer.case_seed))


def head_of(octets: bytes) -> Head:
    return parse_head(octets[:HEAD_LIMIT])


def kids(octets: bytes) -> list[bytes]:
    """The keys that an object is sealed to, in order."""
    return [stanza.kid for stanza in head_of(octets).stanzas]


def with_head(octets: bytes, head: Head) -> bytes:
    return head.octets + octets[head_of(octets).length :]


def rewrapped_by(
    officer: Officer,
    octets: bytes,
    *,
    add: tuple[bytes, ...] = (),
    drop: tuple[bytes, ...] = (),
) -> bytes:
    """An object as an officer makes it who changes its recipients."""
    head = head_of(octets)
    _, key = next(opening.content_keys(head, officer.seeds()))
    return with_head(octets, resealing.rewrapped(head, key, add=add, drop=drop))


def resealed_by(officer: Officer, octets: bytes, *recipients: bytes) -> bytes:
    """An object as an officer makes it who seals it anew."""
    head = head_of(octets)
    _, key = next(opening.content_keys(head, officer.seeds()))
    resealer = resealing.Resealer(head.prefix, key, recipients)
    payload = resealer.update(octets[head.length :]) + resealer.finalize()
    return resealer.head.octets + payload


def opens_for(officer: Officer, octets: bytes, reporter: Reporter) -> bool:
    """Whether an officer's seeds open a message of this reporter's."""
    head = head_of(octets)
    prefix = head.prefix
    expect = Expected(prefix.kind, prefix.tip_id, prefix.object_id, prefix.bundle_hash)
    verify_key = reporter.keys.bundle[xwing.PUBLIC_BYTES :]
    try:
        opening.open_message(octets, officer.seeds(), expect=expect, verify_key=verify_key)
    except CannotOpen:
        return False
    return True


def spoilt(octets: bytes, stanza: int) -> bytes:
    """An object of which one stanza does not open any more."""
    at = 73 + stanza * 1184 + 16 + 1120
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


def texts(shown: Any) -> list[str]:
    """What `open --json` showed."""
    return [message["message"]["text"] for message in shown["messages"]]
