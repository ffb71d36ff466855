"""Nothing that staff paste into a page can script a reader."""

import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mustshare_api.domain.markup import ATTRIBUTES, REL, TAGS, check_text, is_safe_link, render
from tests.unit.domain.xss import VECTORS


class Read(HTMLParser):
    """Every tag and attribute of some HTML, as a browser's parser would find them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.other: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


def read(html: str) -> Read:
    found = Read()
    found.feed(html)
    found.close()
    return found


def check_harmless(html: str) -> Read:
    """Only what the list allows stands in it."""
    found = read(html)
    assert set(found.tags) <= TAGS
    assert found.other == []
    for tag, name, value in found.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel")}
        assert value == REL if name == "rel" else is_safe_link(value)
    links = [tag for tag, name, _ in found.attributes if name == "href"]
    assert len(links) <= sum(name == "rel" for _, name, _ in found.attributes)
    return found


@pytest.mark.parametrize("vector", VECTORS)
def test_no_known_vector_scripts_a_reader(vector: str) -> None:
    """Wherever it stands: alone, in a list, a quotation, a heading, a link's text."""
    for text in (
        vector, f"- {vector}", f"> {vector}", f"# {vector}", f"a {vector} b", f"[{vector}](x)",
        f"[a](<{vector}>)", f"[a]({vector})", f"[a][1]\n\n[1]: {vector}", f"`{vector}`",
        f"<{vector}>", f"![a]({vector})", f'[a](https://example.org "{vector}")',
    ):  # fmt: skip
        check_harmless(render(text))


@given(st.text(max_size=400))
@example("\x00<script>")
@settings(max_examples=150, deadline=None)
def test_no_text_makes_anything_but_what_is_allowed(text: str) -> None:
    """Any text: its HTML holds listed tags and attributes alone."""
    check_harmless(render(text))


PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "[", "]", "(", ")", "!", "`", "```\n", "\n", "\n\n", "&", "&#", "x6a;", "#",
         "> ", "1. ", '"', "'", "\\", "javascript:", "https://", "data:", "script", "img", "a",
         " onerror=", "svg", "/", "<!--", "-->", "<![CDATA[", "\u202e", "\ufeff", "ก", "]: ",
         "<a ", "* "]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(PIECES)
@settings(max_examples=250, deadline=None)
def test_no_mixture_of_what_parsers_stumble_over_does_either(text: str) -> None:
    """Built from the pieces that attacks are built from."""
    check_harmless(render(text))


@given(PIECES)
@settings(max_examples=60, deadline=None)
def test_what_was_filtered_is_filtered_for_good(text: str) -> None:
    """Parsed and written once more it is the same: nothing changes its meaning on the way."""
    html = render(text)
    again = nh3.clean(
        html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"https"}, link_rel=REL
    )
    assert again == html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        "data:text/html,x", "vbscript:x", "http://example.org", "//example.org", "/path",
        "mailto:a@example.org",
        "https://user@example.org", "https://user:pass@example.org/", "https://", "https://a",
        "https://127.0.0.1/", "https://[::1]/", "https://exa\u0e33mple.org",
        "https://exam ple.org",
        "\uff4aavascript:alert(1)", "https:/example.org", "https:example.org", "tel:1", "file:///etc",
        "https://example.org/\u202egpj", 'https://example.org/"onclick=', "https://example.org/<",
        "https://example.org\\@evil.org", "https://" + "a" * 3000 + ".org", "HTTPS:\\\\x.org",
    ],
)  # fmt: skip
def test_a_link_is_plain_https_to_a_host_with_a_name(url: str) -> None:
    """Anything else stays the text that was typed."""
    assert not is_safe_link(url)
    found = check_harmless(render(f"[a](<{url}>)"))
    assert all(is_safe_link(value) for _, name, value in found.attributes if name == "href")


def test_what_writers_use_is_rendered() -> None:
    """Emphasis, lists, quotations, code, headings one level down, links out."""
    html = render(
        "# หนึ่ง\n\n**หนา** *เอน* `โค้ด`\n\n- ก\n- ข\n\n> คำพูด\n\n[ที่มา](https://example.org/a?b=1&c=2)"
    )

    assert "<h2>หนึ่ง</h2>" in html
    assert "<strong>หนา</strong> <em>เอน</em> <code>โค้ด</code>" in html
    assert "<li>ก</li>" in html
    assert "<blockquote>" in html
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">ที่มา</a>' in html


def test_raw_html_is_shown_and_not_obeyed() -> None:
    """As the text that was typed."""
    found = check_harmless(render("<b>bold</b> <script>alert(1)</script>"))

    assert "".join(found.said).strip() == "<b>bold</b> <script>alert(1)</script>"


@pytest.mark.parametrize(
    "wrong", ["\u202e", "\u2066", "\x00", "\x1b", "\ufeff", "\u2028", "\U000e0041"]
)
def test_characters_that_work_unseen_are_refused(wrong: str) -> None:
    """What turns the reading direction, or hides, changes what readers see."""
    with pytest.raises(ValueError, match="Invalid text"):
        check_text(f"ก{wrong}", lines=True)
    assert wrong not in render(f"ก{wrong}")


def test_thai_that_needs_joiners_is_taken() -> None:
    """A zero-width space parts Thai words and changes no meaning."""
    check_text("ทุจริต\u200bคอร์รัปชัน")


def test_what_is_nested_costs_no_more_than_its_length() -> None:
    """Four times as much of it takes no sixteen times as long."""
    for piece in ("[", "![", "[a][", "**a"):
        took = [_seconds((piece * 12_000)[:length]) for length in (3_000, 12_000)]
        assert took[1] < 10 * took[0] + 0.5


def _seconds(text: str) -> float:
    started = time.process_time()
    check_harmless(render(text))
    return time.process_time() - started
