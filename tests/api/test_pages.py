"""Staff publish a page: two people, one version at a time, nothing in clear before."""

import asyncio
import hashlib
import json
import secrets
from typing import Any

import asyncpg

from tests.doors import Doors
from tests.pages import Desk, article, both, case, change, photo, picture


async def test_a_case_is_public_once_a_second_officer_has_sent_it(doors: Doors) -> None:
    """The first sends a digest (202), the second the page (201); not there before."""
    desk, content = Desk(doors), case()

    assert (await desk.propose(content)).status_code == 202
    assert (await desk.get(desk.path)).json()["code"] == "page.not_found"
    assert (await desk.second(content)).status_code == 201

    page = (await desk.get(desk.path)).json()
    assert (page["slug"], page["version"], page["shown_version"]) == (content["slug"], 1, 1)
    assert [one["act"] for one in page["versions"]] == ["published"]


async def test_before_the_second_signature_nothing_of_it_is_in_the_database(
    doors: Doors, dsn: str
) -> None:
    """Not even where the first officer's tool sends the whole page by mistake."""
    desk, mark = Desk(doors), secrets.token_hex(12)
    content = case(title=both(mark))
    assert (await desk.propose(content)).status_code == 202
    other = Desk(doors)
    sent = await other.put(other.path, content)

    assert sent.status_code == 202
    assert not await _holds(dsn, mark)


async def _holds(dsn: str, mark: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        names = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        texts = [
            await connection.fetchval(f'SELECT string_agg(t::text, $$ $$) FROM "{n[0]}" AS t')  # noqa: S608
            for n in names
        ]
    finally:
        await connection.close()
    held = " ".join(text for text in texts if text)
    return mark in held or mark.encode().hex() in held


async def test_one_officer_alone_publishes_nothing(doors: Doors) -> None:
    """Who proposed is told so again; who then sends that page, that it takes two."""
    desk, content = Desk(doors), case()
    await desk.propose(content)
    alone = await desk.put(desk.path, content)

    assert (alone.status_code, alone.json()["code"]) == (409, "second.same_person")
    assert (await desk.get(desk.path)).status_code == 404


async def test_the_second_officer_cannot_publish_other_words(doors: Doors) -> None:
    """Octet by octet what the first signed for."""
    desk, content = Desk(doors), case()
    await desk.propose(content)
    other = await desk.second(content | {"title": both("another")})

    assert (other.status_code, other.json()["code"]) == (409, "second.other_content")


async def test_a_second_digest_publishes_nothing(doors: Doors) -> None:
    """Whoever confirms has read the page, and sends it."""
    desk, content = Desk(doors), case()
    await desk.propose(content)
    digest = await desk.put(desk.path, _digest(content), 0, officer=1)

    assert (digest.status_code, digest.json()["code"]) == (409, "page.content_missing")
    assert (await desk.second(content)).status_code == 201


def _digest(content: dict[str, Any]) -> dict[str, str]:
    return {"digest": hashlib.sha256(json.dumps(content).encode()).hexdigest()}


async def test_a_retry_after_a_lost_answer_is_a_success(doors: Doors) -> None:
    """Of the digest, the page and its taking down; also once the page has moved on."""
    desk, content = Desk(doors), case()
    await desk.publish(content)
    for _ in range(2):
        told = [await desk.propose(content), await desk.second(content)]
        assert [one.status_code for one in told] == [200, 200]
        assert (await desk.take_down(1)).status_code == 204
    assert (await doors.signed("GET", "/v1/seconds")).json()["seconds"] == []
    assert (await desk.get(desk.path)).json()["version"] == 2


async def test_two_at_one_moment_publish_it_once(doors: Doors) -> None:
    """One row of history, whoever was faster."""
    desk, content = Desk(doors), case()
    await desk.propose(content)
    answers = await asyncio.gather(*(desk.second(content) for _ in range(4)))

    assert {answer.status_code for answer in answers} <= {200, 201, 202, 409}
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert len((await desk.get(desk.path)).json()["versions"]) == 1


REFUSED: list[tuple[Any, Any, tuple[int, str]]] = [
    (case(version=2, change=change()), 0, (412, "page.stale")),
    (case(version=2, change=change()), 1, (412, "page.stale")),
    (case(version=1), 3, (412, "page.stale")),
    (case(), None, (428, "precondition.missing")),
    (case(), "1", (400, "request.malformed")),
    (case(), 'W/"0"', (400, "request.malformed")),
    (case(), '"00"', (400, "request.malformed")),
    (case(), "*", (400, "request.malformed")),
    (case(version=2), 1, (400, "request.invalid_fields")),
    (case(change=change()), 0, (400, "request.invalid_fields")),
    (case(retain_until="2026-11-23"), 0, (400, "page.kept_too_short")),
    (case(retain_until="2572-11-23"), 0, (400, "request.invalid_fields")),
    (case(slug="Kinnari"), 0, (400, "request.invalid_fields")),
    (case(slug="a/b"), 0, (400, "request.invalid_fields")),
    (case(state="taken_down"), 0, (400, "request.invalid_fields")),
    (case(more="x"), 0, (400, "request.invalid_fields")),
    (case(title={"th": "ก"}), 0, (400, "request.invalid_fields")),
    (case(title={"th": "ก\u202e", "en": "a"}), 0, (400, "request.invalid_fields")),
    (case(title={"th": "ก\n", "en": "a"}), 0, (400, "request.invalid_fields")),
    (case(title={"th": "  ", "en": "a"}), 0, (400, "request.invalid_fields")),
    (case(body={"th": "ก\x00", "en": "a"}), 0, (400, "request.invalid_fields")),
    (case(places=["1"]), 0, (400, "request.invalid_fields")),
    (case(budget=[{"baht": -1, "label": both("x")}]), 0, (400, "request.invalid_fields")),
    (case(budget=[{"baht": "1", "label": both("x")}]), 0, (400, "request.invalid_fields")),
    (case(procurement=[{"scheme": "TH-EGP", "id": "1"}]), 0, (400, "request.invalid_fields")),
    (case(procurement=[{"scheme": "X", "id": "1"}]), 0, (400, "request.invalid_fields")),
    (case(timeline=[{"on": "1 มกรา", "text": both("x")}]), 0, (400, "request.invalid_fields")),
    (b"{", 0, (400, "request.bad_json")),
    (b'{"slug":"a","slug":"a"}', 0, (400, "request.invalid_fields")),
    (b'{"digest":"xyz"}', 0, (400, "request.invalid_fields")),
    (b'{"digest":"' + b"ab" * 32 + b'","x":1}', 0, (400, "request.invalid_fields")),
]


async def _open(doors: Doors) -> int:
    async with doors.bench.pages._database.connection() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM seconds")
    return count


async def test_what_is_not_a_next_version_is_refused(doors: Doors) -> None:
    """Each by its own problem, and nothing is proposed by it."""
    for content, seen, told in REFUSED:
        desk = Desk(doors)
        answer = await desk.put(desk.path, content, seen)

        assert (answer.status_code, answer.json()["code"]) == told, content
        assert not await _open(doors)


async def test_a_correction_takes_the_place_of_the_version_before(doors: Doors) -> None:
    """What changed and why is said; the older words staff alone can still read."""
    desk = Desk(doors)
    await desk.publish(case())
    second = case(version=2, change=change(), title=both("corrected"))

    assert (await desk.publish(second)).status_code == 201
    page = (await desk.get(desk.path)).json()
    assert [one["act"] for one in page["versions"]] == ["published", "corrected"]
    assert page["versions"][1]["change"] == change()
    first = await desk.get(f"{desk.path}/versions/1")
    assert first.json() == case()
    assert (await desk.get(f"{desk.path}/versions/3")).status_code == 404


async def test_a_slug_is_one_pages_for_good(doors: Doors) -> None:
    """Not another's after a takedown, not changed by a correction; articles have their own."""
    desk = Desk(doors)
    await desk.publish(case())
    await desk.take_down(1)
    taken = await Desk(doors).publish(case())
    changed = await desk.publish(case(version=3, change=change(), slug="another"))

    own = await Desk(doors, "articles").publish(article(slug=case()["slug"]))

    assert (taken.status_code, taken.json()["code"]) == (409, "page.slug_taken")
    assert (changed.status_code, changed.json()["code"]) == (409, "page.slug_changed")
    assert own.status_code == 201


async def test_a_page_waits_for_its_pictures(doors: Doors) -> None:
    """Only the very octets that two officers signed for; the last one shows the page."""
    desk, octets = Desk(doors), photo()
    named = picture(octets)
    await desk.publish(case(pictures=[named]))
    assert (await desk.get(desk.path)).json()["missing_pictures"] == [named["id"]]
    assert (await desk.get(desk.path)).json()["shown_version"] == 0

    other = await desk.send_picture(named, octets + b"\0")
    assert (other.status_code, other.json()["code"]) == (404, "page.picture_not_named")
    assert (await desk.send_picture(named, octets)).status_code == 201
    assert (await desk.send_picture(named, octets)).status_code == 200
    page = (await desk.get(desk.path)).json()
    assert (page["missing_pictures"], page["shown_version"]) == ([], 1)


async def test_a_picture_without_a_page_is_nowhere(doors: Doors) -> None:
    """Nobody stores pictures here that no published page names."""
    answer = await Desk(doors).send_picture(picture(photo()), photo())

    assert (answer.status_code, answer.json()["code"]) == (404, "page.picture_not_named")


async def test_a_picture_id_is_one_pictures_for_good(doors: Doors) -> None:
    """Browsers keep what they were shown under its address."""
    desk, octets = Desk(doors), photo()
    named = picture(octets)
    await desk.publish(case(pictures=[named]))
    await desk.send_picture(named, octets)
    again = picture(b"other") | {"id": named["id"]}
    answer = await desk.publish(case(version=2, change=change(), pictures=[again]))

    assert (answer.status_code, answer.json()["code"]) == (409, "page.picture_changed")


async def test_one_officer_takes_a_page_down_at_once(doors: Doors) -> None:
    """With a reason; a second time there is nothing to do, and a stale one is refused."""
    desk = Desk(doors)
    await desk.publish(case())

    stale = await desk.take_down(2)
    assert (stale.status_code, stale.json()["code"]) == (412, "page.stale")
    assert (await desk.take_down(1)).status_code == 204
    again = await desk.take_down(2)
    assert (again.status_code, again.json()["code"]) == (409, "page.hidden_already")
    none = await Desk(doors).take_down(1)
    assert (none.status_code, none.json()["code"]) == (404, "page.not_found")


async def test_what_was_taken_down_can_come_back_corrected(doors: Doors) -> None:
    """By two officers, as a version more."""
    desk = Desk(doors)
    await desk.publish(case())
    await desk.take_down(1)

    assert (await desk.publish(case(version=3, change=change()))).status_code == 201
    assert (await desk.get(desk.path)).json()["state"] == "open"


async def test_every_deed_is_in_the_audit_log(doors: Doors) -> None:
    """A proposal, a publication and a takedown are a leaf each, under their officers' keys."""
    desk = Desk(doors)
    await desk.publish(case())
    await desk.take_down(1)
    entries = (await doors.signed("GET", "/v1/audit/entries?from=0")).json()["entries"]
    told = [entry["event"] for entry in entries if desk.page_id in (entry["event"] or "")]

    assert len(told) == 3


async def test_staff_find_what_was_published(doors: Doors) -> None:
    """Also what was taken down, page by page."""
    desks = [Desk(doors) for _ in range(3)]
    for number, desk in enumerate(desks):
        await desk.publish(case(slug=f"case-{number}"))
    await desks[0].take_down(1)
    first = (await desks[0].get("/v1/publications/cases?limit=2")).json()
    rest = (await desks[0].get(f"/v1/publications/cases?after={first['next']}")).json()

    assert {one["page_id"] for one in first["pages"] + rest["pages"]} == {
        desk.page_id for desk in desks
    }
    assert rest["next"] is None
