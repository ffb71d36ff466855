"""XML for whoever reads by machine: a tree that is written out, never text put together.

What stands in an element was written by staff and may be anything that a page may say. It is
escaped by the library, and a character that XML 1.0 has no place for becomes U+FFFD.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

_DECLARED: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(tag: str, **attributes: str) -> Element:
    """The outermost element."""
    return Element(tag, {name: clean(value) for name, value in attributes.items()})


def child(within: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """An element with this text; an empty one where there is none."""
    made = SubElement(within, tag, {name: clean(said) for name, said in attributes.items()})
    made.text = None if text is None else clean(text)
    return made


def document(whole: Element) -> bytes:
    """The document, in UTF-8."""
    return _DECLARED + tostring(whole, encoding="unicode").encode() + b"\n"


def clean(text: str) -> str:
    """A text that XML has a place for."""
    return _NO_XML.sub("\ufffd", text)
