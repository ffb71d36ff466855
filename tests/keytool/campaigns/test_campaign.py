"""A campaign from an officer's folder to its map, with the real tools over the real doors."""

import json
import shutil
import ssl
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
import pytest

from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.flows import points
from mustshare_api.keytool.campaigns import desk as campaign_desk
from mustshare_api.keytool.staff_door.door import Door
from tests.campaigns import ANSWERS, FOLDER, SLUG
from tests.keytool.cases.conftest import Officers

BASE = f"/v1/campaigns/{SLUG}"
NEAR = {"latitude": 18.7883, "longitude": 98.9853, "precision_m": 100}


@dataclass(frozen=True)
class _Later:
    """A clock so much ahead."""

    ahead: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return self.ahead.total_seconds()


def folder_of(officers: Officers, **days: date) -> Path:
    """The example of the documents, open today."""
    copy = officers.door.folder / "roads"
    shutil.copytree(FOLDER, copy)
    today = datetime.now(UTC).date()
    chosen = {"opens_on": today - timedelta(days=9), "closes_on": today + timedelta(days=90)}
    table = (copy / "campaign.toml").read_text(encoding="utf-8")
    for name, day in (chosen | days).items():
        line = next(one for one in table.splitlines() if one.startswith(name))
        table = table.replace(line, f"{name} = {day.isoformat()}")
    (copy / "campaign.toml").write_text(table, encoding="utf-8")
    return copy


def publish(officers: Officers) -> str:
    """By one officer and another; the page's id."""
    proposed = officers.run("campaign", "propose", str(folder_of(officers)), "--json")
    assert proposed.code == 0, proposed.err
    page_id: str = proposed.data["id"]
    done = officers.run("campaign", "publish", page_id, "--yes", "--json", by=1)
    assert done.code == 0, done.err
    assert done.data["published"]
    return page_id


def send(officers: Officers, **more: Any) -> tuple[int, Any]:
    """A tip as curl sends it: status and answer."""
    said = {"text": "ถนนพัง", "campaign": SLUG, "answers": ANSWERS, "coordinates": NEAR, **more}
    context = ssl.create_default_context(cafile=str(officers.home(0) / "ca.pem"))
    request = Request(
        f"https://127.0.0.1:{officers.door.served.port['reporter']}/v1/tips",
        json.dumps(said).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urlopen(request, context=context) as answer:  # noqa: S310 - a door of ours
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        return refused.code, json.loads(refused.read())


def synced(officers: Officers, by: int = 0) -> list[str]:
    """The ids of the tips that are with an officer now."""
    assert officers.run("sync", by=by).code == 0
    listed = officers.run("list", "--json", "--home", str(officers.home(by)), own=False)
    return [one["tip_id"] for one in listed.data]


def release(officers: Officers, **ahead: float) -> list[Any]:
    """The cells of the map once upkeep has run at a later time."""
    served = officers.door.served
    later = replace(served.bench, clock=_Later(timedelta(**ahead)))
    served.run(points.release(later))
    cells: list[Any] = officers.public(f"{BASE}/map.geojson")["features"]
    return cells


def test_a_campaign_from_its_folder_to_its_map(officers: Officers) -> None:
    """Published by two, answered by five, approved: a cell, but only late and only together."""
    publish(officers)
    assert officers.public(BASE)["slug"] == SLUG

    status, refused = send(officers, answers=ANSWERS | {"holes": "many"})
    assert (status, refused["errors"][0]["pointer"]) == (400, "/answers/holes")
    for _ in range(5):
        assert send(officers, place="500101")[0] == 201

    tips = synced(officers)
    opened = officers.run("open", tips[0])
    assert "thai-roads-2569" in opened.out
    assert "holes" in opened.out
    for tip in tips[:4]:
        approved = officers.run("point", "approve", tip, "--json")
        assert approved.code == 0, approved.err
        assert approved.data["cell"] == "1000_18.7800_98.9800"
    assert release(officers, weeks=4) == []

    assert officers.run("point", "approve", tips[4]).code == 0
    assert release(officers) == []
    (cell,) = release(officers, weeks=8)
    assert (cell["id"], cell["properties"]["at_least"]) == ("1000_18.7800_98.9800", 5)
    assert not any(tip in json.dumps(cell) for tip in tips)


def test_two_officers_who_approve_one_tip_make_one_point(officers: Officers) -> None:
    """Its id comes from what only those who can open the tip know."""
    publish(officers)
    send(officers)
    (tip,) = synced(officers)
    first = officers.run("point", "approve", tip, "--json")
    synced(officers, by=1)
    second = officers.run("point", "approve", tip, "--json", by=1)

    assert (first.data["new"], second.data["new"]) == (True, False)
    assert first.data["point"] == second.data["point"] != tip
    coarser = officers.run("point", "approve", tip, "--precision", "10000")
    assert coarser.code == 1
    assert "another cell" in coarser.err


def test_a_point_is_listed_and_taken_back_by_its_tip(officers: Officers) -> None:
    """And then it is gone; whoever did it may ask twice, and anybody else is told of none."""
    publish(officers)
    send(officers)
    (tip,) = synced(officers)
    point = officers.run("point", "approve", tip, "--precision", "5000", "--json").data
    (listed,) = officers.run("point", "list", SLUG, "--json").data

    assert (listed["id"], listed["cell"]) == (point["point"], "10000_18.7000_98.9000")
    assert officers.run("point", "take-back", tip).code == 0
    assert officers.run("point", "list", SLUG, "--json").data == []
    named = ("point", "take-back", "--point", point["point"], "--campaign", SLUG)
    assert officers.run(*named).code == 0
    other = officers.run(*named, by=1)
    assert (other.code, "no such point" in other.err) == (1, True)


def test_a_grid_that_no_officer_signed_for_makes_no_point(
    officers: Officers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one of the door's own making, nor that of another campaign which it names."""
    page_id = publish(officers)
    send(officers)
    (tip,) = synced(officers)
    finer = officers.door.folder / "finer"
    shutil.copytree(FOLDER, finer)
    table = (finer / "campaign.toml").read_text(encoding="utf-8").replace(SLUG, "finer-roads")
    fine = table.replace("grid_m = 1000", "grid_m = 100").replace(page_id, "cd" * 16)
    (finer / "campaign.toml").write_text(fine, encoding="utf-8")
    drafted = officers.run("campaign", "propose", str(finer), "--json", by=1)
    assert drafted.code == 0, drafted.err
    page_of, told = campaign_desk.shown_campaign, [""]

    def lying(door: Door, slug: str) -> tuple[str, CampaignContent]:
        content = page_of(door, slug)[1]
        assert content.map is not None
        fine = msgspec.structs.replace(content.map, grid_m=100)
        return told[0], msgspec.structs.replace(content, map=fine)

    monkeypatch.setattr(campaign_desk, "shown_campaign", lying)
    for named, code in (
        (page_id, "point.other_grid"),
        (drafted.data["id"], "point.no_draft"),
        ("ab" * 16, "point.no_draft"),
    ):
        told[0] = named
        ended = officers.run("point", "approve", tip, "--json")
        assert (ended.code, json.loads(ended.err)["code"]) == (1, code)


def test_a_tip_that_makes_no_point_is_refused_in_a_line(officers: Officers) -> None:
    """Which of the reasons it is: no place, no campaign, no such photo, another country."""
    publish(officers)
    found: dict[str, str] = {}
    for name, more in (
        ("fits", {}),
        ("nowhere", {"coordinates": None}),
        ("of nothing", {"campaign": None, "answers": {}}),
        ("abroad", {"coordinates": {"latitude": 35.0, "longitude": 99.0, "precision_m": 1000}}),
    ):
        assert send(officers, **more)[0] == 201
        (found[name],) = set(synced(officers)) - set(found.values())
    for name, argv, said in (
        ("nowhere", (), "There is no place"),
        ("of nothing", (), "--campaign"),
        ("fits", ("--campaign", "of-nobody"), "No campaign of-nobody"),
        ("fits", ("--photo", "ab" * 16), "No photo"),
        ("abroad", (), "not in Thailand"),
    ):
        ended = officers.run("point", "approve", found[name], *argv)

        assert ended.code == 1
        assert said in ended.err
        assert ended.err.count("\n") == 1


def test_a_campaign_is_closed_by_two_and_takes_no_more_tips(officers: Officers) -> None:
    """On the day that both signed for, with the reason in its history."""
    page_id = publish(officers)
    week_ago = (datetime.now(UTC) - timedelta(days=7)).date().isoformat()
    why = ("--why-th", "ครบแล้ว", "--why-en", "enough")
    for day, said in (("2020-01-01", "before the first"), ("2570-01-31", "Buddhist")):
        refused = officers.run("campaign", "close", page_id, "--on", day, *why)
        assert (refused.code, said in refused.err) == (1, True)
    closing = officers.run("campaign", "close", page_id, "--on", week_ago, *why, "--json")
    assert closing.code == 0, closing.err
    assert officers.public(BASE)["version"] == 1
    done = officers.run("campaign", "publish", page_id, "--yes", by=1)
    assert done.code == 0, done.err

    assert officers.public(BASE)["closes_on"] == week_ago
    assert send(officers)[1]["errors"][0]["code"] == "campaign.not_open"
    history = officers.public(f"{BASE}/history")
    assert history["versions"][-1]["change"]["why"]["en"] == "enough"


def test_closing_signs_for_nothing_that_a_colleague_wrote_into_the_draft(
    officers: Officers,
) -> None:
    """Or one officer could publish alone: what they drafted, another would have proposed."""
    page_id = publish(officers)
    folder = officers.door.folder / "colleague"
    change = [f"--{name}=x" for name in ("what-th", "what-en", "why-th", "why-en")]
    edited = officers.run("campaign", "correct", page_id, str(folder), *change, by=1)
    assert edited.code == 0, edited.err
    body = folder / "body.en.md"
    body.write_text(body.read_text(encoding="utf-8") + "\nSlipped in.\n", encoding="utf-8")
    drafted = officers.run("campaign", "propose", str(folder), by=1)
    assert drafted.code == 0, drafted.err
    why = ("--why-th", "ครบแล้ว", "--why-en", "enough")
    closing = officers.run("campaign", "close", page_id, "--on", "2031-01-01", *why, "--json")

    assert (closing.code, json.loads(closing.err)["code"]) == (1, "campaign.other_draft")


def test_a_folder_with_a_thai_year_is_refused_by_its_field(
    officers_offline: Officers,
) -> None:
    """A campaign that opens in 2569 would never open; it is said before anybody signs."""
    folder = folder_of(officers_offline, closes_on=date(2570, 1, 31))
    ended = officers_offline.run("campaign", "propose", str(folder))

    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "closes_on is of a Buddhist year" in ended.err


def test_a_folder_with_a_wrong_question_is_refused_by_its_field(
    officers_offline: Officers,
) -> None:
    """Before anything is asked of the door."""
    folder = folder_of(officers_offline)
    table = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(table.replace('"yes_no"', '"maybe"', 1), "utf-8")
    ended = officers_offline.run("campaign", "propose", str(folder))

    assert ended.code == 1
    assert "questions" in ended.err


def test_a_new_folder_is_a_campaign_to_go_on_with(officers_offline: Officers) -> None:
    """What `new` writes can be shown as it is."""
    made = officers_offline.door.folder / "new"
    assert officers_offline.run("campaign", "new", str(made), own=False).code == 0
    shown = officers_offline.run("campaign", "show", str(made), own=False)

    assert shown.code == 0, shown.err
    assert "questions" in shown.out
