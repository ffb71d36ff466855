"""The vector file, read by our code and by a reader that shares no line with it."""

from typing import Any

import pytest

from mustshare_api.crypto import (
    envelope,
    opening,
    padding,
    receipts,
    reply_box,
    suite,
    xwing,
)
from mustshare_api.crypto.envelope import Expected, Kind
from mustshare_api.errors import MustShareError
from tests.vectors import generate, reader

VECTORS = reader.load()
OBJECTS = {vector["name"]: vector for vector in VECTORS["objects"]}
Vector = dict[str, Any]


def unhex(vector: Vector, *names: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(vector[name]) for name in names)


def names(vector: Vector) -> str:
    return str(vector.get("name", vector["notes"]))


def test_the_file_is_what_its_generator_writes() -> None:
    """The format has not moved since the file was written."""
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("vector", OBJECTS.values(), ids=names)
def test_an_independent_reader_finds_what_is_expected(vector: Vector) -> None:
    """The document alone is enough to read what we seal, and to refuse what we refuse."""
    octets = reader.octets_of(vector, OBJECTS)
    if vector["expect"] == "opens":
        assert reader.open_object(octets, vector).hex() == vector["content"]
        return

    with pytest.raises(reader.Refused) as refused:
        reader.open_object(octets, vector)
    assert str(refused.value) == vector["expect"]


def open_by_key_tool(octets: bytes, vector: Vector) -> bytes:
    held = {suite.kid_of(xwing.public_key_of(seed)): seed for seed in seeds_of(vector)}
    expect = expected_of(vector)
    if expect.kind is Kind.AGENCY_WORD:
        return opening.open_agency_word(octets, held, expect=expect)
    if not expect.kind.is_attachment:
        return opening.open_message(
            octets, held, expect=expect, verify_key=lambda _: verify_key_of(vector)
        )
    read = envelope.parse_envelope(octets)
    opener = opening.AttachmentOpener(read.head.octets, held, expect=expect)
    return opener.update(read.payload) + opener.finalize()


def seeds_of(vector: Vector) -> list[bytes]:
    return [bytes.fromhex(seed) for seed in vector["seeds"]]


def verify_key_of(vector: Vector) -> bytes | None:
    return vector["verify_key"] and bytes.fromhex(vector["verify_key"])


def expected_of(vector: Vector) -> Expected:
    asked = vector["expected"]
    return Expected(Kind(asked["kind"]), *unhex(asked, "tip_id", "object_id", "bundle_hash"))


@pytest.mark.parametrize("vector", OBJECTS.values(), ids=names)
def test_the_key_tool_finds_what_is_expected(vector: Vector) -> None:
    """Opens what is to be opened, and names the very fault of the rest."""
    octets = reader.octets_of(vector, OBJECTS)
    if vector["expect"] == "opens":
        assert open_by_key_tool(octets, vector).hex() == vector["content"]
        assert envelope.parse_head(octets).prefix.flags == vector["flags"]
        return

    with pytest.raises(MustShareError) as refused:
        open_by_key_tool(octets, vector)
    assert refused.value.code == vector["expect"]


@pytest.mark.parametrize(
    "vector",
    [v for v in OBJECTS.values() if v["expected"]["kind"] == Kind.FOLLOW_UP_FROM_STAFF],
    ids=names,
)
def test_the_reply_box_finds_what_is_expected(vector: Vector) -> None:
    """The same under a reporter's own seed."""
    octets, (seed,) = reader.octets_of(vector, OBJECTS), seeds_of(vector)
    asked = expected_of(vector)

    def open_reply() -> bytes:
        return reply_box.open_follow_up(
            octets, seed, expect=asked, verify_key=lambda _: verify_key_of(vector)
        )

    if vector["expect"] == "opens":
        assert open_reply().hex() == vector["content"]
        return
    with pytest.raises(MustShareError) as refused:
        open_reply()
    assert refused.value.code == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["receipts"], ids=lambda v: v["digits"])
def test_a_receipt_derives_as_expected(vector: Vector) -> None:
    """Digits to root to keys to what is stored."""
    (deployment_id,) = unhex(vector, "deployment_id")
    if vector["expect"] != "derives":
        with pytest.raises(MustShareError) as refused:
            receipts.derive(vector["digits"], deployment_id)
        assert refused.value.code == vector["expect"]
        return

    keys = receipts.derive(vector["digits"], deployment_id)

    access, digest = unhex(vector, "access", "content_digest")
    assert receipts.stretch(vector["digits"], deployment_id).hex() == vector["root"]
    assert (keys.access, keys.reply_seed, keys.sign_seed, keys.bundle) == unhex(
        vector, "access", "reply_seed", "sign_seed", "bundle"
    )
    assert receipts.access_hash(access).hex() == vector["access_hash"]
    assert receipts.bundle_hash(keys.bundle).hex() == vector["bundle_hash"]
    assert receipts.fingerprint(access, digest).hex() == vector["fingerprint"]


@pytest.mark.parametrize("vector", VECTORS["minted"], ids=lambda v: v["context"] or "none")
def test_digits_are_minted_as_expected(vector: Vector) -> None:
    """A key and a context give 28 digits, leading zeros and all."""
    key, context = unhex(vector, "key", "context")

    assert f"{receipts.digits_from(key, context):028d}" == vector["digits"]


@pytest.mark.parametrize("vector", VECTORS["keys"], ids=names)
def test_a_public_key_reads_as_expected(vector: Vector) -> None:
    """One encoding each, and none that is weak."""
    (raw,) = unhex(vector, "public_key")
    if vector["expect"] != "reads":
        with pytest.raises(MustShareError) as refused:
            xwing.load_public(raw)
        assert refused.value.code == vector["expect"]
        return

    (seed,) = unhex(vector, "seed")
    assert xwing.public_key_of(seed) == raw
    assert suite.kid_of(raw).hex() == vector["kid"]


@pytest.mark.parametrize("vector", VECTORS["prefixes"], ids=names)
def test_a_prefix_reads_as_expected(vector: Vector) -> None:
    """The fields, and the `info` under which the content key is wrapped."""
    (octets,) = unhex(vector, "octets")
    if vector["expect"] != "reads":
        with pytest.raises(MustShareError) as refused:
            envelope.parse_prefix(octets)
        assert refused.value.code == vector["expect"]
        return

    prefix = envelope.parse_prefix(octets)

    assert (prefix.kind, prefix.flags) == (vector["kind"], vector["flags"])
    assert (prefix.tip_id, prefix.object_id, prefix.bundle_hash) == unhex(
        vector, "tip_id", "object_id", "bundle_hash"
    )
    assert suite.cek_info(octets).hex() == vector["info"]


@pytest.mark.parametrize("vector", VECTORS["sizes"], ids=lambda v: str(v["size"]))
def test_sizes_grow_as_expected(vector: Vector) -> None:
    """By our code and by the independent reader."""
    size = vector["size"]
    assert padding.padme(size) == reader.padme(size) == vector["padme"]
    assert padding.padded_bytes(size, 4096) == vector["padded_text"]
    assert padding.padded_bytes(size, 65536) == vector["padded_attachment"]
    message = envelope.payload_bytes_for(Kind.TIP, size)
    attachment = envelope.payload_bytes_for(Kind.ATTACHMENT_FROM_STAFF, size)
    assert (message, attachment) == (vector["message_payload"], vector["attachment_payload"])
    assert reader.is_payload_length(message, 4096, 64)
    assert reader.is_payload_length(attachment, 65536, 0)
