"""Staff change who can open what a reporter sent, with marks in what is refused of it."""

import hashlib
import secrets

from mustshare_api.crypto.envelope import Head, Stanza, parse_head
from tests.faults.canary.traffic import STAFF, Traffic


def staff_share(traffic: Traffic, spared: set[bytes]) -> None:
    """Of one object a stanza is dropped, and then it is sealed anew, each done twice.

    Tips that are `spared` keep their readers: a second officer is needed for them later.
    """
    entry = next(
        one
        for one in traffic.signed("GET", "/v1/index").json()["objects"]
        if one["kind"] == 1 and bytes.fromhex(one["tip_id"]) not in spared
    )
    place = f"/v1/objects/{entry['object_id']}"
    head = parse_head(traffic.signed("GET", f"{place}/head").content)
    fewer = Head.of(head.prefix, head.stanzas[:1])
    for _ in range(2):
        assert put(traffic, f"{place}/recipients", fewer.stanza_octets, seen=head) == 204
    whole = anew(fewer, entry["octets"] - head.length)
    for _ in range(2):
        assert put(traffic, place, whole, seen=fewer) == 204
    refused(traffic, place, fewer)


def anew(head: Head, payload_bytes: int) -> bytes:
    """What another sealing looks like to whoever cannot open it."""
    fresh = Stanza(head.stanzas[0].kid, secrets.token_bytes(1120), secrets.token_bytes(48))
    return Head.of(head.prefix, (fresh,)).octets + secrets.token_bytes(payload_bytes)


def refused(traffic: Traffic, place: str, seen: Head) -> None:
    """Nothing said of what is changed, marks said, another object, a stranger's key."""
    mark = traffic.marks.of("if-match")
    stranger = Stanza(secrets.token_bytes(16), secrets.token_bytes(1120), bytes(48))
    block = Head.of(seen.prefix, (*seen.stanzas, stranger)).stanza_octets
    for target, body in ((f"{place}/recipients", block), (place, block)):
        traffic.signed("PUT", target, body)
        put(traffic, target, body, header=mark)
        put(traffic, target, body, seen=seen)
    now = parse_head(traffic.signed("GET", f"{place}/head").content)
    put(traffic, f"{place}/recipients", block, seen=now)
    put(
        traffic, place, now.octets[:80] + mark.encode() + now.octets[80 + len(mark) :], seen=now
    )
    whole = traffic.signed("GET", place).content
    put(traffic, place, anew(now, len(whole) - now.length - 1), seen=now)


def put(
    traffic: Traffic,
    target: str,
    body: bytes,
    *,
    seen: Head | None = None,
    header: str | None = None,
) -> int:
    """A signed write that says what it changes; its status."""
    digest = hashlib.sha256(seen.octets).hexdigest() if seen else ""
    match = header if header is not None else f'"{digest}"'
    headers = traffic.signature("PUT", target, body, if_match=match)
    return traffic.send(STAFF, "PUT", target, body, headers).status
