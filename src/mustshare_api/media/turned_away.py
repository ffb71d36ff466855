"""Says of a file that is not taken what can be sent in its place.

A person who is told "415" has a document in front of them and wants to know what to do with it.
So the first octets of what is often sent are known here, each with a problem of its own. As
with what is taken, no name and no claimed type is looked at, and none of it is opened.
"""

from mustshare_api.errors import Unstrippable, Unsupported
from mustshare_api.media import extras
from mustshare_api.media.sniff import FILMS, Format

_OFFICE_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OFFICE_NAMES = (
    b"[Content_Types]",
    b"mimetype",
    b"_rels/",
    b"word/",
    b"xl/",
    b"ppt/",
    b"docProps",
)
"""How the first entry of a zip is named that is a document; its name stands at octet 30."""

_ZIP_NAME_AT = 30
_CODES: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((_OFFICE_OLD, b"{\\rtf"), "media.office_document"),
    ((b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c"), "media.archive"),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"), "media.archive"),
    ((b"8BPS", b"gimp xcf"), "media.layered_picture"),
    ((b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR"), "media.raw_photo"),
    ((b"IIU\0", b"\0MRM", b"FOVb"), "media.raw_photo"),
    ((b"\x1aE\xdf\xa3", b"FLV\1", b"OggS", b"fLaC"), "media.unsupported_codec"),
    ((b"0&\xb2u\x8ef\xcf\x11", b"FORM", b".RMF", b"caff"), "media.unsupported_codec"),
    ((b"\0\0\1\xba", b"\0\0\1\xb3", b"G@"), "media.unsupported_codec"),
)
_TEXTS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"<svg",), "media.drawing"),
    ((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"), "media.web_page"),
    (
        (b"from ", b"from:", b"received:", b"return-path:", b"delivered-to:", b"mime-version:",
         b"subject:", b"date:", b"message-id:", b"x-"),
        "media.mail",
    ),
    ((b"%!ps",), "media.drawing"),
)  # fmt: skip
_MISSING = {"pdf": "media.no_documents", "video": "media.no_films"}
_CR3 = b"ftypcrx "
_RIFF_FILMS = (b"AVI ", b"WAVE")
_FILM_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"skip")


def refusal(head: bytes, kind: Format | None) -> Unsupported:
    """The problem of a file that begins so and is not taken.

    Args:
        head: Its first octets.
        kind: Its format, where it is one that another installation takes.
    """
    extra = extras.needed(kind) if kind is not None else None
    if extra is not None:
        return Unsupported(_MISSING[extra])
    return Unsupported(_by_magic(head) or _by_text(head))


def broken(error: Unstrippable, kind: Format) -> Unstrippable:
    """The same error, where it says no more than "undecodable", in the words of its kind."""
    if error.code != Unstrippable.default_code:
        return error
    if kind is Format.PDF:
        return Unstrippable("media.broken_document")
    return Unstrippable("media.broken_film") if kind in FILMS else error


def _by_magic(head: bytes) -> str | None:
    if head.startswith(_ZIP) and head[_ZIP_NAME_AT:].startswith(_OFFICE_NAMES):
        return "media.office_document"
    if head[4:12] == _CR3:
        return "media.raw_photo"
    if head.startswith(b"RIFF") and head[8:12] in _RIFF_FILMS:
        return "media.unsupported_codec"
    for magics, code in _CODES:
        if head.startswith(magics):
            return code
    return "media.unsupported_codec" if head[4:8] in _FILM_BOXES else None


def _by_text(head: bytes) -> str | None:
    """Text formats may have a mark or blanks in front, or an XML declaration."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<?xml", b"<!--")):
        return "media.drawing" if b"<svg" in text else "media.web_page"
    for starts, code in _TEXTS:
        if text.startswith(starts):
            return code
    return None
