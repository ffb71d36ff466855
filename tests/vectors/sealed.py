"""The sealed objects of the vector file: those that open and those that must not.

good     made as the product makes them
faulty   sealed wrongly by somebody who has every right to seal; the product refuses to
         make these, so they are put together here from the parts below its checks
edited   good ones that somebody changed who holds the store, or that are asked for wrongly
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cryptography.cobblestone import Cobblestone256Encryptor

from mustshare_api.crypto import events, padding, sealing, suite, xwing
from mustshare_api.crypto.agency_words import Said
from mustshare_api.crypto.envelope import Kind, Prefix
from tests.unit.crypto import objects as cast
from tests.vectors import reader

Vector = dict[str, Any]

WORDS = "ถนนหน้าโรงเรียนพังมาสามปีแล้ว".encode()
FAULTY_KEY = suite.sha256(b"content key of a faulty object")
FIRST, SECOND = cast.OFFICER_SEEDS[:2]
STANZA, PAYLOAD, CHUNKS = 73, 73 + 1184, 73 + 1184 + 56
CHUNK_BYTES = 16400
KEPT = ("kind", "expected", "seeds", "verify_key")


def objects(old: list[Vector]) -> list[Vector]:
    """All of them, with the octets of those in the file that may stay."""
    before = {vector["name"]: vector for vector in old}
    good = {vector["name"]: keep(vector, before) for vector in good_objects()}
    faulty = [keep(vector, before) for vector in faulty_objects()]
    return [*good.values(), *faulty, *edited_objects(good)]


def keep(vector: Vector, old: dict[str, Vector]) -> Vector:
    """The object that is in the file, if it is still the one to be made."""
    before = old.get(vector["name"], {})
    same = {**before, "octets": ""} == {**vector, "octets": ""}
    return before if same and reads_as_expected(before) else vector


def reads_as_expected(vector: Vector) -> bool:
    try:
        content = reader.open_object(bytes.fromhex(vector["octets"]), vector)
    except reader.Refused as refused:
        return bool(vector["expect"] == str(refused))
    return bool(vector["expect"] == "opens" and vector["content"] == content.hex())


def good_objects() -> Iterator[Vector]:
    """Objects that open."""
    kind = Kind.TIP
    yield good("tip", kind, WORDS, FIRST, "client-sealed, one recipient")
    yield good("tip by server", kind, WORDS, FIRST, "server-sealed", flags=1)
    yield good("second of two", kind, WORDS, SECOND, "by the second stanza", others=(FIRST,))
    yield good("empty", kind, b"", FIRST, "an empty content")
    yield good("marks", kind, b"\x80\0\x80\0\0", FIRST, "a content that looks like a tail")
    yield good("second size", kind, b"x" * 4096, FIRST, "one over the floor: 4352")
    yield good("from reporter", Kind.FOLLOW_UP_FROM_REPORTER, WORDS, FIRST, "a follow-up")
    reply_seed = cast.REPORTER.reply_seed
    yield good("from staff", Kind.FOLLOW_UP_FROM_STAFF, WORDS, reply_seed, "signed by staff")
    yield good("desk entry", Kind.DESK_ENTRY, WORDS, FIRST, "among staff")
    yield good("docket", Kind.DOCKET, WORDS, reply_seed, "from staff: what came of it")
    yield good("draft", Kind.DRAFT, WORDS, FIRST, "what staff write before all may read it")
    said = agency_word()
    yield good(
        "agency's word", Kind.AGENCY_WORD, said, FIRST, "unsigned, by the server", flags=1
    )
    photo = b"photo\x80" + bytes(100)
    kind = Kind.ATTACHMENT_FROM_REPORTER
    yield good("attachment", kind, photo, FIRST, "unsigned; ends in 0x80 and zeros")


def agency_word() -> bytes:
    """A question as it is sealed: the event that the agency signed, and the body."""
    body = b'{"id":"' + b"ab" * 16 + b'","nonce":"' + b"cd" * 16 + b'","text":"?"}'
    event = events.of_request(
        method="POST",
        path=f"/v1/referrals/{cast.TIP_ID.hex()}/questions",
        query="",
        body_sha256=suite.sha256(body),
        created=1795410000,
        kid=suite.kid_of(cast.STAFF_VERIFY_KEY),
    )
    return Said(event.signed(cast.STAFF_SIGN_SEED), body).encode()


def good(
    name: str,
    kind: Kind,
    content: bytes,
    seed: bytes,
    notes: str,
    *,
    flags: int = 0,
    others: tuple[bytes, ...] = (),
) -> Vector:
    recipients = [xwing.public_key_of(each) for each in (*others, seed)]
    return {
        **outline(name, kind, notes, "opens", seed),
        "flags": flags,
        "content": content.hex(),
        "octets": cast.seal(kind, content, recipients, flags).hex(),
    }


def outline(name: str, kind: Kind, notes: str, expect: str, seed: bytes) -> Vector:
    asked = cast.prefix_of(kind)
    return {
        "name": name,
        "notes": notes,
        "expect": expect,
        "kind": kind.name,
        "expected": {
            "kind": int(kind),
            "tip_id": asked.tip_id.hex(),
            "object_id": asked.object_id.hex(),
            "bundle_hash": asked.bundle_hash.hex(),
        },
        "seeds": [seed.hex()],
        "verify_key": None if not kind.is_signed else cast.author_of(kind)[1].hex(),
    }


def faulty_objects() -> Iterator[Vector]:
    """Objects whose fault is inside."""
    here, sign = cast.prefix_of(Kind.TIP), cast.REPORTER.sign
    elsewhere = replace(here, tip_id=bytes(16))
    right = signed(here, sign, WORDS, padding.tail(len(WORDS), 4096))
    moved = signed(elsewhere, sign, WORDS, padding.tail(len(WORDS), 4096))
    stranger = signed(here, cast.STRANGER.sign, WORDS, padding.tail(len(WORDS), 4096))
    after = signed(here, sign, b"x", b"\x80" + bytes(4093) + b"\1")
    for name, notes, expect, clear in (
        ("no signature", "64 zeros", "open.wrong_signature", bytes(64) + right[64:]),
        ("by a stranger", "another receipt's key", "open.wrong_signature", stranger),
        ("signed for elsewhere", "another tip id", "open.wrong_signature", moved),
        ("no mark", "up to the end", "open.bad_padding", signed(here, sign, b"x" * 4096, b"")),
        ("only zeros", "no mark", "open.bad_padding", signed(here, sign, b"", bytes(4096))),
        ("longer tail", "4352 where 4096 will do", "open.bad_padding",
         signed(here, sign, b"x", b"\x80" + bytes(4350))),
        ("more after the mark", "a 1 at the end", "open.bad_padding", after),
        ("not padded", "its length tells", "envelope.not_padded", right[:100]),
    ):  # fmt: skip
        vector = outline(name, Kind.TIP, notes, expect, FIRST)
        yield {**vector, "octets": seal_clear(here, clear).hex()}


def signed(prefix: Prefix, sign: suite.Signer, content: bytes, tail: bytes) -> bytes:
    signature = sign(suite.signed_octets(prefix.encode(), suite.sha256(content)))
    return signature + content + tail


def seal_clear(prefix: Prefix, clear: bytes) -> bytes:
    octets = prefix.encode()
    writer = Cobblestone256Encryptor(FAULTY_KEY, octets)
    stanza = sealing.seal_stanza(xwing.public_key_of(FIRST), octets, FAULTY_KEY).encode()
    return octets + b"\1" + stanza + writer.update(clear) + writer.finalize()


@dataclass(frozen=True)
class Base:
    """A good object to make others from."""

    vector: Vector

    def edited(self, name: str, expect: str, at: int, remove: int, insert: bytes) -> Vector:
        edit = {"at": at, "remove": remove, "insert": insert.hex()}
        return self.asked(name, expect, edit=edit)

    def flipped(self, name: str, expect: str, at: int) -> Vector:
        return self.edited(name, expect, at, 1, bytes([self.octets[at] ^ 1]))

    def asked(self, name: str, expect: str, **changes: Any) -> Vector:
        nothing = {"at": 0, "remove": 0, "insert": ""}
        base = self.vector["name"]
        own = {"name": name, "notes": f"made from '{base}'", "expect": expect, "base": base}
        return {**own, "edit": nothing, **{key: self.vector[key] for key in KEPT}, **changes}

    def grafted(self, name: str, field: str, at: int, value: bytes) -> Vector:
        """With the prefix rewritten to exactly what is asked for."""
        number_or_hex = value[0] if field == "kind" else value.hex()
        asked = {**self.vector["expected"], field: number_or_hex}
        edited = self.edited(name, "open.tampered", at, len(value), value)
        return {**edited, "expected": asked}

    @property
    def octets(self) -> bytes:
        return bytes.fromhex(self.vector["octets"])


def edited_objects(good: dict[str, Vector]) -> Iterator[Vector]:
    """Objects whose fault is outside."""
    tip, photo = Base(good["tip"]), Base(good["attachment"])
    yield tip.edited("tip id rewritten", "open.wrong_prefix", 8, 16, bytes(16))
    yield tip.edited("kind unknown", "envelope.malformed", 6, 1, b"\x0a")
    yield tip.edited("no stanza", "envelope.malformed", 72, 1, b"\0")
    yield tip.edited("seventeen stanzas", "envelope.malformed", 72, 1, b"\x11")
    yield tip.edited("stanza twice", "envelope.malformed", 72, 1, b"\2" + tip.octets[73:1257])
    yield tip.edited("head cut off", "envelope.malformed", 500, len(tip.octets) - 500, b"")
    yield tip.edited("one octet added", "envelope.not_padded", len(tip.octets), 0, b"\0")
    yield tip.flipped("kid changed", "open.no_key", STANZA)
    yield tip.flipped("lattice half changed", "open.tampered", STANZA + 16)
    yield tip.flipped("curve half changed", "open.tampered", STANZA + 16 + 1119)
    yield tip.flipped("wrapped key changed", "open.tampered", STANZA + 16 + 1120)
    yield tip.flipped("salt changed", "open.tampered", PAYLOAD)
    yield tip.flipped("commitment changed", "open.tampered", PAYLOAD + 24)
    yield tip.flipped("content changed", "open.tampered", CHUNKS + 64)
    yield tip.flipped("tail changed", "open.tampered", CHUNKS + 4000)
    yield Base(good["tip by server"]).edited("flag cleared", "open.tampered", 7, 1, b"\0")
    yield from edited_chunks(photo)
    yield tip.asked("another seed", "open.no_key", seeds=[SECOND.hex()])
    yield tip.asked("unknown author", "open.unknown_signer", verify_key=None)
    yield tip.asked("another kind asked for", "open.wrong_prefix",
                    expected={**good["tip"]["expected"], "kind": 2})  # fmt: skip
    yield tip.grafted("grafted on another tip", "tip_id", 8, bytes(16))
    yield tip.grafted("grafted on another bundle", "bundle_hash", 40, bytes(32))
    reflected = Base(good["from reporter"])
    yield reflected.grafted("reflected to the reporter", "kind", 6, b"\3")


def edited_chunks(photo: Base) -> Iterator[Vector]:
    """An attachment of four chunks and an empty fifth."""
    first = photo.octets[CHUNKS : CHUNKS + CHUNK_BYTES]
    second = photo.octets[CHUNKS + CHUNK_BYTES : CHUNKS + 2 * CHUNK_BYTES]
    last = len(photo.octets) - 16
    yield photo.edited("last chunk cut off", "envelope.not_padded", last, 16, b"")
    yield photo.edited(
        "chunks swapped", "open.tampered", CHUNKS, 2 * CHUNK_BYTES, second + first
    )
    yield photo.edited("chunk twice", "open.tampered", CHUNKS, 2 * CHUNK_BYTES, first + first)
