"""What `GET /v1/intake` says that the server sees and keeps, held against what it does.

One tip of each mode goes in with marks in its words and its photo, and half a second photo in
pieces. Then every line of the statement is looked up in the table of checks below: a line that
says something new has no check there, and fails.
"""

import base64
import hashlib
from collections.abc import Callable

import pytest

from mustshare_api.api.exposure import VIEW, Exposure, server_view
from mustshare_api.api.harden import harden
from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.deadlines import JITTER_DAYS, TOMBSTONE_DAYS
from mustshare_api.flows import upkeep
from mustshare_api.flows.buckets import EdgeBuckets
from tests.api import asgi, files
from tests.api.front_end import SENT_AT, FrontEnd
from tests.api.told import ADDRESS, BROWSER, CLIENT, MODES, SERVER, TELLING, Story
from tests.doors import JSON, OCTETS, Doors, made_up_receipt
from tests.lived import live_until_now
from tests.pages import case
from tests.pictures import marks


@pytest.fixture(params=MODES)
async def story(request: pytest.FixtureRequest, doors: Doors, dsn: str) -> Story:
    front = FrontEnd(doors.org.deployment_id, doors.org.recipients(), made_up_receipt())
    return await Story(doors, dsn, request.param, front).tell()


async def reaches_the_app(told: bytes) -> bool:
    """Whether what tells of a caller is still there behind the outermost wrapper."""
    seen: list[object] = []

    async def app(scope: asgi.Message, _receive: object, send: Callable[..., object]) -> None:
        seen.append((scope["client"], scope["headers"]))

    headers = {name: value for name, value in TELLING.items() if name != "accept-language"}
    await asgi.call(harden(app, "reporter"), "GET", "/v1/intake", headers)
    return told.decode() in repr(seen)


async def another_size_shows(story: Story) -> bool:
    """Whether a tip of other words is stored in another size."""
    front = FrontEnd(story.doors.org.deployment_id, story.doors.org.recipients())
    other = Story(story.doors, story.dsn, story.mode, front)
    headers = OCTETS if story.sealing else {**JSON, **other.credential}
    body = other.tip("ก" * 400)
    await story.doors.reporter.post("/v1/tips", content=body, headers=headers)
    before = story.sizes
    await story.look()
    return story.sizes != before


async def answers_in(story: Story, language: str) -> str:
    answer = await story.doors.reporter.get("/v1/tip", headers={"accept-language": language})
    return str(answer.json()["title"])


async def is_seen(story: Story, row: Exposure) -> bool:
    """Whether a line's `sees` is so. `KeyError`: nothing here checks it."""
    begin, wire = story.photo[:64], story.wire
    lengths = [len(story.tip("a")), len(story.tip("a" * 400))]
    in_clear = {
        "text": marks.MARK in wire["text"],
        "files": begin in wire["files"],
        "file_metadata": marks.found_in(wire["files"]),
        "unfinished_files": begin in wire["unfinished_files"],
        "language": await answers_in(story, "th") != await answers_in(story, "en"),
    }
    linked = case()["slug"].encode() in await story.link(asking=False)
    token = base64.urlsafe_b64encode(story.front.keys.access).rstrip(b"=")
    digits = story.front.digits.encode() in wire["receipt"].replace(b" ", b"")
    return {
        ("size", "exact"): lengths[0] < lengths[1],
        ("size", "padded"): lengths[0] == lengths[1],
        ("receipt", "digits"): digits,
        ("receipt", "access"): token in wire["receipt"] and not digits,
        ("address", "dropped"): not await reaches_the_app(ADDRESS.encode()),
        ("user_agent", "dropped"): not await reaches_the_app(BROWSER.encode()),
        ("time", "exact"): set(story.days.values()) == {"2026-11-23"},
        ("link", "clear"): linked,
        ("link", "clear_if_asked"): not linked,
        ("sent_at", "clear"): not story.sealing and await when_it_was_sent(story) != set(),
        ("sent_at", "sealed"): SENT_AT.encode() not in wire["text"],
        **{(what, "clear"): seen for what, seen in in_clear.items()},
        **{(what, "sealed"): not seen for what, seen in in_clear.items()},
    }[row.what, row.sees]


def not_in_clear(story: Story) -> bool:
    return not story.is_marked and not story.keeps(story.photo[:64])


async def when_it_was_sent(story: Story) -> set[str]:
    """The seconds that officers read in tips."""
    return {tip.sent_at for tip in await story.doors.opened(Kind.TIP)}


async def staff_open_it(story: Story) -> bool:
    told = await when_it_was_sent(story)
    is_sealed = bool(told) and not any(at in story.kept for at in told)
    return not_in_clear(story) and is_sealed and len(await files.contents(story.doors)) == 1


async def staff_open_it_without_marks(story: Story) -> bool:
    opened = (await files.contents(story.doors)).values()
    return not_in_clear(story) and not any(map(marks.found_in, opened))


async def is_kept_as_a_hash(story: Story) -> bool:
    access = story.front.keys.access
    known = story.keeps(access) or story.front.digits in story.kept
    return story.keeps(hashlib.sha256(access).digest()) and not known


async def nothing_tells_who(story: Story) -> bool:
    return not any(told in story.kept for told in (ADDRESS, BROWSER, "x-canary"))


async def is_kept_as_a_day(story: Story) -> bool:
    return set(story.days.values()) == {"2026-11-23"}


async def is_noted_only_if_asked(story: Story) -> bool:
    before = story.links
    await story.link(asking=False)
    await story.look()
    unasked = story.links
    await story.link(asking=True)
    await story.look()
    return (before, unasked, story.links) == (set(), set(), {case()["slug"]})


async def lies_in_pieces(story: Story) -> bool:
    return not_in_clear(story) and story.rows["upload_chunks"] > 0


async def has_one_size(story: Story) -> bool:
    return not await another_size_shows(story)


async def no_piece_is_left(story: Story) -> bool:
    return story.rows["uploads"] == story.rows["upload_chunks"] == 0


async def nothing_of_it_is_left(story: Story) -> bool:
    left = story.rows["envelopes"] + story.rows["envelope_chunks"]
    return left == 0 and not story.keeps(hashlib.sha256(story.front.keys.access).digest())


STORED = {
    "nothing": nothing_tells_who,
    "sealed": staff_open_it,
    "sealed_if_chosen": staff_open_it_without_marks,
    "sealed_to_sender": lies_in_pieces,
    "clear_if_asked": is_noted_only_if_asked,
    "padded": has_one_size,
    "hash": is_kept_as_a_hash,
    "day": is_kept_as_a_day,
}
ENDED = {
    "next_day": no_piece_is_left,
    "tip_ends": nothing_of_it_is_left,
    "season_after": is_kept_as_a_day,
}


def rows_of(story: Story) -> tuple[Exposure, ...]:
    rows: tuple[Exposure, ...] = getattr(VIEW, story.mode)
    return rows


async def test_the_server_sees_what_it_says(story: Story) -> None:
    """In each mode: what passes in clear, what comes sealed, what never comes."""
    assert [row for row in rows_of(story) if not await is_seen(story, row)] == []


async def test_the_server_keeps_what_it_says(story: Story) -> None:
    """In each mode: searched for in every value of every table."""
    assert [row for row in rows_of(story) if not await STORED[row.stores](story)] == []


async def test_what_is_kept_ends_when_it_says(doors: Doors, story: Story) -> None:
    """Parked pieces after the next day, the rest when the reporter takes it back, or later."""
    doors.clock.advance(days=2)
    await upkeep.once(doors.bench)
    await story.look()
    parked = [row for row in rows_of(story) if row.until == "next_day"]
    assert [row for row in parked if not await ENDED[row.until](story)] == []

    gone = await doors.reporter.delete("/v1/tip", headers=story.credential)
    assert gone.status_code == 200
    await story.look()
    others = [row for row in rows_of(story) if row.until in ("tip_ends", "season_after")]
    assert others
    assert [row for row in others if not await ENDED[row.until](story)] == []

    doors.clock.advance(days=TOMBSTONE_DAYS + JITTER_DAYS)
    await live_until_now(doors.bench)
    await upkeep.once(doors.bench)
    await story.look()
    assert story.days == {}


def test_both_modes_speak_of_the_same_things() -> None:
    """What is missing in one would look like something that the server does not see."""
    listed = [[row.what for row in getattr(VIEW, mode)] for mode in MODES]

    assert listed[0] == listed[1]
    assert len(set(listed[0])) == len(listed[0])


def test_what_is_not_stored_is_not_said_to_end_later() -> None:
    """`nothing` goes with `answered`, and nothing else does."""
    rows = [*VIEW.server_sealed, *VIEW.client_sealed]

    assert [r for r in rows if (r.stores == "nothing") != (r.until == "answered")] == []


async def test_the_statement_is_at_the_door(doors: Doors) -> None:
    """As the contract has it, beside the sentences for people."""
    view = (await doors.reporter.get("/v1/intake")).json()["server_view"]

    assert [row["what"] for row in view[SERVER]] == [row.what for row in VIEW.server_sealed]
    assert view[CLIENT][0] == {
        "what": "text",
        "sees": "sealed",
        "stores": "sealed",
        "until": "tip_ends",
    }


async def test_a_planted_line_that_is_too_good_is_noticed(story: Story) -> None:
    """The checks tell a statement from wishful thinking."""
    if story.sealing:
        untrue = Exposure("size", "exact", "padded", "tip_ends")
    else:
        untrue = Exposure("text", "sealed", "sealed", "tip_ends")

    assert not await is_seen(story, untrue)


async def test_a_deployment_whose_proxy_tells_networks_says_so(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both modes, of the address alone; nobody is told that it is dropped when it is not."""
    monkeypatch.setattr(doors.bench.gate, "buckets", EdgeBuckets(doors.clock))
    view = (await doors.reporter.get("/v1/intake")).json()["server_view"]
    told = [{row["what"]: row["sees"] for row in view[mode]} for mode in MODES]

    assert [one["address"] for one in told] == ["network", "network"]
    assert [one["user_agent"] for one in told] == ["dropped", "dropped"]
    rows = {row.what for row in server_view(networks=True).client_sealed}
    assert rows == {row.what for row in VIEW.client_sealed}
