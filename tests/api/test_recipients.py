"""Staff change who can open an object, by wrapping its content key anew."""

import asyncio
import hashlib
import secrets

import pytest

from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.envelope import Kind, parse_head
from mustshare_api.crypto.suite import kid_of, verify_key_of
from tests.api.kept import DONE, Kept, block, stanza
from tests.api.staff_roles import Cast
from tests.doors import Doors

WRONG = (409, "object.wrong_recipients")
CHANGED = (412, "object.changed")


async def test_an_officer_who_is_granted_an_object_is_shown_it(kept: Kept) -> None:
    """One stanza more; prefix, payload and the other stanzas are what they were."""
    malee = kept.cast.malee
    mine = stanza(kept.case_kid(malee))

    assert await kept.wrap(*kept.head.stanzas, mine) == DONE

    octets = await kept.fetched(malee)
    assert parse_head(octets).stanzas == (*kept.head.stanzas, mine)
    assert octets.startswith(kept.head.prefix_octets)
    assert octets.endswith(kept.octets[kept.head.length :])
    index = (await kept.doors.signed("GET", "/v1/index", officer=malee)).json()["objects"]
    assert [one["digest"] for one in index] == [
        hashlib.sha256(parse_head(octets).octets).hexdigest()
    ]


async def test_an_officer_who_is_dropped_finds_nothing_there(kept: Kept) -> None:
    """At once, and in every way of asking."""
    wichai = kept.doors.org.officers[1]

    assert await kept.wrap(kept.head.stanzas[0]) == DONE

    gone = await kept.doors.signed("GET", kept.path, officer=wichai)
    assert (gone.status_code, gone.json()["code"]) == (404, "object.not_found")
    for target in ("/v1/index", "/v1/tips"):
        page = (await kept.doors.signed("GET", target, officer=wichai)).json()
        assert page["next"] is None
        assert [*page.get("objects", []), *page.get("tips", [])] == []


async def test_the_head_is_what_comes_before_the_payload(kept: Kept) -> None:
    """So that 10,000 objects can be wrapped anew without fetching their pictures."""
    got = await kept.doors.signed("GET", f"{kept.path}/head")

    assert got.content == kept.head.octets
    assert got.headers["content-type"] == "application/octet-stream"


async def test_the_second_of_two_officers_is_told_that_the_object_changed(kept: Kept) -> None:
    """At one moment: one change stands, the other is made anew by whoever was told."""
    first, second = kept.doors.org.officers
    granted = stanza(kept.case_kid(kept.cast.malee))
    found = await asyncio.gather(
        kept.wrap(*kept.head.stanzas, granted, by=first),
        kept.wrap(*kept.head.stanzas, stanza(kept.case_kid(first)), by=second),
    )

    assert sorted(found) == [DONE, CHANGED]


@pytest.mark.parametrize("anew", [False, True])
async def test_a_retry_after_a_lost_answer_is_a_success(kept: Kept, anew: bool) -> None:
    """It names what it saw before the first try, and finds that it is so already."""
    kid = kept.head.stanzas[0].kid
    target = kept.path if anew else f"{kept.path}/recipients"
    body = kept.anew(kid) if anew else block(kept.head.stanzas[0])

    assert [await kept.put(target, body) for _ in range(3)] == [DONE] * 3
    assert await kept.put(target, kept.anew(kid) if anew else block(stanza(kid))) == CHANGED


SEEN: list[tuple[dict[str, str], tuple[int, str]]] = [
    ({}, (428, "precondition.missing")),
    ({"if-match": "*"}, (400, "request.malformed")),
    ({"if-match": "ab" * 32}, (400, "request.malformed")),
    ({"if-match": f'W/"{"ab" * 32}"'}, (400, "request.malformed")),
    ({"if-match": f'"{"AB" * 32}"'}, (400, "request.malformed")),
    ({"if-match": f'"{"ab" * 32}", "{"cd" * 32}"'}, (400, "request.malformed")),
    ({"if-match": f'"{"ab" * 32}"'}, CHANGED),
]


@pytest.mark.parametrize("place", ["", "/recipients"])
async def test_a_change_says_of_what(kept: Kept, place: str) -> None:
    """One digest in quotation marks: no wildcard, no list, nothing weak."""
    body = block(kept.head.stanzas[0]) if place else kept.anew(kept.head.stanzas[0].kid)

    for seen, told in SEEN:
        assert await kept.put(kept.path + place, body, seen) == told, seen
    assert await kept.fetched() == kept.octets


async def test_stanzas_that_are_none_are_refused(kept: Kept) -> None:
    """Short, long, miscounted, doubled; and too many are not read to their end."""
    whole, target = kept.head.stanza_octets, f"{kept.path}/recipients"
    spoilt = [b"", b"\x00", whole[:-1], whole + b"x", b"\x03" + whole[1:]]
    spoilt += [b"\x02" + whole[1:1185] * 2]

    for octets in spoilt:
        assert await kept.put(target, octets) == (400, "envelope.malformed")
    many = block(*kept.head.stanzas[:1] * 17)
    assert await kept.put(target, many) == (413, "request.too_large")


async def test_only_keys_that_were_on_it_or_are_in_force_can_be_put_on(kept: Kept) -> None:
    """Not a stranger's, not one of another week, not a key that signs."""
    malee = kept.cast.malee
    weeks = [entry for entry in malee.entries() if entry.role == "intake"]
    signing = kid_of(verify_key_of(malee.sign_seed))

    for kid in (secrets.token_bytes(16), weeks[1].kid, weeks[-1].kid, signing):
        assert await kept.wrap(*kept.head.stanzas, stanza(kid)) == WRONG
        assert await kept.put(kept.path, kept.anew(kept.head.stanzas[0].kid, kid)) == WRONG
    assert await kept.wrap(*kept.head.stanzas, stanza(weeks[0].kid)) == DONE


async def test_an_object_is_never_left_to_nobody_who_could_fetch_it(kept: Kept) -> None:
    """One officer of the directory in force stays; one who was struck off does not count."""
    org = kept.doors.org
    somsri, wichai = kept.head.stanzas
    left = type(org)(org.today, org.officers[:1], org.deployment_id, org.root_seeds)
    await kept.doors.bench.directory.accept(left.note(3))

    assert await kept.wrap(wichai) == WRONG
    assert await kept.put(kept.path, kept.anew(wichai.kid)) == WRONG
    assert await kept.wrap(somsri) == DONE


async def test_a_key_that_left_the_directory_may_stay_but_not_come_back(kept: Kept) -> None:
    """Dropping an officer who was struck off is for good."""
    org = kept.doors.org
    somsri, wichai = kept.head.stanzas
    left = type(org)(org.today, org.officers[:1], org.deployment_id, org.root_seeds)
    await kept.doors.bench.directory.accept(left.note(3))
    again = stanza(kept.case_kid(org.officers[0]))

    assert await kept.wrap(somsri, wichai, again) == DONE
    kept.octets = await kept.fetched()
    assert await kept.wrap(somsri, again) == DONE
    kept.octets = await kept.fetched()
    assert await kept.wrap(somsri, wichai, again) == WRONG


async def test_the_reporters_stanza_stays_as_it_is(reply: Kept) -> None:
    """Neither left out nor written over: the reporter could not read their answer."""
    reporter, malee, somsri, wichai = reply.head.stanzas

    assert await reply.wrap(malee, somsri, wichai) == WRONG
    assert await reply.wrap(stanza(reporter.kid), malee, somsri, wichai) == WRONG
    assert await reply.wrap(reporter) == WRONG
    assert await reply.wrap(somsri, reporter) == DONE
    reply.octets = await reply.fetched()
    assert await reply.put(reply.path, reply.anew(somsri.kid)) == WRONG
    assert await reply.put(reply.path, reply.anew(reporter.kid, somsri.kid)) == DONE


async def test_a_reporters_key_cannot_be_put_on_what_is_for_staff(
    kept: Kept, reply: Kept
) -> None:
    """A receipt opens answers, and never the tip."""
    reporter = stanza(reply.head.stanzas[0].kid)

    assert await kept.wrap(*kept.head.stanzas, reporter) == WRONG


async def test_nothing_is_changed_on_a_tip_that_is_gone(doors: Doors) -> None:
    """Withdrawn or due: not there, for every way of changing it."""
    digits = await doors.new_tip()
    await doors.new_tip()
    first, second = [
        Kept(doors, Cast(doors.org.officers[0], doors.org.officers[1]), octets)
        for octets in await doors.stored(Kind.TIP)
    ]
    await doors.reporter.delete("/v1/tip", headers={"authorization": f"Receipt {digits}"})
    found = [await one.wrap(one.head.stanzas[0]) for one in (first, second)]

    assert sorted(found) == [DONE, (404, "object.not_found")]


async def test_holding_an_answer_is_not_holding_the_tip(kept: Kept, reply: Kept) -> None:
    """Whoever was granted one object may read that one, and acts on nothing."""
    malee = kept.cast.malee
    await reply.wrap(*reply.head.stanzas, stanza(reply.case_kid(malee)))
    tip_id = kept.head.prefix.tip_id
    octets = await kept.doors.sealed_reply(tip_id, "a", [], secrets.token_bytes(16), malee)
    answer = await kept.doors.signed(
        "POST", f"/v1/tips/{tip_id.hex()}/follow-ups", octets, officer=malee
    )

    assert (await kept.doors.signed("GET", reply.path, officer=malee)).status_code == 200
    assert (await kept.doors.signed("GET", kept.path, officer=malee)).status_code == 404
    assert (answer.status_code, answer.json()["code"]) == (404, "tip.not_found")
    assert [
        one["tip_id"]
        for one in (await kept.doors.signed("GET", "/v1/tips", officer=malee)).json()["tips"]
    ] == [tip_id.hex()]


async def test_last_weeks_keys_can_be_put_on_for_an_hour(doors: Doors) -> None:
    """Around midnight on a Monday, as for what reporters send."""
    keeper = doors.bench.directory
    of_week = {entry.kid: entry for entry in keeper.current().entries if entry.role == "intake"}

    def shareable() -> set[Entry]:
        return {of_week[kid] for kid in keeper.shareable_kids() if kid in of_week}

    this_week = shareable()
    doors.clock.advance(days=6, hours=12, minutes=30)  # half past midnight on Monday
    around = shareable()
    doors.clock.advance(hours=1)
    next_week = shareable()

    assert around == this_week | next_week
    assert len(this_week) == len(next_week) == 2
    assert this_week.isdisjoint(next_week)
