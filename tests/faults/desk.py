"""Staff who fetch and open everything there is, and hold it against a journal."""

import base64
import hashlib
import json
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mustshare_api.crypto import opening, receipts, requests
from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.crypto.rotation import Link, check_chain
from mustshare_api.domain.message import (
    AttachmentName,
    AttachmentNotice,
    FollowUpBody,
    TipBody,
    decode_message,
)
from tests.faults.reporters import Journal
from tests.organisation import Officer
from tests.rotations import earlier
from tests.service import Service


@dataclass
class Desk:
    """All that is stored, opened."""

    tips: list[tuple[bytes, str]] = field(default_factory=list)
    """(Tip id, text)."""

    follow_ups: list[tuple[bytes, str, str]] = field(default_factory=list)
    """(Tip id, object id, text)."""

    photos: list[tuple[bytes, str, str]] = field(default_factory=list)
    """(Tip id, object id, SHA-256 of the content)."""

    notices: list[tuple[bytes, AttachmentName]] = field(default_factory=list)


@dataclass(frozen=True)
class Fetched:
    """All that is stored, as staff fetch it."""

    bundles: dict[bytes, dict[bytes, bytes]]
    """Of each tip, by their hash, those that lead to the one in force."""

    objects: dict[bytes, bytes]

    def opened(self, officer: Officer) -> Desk:
        """The same, opened with one officer's keys; whatever does not open raises."""
        desk, seeds = Desk(), officer.seeds()
        for object_id, octets in self.objects.items():
            _open(desk, octets, object_id, self.bundles, seeds)
        return desk


class Staff:
    """A staff tool with one connection."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._connection = service.connect(1)

    def get(self, target: str) -> bytes:
        """The answer to a signed request."""
        path, _, query = target.partition("?")
        by = self._service.org.officers[0]
        headers = requests.sign(
            "GET",
            f"127.0.0.1:{self._service.ports[1]}",
            path,
            query,
            requests.content_digest(b""),
            keyid=by.keyid,
            seed=by.sign_seed,
            created=int(time.time()),
            nonce=secrets.token_urlsafe(16),
        )
        self._connection.request("GET", target, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content

    def pages(self, target: str, of: str) -> Iterator[dict[str, Any]]:
        """All entries of a list."""
        after = ""
        while True:
            page = json.loads(self.get(f"{target}?after={after}" if after else target))
            yield from page[of]
            if page["next"] is None:
                return
            after = page["next"]

    def fetch(self) -> Fetched:
        """Everything."""
        objects = {}
        for entry in self.pages("/v1/index", "objects"):
            octets = self.get(f"/v1/objects/{entry['object_id']}")
            assert len(octets) == entry["octets"], "the index told another length"
            objects[bytes.fromhex(entry["object_id"])] = octets
        bundles = {
            bytes.fromhex(tip["tip_id"]): self.bundles(tip)
            for tip in self.pages("/v1/tips", "tips")
            if tip["bundle"]
        }
        self._connection.close()
        return Fetched(bundles, objects)

    def bundles(self, tip: dict[str, Any]) -> dict[bytes, bytes]:
        """The bundles of a tip, once signatures led from each to the next."""
        bundle, links = base64.b64decode(tip["bundle"]), list[Link]()
        if tip["rotations"]:
            links = earlier(json.loads(self.get(f"/v1/tips/{tip['tip_id']}/rotations")))
            check_chain(bytes.fromhex(tip["tip_id"]), links, bundle)
        known = [*(link.bundle for link in links), bundle]
        return {receipts.bundle_hash(each): each for each in known}


def read_everything(service: Service) -> Desk:
    """All that is stored, opened by the first officer."""
    return Staff(service).fetch().opened(service.org.officers[0])


def _open(
    desk: Desk,
    octets: bytes,
    object_id: bytes,
    bundles: dict[bytes, dict[bytes, bytes]],
    seeds: dict[bytes, bytes],
) -> None:
    head = parse_head(octets)
    prefix = head.prefix
    bundle = bundles[prefix.tip_id][prefix.bundle_hash]
    expect = Expected(prefix.kind, prefix.tip_id, object_id, receipts.bundle_hash(bundle))
    if prefix.kind is Kind.ATTACHMENT_FROM_REPORTER:
        opener = opening.AttachmentOpener(octets[: head.length], seeds, expect=expect)
        content = opener.update(octets[head.length :]) + opener.finalize()
        digest = hashlib.sha256(content).hexdigest()
        desk.photos.append((prefix.tip_id, object_id.hex(), digest))
        return
    verify_key = receipts.parse_bundle(bundle).verify_key
    said = decode_message(
        opening.open_message(octets, seeds, expect=expect, verify_key=verify_key)
    )
    if isinstance(said, TipBody):
        desk.tips.append((prefix.tip_id, said.text))
    elif isinstance(said, FollowUpBody):
        desk.follow_ups.append((prefix.tip_id, object_id.hex(), said.text))
    elif isinstance(said, AttachmentNotice):
        desk.notices += [(prefix.tip_id, name) for name in said.attachments]


def check_against(desk: Desk, journal: Journal) -> None:
    """That what was acknowledged is there once, as it was sent, and that nothing else is."""
    assert journal.failures == []
    assert Counter(text for _, text in desk.tips) == Counter(journal.tips.keys())
    tip_of = {text: tip_id for tip_id, text in desk.tips}
    assert Counter(desk.follow_ups) == Counter(
        (tip_of[tip], object_id, text) for object_id, (tip, text) in journal.follow_ups.items()
    )
    stored = Counter((tip_id, object_id) for tip_id, object_id, _ in desk.photos)
    assert stored == Counter((tip_of[tip], one) for one, (tip, _) in journal.photos.items())
    _check_photos(desk, journal)


def _check_photos(desk: Desk, journal: Journal) -> None:
    """Each picture has one signed notice, which names its hash and that of what was sent."""
    named = Counter(
        (tip_id, name.id, name.sha256, name.original_sha256) for tip_id, name in desk.notices
    )
    assert named == Counter(
        (tip_id, object_id, digest, journal.photos[object_id][1])
        for tip_id, object_id, digest in desk.photos
    )
