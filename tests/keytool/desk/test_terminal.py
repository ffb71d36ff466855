"""What reaches the terminal, and how a passphrase comes from it."""

import getpass
import io
import unicodedata
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.keys import open_key_file
from mustshare_api.errors import Misconfigured
from mustshare_api.keytool.desk.terminal import (
    Console,
    PageBar,
    ask_passphrase,
    choose_passphrase,
    quoted,
    visible,
)
from mustshare_api.keytool.refusal import Refusal
from tests.keytool.conftest import Tool, write_private

KEPT = set("\n\t\u200b\u200c\u200d")


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def console(err: io.StringIO | None = None, *, as_json: bool = False) -> Console:
    return Console("en", as_json, io.StringIO(), err or io.StringIO())


@given(st.text())
def test_no_character_that_a_terminal_obeys_gets_through(text: str) -> None:
    """C0, C1, escapes, marks of direction, separators, half characters."""
    shown = visible(text)

    assert not [c for c in shown if c not in KEPT and unicodedata.category(c)[0] == "C"]
    assert "\u2028" not in shown


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])))
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    """Thai, emoji, anything that is only read."""
    assert visible(text) == text


def test_thai_and_emoji_keep_their_joiners() -> None:
    """Without them words and faces fall apart."""
    text = "กา\u200bร👩\u200d🚒"
    assert visible(text) == text


@given(st.text())
def test_every_line_of_a_text_has_a_bar_before_it(text: str) -> None:
    """Whatever counts as a line end to some terminal."""
    assert all(line.startswith("  │ ") for line in quoted(text).splitlines())


def test_a_word_within_a_sentence_is_not_obeyed_either() -> None:
    """Some come from the staff door: the name of a page, the cell of a point."""
    talking = console()
    talking.say("case.taken_down", slug="a\x1b]0;b\x07\u202e")

    assert isinstance(talking.out, io.StringIO)
    assert "a⟦U+001B⟧]0;b⟦U+0007⟧⟦U+202E⟧" in talking.out.getvalue()


def test_a_bar_is_drawn_on_a_terminal_only() -> None:
    """A log file gets none."""
    terminal, file = Terminal(), io.StringIO()
    for err in (terminal, file):
        progress = console(err).progress("sync.fetching", 200)
        progress.advance(100)
        progress.advance(150)
        progress.close()

    assert "50%" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert file.getvalue() == ""


def test_machines_get_json_and_no_sentences() -> None:
    """One value on standard output."""
    talking = console(as_json=True)
    talking.say("list.empty")
    talking.data({"text": "ก\u202e"})

    assert isinstance(talking.out, io.StringIO)
    assert talking.out.getvalue() == '{"text": "\\u0e01\\u202e"}\n'


def test_an_operators_mistake_is_told_in_its_own_words(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build without post-quantum keys, for instance, brings its own advice."""

    def refuse(_: str) -> str:
        raise Misconfigured("Install the official wheel.")

    monkeypatch.setattr(getpass, "getpass", refuse)
    ended = tool.run("init", "arthit", "--home", tool.path("arthit"))

    assert ended.code == 1
    assert ended.err.endswith("Install the official wheel.\n")


def test_a_passphrase_is_typed_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the system's own means."""
    monkeypatch.setattr(getpass, "getpass", lambda prompt: f"typed after {prompt}")

    asked = ask_passphrase(console(), "officer.msk", None)
    assert asked == "typed after Passphrase for officer.msk: "


def test_a_new_passphrase_is_offered_and_typed_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six words, on the terminal alone."""
    talking = console()
    monkeypatch.setattr(getpass, "getpass", lambda _: "typed twice alike")

    assert choose_passphrase(talking, None) == "typed twice alike"
    assert isinstance(talking.err, io.StringIO)
    assert len(talking.err.getvalue().split("\n")[2].split()) == 6
    assert isinstance(talking.out, io.StringIO)
    assert talking.out.getvalue() == ""


def test_two_passphrases_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip would lock the key away for good."""
    typed = iter(["one passphrase", "another passphrase"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))

    with pytest.raises(Refusal) as refused:
        choose_passphrase(console(), None)
    assert refused.value.code == "passphrase.differs"


def _warn(_: str) -> str:
    warnings.warn("it would be seen", getpass.GetPassWarning, stacklevel=1)
    return "seen"


def _end(_: str) -> str:
    raise EOFError


@pytest.mark.parametrize("getpass_here", [_warn, _end])
def test_a_passphrase_is_never_typed_where_it_is_seen(
    monkeypatch: pytest.MonkeyPatch, getpass_here: object
) -> None:
    """Where there is no terminal that hides it, none is asked for."""
    monkeypatch.setattr(getpass, "getpass", getpass_here)

    with pytest.raises(Refusal) as refused:
        ask_passphrase(console(), "officer.msk", None)
    assert refused.value.code == "passphrase.none"


def test_a_passphrase_file_is_text(tmp_path: Path) -> None:
    """Anything else is named."""
    file = tmp_path / "passphrase"
    write_private(file, "")
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(Refusal) as refused:
        ask_passphrase(console(), "x", file)
    assert refused.value.code == "file.cannot_read"
    with pytest.raises(Refusal):
        ask_passphrase(console(), "x", tmp_path / "missing")


def test_keys_made_at_a_terminal_open_with_what_was_typed(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way through the prompts."""
    monkeypatch.setattr(getpass, "getpass", lambda _: "  typed   at a terminal")
    ended = tool.run("init", "arthit", "--home", tool.path("arthit"))

    assert ended.code == 0, ended.err
    octets = (tool.folder / "arthit" / "officer.msk").read_bytes()
    assert Officer.parse(open_key_file(octets, "typed at a terminal")).name == "arthit"


def test_an_interrupt_ends_quietly(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at the prompt."""

    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(getpass, "getpass", interrupt)
    ended = tool.run("init", "arthit", "--home", tool.path("arthit"))

    assert ended.code == 1
    assert "Traceback" not in ended.err


def test_a_fault_of_the_tool_shows_no_traceback(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would quote what was being opened."""

    def fail(_: str) -> str:
        raise RuntimeError("passages of a tip")

    monkeypatch.setattr(getpass, "getpass", fail)
    ended = tool.run("init", "arthit", "--home", tool.path("arthit"))

    assert ended.code == 1
    assert ended.err.endswith("Something failed inside the tool.\n")
    assert "passages" not in ended.err


def test_the_pages_of_a_document_grow_a_bar() -> None:
    """A contract of sixty pages takes seconds: whoever waits sees that it goes on."""
    err = Terminal()
    pages = PageBar(console(err))

    pages.close()
    assert err.getvalue() == ""
    for done in range(1, 5):
        pages(done, 4)
    pages.close()

    assert [f"{share:4.0%}" in err.getvalue() for share in (0.25, 0.5, 0.75, 1)] == [True] * 4
    assert err.getvalue().endswith("\n")


@pytest.mark.parametrize("pages", [[(0, 0)], [(255, 1)], [(9, 3), (1, 255)]])
def test_a_count_that_makes_no_sense_is_only_drawn(pages: list[tuple[int, int]]) -> None:
    """It comes from a worker that met a stranger's file."""
    err = Terminal()
    bar = PageBar(console(err))
    for done, of in pages:
        bar(done, of)
    bar.close()

    assert len(err.getvalue()) < 1000
