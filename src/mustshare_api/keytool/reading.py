"""Opens a synced tip, offline: its messages in the order they were sent, then its files.

    1. bundle     the reporter's key must hash to what every object's prefix says
    2. messages   each opened, its signature checked: the reporter's by the bundle, staff's by
                  the directory
    3. names      which file ids the signed messages name, with which hash
    4. files      each opened, held against that hash, and stripped unless it was (`files`)

What cannot be opened is said, one line each, and keeps nothing else from being read. A file
that no signed message names is not written at all: an attachment carries no signature of its
own, so anyone who knows the staff keys, which are public, could have put it there. Nor is one
that any message flags as an untouched original, unless that was asked for: opening it may load
what it links to, and passing it on names the reporter.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.envelope import (
    HEAD_LIMIT,
    PREFIX_BYTES,
    SERVER_SEALED,
    Expected,
    Kind,
    parse_head,
    parse_prefix,
)
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import open_message
from mustshare_api.crypto.receipts import bundle_hash, parse_bundle
from mustshare_api.domain.message import (
    AttachmentNotice,
    FollowUpBody,
    Message,
    ReplyBody,
    TipBody,
    decode_message,
)
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.files import Cleaner, Files, OpenedFile
from mustshare_api.keytool.home import Home, read_bytes
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.syncing import load_index, load_tips
from mustshare_api.keytool.terminal import PageBar
from mustshare_api.keytool.wire import IndexEntry, TipEntry

_MESSAGE_LIMIT_BYTES: Final = 1 << 22
_SHORTEST_PREFIX: Final = 4
_MESSAGES: Final[dict[Kind, type[Message] | tuple[type[Message], ...]]] = {
    Kind.TIP: TipBody,
    Kind.FOLLOW_UP_FROM_REPORTER: (FollowUpBody, AttachmentNotice),
    Kind.FOLLOW_UP_FROM_STAFF: ReplyBody,
}


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """A message whose signature holds. `author` is an officer's name, or None: the reporter."""

    object_id: str
    kind: Kind
    message: Message
    server_sealed: bool
    author: str | None


@dataclass(slots=True)
class OpenedTip:
    """A tip as far as it could be opened."""

    tip: TipEntry
    messages: list[OpenedMessage] = field(default_factory=list[OpenedMessage])
    files: dict[str, list[OpenedFile]] = field(default_factory=dict[str, list[OpenedFile]])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    unnamed: list[str] = field(default_factory=list[str])

    @property
    def failures(self) -> int:
        """How many parts could not be opened or believed."""
        wrong = (f for files in self.files.values() for f in files if f.path is None)
        failed = sum(
            1 for file in wrong if file.outcome not in {"missing", "original", "unsafe"}
        )
        return len(self.refused) + len(self.unnamed) + failed


def find_tip(home: Home, wanted: str) -> TipEntry:
    """The tip of an id, or of as much of it as tells it from the others.

    Raises:
        Refusal: `tip.unknown`, `tip.ambiguous`.
    """
    found = [tip for i, tip in load_tips(home).items() if i.startswith(wanted.lower())]
    if not found or len(wanted) < _SHORTEST_PREFIX:
        raise Refusal("tip.unknown")
    if len(found) > 1:
        raise Refusal("tip.ambiguous")
    return found[0]


def open_tip(  # noqa: PLR0913 - what it opens, with what, and where to
    home: Home,
    tip: TipEntry,
    officer: Officer,
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
    if tip.bundle is None:
        raise Refusal("tip.gone")
    entries = [entry for entry in load_index(home).values() if entry.tip_id == tip.tip_id]
    entries = [entry for entry in entries if home.sealed(entry.object_id).exists()]
    if not entries:
        raise Refusal("tip.unknown")
    seeds = officer.seeds()
    opener = _Opener(home, tip.bundle, seeds, directory, OpenedTip(tip))
    for entry in entries:
        if not Kind(entry.kind).is_attachment:
            opener.open_message(entry)
    opener.opened.messages.sort(key=lambda m: (m.message.sent_at, m.kind, m.object_id))
    with closing(Cleaner(pages)) as cleaner:
        files = Files(home, seeds, to, unsafe_original, cleaner)
        sealed = {e.object_id: e for e in entries if Kind(e.kind).is_attachment}
        opener.open_files(sealed, files)
    return opener.opened


@dataclass(frozen=True, slots=True)
class _Opener:
    home: Home
    bundle: bytes
    seeds: Mapping[bytes, bytes]
    directory: Directory | None
    opened: OpenedTip

    def open_message(self, entry: IndexEntry) -> None:
        """Adds the message, or why it was refused."""
        try:
            self.opened.messages.append(self._read(entry))
        except (CannotOpen, Malformed) as refused:
            self.opened.refused[entry.object_id] = refused.code

    def open_files(self, sealed: Mapping[str, IndexEntry], files: Files) -> None:
        """Opens what the messages name, each file in its own direction only."""
        named: set[str] = set()
        originals = self._originals()
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
                results.append(files.write(name, self._expected(entry)) if entry else missing)
            self.opened.files[message.object_id] = results
        self.opened.unnamed.extend(sorted(set(sealed) - named))

    def _originals(self) -> frozenset[str]:
        """The ids that any message flags: a second message may not take a flag back."""
        names = [n for opened in self.opened.messages for n in opened.message.attachments]
        return frozenset(name.id for name in names if name.original)

    def _read(self, entry: IndexEntry) -> OpenedMessage:
        octets = read_bytes(self.home.sealed(entry.object_id), _MESSAGE_LIMIT_BYTES)
        kind = Kind(entry.kind)
        reporter_key = parse_bundle(self.bundle).verify_key
        verify_key = self._staff_key if kind.is_from_staff else reporter_key
        content = open_message(
            octets, self.seeds, expect=self._expected(entry), verify_key=verify_key
        )
        message = decode_message(content)
        if not isinstance(message, _MESSAGES[kind]):
            raise Malformed("message.malformed")
        prefix = parse_head(octets[:HEAD_LIMIT]).prefix
        return OpenedMessage(
            entry.object_id,
            kind,
            message,
            bool(prefix.flags & SERVER_SEALED),
            self._author(message),
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
        kid = bytes.fromhex(reply.signed_by)
        return self.directory.signer(kid) if self.directory else None

    def _expected(self, entry: IndexEntry) -> Expected:
        return Expected(
            Kind(entry.kind),
            bytes.fromhex(self.opened.tip.tip_id),
            bytes.fromhex(entry.object_id),
            bundle_hash(self.bundle),
        )


def first_prefix_bundle_hash(home: Home, tip: TipEntry) -> bytes:
    """The hash of the reporter's key that stands in the tip's first object, as it is here.

    An answer is sealed to the key that the tip itself was sealed with, and never to whatever
    key a live row shows today.

    Raises:
        Refusal: `tip.unknown`, the first object was not synced.
    """
    for entry in load_index(home).values():
        file = home.sealed(entry.object_id)
        if entry.tip_id == tip.tip_id and entry.kind == Kind.TIP and file.exists():
            with file.open("rb") as stream:
                return parse_prefix(stream.read(PREFIX_BYTES)).bundle_hash
    raise Refusal("tip.unknown")


def mark_opened(home: Home, opened: OpenedTip) -> None:
    """Remembers what was read here, so that `list` can say what is new."""
    known = set(home.load(home.opened_ids, list[str], []))
    known.update(message.object_id for message in opened.messages)
    home.save(home.opened_ids, sorted(known))
