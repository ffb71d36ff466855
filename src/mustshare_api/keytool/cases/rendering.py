"""What will be public, for the eyes of the officer who is to sign for it, on a terminal.

The bodies are shown as readers will get them: rendered to HTML first, and that as text. So what
the renderer leaves out is not there either, and a link shows where it leads.
"""

from html.parser import HTMLParser
from typing import Final

import msgspec
from typing_extensions import override

from mustshare_api.domain.markup import render
from mustshare_api.domain.pages import PageContent

_BEFORE: Final = {
    "h2": "\n## ", "h3": "\n### ", "h4": "\n#### ", "p": "\n", "li": "\n* ", "hr": "\n----",
    "blockquote": "\n>", "pre": "\n", "br": "\n",
}  # fmt: skip


class _Text(HTMLParser):
    """HTML of ours as text."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._links: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.append(_BEFORE.get(tag, ""))
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self.said.append(f" <{self._links.pop()}>")

    @override
    def handle_data(self, data: str) -> None:
        self.said.append(data)


def as_text(markdown: str) -> str:
    """A body as readers will see it, in plain text."""
    parser = _Text()
    parser.feed(render(markdown))
    parser.close()
    lines = "".join(parser.said).split("\n")
    return "\n".join(line for line in lines if line.strip())


def facts_of(content: PageContent) -> list[tuple[str, str]]:
    """Every field but the bodies, by name, one line each; nothing is left out."""
    plain = msgspec.to_builtins(content)
    return [
        (name, msgspec.json.encode(value).decode())
        for name, value in plain.items()
        if name != "body" and value not in (None, [])
    ]
