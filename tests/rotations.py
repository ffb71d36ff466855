"""What a careful front end does to exchange a receipt for a new one."""

import base64
import json
from itertools import pairwise
from typing import Any

from mustshare_api.crypto import receipts, reply_box, rotation, xwing
from mustshare_api.crypto.envelope import Head, parse_prefix
from mustshare_api.crypto.receipts import ReceiptKeys
from mustshare_api.crypto.rotation import Link, parse_stanza


def link(tip_id: bytes, number: int, old: ReceiptKeys, new: ReceiptKeys) -> Link:
    """One rotation, signed by both receipts."""
    octets = rotation.notice_octets(
        tip_id, number, receipts.bundle_hash(old.bundle), new.bundle
    )
    return Link(old.bundle, old.sign(octets), new.sign(octets))


def links(tip_id: bytes, *keys: ReceiptKeys) -> list[Link]:
    """A chain from the first receipt to the last."""
    return [link(tip_id, n, old, new) for n, (old, new) in enumerate(pairwise(keys), 1)]


def sealed_body(old: ReceiptKeys, new: ReceiptKeys, standing: dict[str, Any]) -> dict[str, Any]:
    """The body of a rotation, from what `GET /v1/tip/receipt` told."""
    signed = link(bytes.fromhex(standing["tip_id"]), standing["number"], old, new)
    return {
        "access_hash": text(receipts.access_hash(new.access)),
        "bundle": text(new.bundle),
        "notice": text(signed.notice),
        "acceptance": text(signed.acceptance),
        "stanzas": [
            {"object_id": one["object_id"], "stanza": text(rewrapped(one, old, new))}
            for one in standing["stanzas"]
        ],
    }


def rewrapped(waiting: dict[str, str], old: ReceiptKeys, new: ReceiptKeys) -> bytes:
    """A new stanza in the place of a listed one."""
    prefix = base64.b64decode(waiting["prefix"])
    stanza = parse_stanza(base64.b64decode(waiting["stanza"]))
    head = Head.of(parse_prefix(prefix), (stanza,))
    reply_key = new.bundle[: xwing.PUBLIC_BYTES]
    return reply_box.rewrapped(head, old.reply_seed, reply_key).encode()


def earlier(told: dict[str, Any]) -> list[Link]:
    """The links that either door tells of."""
    fields = ("bundle", "notice", "acceptance")
    return [Link(*(base64.b64decode(one[f]) for f in fields)) for one in told["rotations"]]


def text(octets: bytes) -> str:
    """As JSON has them."""
    return base64.b64encode(octets).decode()


def encoded(body: dict[str, Any]) -> bytes:
    """A body."""
    return json.dumps(body).encode()
