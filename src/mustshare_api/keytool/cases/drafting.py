"""Seals a draft for all officers, and opens one that a colleague sealed.

A draft is believed to be whose it says once its signature holds for a listed officer.
Pictures are compared with the digests that the page names, so what the second officer looks at
is what becomes public.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import drafts, opening, sealing
from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.envelope import Expected, Kind, parse_envelope
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.suite import sha256, signer
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.domain.pages import PageContent
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment
from mustshare_api.keytool.cases.folder import parse
from mustshare_api.keytool.desk.home import write_bytes
from mustshare_api.keytool.refusal import Refusal

ID_BYTES: Final = 16
EXTENSIONS: Final = {b"\xff\xd8": ".jpg", b"\x89P": ".png"}


class DraftHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wrote a draft, when, and of what kind the page is."""

    signed_by: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    sent_at: Annotated[str, Meta(max_length=32)]
    kind: Annotated[str, Meta(max_length=32)]


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A draft that was opened: the page octet by octet, its pictures, who wrote it and when."""

    page_id: str
    kind: str
    by: str
    sent_at: str
    octets: bytes
    content: PageContent
    pictures: tuple[bytes, ...]


def seal(  # noqa: PLR0913 - what, of what kind, by whom, to whom and when
    page_id: str,
    kind: str,
    parts: list[bytes],
    officer: Officer,
    directory: Directory,
    now: datetime,
) -> bytes:
    """The sealed draft of a page and its pictures.

    Raises:
        WrongMoment: `directory.no_recipients`.
        Refusal: `case.too_large`.
    """
    listed = drafts.recipients(directory, bangkok_day(now))
    if not listed:
        raise WrongMoment("directory.no_recipients")
    sent_at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    head = msgspec.json.encode(DraftHead(officer.signing_kid.hex(), sent_at, kind))
    prefix = drafts.prefix(bytes.fromhex(page_id), secrets.token_bytes(ID_BYTES))
    octets = sealing.seal_message(
        prefix,
        [entry.public_key for entry in listed],
        drafts.pack([head, *parts]),
        signer(officer.signing_seed),
    )
    if len(octets) > drafts.LIMIT_BYTES:
        raise Refusal("case.too_large", path=page_id)
    return octets


def open_draft(
    page_id: str, octets: bytes, officer: Officer, directory: Directory
) -> OpenedDraft:
    """Opens a draft of an officer's.

    Raises:
        CannotOpen: not sealed to this officer, changed, or signed by nobody in the directory.
        Malformed, Refusal: it is no draft, or its pictures are not those that the page names.
    """
    object_id = parse_envelope(octets).head.prefix.object_id
    expect = Expected(Kind.DRAFT, bytes.fromhex(page_id), object_id, drafts.BUNDLE_HASH)

    def key_of(content: bytes) -> bytes | None:
        try:
            entry = directory.signer(bytes.fromhex(_head(content).signed_by))
        except (Malformed, Refusal):
            return None
        return entry.public_key if entry else None

    content = opening.open_message(octets, officer.seeds(), expect=expect, verify_key=key_of)
    head = _head(content)
    entry = directory.signer(bytes.fromhex(head.signed_by))
    if entry is None:
        raise CannotOpen("open.unknown_signer")
    _, page, *pictures = drafts.unpack(content)
    if head.kind not in READERS:
        raise Refusal("case.malformed")
    shown = parse(head.kind, page)
    opened = OpenedDraft(
        page_id, head.kind, entry.name, head.sent_at, page, shown, tuple(pictures)
    )
    _check_pictures(opened)
    return opened


def _head(content: bytes) -> DraftHead:
    try:
        return msgspec.json.decode(drafts.unpack(content)[0], type=DraftHead, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refusal("case.malformed") from None


def _check_pictures(opened: OpenedDraft) -> None:
    named = [picture.sha256 for picture in opened.content.pictures]
    if [sha256(octets).hex() for octets in opened.pictures] != named:
        raise Refusal("case.malformed")


def write_pictures(folder: Path, opened: OpenedDraft) -> list[str]:
    """Puts a draft's pictures into a folder under their ids; their names."""
    names: list[str] = []
    for picture, octets in zip(opened.content.pictures, opened.pictures, strict=True):
        names.append(picture.id + EXTENSIONS.get(octets[:2], ".bin"))
        write_bytes(folder / names[-1], octets)
    return names
