"""Tips tied to cases: by slug or id, several at once, listed from either side."""

import json
from typing import Any

import pytest

from mustshare_api.crypto import drafts
from mustshare_api.crypto.receipts import keys_of
from mustshare_api.domain.pages import CASE
from mustshare_api.keytool.cases import drafting
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.desk.home import Home
from tests.keytool.conftest import Ended, Reporter, Tool
from tests.keytool.fake_door import FakeDoor
from tests.keytool.inbox.test_view import answered, deeds_of, line, right, running
from tests.pages import case

KINNARI, ROADS = "a1" * 16, "b2" * 16
PAGES = ("GET", "/v1/publications/cases")
DRAFTS = ("GET", "/v1/drafts")


def publish(door: FakeDoor, **slugs: str) -> None:
    """The door lists these cases as published, and no draft."""
    listed = [
        {
            "page_id": page_id,
            "slug": slug.replace("_", "-"),
            "version": 1,
            "shown_version": 1,
            "state": "open",
            "changed_on": "2026-11-20",
        }
        for slug, page_id in slugs.items()
    ]
    door.refuse[PAGES] = (200, json.dumps({"pages": listed, "next": None}).encode())
    door.refuse.setdefault(DRAFTS, (200, b'{"drafts": [], "next": null}'))


@pytest.fixture
def desk(tool: Tool, door: FakeDoor, reporter: Reporter) -> Tool:
    """A tip, fetched, and two cases that the public reads."""
    publish(door, kinnari_lamp_posts=KINNARI, roads=ROADS)
    reporter.send_text("เสาไฟกินรีต้นละแสน")
    assert tool.unlocked("sync").code == 0
    return tool


@pytest.fixture
def other(desk: Tool, reporter: Reporter) -> Reporter:
    """Somebody else's tip at the same door."""
    other = Reporter(reporter.door, reporter.recipients, reporter.clock, keys_of(b"o" * 32))
    other.send_text("เสาไฟต้นเดียวกัน")
    assert desk.unlocked("sync").code == 0
    return other


def listed(tool: Tool, *argv: str) -> list[str]:
    ended = tool.unlocked(*(argv or ("case", "tips", "kinnari-lamp-posts")), "--json")
    assert ended.code == 0, ended.err
    return sorted(row["tip_id"] for row in ended.data)


def refused(ended: Ended) -> str:
    assert (ended.code, len(ended.err.splitlines())) == (1, 1), ended.err
    code: str = json.loads(ended.err)["code"]
    return code


def test_several_tips_are_tied_at_once_and_listed_from_the_case(
    desk: Tool, reporter: Reporter, other: Reporter
) -> None:
    """By its slug, by its id and by the beginning of that; each tip shows it."""
    tips = sorted([reporter.tip, other.tip])
    ended = desk.unlocked("tie", *tips, "kinnari-lamp-posts", "--json")
    assert (ended.code, ended.data["slug"]) == (0, "kinnari-lamp-posts")
    assert sorted(one["tip_id"] for one in ended.data["tips"]) == tips

    assert listed(desk) == tips
    for typed in (KINNARI, KINNARI[:6], "kinnari-lamp-posts"):
        assert listed(desk, "inbox", "--case", typed) == tips
    assert listed(desk, "inbox", "--case", "roads") == []
    assert "case: kinnari-lamp-posts (a1a1a1a1)" in desk.unlocked("show", other.tip).out
    assert "@kinnari-lamp-posts เสาไฟกินรี" in desk.unlocked("inbox").out


def test_an_untied_tip_is_of_the_case_no_longer(
    desk: Tool, reporter: Reporter, other: Reporter
) -> None:
    """Of several, those on which it changes something get an entry."""
    desk.unlocked("tie", reporter.tip, other.tip, "roads")
    assert desk.unlocked("untie", reporter.tip, "roads").code == 0
    ended = desk.unlocked("untie", reporter.tip, other.tip, ROADS, "--json")

    assert [one["tip_id"] for one in ended.data["tips"]] == [other.tip]
    assert listed(desk, "case", "tips", "roads") == []
    assert refused(desk.unlocked("untie", other.tip, "roads", "--json")) == (
        "desk.nothing_changes"
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [("no-such-case", "case.unknown"), ("c3" * 16, "case.unknown"), ("", "case.unknown")],
)
def test_an_unknown_case_is_refused_and_nothing_is_written(
    desk: Tool, reporter: Reporter, typed: str, code: str
) -> None:
    """In one line, by each command that takes one."""
    assert refused(desk.unlocked("tie", reporter.tip, typed, "--json")) == code
    assert refused(desk.unlocked("inbox", "--case", typed, "--json")) == code
    assert refused(desk.unlocked("case", "tips", typed, "--json")) == code
    assert not list((desk.home / "entries").glob("*"))


def test_one_wrong_tip_among_several_ties_none(desk: Tool, reporter: Reporter) -> None:
    """All are looked up before anything is sealed."""
    ended = desk.unlocked("tie", reporter.tip, "ffffffff", "roads", "--json")

    assert refused(ended) == "tip.unknown"
    assert not list((desk.home / "entries").glob("*"))


def test_a_case_that_is_known_here_needs_no_door(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """Its name was learnt once; another is not asked for with --offline."""
    assert refused(desk.unlocked("tie", reporter.tip, "roads", "--offline", "--json")) == (
        "case.unknown"
    )
    desk.unlocked("tie", reporter.tip, "roads")
    seen = len(door.requests_seen)

    assert desk.unlocked("untie", reporter.tip, "roads", "--offline").code == 0
    assert desk.unlocked("tie", reporter.tip, "kinnari-lamp-posts", "--offline").code == 0
    assert len(door.requests_seen) == seen
    assert desk.unlocked("search", "--rebuild").code == 0
    assert listed(desk) == [reporter.tip]


def test_a_draft_is_a_case_too_and_its_name_lies_nowhere_in_clear(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """It is opened here, and kept in the register, which is sealed."""
    home, officer = Home(desk.home), desk.officer()
    content: dict[str, Any] = case(slug="not-yet-public")
    directory = current_directory(home, desk.clock.now().date())
    parts = [json.dumps(content).encode()]
    sealed = drafting.seal(ROADS, CASE, parts, officer, directory, desk.clock.now())
    assert len(sealed) < drafts.LIMIT_BYTES
    publish(door)
    one = {"draft_id": ROADS, "version": 1, "changed_on": "2026-11-23", "octets": len(sealed)}
    door.refuse[DRAFTS] = (200, json.dumps({"drafts": [one], "next": None}).encode())
    door.refuse["GET", f"/v1/drafts/{ROADS}"] = (200, sealed)

    assert desk.unlocked("tie", reporter.tip, "not-yet-public").code == 0
    assert listed(desk, "case", "tips", "not-yet-public") == [reporter.tip]
    files = [each for each in desk.home.rglob("*") if each.is_file()]
    assert not [each for each in files if b"not-yet-public" in each.read_bytes()]


def test_a_duplicate_is_of_the_case_of_its_matter_and_a_copycat_is_not(
    desk: Tool, reporter: Reporter, other: Reporter
) -> None:
    """Until they are parted; nothing was written on it."""
    desk.unlocked("tie", reporter.tip, "kinnari-lamp-posts")
    desk.unlocked("merge", other.tip, "--into", reporter.tip, "--as", "copycat")
    assert listed(desk) == [reporter.tip]
    desk.unlocked("merge", other.tip, "--into", reporter.tip, "--as", "duplicate")
    assert listed(desk) == sorted([reporter.tip, other.tip])
    assert "case of the same matter: kinnari-lamp-posts" in desk.unlocked("show", other.tip).out

    desk.unlocked("merge", other.tip, "--undo")
    assert listed(desk) == [reporter.tip]


def test_a_slug_of_two_cases_is_asked_by_its_id(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """A draft may bear the name that another case had."""
    desk.unlocked("tie", reporter.tip, "roads")
    publish(door, roads="d4" * 16)
    assert refused(desk.unlocked("tie", reporter.tip, "nothing", "--json")) == "case.unknown"

    ended = desk.unlocked("untie", reporter.tip, "roads")
    assert (ended.code, "d4d4d4d4" in ended.err, "b2b2b2b2" in ended.err) == (1, True, True)
    assert desk.unlocked("untie", reporter.tip, ROADS).code == 0


def test_a_colleagues_tie_has_its_name_after_the_next_sync(
    desk: Tool, door: FakeDoor, reporter: Reporter
) -> None:
    """An id that nothing here names is asked for once, and with nothing new not at all."""
    desk.unlocked("tie", reporter.tip, "roads")
    (desk.home / "register.sealed").unlink()
    reporter.follow_up("more")
    desk.unlocked("sync")
    assert "case: roads" in desk.unlocked("show", reporter.tip).out

    door.requests_seen.clear()
    desk.unlocked("sync")
    assert [path for _, path in door.requests_seen] == ["/v1/changes"] * 2


async def test_the_view_ties_and_unties_by_a_key(desk: Tool, reporter: Reporter) -> None:
    """A case that nobody here knows is refused in one line."""
    desk.unlocked("tie", reporter.tip, "roads", "--json")
    async with running(deeds_of(desk)) as pilot:
        await answered(pilot, "t", "kinnari-lamp-posts")
        assert "case: kinnari-lamp-posts" in right(pilot)
        await answered(pilot, "t", "-roads")
        assert "case: roads" not in right(pilot)
        await answered(pilot, "t", "nothing")
        assert "No case of that name" in line(pilot)
