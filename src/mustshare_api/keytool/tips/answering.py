"""Answers a tip: seals on this machine, keeps the octets, then sends them.

    1. whom     the reporter's key, if it is the one that the tip's first object names or
                follows from it, and everyone the directory lists this week
    2. files    each stripped, and sealed into the outbox, its hash taken on the way
    3. words    name the files, signed by this officer, sealed likewise
    4. outbox   the finished folder gets its name in one step
    5. send     files first: the words are what makes the answer visible
    6. forget   the folder, once the door has said it holds everything

A lost answer is sent again as the same octets under the same ids, which the door knows for the
same. What the reporter exchanged their receipt under is sealed again to the new one
(`resealing`). What cannot be sent stays until it can be, or until the tip is gone. What the
door refuses for good, as an answer sealed to last week's keys, stays until a person drops it.
"""

import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.receipts import bundle_hash, parse_bundle
from mustshare_api.crypto.sealing import AttachmentSealer, seal_message
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.message import AttachmentName, ReplyBody, encode_message
from mustshare_api.errors import WrongMoment
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.following import first_bundle
from mustshare_api.keytool.desk.home import (
    PART,
    Home,
    make_folder,
    pieces,
    sync_folder,
    write_bytes,
    writing,
)
from mustshare_api.keytool.desk.seen import seen_of
from mustshare_api.keytool.desk.session import Session
from mustshare_api.keytool.desk.terminal import Console, PageBar
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Digest, Id, TipEntry
from mustshare_api.keytool.tips.attaching import Ready, ready
from mustshare_api.keytool.tips.reading import first_prefix_bundle_hash
from mustshare_api.keytool.tips.stripping import Cleaner

_ID_BYTES: Final = 16
_SEALED_AGAIN: Final = 3


class Waiting(msgspec.Struct, forbid_unknown_fields=True):
    """An answer in the outbox, as its file `answer.json` has it.

    `read` is the hash over what had been read of the tip when it was written; empty where an
    older tool wrote it.
    """

    tip_id: Id
    object_id: Id
    attachment_ids: Annotated[list[Id], Meta(max_length=64)]
    read: Digest | Literal[""] = ""


Again: TypeAlias = Callable[[Waiting, str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer says, before sealing."""

    text: str
    files: Sequence[Path]
    unsafe_original: bool = False
    """Files that can't be stripped go untouched, instead of being refused."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """To whom and as what the parts of one answer are sealed."""

    tip_id: bytes
    bundle_hash: bytes
    recipients: Sequence[bytes]

    def prefix(self, kind: Kind, object_id: bytes) -> Prefix:
        """The prefix of one part."""
        return Prefix(kind, 0, self.tip_id, object_id, self.bundle_hash)

    def seal_words(self, object_id: bytes, words: bytes, officer: Officer) -> bytes:
        """Seals the words of an answer."""
        prefix = self.prefix(Kind.FOLLOW_UP_FROM_STAFF, object_id)
        return seal_message(prefix, self.recipients, words, signer(officer.signing_seed))

    def seal_file(self, ready: Ready, folder: Path) -> AttachmentName:
        """Seals a file into the folder, and says how the words are to name it."""
        object_id = secrets.token_bytes(_ID_BYTES)
        prefix = self.prefix(Kind.ATTACHMENT_FROM_STAFF, object_id)
        with writing(folder / object_id.hex()) as target:
            sealer = AttachmentSealer(prefix, self.recipients, ready.size_bytes)
            target.write(sealer.head)
            for piece in pieces(ready.stream):
                target.write(sealer.update(piece))
            target.write(sealer.finalize())
        return AttachmentName(
            id=object_id.hex(),
            sha256=sealer.content_sha256.hex(),
            media_type=ready.media_type,
            size_bytes=ready.size_bytes,
        )


def compose(  # noqa: PLR0913 - whose, to whom, what, and as which object
    home: Home,
    tip: TipEntry,
    officer: Officer,
    answer: Answer,
    session: Session,
    named: str | None = None,
) -> Waiting:
    """Seals an answer into the outbox (steps 1 to 4), under an id of its own or as `named`.

    Raises:
        Refusal: `tip.gone`, `tip.bundle_changed`, `answer.unsafe`, a file that cannot be read.
        Malformed: `message.malformed`.
        WrongMoment: the directory has expired, or has no key of this week.
    """
    now = session.clock.now()
    sealer = sealer_for(home, tip, now)
    object_id = bytes.fromhex(named) if named else secrets.token_bytes(_ID_BYTES)
    folder = home.outbox / f"{PART}{object_id.hex()}"
    make_folder(folder)
    try:
        names = _seal_files(sealer, answer, folder, session.console)
        words = _words(answer.text, names, officer, now)
        octets = sealer.seal_words(object_id, words, officer)
        write_bytes(folder / object_id.hex(), octets)
        read = seen_of(home, tip.tip_id)
        waiting = Waiting(tip.tip_id, object_id.hex(), [name.id for name in names], read)
        home.save(folder / "answer.json", waiting)
        folder.rename(home.outbox / object_id.hex())
        sync_folder(home.outbox)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return waiting


def send(home: Home, door: Door, waiting: Waiting, console: Console, again: Again) -> None:
    """Sends an answer and forgets it (steps 5 and 6).

    Args:
        home: where the outbox is.
        door: where it goes.
        waiting: the answer.
        console: shows how far it has come.
        again: seals one part, by its id, anew to the receipt that is in force now.

    Raises:
        Unreachable: it stays in the outbox.
        MustShareError: the door refused it; it stays as well.
    """
    folder = home.outbox / waiting.object_id
    progress = console.progress("send.sending", len(waiting.attachment_ids) + 1)
    for attachment_id in waiting.attachment_ids:
        file = folder / attachment_id
        _deliver(
            partial(
                door.send_attachment, waiting.tip_id, attachment_id, waiting.object_id, file
            ),
            partial(again, waiting, attachment_id),
        )
        progress.advance(1)
    _deliver(
        partial(door.send_follow_up, waiting.tip_id, folder / waiting.object_id, waiting.read),
        partial(again, waiting, waiting.object_id),
    )
    progress.advance(1)
    progress.close()
    drop_answer(home, waiting)


def _deliver(hand_in: Callable[[], None], seal_again: Callable[[], None]) -> None:
    """Hands a part in; where the receipt was exchanged, seals it again a few times at most."""
    for _ in range(_SEALED_AGAIN):
        try:
            return hand_in()
        except WrongMoment as refused:
            if refused.code != "tip.rotated":
                raise
        seal_again()
    return hand_in()


def waiting_answers(home: Home) -> list[Waiting]:
    """What is in the outbox, finished and not yet sent. Clears away what was never finished.

    Raises:
        Refusal: `home.malformed`.
    """
    found: list[Waiting] = []
    for folder in sorted(home.outbox.glob("*")):
        if folder.name.startswith(PART):
            shutil.rmtree(folder, ignore_errors=True)
            continue
        nothing = Waiting("", "", [])
        waiting = home.load(folder / "answer.json", Waiting, nothing)
        if waiting.object_id != folder.name:
            raise Refusal("home.malformed", path=str(folder))
        found.append(waiting)
    return found


def drop_answer(home: Home, waiting: Waiting) -> None:
    """Forgets an answer that will not be sent."""
    shutil.rmtree(home.outbox / waiting.object_id)


def sealer_for(home: Home, tip: TipEntry, now: datetime) -> Sealer:
    """Seals to the reporter's bundle in force and everyone whom the directory lists.

    Raises:
        Refusal: `tip.gone`, `tip.bundle_changed`.
        WrongMoment: the directory has expired, or has no key of this week.
    """
    if tip.bundle is None:
        raise Refusal("tip.gone")
    if bundle_hash(first_bundle(tip)) != first_prefix_bundle_hash(home, tip):
        raise Refusal("tip.bundle_changed", tip=tip.tip_id)
    today = bangkok_day(now)
    staff = [entry.public_key for entry in current_directory(home, today).recipients(today)]
    if not staff:
        raise WrongMoment("directory.no_recipients")
    reply_key = parse_bundle(tip.bundle).reply_key
    named = bundle_hash(tip.bundle)
    return Sealer(bytes.fromhex(tip.tip_id), named, [reply_key, *staff])


def _seal_files(
    sealer: Sealer, answer: Answer, folder: Path, console: Console
) -> list[AttachmentName]:
    names: list[AttachmentName] = []
    with closing(Cleaner(PageBar(console))) as cleaner:
        for file in answer.files:
            with ready(cleaner, file, console, unsafe_original=answer.unsafe_original) as one:
                names.append(sealer.seal_file(one, folder))
    return names


def _words(text: str, names: list[AttachmentName], officer: Officer, now: datetime) -> bytes:
    sent_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signed_by = officer.signing_kid.hex()
    return encode_message(ReplyBody(sent_at, text, signed_by, names))
