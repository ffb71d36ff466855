"""What is really stored, read past the service and opened with the officers' keys."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from mustshare_api.crypto import opening, receipts
from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.crypto.seen import KINDS
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.domain.lifecycle import LIVING
from mustshare_api.domain.message import (
    AttachmentName,
    AttachmentNotice,
    ReplyBody,
    TipBody,
    decode_message,
)
from tests.organisation import Organisation

TIPS = "SELECT tip_id, bundle, state, received_on, expires_on FROM tips"
LEFT = "SELECT tip_id, bundle FROM rotations"
OBJECTS = """
    SELECT object_id, tip_id, kind,
           prefix || stanzas || coalesce(payload, (
               SELECT string_agg(octets, '' ORDER BY number) FROM envelope_chunks c
               WHERE c.object_id = e.object_id)) AS octets,
           payload_bytes
    FROM envelopes e
"""
LOOSE_CHUNKS = """
    SELECT count(*) FROM envelope_chunks c
    WHERE NOT EXISTS (SELECT FROM envelopes e WHERE e.object_id = c.object_id)
"""


@dataclass
class StoredTip:
    """One living tip, opened."""

    expires_on: date
    sent: set[bytes] = field(default_factory=set)
    """The ids of all that its reporter sent."""

    texts: list[str] = field(default_factory=list)
    things: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Object id -> (what, what it says or the hash of the file as it was sent)."""

    notices: list[AttachmentName] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """Object id -> SHA-256 of the content as sealed."""


class Reader:
    """Reads and opens; what was opened once is not opened again while it is the same."""

    def __init__(self, org: Organisation) -> None:
        self._seeds = {
            kid: seed for officer in org.officers[:1] for kid, seed in officer.seeds().items()
        }
        self._staff = {one.keyid: verify_key_of(one.sign_seed) for one in org.officers}
        self._known: dict[bytes, Any] = {}

    async def read(self, connection: "asyncpg.Connection[Any]") -> dict[bytes, StoredTip]:
        """Every tip that was neither withdrawn nor swept, by its id."""
        async with connection.transaction(isolation="repeatable_read"):
            tips = {row["tip_id"]: row for row in await connection.fetch(TIPS)}
            objects = await connection.fetch(OBJECTS)
            left = await connection.fetch(LEFT)
            assert await connection.fetchval(LOOSE_CHUNKS) == 0
        found = {
            tip_id: StoredTip(row["expires_on"])
            for tip_id, row in tips.items()
            if row["state"] in LIVING
        }
        for row in objects:
            # An object on a tombstone would be a KeyError: nothing of it may be left.
            bundle = tips[row["tip_id"]]["bundle"]
            earlier = [one["bundle"] for one in left if one["tip_id"] == row["tip_id"]]
            self._place(found[row["tip_id"]], row, _named(row["octets"], bundle, earlier))
            if row["kind"] in KINDS:
                found[row["tip_id"]].sent.add(row["object_id"])
            _check_opens(row, bundle)
        for tip in found.values():
            _check_files(tip)
        return found

    def _place(self, tip: StoredTip, row: Any, bundle: bytes) -> None:
        key = hashlib.sha256(row["octets"]).digest()
        if key not in self._known:
            self._known[key] = self._open(row, bundle)
        content, object_id = self._known[key], row["object_id"].hex()
        if isinstance(content, str):
            tip.files[object_id] = content
        elif isinstance(content, AttachmentNotice):
            tip.notices += content.attachments
        elif isinstance(content, TipBody):
            tip.texts.append(content.text)
        elif isinstance(content, ReplyBody):
            tip.things[object_id] = ("reply", content.text)
        else:
            tip.things[object_id] = ("follow-up", content.text)

    def _open(self, row: Any, bundle: bytes) -> Any:
        octets, kind = row["octets"], Kind(row["kind"])
        head = parse_head(octets)
        assert len(octets) == head.length + row["payload_bytes"]
        bundle_hash = receipts.bundle_hash(bundle)
        expect = Expected(kind, row["tip_id"], row["object_id"], bundle_hash)
        if kind.is_attachment:
            opener = opening.AttachmentOpener(octets[: head.length], self._seeds, expect=expect)
            content = opener.update(octets[head.length :]) + opener.finalize()
            return hashlib.sha256(content).hexdigest()
        by_reporter = receipts.parse_bundle(bundle).verify_key
        from_staff = kind is Kind.FOLLOW_UP_FROM_STAFF
        verify_key = self.author if from_staff else by_reporter
        return decode_message(
            opening.open_message(octets, self._seeds, expect=expect, verify_key=verify_key)
        )

    def author(self, content: bytes) -> bytes | None:
        """The key of the officer who says to have signed a reply."""
        said = decode_message(content)
        return self._staff.get(said.signed_by) if isinstance(said, ReplyBody) else None


def _named(octets: bytes, bundle: bytes, earlier: list[bytes]) -> bytes:
    """Whichever of a tip's bundles an object names."""
    by_hash = {receipts.bundle_hash(one): one for one in (*earlier, bundle)}
    return by_hash[parse_head(octets).prefix.bundle_hash]


def _check_opens(row: Any, bundle: bytes) -> None:
    """What comes from staff opens for the receipt in force, however often it was exchanged."""
    if Kind(row["kind"]).is_from_staff:
        reporter = kid_of(receipts.parse_bundle(bundle).reply_key)
        assert reporter in parse_head(row["octets"]).kids, "nobody can open a reply"


def _check_files(tip: StoredTip) -> None:
    """Gives each file what was said of it: a notice names it once, and rightly."""
    named = Counter(name.id for name in tip.notices)
    assert not named or named.most_common(1)[0][1] == 1, "two notices name one file"
    for name in tip.notices:
        assert tip.files.get(name.id) == name.sha256, "a notice without its file"
        assert name.original_sha256 is not None
        tip.things[name.id] = ("file", name.original_sha256)
    for object_id, digest in tip.files.items():
        tip.things.setdefault(object_id, ("file", digest))
