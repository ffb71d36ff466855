"""Tells what a PDF holds beside its pages, by kind and never by value.

For the answer alone: nothing of it is removed one by one, since nothing of the old file is
carried over. What PDFium can be asked, it is asked; the rest is looked for by the names that
PDF gives it, also in object streams, as far as `_MOST_INFLATED` goes.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import Any

from mustshare_api.media import exif
from mustshare_api.media.kinds import Kind

_INFO = {
    "Author": Kind.AUTHOR,
    "Creator": Kind.SOFTWARE,
    "Producer": Kind.SOFTWARE,
    "CreationDate": Kind.TIME,
    "ModDate": Kind.TIME,
    "Title": Kind.TEXT,
    "Subject": Kind.TEXT,
    "Keywords": Kind.TEXT,
}
_NAMES = (
    (re.compile(rb"<x:xmpmeta|<rdf:RDF|/Metadata\b"), Kind.XMP),
    (re.compile(rb"/JavaScript\b|/JS\b"), Kind.JAVASCRIPT),
    (re.compile(rb"/EmbeddedFiles?\b|/Filespec\b"), Kind.EMBEDDED_FILE),
    (re.compile(rb"/OCProperties\b|/OCG\b"), Kind.LAYER),
    (re.compile(rb"/Outlines\b|/PageLabels\b|/StructTreeRoot\b"), Kind.OUTLINE),
    (re.compile(rb"/AcroForm\b|/XFA\b"), Kind.FORM),
    (re.compile(rb"/Thumb\b"), Kind.THUMBNAIL),
    (re.compile(rb"/PieceInfo\b|/LastModified\b"), Kind.OTHER),
    (re.compile(rb"/ByteRange\b"), Kind.SIGNATURE),
    (re.compile(rb"/URI\b|/GoToR\b"), Kind.LINK),
)
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s{0,4}stream\r?\n")
_END = re.compile(rb"%%EOF")
_EXIF = b"Exif\0\0"
_MOST_INFLATED = 8 << 20
_MOST_PICTURES = 60
_EXIF_BYTES = 1 << 16

codecs.lookup("utf-16-le")
"""In which PDFium answers. A child could not load it any more."""


def of_document(octets: bytes, raw: Any, document: Any) -> set[Kind]:  # noqa: ANN401 - no types
    """What the file as a whole holds."""
    found = {kind for key, kind in _INFO.items() if document.get_metadata_value(key)}
    for text in (octets, *_inflated(octets)):
        found |= {kind for name, kind in _NAMES if name.search(text)}
    asked = (
        (document.count_attachments(), Kind.EMBEDDED_FILE),
        (raw.FPDFDoc_GetJavaScriptActionCount(document), Kind.JAVASCRIPT),
        (raw.FPDF_GetSignatureCount(document), Kind.SIGNATURE),
        (raw.FPDF_GetFormType(document), Kind.FORM),
    )
    found |= {kind for count, kind in asked if count > 0}
    return found | _around(octets) | _in_pictures(octets)


def of_page(raw: Any, page: Any) -> set[Kind]:  # noqa: ANN401 - no types
    """What one page holds beside what it shows."""
    found: set[Kind] = set()
    text = page.get_textpage()
    if text.count_chars():
        found.add(Kind.TEXT_LAYER)
    text.close()
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), 1000)):
        note = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        found.add(
            {raw.FPDF_ANNOT_LINK: Kind.LINK, raw.FPDF_ANNOT_WIDGET: Kind.FORM}.get(
                kind, Kind.ANNOTATION
            )
        )
    return found


def _inflated(octets: bytes) -> Iterator[bytes]:
    """Object streams, in which PDF 1.5 and later packs most of its dictionaries."""
    left = _MOST_INFLATED
    for found in _OBJECT_STREAM.finditer(octets):
        try:
            text = zlib.decompressobj().decompress(octets[found.end() :], left)
        except zlib.error:
            continue
        left -= len(text)
        yield text
        if left <= 0:
            return


def _around(octets: bytes) -> set[Kind]:
    """An earlier state that an update was appended to; something behind the end."""
    ends = [found.end() for found in _END.finditer(octets)]
    found: set[Kind] = set()
    linear = b"/Linearized" in octets[:1024]
    if len(ends) > 1 + linear:
        found.add(Kind.EARLIER_VERSION)
    if ends and octets[ends[-1] :].strip():
        found.add(Kind.TRAILING_DATA)
    return found


def _in_pictures(octets: bytes) -> set[Kind]:
    """EXIF of photographs that lie in the file as they came from the camera."""
    found: set[Kind] = set()
    at = octets.find(_EXIF)
    for _ in range(_MOST_PICTURES):
        if at < 0:
            break
        start = at + len(_EXIF)
        found |= exif.read(octets[start : start + _EXIF_BYTES]).kinds()
        at = octets.find(_EXIF, start)
    return found
