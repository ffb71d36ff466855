"""The change feed: what came or changed since a day, to whom it is shown, and "as it was"."""

import base64
import hashlib
import secrets
import struct
from typing import Any

import httpx
import pytest

from mustshare_api.crypto.envelope import Kind
from tests.api.staff_roles import enlist
from tests.api.test_desk import entry, note
from tests.doors import Doors, made_up_receipt, with_receipt
from tests.organisation import Officer


async def ask(
    doors: Doors, query: str = "", tag: str | None = None, officer: Officer | None = None
) -> httpx.Response:
    target = f"/v1/changes{query}"
    headers = doors.signature("GET", target, officer=officer)
    if tag is not None:
        headers["if-none-match"] = tag
    return await doors.staff.get(target, headers=headers)


async def changes(doors: Doors, query: str = "", officer: Officer | None = None) -> Any:
    answer = await ask(doors, query, officer=officer)
    assert answer.status_code == 200, answer.text
    return answer.json()


def today(doors: Doors) -> str:
    return f"?since={doors.clock.now().date().isoformat()}"


async def test_a_day_tells_what_came_on_it_and_not_what_came_before(doors: Doors) -> None:
    """In the words of the lists of tips and objects."""
    await doors.new_tip("old")
    doors.clock.advance(days=3)
    await doors.new_tip("new")
    everything, recent = await changes(doors), await changes(doors, today(doors))

    assert (len(everything["tips"]), len(everything["objects"])) == (2, 2)
    assert (len(recent["tips"]), len(recent["objects"])) == (1, 1)
    listed = (await doors.signed("GET", "/v1/tips")).json()["tips"]
    assert recent["tips"][0] in listed
    indexed = (await doors.signed("GET", "/v1/index")).json()["objects"]
    assert recent["objects"][0] in indexed
    assert (await changes(doors, "?since=2027-01-01"))["objects"] == []


async def test_nothing_new_is_told_in_no_words(doors: Doors) -> None:
    """304 to the tag of the same octets; any news is another tag."""
    await doors.new_tip()
    first = await ask(doors)
    tag = first.headers["etag"]
    again = await ask(doors, tag=tag)
    weak = await ask(doors, tag=f'"other", W/{tag}')

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert weak.status_code == 304
    await doors.new_tip()
    other = await ask(doors, tag=tag)
    assert other.status_code == 200
    assert other.headers["etag"] != tag


async def test_a_deed_or_a_directory_is_news_too(doors: Doors) -> None:
    """What is not modified vouches for the audit log and the directory as well."""
    tag = (await ask(doors)).headers["etag"]
    published = await doors.signed("PUT", "/v1/directory", doors.org.note(2))
    assert published.status_code == 204
    after = await ask(doors, tag=tag)

    size, root = await doors.bench.audit.store.head()
    assert after.status_code == 200
    assert after.json()["log"] == {"size": size, "root": root.hex()}
    assert after.json()["directory"] == doors.bench.directory.current().digest.hex()


async def test_every_word_of_either_side_is_news_of_its_tip(doors: Doors) -> None:
    """A follow-up, an answer, a desk entry: the tip is listed on the day of each."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    for step in range(3):
        doors.clock.advance(days=2)
        assert (await changes(doors, today(doors)))["tips"] == []
        if step == 0:
            said = {"id": secrets.token_hex(16), "text": "a"}
            headers = with_receipt(digits)
            await doors.reporter.post("/v1/tip/follow-ups", json=said, headers=headers)
        elif step == 1:
            await doors.reply(tip_id, "b")
        else:
            await note(doors, await entry(doors, tip_id))
        found = await changes(doors, today(doors))
        assert [one["tip_id"] for one in found["tips"]] == [tip_id.hex()]
        assert len(found["objects"]) == 1


async def test_a_withdrawal_is_news_of_its_day(doors: Doors) -> None:
    """So that staff drop what they hold without comparing everything."""
    digits = await doors.new_tip()
    doors.clock.advance(days=2)
    await doors.reporter.delete("/v1/tip", headers=with_receipt(digits))

    (gone,) = (await changes(doors, today(doors)))["tips"]
    assert (gone["state"], gone["bundle"]) == ("withdrawn", None)


async def test_what_a_reporter_reads_acknowledges_or_exchanges_is_no_news(
    doors: Doors,
) -> None:
    """The days would tell when somebody came by."""
    digits = await doors.new_tip()
    tip_id = await doors.only_tip_id()
    await doors.reply(tip_id, "a")
    doors.clock.advance(days=2)
    headers = with_receipt(digits)
    told = (await doors.reporter.get("/v1/tip/follow-ups", headers=headers)).json()
    (waiting,) = told["follow_ups"]
    path = f"/v1/tip/follow-ups/{waiting['id']}"
    assert (await doors.reporter.delete(path, headers=headers)).status_code == 204
    new = {"receipt": made_up_receipt()}
    rotated = await doors.reporter.post("/v1/tip/receipt", json=new, headers=headers)
    assert rotated.status_code == 200

    found = await changes(doors, today(doors))
    assert (found["tips"], found["objects"]) == ([], [])
    assert len((await doors.signed("GET", "/v1/index")).json()["objects"]) == 1


async def test_an_officer_is_told_of_what_they_hold_and_of_nothing_else(doors: Doors) -> None:
    """Another officer of a later directory holds nothing; a recovery is told of all."""
    await doors.new_tip()
    cast = await enlist(doors)

    other = await changes(doors, officer=cast.malee)
    recovery = await changes(doors, officer=cast.who("recovery"))
    assert (other["tips"], other["objects"]) == ([], [])
    assert (len(recovery["tips"]), len(recovery["objects"])) == (1, 1)


async def test_no_cursor_tells_of_a_tip_that_its_reader_does_not_hold(doors: Doors) -> None:
    """What was passed over is in no page: neither as a tip nor as where a page left off."""
    for _ in range(7):
        await doors.new_tip("not hers")
    unheld = set(await doors.bundles())
    cast = await enlist(doors)
    assert (await changes(doors, "?limit=1", cast.malee))["next"] is None

    for _ in range(3):
        await doors.new_tip("hers as well")
    whole = await changes(doors, officer=cast.malee)
    for limit in (1, 2, 3, 4):
        tips, after = [], ""
        while True:
            page = await changes(doors, f"?limit={limit}{after}", cast.malee)
            tips += [one["tip_id"] for one in page["tips"]]
            if page["next"] is None:
                break
            octets = base64.urlsafe_b64decode(page["next"] + "=")
            assert not [tip_id for tip_id in unheld if tip_id in octets]
            after = f"&after={page['next']}"
        assert tips == [one["tip_id"] for one in whole["tips"]]
        assert len(set(tips)) == 3


async def test_whoever_is_let_in_is_told_of_tip_and_object(doors: Doors) -> None:
    """On the day on which other stanzas were put on, however old the tip is."""
    await doors.new_tip()
    (octets,) = await doors.stored(Kind.TIP)
    doors.clock.advance(days=2)
    (listed,) = (await doors.signed("GET", "/v1/index")).json()["objects"]
    target = f"/v1/objects/{listed['object_id']}/recipients"
    body = b"\x01" + octets[73 : 73 + 1184]
    headers = doors.signature("PUT", target, body, None, f'"{listed["digest"]}"')
    answer = await doors.staff.put(target, content=body, headers=headers)
    assert answer.status_code == 204, answer.text

    found = await changes(doors, today(doors))
    assert (len(found["tips"]), len(found["objects"])) == (1, 1)
    assert found["objects"][0]["digest"] != listed["digest"]


async def test_pages_lead_through_all_of_it_once(doors: Doors) -> None:
    """Whatever the page's size, with tips and objects of several days."""
    for day in range(3):
        for _ in range(2):
            await doors.new_tip(str(day))
        doors.clock.advance(days=1)
    await doors.reply(next(iter(await doors.bundles())), "an answer")
    whole = await changes(doors)
    for limit in (1, 2, 3, 6, 7):
        tips, objects, after = [], [], ""
        while True:
            page = await changes(doors, f"?limit={limit}{after}")
            tips += [one["tip_id"] for one in page["tips"]]
            objects += [one["object_id"] for one in page["objects"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert tips == [one["tip_id"] for one in whole["tips"]]
        assert objects == [one["object_id"] for one in whole["objects"]]
        assert (len(set(tips)), len(set(objects))) == (6, 7)


def no_calendar_has(day: int) -> bytes:
    """A cursor with its checksum, which anybody can make, and a day that there is not."""
    body = struct.pack(">BBI16sI16s", 1, 3, day, bytes(16), day, bytes(16))
    check = hashlib.sha256(b"mustshare/v1 cursor1970-01-01" + body).digest()[:8]
    return body + check


async def test_a_cursor_is_taken_as_it_was_given_or_not_at_all(doors: Doors) -> None:
    """Cut, typed, of another version, or with another day: told, and never guessed at."""
    for _ in range(2):
        await doors.new_tip()
    cursor = (await changes(doors, "?limit=1"))["next"]
    octets = bytearray(base64.urlsafe_b64decode(cursor + "="))
    spoilt = [
        bytes([2]) + bytes(octets[1:]),
        bytes(octets[:-1]) + bytes([octets[-1] ^ 1]),
        bytes(50),
        no_calendar_has(0),
        no_calendar_has(3652060),
        no_calendar_has(2**32 - 1),
    ]
    texts = [base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in spoilt]
    bad = ["", "x", cursor[:-1], cursor + "A", cursor[:-1] + "=", "é" * 67, *texts]
    for text in bad:
        query = str(httpx.QueryParams({"limit": "1", "after": text}))
        answer = await ask(doors, f"?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor.malformed"), text
    moved = await ask(doors, f"?limit=1&since=2026-11-01&after={cursor}")
    assert (moved.status_code, moved.json()["code"]) == (400, "cursor.malformed")


@pytest.mark.parametrize(
    "queries",
    [
        ["since=", "since=2026-1-1", "since=2026-02-30", "since=yesterday"],
        ["since=0000-01-01", "since=2026-11-23T00:00:00Z", "since=%D9%A2026-11-23"],
        ["limit=0", "limit=2001", "limit=01", "limit=", "limit=1&limit=1", "page=2"],
    ],
)
async def test_a_question_that_cannot_be_is_refused(doors: Doors, queries: list[str]) -> None:
    """Unknown and odd values are told, not guessed at."""
    for query in queries:
        answer = await ask(doors, f"?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed"), query


async def test_a_day_long_past_is_answered_and_said_to_lack_what_is_forgotten(
    doors: Doors,
) -> None:
    """Tombstones go in the end: whoever stayed away for longer compares with the index."""
    await doors.new_tip()
    assert (await changes(doors, today(doors)))["complete"] is True
    doors.clock.advance(days=25)
    old = await changes(doors, "?since=2026-01-01")

    assert old["complete"] is False
    assert len(old["tips"]) == 1
