"""Moving tips from the command line: two officers, one door, all of it real."""

import json
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mustshare_api.keytool.main import main
from mustshare_api.media.strip import Stripper
from tests.doors import stripper
from tests.keytool.conftest import CHEAP_KIB
from tests.keytool.real_door import RealDoor, connect, real_door
from tests.postgres import dsn, postgres, template

__all__ = ["dsn", "postgres", "stripper", "template"]


@dataclass
class Pair:
    """Two officers with a folder each."""

    door: RealDoor
    capsys: pytest.CaptureFixture[str]

    def home(self, who: int) -> Path:
        return self.door.home if who == 0 else self.door.folder / "other"

    def run(self, who: int, *argv: str, lang: str = "en") -> tuple[int, str, str]:
        self.capsys.readouterr()
        secret = ["--passphrase-file", str(self.door.folder / "passphrase")]
        own = [] if argv[0] in {"digest", "list"} else secret
        home = ["--home", str(self.home(who)), "--lang", lang]
        code = main([*argv, *home, *own], memory_kib=CHEAP_KIB)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def data(self, who: int, *argv: str) -> Any:
        code, out, err = self.run(who, *argv, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def pair(
    dsn: str, stripper: Stripper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Generator[Pair]:
    with real_door(dsn, stripper, tmp_path) as door:
        ca_pem = (door.home / "ca.pem").read_bytes()
        made = Pair(door, capsys)
        connect(door, door.org.officers[1], made.home(1), ca_pem)
        door.fill(1)
        for who in (0, 1):
            assert made.run(who, "sync")[0] == 0
        yield made


def only_tip(pair: Pair) -> str:
    (tip,) = pair.data(0, "list")
    found: str = tip["tip_id"]
    return found


def test_a_tip_is_moved_proposed_seconded_and_erased(pair: Pair) -> None:
    """From the first step to the proof that it is counted, between two folders."""
    tip = only_tip(pair)
    assert pair.data(0, "step", tip, "verify")["state"] == "verifying"
    assert pair.data(0, "step", tip, "set-aside")["steps"] == 2
    assert pair.data(0, "list")[0]["state"] == "set_aside"

    code, _, err = pair.run(1, "step", tip, "verify")
    assert (code, err.strip()) == (
        *(1, "The tip has made another step meanwhile: sync, and decide anew."),
    )
    assert pair.run(1, "sync")[0] == 0
    code, _, err = pair.run(1, "step", tip, "erase")
    assert (code, "nothing unread is erased" in err) == (1, True)
    for who in (0, 1):
        assert pair.run(who, "show", tip)[0] == 0
    assert pair.data(1, "step", tip, "erase")["proposed"] is True
    assert pair.data(1, "step", tip, "erase")["proposed"] is True
    (waiting,) = pair.data(0, "pending")
    assert (waiting["act"], waiting["subject"], waiting["yours"]) == ("tip.erase", tip, False)
    assert pair.data(0, "digest")["seconds"] == 1

    assert pair.data(0, "step", tip, "erase")["state"] == "expired"

    assert pair.data(0, "pending") == []
    for who in (0, 1):
        assert pair.run(who, "sync")[0] == 0
        assert pair.data(who, "list")[0]["state"] == "expired"
        assert pair.data(who, "erased", tip)["erasures"] == 1
    (total,) = pair.data(0, "totals")
    assert (total["state"], total["tips"]) == ("expired", 1)
    assert "1  expired" in pair.run(0, "totals")[1]
    assert pair.run(0, "step", tip, "verify")[0] == 1


def test_a_proposal_is_taken_back(pair: Pair) -> None:
    """By the officer who made it, from the command line; and told in Thai as well."""
    tip = only_tip(pair)
    assert pair.run(0, "show", tip)[0] == 0
    _, out, _ = pair.run(0, "step", tip, "erase", lang="th")
    assert "เสนอแล้ว ยังไม่มีผล" in out
    assert "proposed by you" in pair.run(0, "pending")[1]

    assert pair.run(1, "step", tip, "erase", "--take-back")[0] == 1
    assert pair.data(0, "step", tip, "erase", "--take-back") == {"taken_back": True}

    assert "Nothing waits" in pair.run(0, "pending")[1]
    assert pair.data(0, "step", tip, "erase", "--take-back") == {"taken_back": True}


def test_a_step_over_words_that_were_not_read_here_starts_no_clock(pair: Pair) -> None:
    """Synced is not read, and what was read elsewhere was not read here; both are told so."""
    tip = only_tip(pair)
    code, out, _ = pair.run(0, "step", tip, "verify")
    assert (code, "no time limit runs" in out) == (0, True)
    assert pair.data(0, "list")[0]["expires_on"] is None
    for argv in (("sync",), ("show", tip)):
        assert pair.run(1, *argv)[0] == 0

    assert pair.data(1, "step", tip, "close")["expires_on"] is not None


def test_an_answer_says_what_was_read_when_it_was_written(pair: Pair, tmp_path: Path) -> None:
    """Of a tip that was not opened here no clock runs, whatever it is told."""
    tip = only_tip(pair)
    words = tmp_path / "words.txt"
    words.write_text("รับเรื่องแล้ว", encoding="utf-8")
    expires: list[str | None] = []
    for _ in range(2):
        assert pair.run(0, "answer", tip, "--file", str(words))[0] == 0
        assert pair.run(0, "sync")[0] == 0
        expires.append(pair.data(0, "list")[0]["expires_on"])
        assert pair.run(0, "show", tip)[0] == 0

    assert expires[0] is None
    assert expires[1] is not None


def test_a_step_that_is_none_or_not_from_here_does_nothing(pair: Pair) -> None:
    """One line, a code that is not zero, and the tip where it was."""
    tip = only_tip(pair)
    for wrong in ("fly", "withdraw", "expire", ""):
        assert pair.run(0, "step", tip, wrong)[0] == 2
    code, _, err = pair.run(0, "step", tip, "publish")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "no such step" in err
    assert pair.run(0, "step", "ffff", "verify")[0] == 1

    assert pair.data(0, "list")[0]["state"] == "received"


def test_a_living_or_withdrawn_tip_has_no_erasure(pair: Pair) -> None:
    """Each is told apart from one that is missing among those that are counted."""
    tip = only_tip(pair)

    code, _, err = pair.run(0, "erased", tip)

    assert (code, err.strip()) == (1, "That tip is not erased.")
