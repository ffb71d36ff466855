"""XML for whoever reads by machine: a tree that is written out, never text put together.

What stands in an element was written by staff and may be anything that a page may say. It is
escaped in one place, as the tree is written, and a character that XML 1.0 has no place for
becomes U+FFFD. Nothing here reads XML: the library that writes it would also read it, and
reading it is where its holes were.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Final

_DECLARED: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Element:
    """An element; `tag` and the names of attributes are ours, all else is anybody's."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    text: str | None = None
    inner: "list[Element]" = field(default_factory=list["Element"])

    def written(self) -> str:
        """The element and what stands in it."""
        said = "".join(
            [f' {name}="{escape(clean(value))}"' for name, value in self.attributes.items()]
        )
        inner = "".join([one.written() for one in self.inner])
        text = escape(clean(self.text)) if self.text else ""
        return f"<{self.tag}{said}>{text}{inner}</{self.tag}>"


def root(tag: str, **attributes: str) -> Element:
    """The outermost element."""
    return Element(tag, attributes)


def child(within: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """An element with this text; an empty one where there is none."""
    made = Element(tag, attributes, text)
    within.inner.append(made)
    return made


def document(whole: Element) -> bytes:
    """The document, in UTF-8."""
    return _DECLARED + whole.written().encode() + b"\n"


def clean(text: str) -> str:
    """A text that XML has a place for."""
    return _NO_XML.sub("\ufffd", text)
