"""Several tips in one referral: one act for all of them, and words for each."""

import io
import json
import sys
from pathlib import Path

import pytest

from mustshare_api.errors import Unavailable
from mustshare_api.keytool.main import main
from mustshare_api.keytool.referrals.dockets import Dockets
from mustshare_api.keytool.refusal import Unreachable
from mustshare_api.keytool.staff_door.door import Door
from tests.keytool.conftest import CHEAP_KIB
from tests.keytool.referrals.people import People, as_json


def tips_of(people: People, *texts: str) -> list[tuple[str, str, str]]:
    """Of each text the receipt, the tip and its message."""
    made = [people.reporter("POST", "/v1/tips", json={"text": text}).json() for text in texts]
    people.done("home", "sync")
    found = []
    for digits in (one["receipt"] for one in made):
        tip = people.reporter("GET", "/v1/tip", digits).json()["tip_id"]
        message = people.done("home", "open", tip)["messages"][0]["object_id"]
        found.append((digits, tip, message))
    return found


def typed(people: People, who: str, *argv: str) -> tuple[int, str]:
    """What somebody is shown who is no machine."""
    people.capsys.readouterr()
    own = ["--home", str(people.folder / who), "--passphrase-file"]
    own += [str(people.folder / "passphrase"), "--lang", "en"]
    code = main([*argv, *own], memory_kib=CHEAP_KIB)
    said = people.capsys.readouterr()
    return code, said.out + said.err


def failing(*_: object) -> None:
    raise Unavailable


def test_several_tips_go_to_an_agency_in_one_act(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file, one look, one typed word; every tip moves, and every reporter is told.

    A tip that cannot go is named and nothing goes. What is withdrawn is taken back, and nothing
    of it stays on the machine.
    """
    (first, one, message), (second, other, words) = tips_of(people, "ถนนพัง", "เสาไฟล้ม")
    choice = ["--agency", "nacc", "--messages", message, words]
    people.done("home", "step", one, "verify")
    unread = people.run("home", "refer", one, other, *choice)
    people.done("home", "step", other, "verify")
    nothing = people.run("home", "refer", one, other, "--agency", "nacc", "--messages", message)
    made = people.done("home", "refer", one, other, *choice)["referral"]

    assert (as_json(unread)["code"], other in unread.err) == ("referral.tip_named", True)
    assert as_json(nothing)["code"] == "referral.nothing_of"

    # A machine that shows nobody anything sends nothing without --yes, nor does a slip.
    silent = people.run("second", "referrals", "confirm", made)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    slip = typed(people, "second", "referrals", "confirm", made)
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    code, said = typed(people, "second", "referrals", "confirm", made)
    again = people.run("second", "referrals", "confirm", made)

    assert as_json(silent)["code"] == "referral.not_agreed"
    assert (slip[0], "Not sent." in slip[1]) == (1, True)
    assert (code, again.code) == (0, 0)
    for shown in ("Made by somsri", "For nacc", "report.txt", "bytes", one, other):
        assert shown in said
    people.done("home", "sync")
    for digits in (first, second):
        shown_tip = people.reporter("GET", "/v1/tip", digits).json()
        assert shown_tip["state"] == "referred"
        assert [each["state"] for each in shown_tip["docket"]["referrals"]] == ["sent"]

    people.reporter("DELETE", "/v1/tip", second)
    told, left = people.folder / "second" / "dockets.json", people.folder / "second/referrals"
    assert other in told.read_text()
    (left / f"{made}.age").write_bytes(b"left by a command that was killed")
    code, said = typed(people, "second", "sync")
    assert (code, f"tip {one} is told that referral {made} is taken back" in said) == (0, True)
    assert (other in told.read_text(), list(left.iterdir())) == (False, [])
    (listed,) = people.done("agency", "agency", "list")
    assert (listed["id"], listed["state"]) == (made, "taken_back")
    assert told_states(people, first) == ["taken_back"]
    assert "is told" not in typed(people, "home", "sync")[1]


def told_states(people: People, digits: str) -> list[str]:
    """How the referrals stand of which a reporter is told."""
    shown = people.reporter("GET", "/v1/tip", digits).json()
    return [one["state"] for one in shown["docket"]["referrals"]]


def test_who_is_left_is_told_of_a_referral_that_was_taken_back(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, also after a second officer's erasure; what failed is said, and tried again."""
    (first, one, message), (second, other, words) = tips_of(people, "ถนนพัง", "เสาไฟล้ม")
    for tip in (one, other):
        people.done("home", "step", tip, "verify")
    choice = ["--agency", "nacc", "--messages", message, words]
    made = people.done("home", "refer", one, other, *choice)["referral"]
    people.done("second", "referrals", "confirm", made, "--yes")
    people.done("home", "referrals", "take-back", made)
    assert told_states(people, first) == told_states(people, second) == ["taken_back"]

    made = people.done("home", "refer", one, other, *choice)["referral"]
    people.done("second", "referrals", "confirm", made, "--yes")
    people.done("second", "open", other)
    people.done("second", "step", other, "erase")
    people.done("home", "sync")
    with monkeypatch.context() as patched:
        patched.setattr(Dockets, "put", failing)
        erased = people.run("home", "step", other, "erase")
    assert (erased.code, "referral.untold_back" in erased.err) == (0, True), erased.err
    assert told_states(people, first) == ["taken_back", "sent"]
    people.done("home", "sync")
    assert told_states(people, first) == ["taken_back", "taken_back"]


def test_a_tip_that_moved_meanwhile_refuses_the_whole_by_its_name(people: People) -> None:
    """The second officer is told which; the other tip stands where it stood."""
    (_, one, message), (_, other, words) = tips_of(people, "ถนนพัง", "เสาไฟล้ม")
    for tip in (one, other):
        people.done("home", "step", tip, "verify")
    made = people.done(
        "home", "refer", one, other, "--agency", "nacc", "--messages", message, words
    )["referral"]
    people.done("home", "step", other, "close")
    refused = people.run("second", "referrals", "confirm", made, "--yes")
    seen = people.done("home", "inbox")
    states = {tip["tip_id"]: tip["state"] for tip in seen}

    assert as_json(refused)["code"] == "referral.tip_named"
    assert (other in refused.err, one in refused.err) == (True, False)
    assert (states[one], states[other]) == ("verifying", "closed")


def test_a_question_that_was_cut_off_half_way_reaches_every_reporter_once(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever repeats the command sends the rest; other words are another question."""
    (first, one, message), (second, other, words) = tips_of(people, "ถนนพัง", "เสาไฟล้ม")
    for tip in (one, other):
        people.done("home", "step", tip, "verify")
    chosen = ["--agency", "nacc", "--messages", message, words]
    made = people.done("home", "refer", one, other, *chosen)["referral"]
    people.done("second", "referrals", "confirm", made, "--yes")
    people.done("agency", "agency", "fetch", made, "--out", str(people.folder / "report.age"))
    people.done("agency", "agency", "acknowledge", made)
    asked = people.done("agency", "agency", "ask", made, "--text-th", "เห็นกี่ต้น")["word"]

    really, answers = Door.send_follow_up, list[object]()

    def lost_after_the_first(*given: object) -> None:
        answers.append(given)
        if len(answers) > 1:
            raise Unreachable(reason="cut off")
        really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Door, "send_follow_up", lost_after_the_first)
    cut_off = people.run("home", "referrals", "ask-on", made, asked)
    monkeypatch.setattr(Door, "send_follow_up", really)
    people.done("home", "referrals", "ask-on", made, asked)
    sent = people.done("home", "referrals", "ask-on", made, asked)["sent"]
    people.done("home", "referrals", "ask-on", made, asked, "--text", "กี่ต้น", "--tip", other)

    assert (cut_off.code, sent.keys()) == (3, {one, other})
    assert _told(people, first) == ["เห็นกี่ต้น"]
    assert _told(people, second) == ["กี่ต้น", "เห็นกี่ต้น"]


def _told(people: People, digits: str) -> list[str]:
    told = people.reporter("GET", "/v1/tip/follow-ups", digits).json()["follow_ups"]
    return sorted(one["text"] for one in told)


def test_an_agency_is_listed_named_and_retired_by_staff(people: People) -> None:
    """By drafts that root holders would sign; nobody else's lines go with it."""
    card = people.folder / "agency" / "nacc.card"
    out = str(people.folder / "next.note")

    def draft(*argv: str) -> list[tuple[str, str, str]]:
        home = ["--home", str(people.folder / "home"), "--out", out]
        assert main(["agencies", *argv, *home, "--json"]) == 0
        told = people.capsys.readouterr().out
        Path(out).unlink()
        return [(c["change"], c["role"], c["name"]) for c in json.loads(told)["changes"]]

    people.done("home", "sync")
    people.capsys.readouterr()
    assert draft("add", str(card)) == []
    assert sorted(draft("retire", "nacc")) == [
        ("dropped", "agency", "nacc"),
        ("dropped", "agency-signing", "nacc"),
    ]
    assert ("added", "revoked", "nacc") in draft("retire", "nacc", "--revoke")
    officer = main(
        ["agencies", "retire", "somsri", "--home", str(people.folder / "home"), "--out", out]
    )
    assert officer == 1
    first = people.done("home", "agencies", "rename", "nacc")
    second = people.done("home", "agencies", "rename", "nacc", "--title-en", "NACC")
    unknown = people.run("home", "agencies", "rename", "pacc")
    (listed,) = people.done("second", "agencies", "list")

    assert first["title_en"].startswith("National Anti-Corruption")
    assert second["title_th"] == first["title_th"]
    assert as_json(unknown)["code"] == "referral.unknown_agency"
    assert (listed["name"], listed["version"]) == ("nacc", 2)
    assert listed["record"] == {k: second[k] for k in ("title_th", "title_en", "kind")}
