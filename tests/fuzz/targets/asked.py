"""What strangers ask and answer in public: cursors, queries, forms; and webhooks' ends."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mustshare_api.api import bodies, tips
from mustshare_api.api.form import typed
from mustshare_api.api.plane import open311_query
from mustshare_api.api.plane import pages as plane
from mustshare_api.api.staff import changes as feed
from mustshare_api.app.delivering import sending
from mustshare_api.domain import answers, outward
from mustshare_api.domain.answers import Answers
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.message import TipBody, decode_message, encode_message
from mustshare_api.domain.page_kinds import READERS
from mustshare_api.errors import Malformed
from mustshare_api.flows.changes import Cursor
from mustshare_api.store.changes import Place
from tests.campaigns import ANSWERS, roads
from tests.fuzz.harness import Target, same
from tests.fuzz.targets.doors import queried

SINCE = date(2026, 11, 1)
CAMPAIGN: CampaignContent = READERS["campaign"].decode(msgspec.json.encode(roads()))
SENT_AT = "2026-11-23T09:00:00Z"
TYPED = {
    "q.defect": "hole", "q.holes": "๓", "q.sign": "true", "q.project": "66037123456",
    "q.finished_on": "2026-03-31", "q.budget_baht": "1,000.50", "q.road": "ทล. 11",
    "point": "18.79, 98.98", "precision_m": "1000",
}  # fmt: skip


def read_cursor(octets: bytes) -> None:
    """One spelling, and only for the day it was given out for."""
    text = octets.decode("latin-1")
    same(Cursor.parse(text, SINCE).encode(SINCE), text)


def read_answers(octets: bytes) -> None:
    """What fits a campaign, read as the door does, can be sealed, and read by its opener."""
    said = bodies.decode(b'{"text":"x","answers":' + octets + b"}", tips._NEW_TIP)
    hold(tips._answers(said.answers))


def hold(said: dict[str, object]) -> None:
    """Against the example's questions.

    Raises:
        Malformed: they do not fit.
    """
    wrong = answers.errors(CAMPAIGN.questions, said)
    if wrong:
        raise Malformed("request.invalid_fields", errors=tuple(wrong))
    fitting = msgspec.convert(said, Answers, strict=True)
    body = TipBody(sent_at=SENT_AT, text="ถนนพัง", campaign="roads", answers=fitting)
    try:
        octets = encode_message(body)
    except Malformed as refused:
        raise AssertionError from refused
    if decode_message(octets) != body:
        raise AssertionError


def read_typed(octets: bytes) -> None:
    """The same, typed into a form; and a place with it."""
    pairs = parse_qsl(octets.decode("utf-8", "replace"), keep_blank_values=True)
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    point = typed.point_of(*(fields.get(name, [""])[0] for name in ("point", "precision_m")))
    if point is not None:
        msgspec.convert(msgspec.to_builtins(point), type(point), strict=True)
    hold(typed.answers_of(CAMPAIGN.questions, fields))


def read_open311(request: Any) -> None:
    """Parameters of GeoReport."""
    found = open311_query.Query.of(list(request.query_params.multi_items()))
    assert found.of_page((), SINCE) == []
    assert 1 <= found.size <= open311_query.REQUESTS_MOST


def read_list(request: Any) -> None:
    """Parameters of both public lists."""
    refusals = 0
    for kind in plane.SHOWN:
        try:
            plane._asked(request, kind)
        except Malformed:
            refusals += 1
    if refusals == len(plane.SHOWN):
        raise Malformed


def read_destination(octets: bytes) -> None:
    """An address of a partner: what is kept of it is kept again, and is no number."""
    read = outward.destination(octets.decode("utf-8", "replace"), (443, 8443))
    same(outward.destination(read.url, (443, 8443)).url, read.url)
    if not read.host.isascii() or outward.is_of_the_internet(read.host):
        raise AssertionError
    sending._request(read, {}, b"{}")


def read_status(octets: bytes) -> None:
    """What a partner's end answers."""
    asyncio.run(_status(octets))


async def _status(octets: bytes) -> None:
    reader = asyncio.StreamReader(limit=sending._HEAD_BYTES)
    reader.feed_data(octets)
    reader.feed_eof()
    if not 200 <= await sending._status(reader) < 600:
        raise AssertionError


def cursors() -> Mapping[str, bytes]:
    """Of one walk, and of both."""
    place = Place(date(2026, 11, 23), bytes(16))
    both, one = Cursor(place, place), Cursor(None, place)
    return {"both": both.encode(SINCE).encode(), "one": one.encode(SINCE).encode()}


def form() -> bytes:
    """As a browser would put it into a query."""
    return "&".join(f"{name}={value}" for name, value in TYPED.items()).encode()


ENDED = (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
TARGETS = (
    Target("cursor", read_cursor, (Malformed,), cursors, 256),
    Target(
        *("changes", queried(feed._asked), (Malformed,)),
        lambda: {"all": b"since=2026-11-01&limit=10&after=x"},
        512,
        (b"since=", b"limit=", b"%d9%a1", b"&"),
    ),
    Target(
        *("answers", read_answers, (Malformed,)),
        lambda: {"example": msgspec.json.encode(ANSWERS)},
        4096,
        (b'"holes":', b"1e308", b"-0.0", b"true", b"\\ud800", b"[[[["),
    ),
    Target(
        *("typed", read_typed, (Malformed,)),
        lambda: {"all": form()},
        2048,
        (b"q.holes=", b"point=", b"%0a", b"nan", "๙".encode()),
    ),
    Target(
        *("open311", queried(read_open311), (Malformed,)),
        lambda: {"all": b"service_code=a,b&status=open&start_date=2026-11-23T00:00:00%2B07:00"},
        512,
        (b"start_date=", b"end_date=9999-12-31T23:59:60Z", b"0001-01-01T00:00:00Z"),
    ),
    Target(
        *("list", queried(read_list), (Malformed,)),
        lambda: {"cases": b"place=10&state=open&limit=20", "articles": b"form=knowledge"},
        512,
        (b"place=", b"after=", b"%d9%a1", b"state="),
    ),
    Target(
        *("destination", read_destination, (Malformed,)),
        lambda: {"plain": b"https://hooks.example.org/new?a=b", "thai": "https://ก.example.org".encode()},
        600,
        (b"127.1", b"0x7f.1", b"@", b"\\", "\uff11".encode(), "\u3002".encode(), b"xn--"),
    ),
    Target(
        *("webhook-answer", read_status, ENDED),
        lambda: {
            "plain": b"HTTP/1.1 204 No Content\r\n",
            "announced": b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 410 Gone\r\n",
        },
        16384,
        (b"HTTP/1.1 100 \r\n\r\n", b"\r\n\r\n", b"HTTP/2 200\r\n"),
    ),
)  # fmt: skip
