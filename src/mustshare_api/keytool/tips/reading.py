"""Opens a synced tip, offline: its messages in the order they were sent, then its files.

    1. bundle     one of the reporter's keys must hash to what an object's prefix says: the one
                  in force, or an earlier one from which signatures lead there
    2. messages   each opened, its signature checked: the reporter's by the bundle, staff's by
                  the directory in force, or by one of before that nobody's revocation ended
    3. names      which file ids the signed messages name, with which hash
    4. files      each opened, held against that hash, and stripped unless it was (`files`)

What cannot be opened is said, one line each, and keeps nothing else from being read. A file
that no signed message names is not written at all: an attachment carries no signature of its
own, so anyone who knows the staff keys, which are public, could have put it there. Nor is one
that any message flags as an untouched original, unless that was asked for: opening it may load
what it links to, and passing it on names the reporter.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.envelope import (
    PREFIX_BYTES,
    SERVER_SEALED,
    Kind,
    parse_prefix,
)
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import open_message
from mustshare_api.crypto.suite import VERIFY_KEY_BYTES, sha256
from mustshare_api.domain.message import (
    AttachmentNotice,
    DisputeBody,
    FollowUpBody,
    Message,
    ReplyBody,
    TipBody,
    decode_message,
)
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.following import bundles_of
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.desk.listed import (
    load_index,
    load_objects_of,
    load_tips_from,
)
from mustshare_api.keytool.desk.people import known_keys
from mustshare_api.keytool.desk.terminal import PageBar
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.files import Files, OpenedFile
from mustshare_api.keytool.tips.opened import OpenedMessage, OpenedTip
from mustshare_api.keytool.tips.stripping import Cleaner

_MESSAGE_LIMIT_BYTES: Final = 1 << 22
_BEGINNING: Final = re.compile("[0-9a-f]{4,32}")
_MESSAGES: Final[dict[Kind, type[Message] | tuple[type[Message], ...]]] = {
    Kind.TIP: TipBody,
    Kind.FOLLOW_UP_FROM_REPORTER: (FollowUpBody, AttachmentNotice, DisputeBody),
    Kind.FOLLOW_UP_FROM_STAFF: ReplyBody,
}


def find_tip(home: Home, wanted: str) -> TipEntry:
    """The tip of an id, or of as much of it as tells it from the others.

    Raises:
        Refusal: `tip.unknown`, `tip.ambiguous`.
    """
    return find_tips(home, [wanted])[0]


def find_tips(home: Home, wanted: Sequence[str]) -> list[TipEntry]:
    """The tips of several ids, each once.

    Raises:
        Refusal: as `find_tip`.
    """
    found = [_find(home, each.lower()) for each in wanted]
    return list({tip.tip_id: tip for tip in found}.values())


def _find(home: Home, wanted: str) -> TipEntry:
    found = load_tips_from(home, wanted, 2) if _BEGINNING.fullmatch(wanted) else []
    if not found:
        raise Refusal("tip.unknown")
    if len(found) > 1:
        raise Refusal("tip.ambiguous")
    return found[0]


def shelf_of(home: Home) -> dict[str, list[IndexEntry]]:
    """What is here, by tip: read once for however many tips are opened."""
    found: dict[str, list[IndexEntry]] = defaultdict(list)
    for entry in load_index(home).values():
        found[entry.tip_id].append(entry)
    return found


def open_tip(  # noqa: PLR0913 - what it opens, with what, and where to
    home: Home,
    tip: TipEntry,
    shelf: Mapping[str, list[IndexEntry]],
    seeds: Mapping[bytes, bytes],
    directory: Directory | None,
    to: Path,
    *,
    unsafe_original: bool = False,
    pages: PageBar | None = None,
) -> OpenedTip:
    """Opens whatever is here of a tip, its files into the folder `to`.

    Untouched originals only with `unsafe_original`. Without a directory there is nobody to
    ask who signed a reply, and replies stay closed. `pages` shows how far a document is.

    Raises:
        Refusal: `tip.gone`, `tip.unknown` where nothing of it was synced, or the disk refused.
    """
    opener = _opener(home, tip, shelf, seeds, directory)
    with closing(Cleaner(pages)) as cleaner:
        opener.open_files(Files(home, seeds, to, unsafe_original, cleaner))
    return opener.opened


def open_messages(
    home: Home, tip: TipEntry, officer: Officer, directory: Directory | None
) -> OpenedTip:
    """Opens the messages that are here of a tip, and leaves its files closed.

    Raises:
        Refusal: as `open_tip`.
    """
    shelf = {tip.tip_id: load_objects_of(home, tip.tip_id)}
    return _opener(home, tip, shelf, officer.seeds(), directory).opened


def open_listed(
    home: Home,
    tip: TipEntry,
    entries: list[IndexEntry],
    seeds: Mapping[bytes, bytes],
    directory: Directory | None,
) -> OpenedTip:
    """Opens the messages among some objects of a tip.

    Raises:
        Refusal: as `open_tip`.
    """
    return _opener(home, tip, {tip.tip_id: entries}, seeds, directory).opened


def _opener(
    home: Home,
    tip: TipEntry,
    shelf: Mapping[str, list[IndexEntry]],
    seeds: Mapping[bytes, bytes],
    directory: Directory | None,
) -> "_Opener":
    """What is left to open once the messages are."""
    if tip.bundle is None:
        raise Refusal("tip.gone")
    entries = [e for e in shelf.get(tip.tip_id, []) if home.sealed(e.object_id).exists()]
    if not entries:
        raise Refusal("tip.unknown")
    opener = _Opener(home, bundles_of(tip), seeds, directory, OpenedTip(home, tip), entries)
    for entry in entries:
        if Kind(entry.kind) in _MESSAGES:
            opener.open_message(entry)
    opener.opened.messages.sort(key=lambda m: (m.message.sent_at, m.kind, m.object_id))
    return opener


def sealed_of(home: Home, tip: TipEntry) -> list[IndexEntry]:
    """The objects of a tip that are here."""
    entries = load_objects_of(home, tip.tip_id)
    return [entry for entry in entries if home.sealed(entry.object_id).exists()]


@dataclass(frozen=True, slots=True)
class _Opener:
    home: Home
    bundles: Mapping[bytes, bytes]
    seeds: Mapping[bytes, bytes]
    directory: Directory | None
    opened: OpenedTip
    entries: list[IndexEntry]

    def open_message(self, entry: IndexEntry) -> None:
        """Adds the message, or why it was refused."""
        try:
            self.opened.messages.append(self._read(entry))
        except (CannotOpen, Malformed) as refused:
            self.opened.refused[entry.object_id] = refused.code

    def open_files(self, files: Files) -> None:
        """Opens what the messages name, each file in its own direction only."""
        entries = self.entries
        sealed = {e.object_id: e for e in entries if Kind(e.kind).is_attachment}
        named: set[str] = set()
        originals = self.opened.originals
        for message in self.opened.messages:
            from_staff = message.author is not None
            results: list[OpenedFile] = []
            for name in message.message.attachments:
                if name.id in originals and not files.unsafe_original:
                    named.add(name.id)
                    results.append(OpenedFile(name, "original"))
                    continue
                entry = sealed.get(name.id)
                if entry and Kind(entry.kind).is_from_staff is not from_staff:
                    entry = None
                named.update([name.id] if entry else [])
                missing = OpenedFile(name, "missing")
                results.append(
                    files.write(name, self.opened.expected(entry)) if entry else missing
                )
            self.opened.files[message.object_id] = results
        self.opened.unnamed.extend(sorted(set(sealed) - named))

    def _read(self, entry: IndexEntry) -> OpenedMessage:
        octets = read_bytes(self.home.sealed(entry.object_id), _MESSAGE_LIMIT_BYTES)
        kind = Kind(entry.kind)
        expect = self.opened.expected(entry)
        # Its own length was checked when it came; a key that is none has signed nothing.
        reporter_key = self.bundles[expect.bundle_hash][-VERIFY_KEY_BYTES:]
        verify_key = self._staff_key if kind.is_from_staff else reporter_key
        content = open_message(octets, self.seeds, expect=expect, verify_key=verify_key)
        message = decode_message(content)
        if not isinstance(message, _MESSAGES[kind]):
            raise Malformed("message.malformed")
        prefix = parse_prefix(octets[:PREFIX_BYTES])
        return OpenedMessage(
            entry.object_id,
            kind,
            message,
            bool(prefix.flags & SERVER_SEALED),
            self._author(message),
            sha256(content),
        )

    def _staff_key(self, content: bytes) -> bytes | None:
        """Whose key a reply says it is signed by; not yet verified."""
        message = decode_message(content)
        if not isinstance(message, ReplyBody):
            return None
        listed = self._listed(message)
        return listed.public_key if listed else None

    def _author(self, message: Message) -> str | None:
        if not isinstance(message, ReplyBody):
            return None
        listed = self._listed(message)
        return listed.name if listed else None

    def _listed(self, reply: ReplyBody) -> Entry | None:
        """Whose key it is: an officer's of today, or of one who has left since."""
        if self.directory is None:
            return None
        kid = bytes.fromhex(reply.signed_by)
        return self.directory.signer(kid) or self._once_listed(kid)

    def _once_listed(self, kid: bytes) -> Entry | None:
        known = known_keys(self.home).get(kid)
        return known.entry if known and known.entry.role == "signing" else None


def first_prefix_bundle_hash(home: Home, tip: TipEntry) -> bytes:
    """The hash of the reporter's key that stands in the tip's first object, as it is here.

    An answer is sealed to the key that the tip itself was sealed with, or to one that its
    holder signed over to, and never to whatever key a live row shows today.

    Raises:
        Refusal: `tip.unknown`, the first object was not synced.
    """
    for entry in load_objects_of(home, tip.tip_id):
        file = home.sealed(entry.object_id)
        if entry.kind == Kind.TIP and file.exists():
            with file.open("rb") as stream:
                return parse_prefix(stream.read(PREFIX_BYTES)).bundle_hash
    raise Refusal("tip.unknown")


def mark_opened(home: Home, tips: Iterable[OpenedTip]) -> None:
    """Remembers what was read here, so that `list` can say what is new.

    Only what was put before somebody: a file that had not come yet was not.
    """
    known = set(home.load(home.opened_ids, list[str], []))
    for opened in tips:
        known |= opened.told
    home.save(home.opened_ids, sorted(known))
