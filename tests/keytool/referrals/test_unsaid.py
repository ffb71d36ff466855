"""What was said, and whose answer was lost: typed again it is said once."""

from typing import Any

import pytest

from mustshare_api.keytool.refusal import Unreachable
from mustshare_api.keytool.staff_door.door import Door
from tests.keytool.referrals.people import People, as_json
from tests.keytool.referrals.test_dockets import sent


def test_a_word_whose_answer_was_lost_is_said_once(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question, an outcome, an answer: typed again by the same party; later it is another."""
    _, _, made = sent(people)
    write = Door.write

    def losing(door: Door, *args: Any, **more: Any) -> bytes:
        write(door, *args, **more)
        raise Unreachable(reason="cut off")

    outcome = ("agency", "report", made, "--kind", "repaired", "--on", "2026-01-20")
    for who, argv in (
        ("agency", ("agency", "ask", made, "--text-th", "มีรายงานหรือไม่")),
        ("home", ("referrals", "answer", made, "--text", "มี อยู่ที่ อบต.")),
        ("agency", outcome),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(Door, "write", losing)
            assert people.run(who, *argv).code == 3
        people.done(who, *argv)
    (listed,) = people.done("home", "referrals", "list")
    assert (listed["state"], listed["behind"]) == ("concluded", 1)
    people.done("home", "referrals", "tell", made)
    (listed,) = people.done("home", "referrals", "list")
    assert listed["behind"] == 0
    said = people.done("home", "referrals", "show", made)["said"]
    assert sorted(one["sort"] for one in said) == ["answer", "outcome", "question"]

    people.done("agency", *outcome)
    other = people.done("agency", *outcome[:4], "indicted", *outcome[5:])["word"]
    said = people.done("home", "referrals", "show", made)["said"]
    assert [one["sort"] for one in said].count("outcome") == 3
    assert other in {one["id"] for one in said}
    for who in ("home", "agency"):
        assert (people.folder / who / "unsaid.json").read_bytes() == b"{}"


def test_words_that_are_no_text_or_of_no_day_are_refused_in_a_line(people: People) -> None:
    """Octets that are no UTF-8, a Thai year, a day to come; nothing is begun by them."""
    _, _, made = sent(people)
    for who, argv in (
        ("agency", ("agency", "ask", made, "--text-th", "\udcff")),
        ("home", ("referrals", "answer", made, "--text", "\udcff")),
    ):
        ended = people.run(who, *argv)
        assert (ended.code, as_json(ended)["code"]) == (1, "argument.not_text")
        assert not (people.folder / who / "unsaid.json").exists()
    for day, code in (("2569-01-20", "day.buddhist"), ("2199-01-20", "day.to_come")):
        report = ("report", made, "--kind", "repaired", "--on", day)
        assert as_json(people.run("agency", "agency", *report))["code"] == code
