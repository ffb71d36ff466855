"""The tool's sentences: both languages, every code, and nothing left to fill in."""

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

import mustshare_api
from mustshare_api.keytool.main import _language
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import refusal_of
from mustshare_api.keytool.words.wording import SENTENCES, language_of, sentence

SOURCE = Path(mustshare_api.__file__).parent
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
RAISED = ("Malformed", "CannotOpen", "WrongMoment", "Unavailable", "Refusal")
NOT_SHOWN = {"open.unfinished"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_code_has_two_sentences() -> None:
    """Tables are put together, and the last one would silently win."""
    told = [
        key.value
        for file in (SOURCE / "keytool" / "words").glob("*.py")
        for table in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(table, ast.Dict)
        for key in table.keys
        if isinstance(key, ast.Constant)
    ]

    assert len(told) == len(set(told))
    assert len(told) >= len(SENTENCES)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_both_languages_say_the_same_thing(code: str) -> None:
    """The same values are filled in, and the Thai one is Thai."""
    thai, english = SENTENCES[code]

    assert fields(thai) == fields(english)
    assert english.isascii() or code.startswith("directory.")
    needs_words = re.sub(r"\{\w+\}", "", english)
    assert not re.search("[a-z]{4}", needs_words) or re.search("[ก-๛]", thai)


def raised_codes(folder: str) -> set[str]:
    """Every code that the sources under a folder raise by its literal."""
    found: set[str] = set()
    for file in (SOURCE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in RAISED and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_refusal_of_the_tool_has_a_sentence() -> None:
    """Whatever the tool raises is said in both languages."""
    assert raised_codes("keytool") - {"file.mismatch"} <= set(SENTENCES)


@pytest.mark.parametrize(
    "module",
    [
        "keys",
        "keyring",
        "escrow",
        "escrow_release",
        "custody",
        "directory",
        "roots",
        "opening",
        "payload",
        "padding",
    ],
)
def test_every_refusal_of_what_the_tool_uses_has_a_sentence(module: str) -> None:
    """Except those that a caller turns into another."""
    turned = {"note.malformed", "note.wrong_signature", "note.too_few_signatures"}
    text = (SOURCE / "crypto" / f"{module}.py").read_text()
    codes = set(
        re.findall(r'(?:Malformed|CannotOpen|WrongMoment|Unavailable)\("([^"]+)"', text)
    )

    assert codes - turned <= set(SENTENCES)


def test_a_code_of_a_newer_server_is_shown_as_it_is() -> None:
    """A code is all that is shown of a refusal that is not in the table."""
    assert sentence("en", "tip.frozen") == "The staff door refused: tip.frozen."


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "th_TH.UTF-8"}, "th"),
        ({"LANG": "th_TH.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "th"}, "th"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "th_TH"}, "th"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
    ],
)
def test_the_language_is_the_terminals(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    """In the order that POSIX gives the variables."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert _language() == language
    assert language_of("TH") == "th"


ALONE = """
import sys
for name in ("litestar", "asyncpg", "structlog", "uvicorn", "PIL"):
    sys.modules[name] = None
from mustshare_api.keytool.main import main
main(["--help"])
loaded = [name for name in sys.modules if name.startswith("mustshare_api.")]
floors = {name.split(".")[1] for name in loaded}
assert floors <= {"keytool", "crypto", "domain", "clock", "errors"}, floors
"""


def test_the_tool_runs_where_no_server_can() -> None:
    """On an officer's machine, with none of the server's packages."""
    env = {"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "-c", ALONE], env=env, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "exit codes" in ran.stdout


@pytest.mark.parametrize("code", ["door.refused", "file.refused", "file.unnamed"])
def test_a_door_cannot_send_a_code_whose_sentence_has_gaps(code: str) -> None:
    """It would end the tool in a traceback; it is told as a refusal without a reason."""
    told = refusal_of(400, b'{"code":"%s"}' % code.encode())

    assert isinstance(told, Refusal)
    assert "400" in sentence("en", told.code, **told.values)
