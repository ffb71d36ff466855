"""Talks to the person at the terminal, and keeps what a reporter wrote from doing so.

A tip can hold any characters, and a terminal obeys many of them: colours, titles, moving the
cursor over what stood there, reading the line backwards. `visible` turns every one of those
into a mark that says which it was, and `quoted` puts a bar before every line, so that no text
can pass for a sentence of the tool's own.
"""

import getpass
import json
import sys
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from mustshare_api.crypto import keys
from mustshare_api.errors import MustShareError
from mustshare_api.keytool.desk.home import check_private, read_bytes
from mustshare_api.keytool.refusal import AskedToWait, InFile, Refusal
from mustshare_api.keytool.words.wording import Language, sentence

_KEPT: Final = frozenset("\n\t\u200b\u200c\u200d")
"""Line ends and tabs, and three joiners without which Thai and emoji fall apart."""

_MARKED: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_BAR: Final = "  │ "
_PASSPHRASE_LIMIT_BYTES: Final = 4096
_PROGRESS_COLUMNS: Final = 30


def visible(text: str) -> str:
    """The text with every character that a terminal might obey shown as `⟦U+001B⟧`."""
    if text.isprintable():
        return text  # which has none of them; a list asks for every word of every line
    return "".join(
        f"⟦U+{ord(c):04X}⟧" if c not in _KEPT and unicodedata.category(c) in _MARKED else c
        for c in text
    )


def quoted(text: str) -> str:
    """The visible text, a bar before each of its lines."""
    return "\n".join(_BAR + line for line in visible(text).split("\n"))


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command says things: sentences for people, or one JSON value for machines."""

    language: Language
    as_json: bool
    out: TextIO
    err: TextIO

    def say(self, code: str, **values: str | int) -> None:
        """A sentence of the tool's own; silent for machines."""
        self.show(self.sentence(code, **values))

    def show(self, text: str) -> None:
        """A text that is already fit for a terminal; silent for machines."""
        if not self.as_json:
            print(text, file=self.out)

    def data(self, value: object) -> None:
        """The command's result, for machines. ASCII alone, so that a terminal obeys none."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=True, sort_keys=True), file=self.out)

    def warn(self, code: str, **values: str | int) -> None:
        """A refusal or warning on standard error, for machines with its code."""
        text = self.sentence(code, **values)
        if self.as_json:
            text = json.dumps({"code": code, "message": text}, ensure_ascii=True)
        print(text, file=self.err)

    def refuse(self, refused: MustShareError) -> None:
        """Says in one line what was refused, and about which file."""
        values = refused.values if isinstance(refused, Refusal) else {}
        text = self.sentence(refused.code, **values)
        if isinstance(refused, AskedToWait):
            text += " " + self.sentence("door.asks_to_wait", seconds=refused.retry_after_s)
        if isinstance(refused, InFile):
            text = f"{visible(str(refused.file))}: {text}"
        if self.as_json:
            text = json.dumps({"code": refused.code, "message": text}, ensure_ascii=True)
        print(text, file=self.err)

    def sentence(self, code: str, **values: str | int) -> str:
        """A sentence in this console's language; nothing in it that a terminal obeys."""
        seen = {n: visible(v) if isinstance(v, str) else v for n, v in values.items()}
        return sentence(self.language, code, **seen)

    def progress(self, code: str, total: int) -> "Progress":
        """A bar on standard error, where that is a terminal."""
        return Progress(self.err, self.sentence(code), total if self.err.isatty() else 0)


class Progress:
    """A bar that grows; with a total of nothing it is never drawn."""

    def __init__(self, err: TextIO, label: str, total: int) -> None:
        self._err = err
        self._label = label
        self._total = total
        self._done = 0

    def advance(self, amount: int) -> None:
        """Draws the bar so much longer."""
        self._done += amount
        if self._total:
            share = min(self._done / self._total, 1.0)
            bar = "█" * round(share * _PROGRESS_COLUMNS)
            text = f"\r{self._label} [{bar:<{_PROGRESS_COLUMNS}}] {share:4.0%}"
            print(text, end="", file=self._err, flush=True)

    def close(self) -> None:
        """Leaves the bar's line."""
        if self._total:
            print(file=self._err)


class PageBar:
    """How far the document is that is being made safe; it begins with the first page."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None

    def __call__(self, done: int, of: int) -> None:
        """One more page is done. What a worker says of the count is only ever drawn."""
        if self._bar is None:
            self._bar = self._console.progress("open.pages", of)
            self._bar.advance(done - 1)
        self._bar.advance(1)

    def close(self) -> None:
        """Leaves the bar's line, where there is one."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None


def ask_passphrase(console: Console, what: str, file: Path | None) -> str:
    """The passphrase of a key file: from a file, or typed unseen. Never from the command line.

    Raises:
        Refusal: `passphrase.none`, or the file cannot be read or can be read by others.
    """
    if file is not None:
        return _passphrase_from(file)
    return _ask(console.sentence("passphrase.ask", what=what))


def choose_passphrase(console: Console, file: Path | None) -> str:
    """A passphrase for a new key file: offered, and typed twice.

    Raises:
        Refusal: `passphrase.none`, `passphrase.differs`, or as `ask_passphrase`.
    """
    if file is not None:
        return _passphrase_from(file)
    offer = console.sentence("passphrase.offer", passphrase=keys.new_passphrase())
    print(offer, file=console.err)
    chosen = _ask(console.sentence("passphrase.choose"))
    if _ask(console.sentence("passphrase.again")) != chosen:
        raise Refusal("passphrase.differs")
    return chosen


def _passphrase_from(file: Path) -> str:
    check_private(file)
    try:
        return read_bytes(file, _PASSPHRASE_LIMIT_BYTES).decode().strip()
    except UnicodeDecodeError:
        raise Refusal("file.cannot_read", path=str(file), reason="UTF-8") from None


def _ask(prompt: str) -> str:
    """Asks on the terminal, and refuses where there is none that hides what is typed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except (getpass.GetPassWarning, EOFError, OSError):
            raise Refusal("passphrase.none") from None


def streams() -> tuple[TextIO, TextIO]:
    """Standard output and error; a character that they lack is escaped and never fatal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    return sys.stdout, sys.stderr
