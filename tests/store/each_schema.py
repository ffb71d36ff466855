"""Rows as each schema had them: what a database of that age holds when it is upgraded.

`rows_of(4)` are what could first be written at schema 4. They are made by hand and not by the
stores, which write what the newest schema has.
"""

import json
import secrets
from datetime import date
from typing import Any, Final

from tests.pages import article, case

OLD, DAY, LATER = date(2026, 1, 5), date(2026, 11, 23), date(2027, 11, 23)
Row = tuple[str, dict[str, Any]]

UNREAD, ANSWERED, WITHDRAWN, EXPIRED, MOVED = (bytes([n]) * 16 for n in range(1, 6))
STANZAS: Final = b"\2" + b"".join(bytes([n]) * 1184 for n in (7, 8))
CASE, CAMPAIGN, ARTICLE, HIDDEN = (bytes([n]) * 16 for n in range(17, 21))
SENT, LAPSED = b"\x21" * 16, b"\x22" * 16
CALLED, GIVEN_UP = b"\x31" * 16, b"\x32" * 16


def _id() -> bytes:
    return secrets.token_bytes(16)


def _hash() -> bytes:
    return secrets.token_bytes(32)


def _tip(tip_id: bytes, state: str = "received", **more: Any) -> Row:
    living = {
        "access_hash": _hash(),
        "bundle": secrets.token_bytes(1248),
        "bundle_hash": _hash(),
        "fingerprint": _hash(),
    }
    gone = state in ("withdrawn", "expired")
    about = {"tip_id": tip_id, "state": state, "received_on": OLD, "expires_on": LATER}
    return "tips", about | ({} if gone else living) | more


def _sealed(tip_id: bytes, kind: int, **more: Any) -> Row:
    payload = None if kind in (4, 5) else secrets.token_bytes(900)
    return "envelopes", {
        "object_id": _id(),
        "tip_id": tip_id,
        "kind": kind,
        "received_on": OLD,
        "prefix": secrets.token_bytes(72),
        "stanzas": STANZAS,
        "payload": payload,
        "payload_bytes": 900,
        **more,
    }


def _page(page_id: bytes, kind: str, shown: dict[str, Any], **more: Any) -> list[Row]:
    """A page and its two versions, of which the second is shown unless it says otherwise."""
    page = {
        "page_id": page_id,
        "kind": kind,
        "slug": shown["slug"],
        "version": 2,
        "shown_version": 2,
        "state": shown.get("state", "open"),
        "published_on": OLD,
        "changed_on": DAY,
        **more,
    }
    version = {
        "page_id": page_id,
        "told": b'{"what":{"th":"a","en":"b"},"why":{"th":"c","en":"d"}}',
        "digest": _hash(),
        "content": b"{}",
        "shown": json.dumps(shown, ensure_ascii=False).encode(),
        "state": page["state"],
        "tags": ["TH-EGP"],
        "pictures": [_id()],
    }
    first = {"version": 1, "act": "published", "happened_on": OLD, "state": "open"}
    second = {"version": 2, "act": "corrected", "happened_on": DAY}
    return [
        ("pages", page),
        ("page_versions", version | first),
        ("page_versions", version | second),
        ("page_tags", {"kind": kind, "tag": "x", "published_on": OLD, "page_id": page_id}),
    ]


def _referral(referral_id: bytes, state: str) -> list[Row]:
    return [
        (
            "referrals",
            {
                "referral_id": referral_id,
                "agency": "nacc",
                "state": state,
                "version": 2,
                "octets": 9,
                "sha256": _hash(),
                "sent_on": OLD,
                "changed_on": DAY,
            },
        ),
        ("referral_chunks", {"referral_id": referral_id, "number": 0, "octets": b"123456789"}),
    ]


def _spine() -> list[Row]:
    file = _sealed(ANSWERED, 4)
    return [
        _tip(UNREAD),
        _tip(ANSWERED, answered=True),
        _tip(WITHDRAWN, "withdrawn", expires_on=DAY),
        _tip(EXPIRED, "expired", expires_on=DAY),
        *(_sealed(tip, kind) for tip in (UNREAD, ANSWERED) for kind in (1, 2)),
        _sealed(ANSWERED, 3),
        file,
        _sealed(ANSWERED, 5, follow_up_id=_id()),
        ("envelope_chunks", {"object_id": file[1]["object_id"], "number": 0, "octets": b"x"}),
        (
            "directories",
            {"serial": 3, "octets": b"note", "digest": _hash(), "accepted_on": OLD},
        ),
        ("deployment", {"deployment_id": _id(), "receipt_mint_key": _hash()}),
    ]


def _uploads() -> list[Row]:
    going, done = _hash(), _hash()
    about = {"tip_id": ANSWERED, "expires_on": DAY, "progress": b"p"}
    return [
        ("uploads", {"upload_id": going, "chunks": 1, "parked_bytes": 5, **about}),
        ("upload_chunks", {"upload_id": going, "number": 0, "octets": b"12345"}),
        ("uploads", {"upload_id": done, "answer": b"{}", **about}),
    ]


def _pages() -> list[Row]:
    campaign = {"slug": "roads", "opens_on": "2026-01-01", "closes_on": "2026-12-31"}
    hidden = {"state": "taken_down", "shown_version": 0}
    return [
        *_page(CASE, "case", case(state="concluded")),
        *_page(CAMPAIGN, "campaign", campaign),
        *_page(ARTICLE, "article", article(), retain_until=LATER),
        *_page(HIDDEN, "case", case(slug="hidden"), **hidden),
        (
            "drafts",
            {
                "draft_id": _id(),
                "version": 1,
                "changed_on": OLD,
                "digest": _hash(),
                "head": b"h",
                "octets": b"o",
            },
        ),
        ("plane_figures", {"period": "2026-01", "names": ["a"], "counts": [12]}),
    ]


def _agencies() -> list[Row]:
    word = {"referral_id": SENT, "octets": b"w", "received_on": DAY}
    return [
        (
            "agencies",
            {"name": "nacc", "title_th": "ก", "title_en": "a", "kind": "other", "version": 1},
        ),
        *_referral(SENT, "asked"),
        ("referral_answers", {"answer_id": _id(), **word}),
        (
            "agency_words",
            {"word_id": _id(), "sort": "question", "fingerprint": _hash(), **word},
        ),
    ]


def _webhooks() -> list[Row]:
    endpoint = {"partner": "river", "types": ["case.published"], "secret": _hash()}
    event = {"event_id": _id(), "type": "case.published", "about": "a", "happened_on": OLD}
    return [
        ("webhook_key", {"seed": _hash(), "public_key": _hash()}),
        (
            "webhook_endpoints",
            endpoint | {"endpoint_id": CALLED, "url": "https://a.example/", "added_on": OLD},
        ),
        (
            "webhook_endpoints",
            endpoint
            | {
                "endpoint_id": GIVEN_UP,
                "url": "https://b.example/",
                "added_on": OLD,
                "disabled_on": DAY,
                "disabled_for": "gone",
            },
        ),
        ("webhook_events", event),
        (
            "webhook_deliveries",
            {"event_id": event["event_id"], "endpoint_id": CALLED, "outcome": "delivered"},
        ),
    ]


def rows_of(number: int) -> list[Row]:
    """What could first be written there; at a number that only changed what was, nothing."""
    partner = {"name": "river", "key_hash": _hash(), "origins": ["https://a.example"]}
    quota = {"quota_per_day": 9, "quota_per_minute": 1, "added_on": OLD}
    rotation = {"bundle": secrets.token_bytes(1248), "notice": bytes(64)}
    made = {
        1: _spine,
        2: _uploads,
        4: lambda: [("audit_key", {"seed": _hash()})],
        5: lambda: [
            (
                "rotations",
                {"tip_id": ANSWERED, "number": 1, "acceptance": bytes(64), **rotation},
            )
        ],
        6: lambda: [("partners", partner | quota)],
        8: lambda: [_sealed(ANSWERED, 6), _sealed(ANSWERED, 7)],
        9: lambda: [
            _tip(MOVED, "referred", steps=2),
            ("erasures", {"month": date(2026, 1, 1), "hash": _hash()}),
            ("tallies", {"month": date(2026, 1, 1), "state": "withdrawn", "tips": 4}),
        ],
        11: _pages,
        13: _agencies,
        14: _webhooks,
        15: lambda: [
            *_referral(LAPSED, "lapsed"),
            ("referral_acts", {"referral_id": LAPSED, "digest": _hash()}),
        ],
        17: lambda: [("done", {"mark": _hash(), "done_on": DAY})],
    }
    return made[number]() if number in made else []
