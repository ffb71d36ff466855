"""Transcripts in a document: what a person types, and what they should then see.

    ```console
    anan$ mustshare-key root init anan --out ~/offline
    Key file: ~/offline/anan.root.msk
    …
    -- 4 weeks later --
    somsri$ mustshare-key open ⟨tip⟩
    (exit 4)
    ```

Before the dollar stands the machine. In what is expected `…` stands for anything within a line,
and alone on a line for any number of lines; `⟨tip⟩` is whatever stood there first and the same
ever after, in commands as well; between quotation marks it may have spaces. A command that
fails ends with its exit code, and `(wrong passphrase)` below it says what was typed when it
asked.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

PROMPT = re.compile(r"([a-z]+)\$ (.+)")
LATER = re.compile(r"-- (\d+) (minutes?|days?|weeks?) later --")
EXIT = re.compile(r"\(exit (\d+)\)")
NAMED = re.compile(r"⟨(\w+)⟩")
QUOTED = re.compile(r'"⟨(\w+)⟩"')


@dataclass
class Step:
    """A command on a machine, what it should print, and how it should end."""

    machine: str
    command: str
    expected: list[str] = field(default_factory=list[str])
    exit_code: int = 0
    wrong_passphrase: bool = False


@dataclass(frozen=True)
class Pause:
    """Time passes."""

    length: timedelta


@dataclass(frozen=True)
class Section:
    """A heading of the document and the steps below it."""

    title: str
    steps: list[Step | Pause]


def sections(document: Path) -> list[Section]:
    """Every second-level section that has a transcript."""
    parts = re.split(r"^## (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [
        Section(title, list(_steps(text)))
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return [section for section in found if section.steps]


def _steps(text: str) -> Iterator[Step | Pause]:
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        step: Step | None = None
        for line in _joined(block):
            if prompted := PROMPT.fullmatch(line):
                step = Step(prompted[1], prompted[2])
                yield step
            elif later := LATER.fullmatch(line):
                unit = later[2] if later[2].endswith("s") else f"{later[2]}s"
                yield Pause(timedelta(**{unit: int(later[1])}))
                step = None
            elif step is None:
                raise AssertionError(f"an output without a command: {line}")
            elif line == "(wrong passphrase)":
                step.wrong_passphrase = True
            elif ended := EXIT.fullmatch(line):
                step.exit_code = int(ended[1])
            else:
                step.expected.append(line)


def _joined(block: str) -> list[str]:
    """The lines of a block, a command that goes on behind a backslash as one."""
    return re.sub(r" *\\\n *", " ", block).splitlines()


def words(command: str, known: Mapping[str, str]) -> list[str]:
    """A command line, taken apart as a shell does, with what is known filled in."""
    return [NAMED.sub(lambda name: known[name[1]], word) for word in shlex.split(command)]


def compare(expected: list[str], printed: str, known: dict[str, str]) -> str | None:
    """Why what was printed is not what was expected, or None. Learns names on the way."""
    pattern = "".join(_pattern(line, known) for line in expected)
    found = re.fullmatch(pattern, f"{printed.rstrip()}\n" if printed.strip() else "")
    if found is None:
        return "expected\n" + "\n".join(expected) + "\n\nand this was printed\n" + printed
    known.update({name: text for name, text in found.groupdict().items() if text})
    return None


def _pattern(line: str, known: Mapping[str, str]) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    pattern = re.escape(line).replace("…", ".*")
    pattern = QUOTED.sub(lambda name: _quoted(name[1], known), pattern)
    return NAMED.sub(lambda name: _named(name[1], known), pattern) + r"\n"


def _quoted(name: str, known: Mapping[str, str]) -> str:
    """What stands between quotation marks, as JSON spells it."""
    return '"' + _named(name, known, r'(?:[^"\\]|\\.)+') + '"'


def _named(name: str, known: Mapping[str, str], like: str = r"\S+") -> str:
    return re.escape(known[name]) if name in known else rf"(?P<{name}>{like})"
