"""docs/referrals.md, walked from an agency's first key to an outcome that is contested."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mustshare_api.media.strip import Stripper
from tests.doors import stripper
from tests.keytool.real_door import real_door
from tests.keytool.referrals.people import People, officers_at
from tests.keytool.referrals.walking import Walk, lines
from tests.postgres import dsn, postgres, template

__all__ = ["dsn", "postgres", "stripper", "template"]

TEXTS = ("ถนนหน้าโรงเรียนพังหลังส่งงานหนึ่งเดือน", "เสาไฟริมถนนล้มทั้งแถว")


@pytest.fixture
def people(
    dsn: str, stripper: Stripper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[People]:
    with real_door(dsn, stripper, tmp_path) as door:
        yield officers_at(door, capsys)


def walk_of(people: People, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Two tips, and what the guide calls them and the doors."""
    known: dict[str, str] = {}
    receipts = []
    for text, tip, message in zip(TEXTS, ("3f9a", "c41d"), ("77ab", "88bc"), strict=True):
        digits = people.reporter("POST", "/v1/tips", json={"text": text}).json()["receipt"]
        receipts.append(digits)
        known[tip] = people.reporter("GET", "/v1/tip", digits).json()["tip_id"]
        people.done("home", "sync")
        known[message] = people.done("home", "open", known[tip])["messages"][0]["object_id"]
    port = people.real.served.port
    known["https://tip.example.org"] = f"https://127.0.0.1:{port['reporter']}"
    known["https://staff.example.org"] = f"https://127.0.0.1:{port['staff']}"
    monkeypatch.setenv("DIGITS", receipts[1])
    walk = Walk(people, monkeypatch, receipts[0], known)
    walk.set_up()
    return walk


def test_the_guide_is_walked_line_by_line(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every marked line of the page, typed as it stands, does what the page says."""
    walk = walk_of(people, monkeypatch)
    for who, line in lines():
        walk.type(who, line)
        if line.startswith("mustshare-key agency init"):
            home = people.folder / "machines" / "agency" / "referrals"
            shutil.copy(home / "nacc.card", walk.table)
        elif line.startswith("mustshare-key refer "):
            walk.known["5b20"] = walk.told[f"refer {walk.known['3f9a']}"]["referral"]
        elif line.startswith("mustshare-key agency ask"):
            walk.known["e07c"] = walk.told["agency ask"]["word"]
        elif line.startswith("mustshare-key agency report"):
            walk.known["a7e1..."] = walk.told["agency report"]["word"]

    report = (walk.table / "received" / "report.txt").read_text("utf-8")
    assert "⟦ตัดออก · cut⟧" in report
    assert TEXTS[1] in report
    assert not [i for i in (walk.known["3f9a"], walk.known["c41d"]) if i in report]
    (listed,) = walk.told["agencies list"]
    assert listed["record"]["title_en"].startswith("National Anti-Corruption Commission")
    # A question about the second tip reaches its reporter, and no other.
    waiting = [
        people.reporter("GET", "/v1/tip/follow-ups", digits).json()["follow_ups"]
        for digits in (walk.digits, os.environ["DIGITS"])
    ]
    assert [[one["text"] for one in each] for each in waiting] == [
        [],
        ["มีรายงานการตรวจรับงานหรือไม่"],
    ]
    for digits in (walk.digits, os.environ["DIGITS"]):
        docket = people.reporter("GET", "/v1/tip", digits).json()["docket"]
        assert [one["state"] for one in docket["referrals"]] == ["concluded"]
        assert [one["text_th"] for one in docket["outcomes"]] == [None, "ซ่อมแล้ว"]
    people.done("home", "sync")
    messages = people.done("home", "open", walk.known["c41d"])["messages"]
    disputes = [m["message"] for m in messages if m["message"]["type"] == "dispute"]
    assert [one["about"] for one in disputes] == [walk.known["a7e1..."]]
