"""Turns the Markdown that staff write into HTML that cannot script a reader.

    1. parse     CommonMark without raw HTML and without images; a link counts only where it
                 is plain https to a host, everything else stays the text that was typed
    2. lower     a page has one title already, so headings begin at the second level
    3. filter    a parser of another make, in another language, keeps a short list of tags and
                 attributes, and puts `rel` on every link

Two walls, because either of them has had holes: what one misreads the other would have to
misread in the same way. Officers are not the danger; what they copy out of a tip is.

Refused before that, wherever text becomes public (`check_text`): control characters and those
that turn the direction of reading. They change what a reader sees without being seen.

The result depends on the text alone, so that both officers and the server make the same of it.
"""

import re
import unicodedata
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS: Final = frozenset(
    {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre"}
    | {"strong", "ul"}
)
"""What a body may be made of."""

ATTRIBUTES: Final = {"a": {"href"}, "*": set[str]()}
"""A star is any tag. Left out, the filter would let `title` and `lang` pass everywhere."""
REL: Final = "noopener nofollow"

_LINK: Final = re.compile(
    r"https://(?=[a-z0-9])(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}(?::[0-9]{1,5})?"
    r"(?:[/?#][!#-;=?-\[\]_a-z~%&]*)?",
    re.IGNORECASE,
)
"""A host with a name, never an address or a user, and no octet that HTML would have to
quote."""

_LINK_LIMIT: Final = 2000
_LOWERED: Final = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_MARK: Final = "\ufffd"
_KEPT_JOINERS: Final = "\u200b\u200c\u200d"
"""Without them some Thai, and some faces, fall apart."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})


def is_unseen(character: str, *, lines: bool) -> bool:
    """Whether a character changes what is seen without being seen itself.

    Args:
        character: one.
        lines: whether it may end a line.
    """
    if character == "\n":
        return not lines
    return character not in _KEPT_JOINERS and unicodedata.category(character) in _UNSEEN


def check_text(text: str, *, lines: bool = False) -> None:
    """Refuses what may not become public in any field.

    Raises:
        ValueError: a control character, a character that turns the direction of reading, one
            that no standard has assigned, or nothing that can be seen.
    """
    if any(is_unseen(character, lines=lines) for character in text) or not text.strip():
        raise ValueError("Invalid text")


def is_safe_link(url: str) -> bool:
    """Whether a link may stand on a page: https, to a host that has a name."""
    return len(url) <= _LINK_LIMIT and _LINK.fullmatch(url) is not None


def render(text: str) -> str:
    """The HTML of a text, from `TAGS` and `ATTRIBUTES` alone. Never fails."""
    seen = "".join(_MARK if is_unseen(c, lines=True) else c for c in text)
    tokens = _PARSER.parse(seen)
    for token in tokens:
        _lower(token)
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes={"https"},
        link_rel=REL,
        strip_comments=True,
    )


def _lower(token: Token) -> None:
    token.tag = _LOWERED.get(token.tag, token.tag)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.disable(["image", "html_block", "html_inline"])
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    return parser


_PARSER: Final = _parser()
