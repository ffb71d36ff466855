"""People, keys and sealed objects for the tests of `crypto`.

Keys come from fixed roots, so that no test waits for Argon2id unless it is about Argon2id.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mustshare_api.crypto import opening, receipts, sealing, suite, xwing
from mustshare_api.crypto.envelope import SERVER_SEALED, Expected, Kind, Prefix, parse_head

REPORTER = receipts.keys_of(suite.sha256(b"test reporter"))
STRANGER = receipts.keys_of(suite.sha256(b"another reporter"))
STAFF_SIGN_SEED = suite.sha256(b"test staff")
STAFF_VERIFY_KEY = suite.verify_key_of(STAFF_SIGN_SEED)
OFFICER_SEEDS = tuple(suite.sha256(b"officer", bytes([number])) for number in range(16))
OFFICER_KEYS = tuple(xwing.public_key_of(seed) for seed in OFFICER_SEEDS)

TIP_ID = bytes(range(16))
OBJECT_ID = bytes(range(16, 32))
BUNDLE_HASH = receipts.bundle_hash(REPORTER.bundle)

MESSAGE_KINDS = tuple(kind for kind in Kind if kind.is_signed)
ATTACHMENT_KINDS = tuple(kind for kind in Kind if kind.is_attachment)


def prefix_of(kind: Kind, flags: int = 0) -> Prefix:
    return Prefix(kind, flags, TIP_ID, OBJECT_ID, BUNDLE_HASH)


def expected(kind: Kind) -> Expected:
    return Expected(kind, TIP_ID, OBJECT_ID, BUNDLE_HASH)


def seeds(*numbers: int) -> dict[bytes, bytes]:
    """The seeds of these officers, by kid, as the key tool holds them."""
    return {suite.kid_of(OFFICER_KEYS[number]): OFFICER_SEEDS[number] for number in numbers}


def author_of(kind: Kind) -> tuple[suite.Signer, bytes]:
    """Who signs such a message, and the key it is checked with."""
    if kind.is_by_staff:
        return suite.signer(STAFF_SIGN_SEED), STAFF_VERIFY_KEY
    return REPORTER.sign, receipts.parse_bundle(REPORTER.bundle).verify_key


def seal(
    kind: Kind, content: bytes, recipients: Sequence[bytes] = OFFICER_KEYS[:1], flags: int = 0
) -> bytes:
    """A whole object of any kind."""
    prefix = prefix_of(kind, flags)
    if kind is Kind.AGENCY_WORD:
        word = prefix_of(kind, SERVER_SEALED)
        return sealing.seal_agency_word(word, recipients, content)
    if not kind.is_attachment:
        return sealing.seal_message(prefix, recipients, content, author_of(kind)[0])
    sealer = sealing.AttachmentSealer(prefix, recipients, len(content))
    return sealer.head + sealer.update(content) + sealer.finalize()


def open_by_staff(
    octets: bytes,
    expect: Expected,
    *,
    held: dict[bytes, bytes] | None = None,
    piece_bytes: int = 1 << 30,
) -> bytes:
    """The content of a whole object of any kind, under the first officer's seed."""
    held = seeds(0) if held is None else held
    if expect.kind is Kind.AGENCY_WORD:
        return opening.open_agency_word(octets, held, expect=expect)
    if not expect.kind.is_attachment:
        verify_key = author_of(expect.kind)[1]
        return opening.open_message(octets, held, expect=expect, verify_key=verify_key)
    length = parse_head(octets).length
    opener = opening.AttachmentOpener(octets[:length], held, expect=expect)
    return read_in_pieces(opener.update, octets[length:], piece_bytes) + opener.finalize()


def read_in_pieces(update: Callable[[bytes], bytes], octets: bytes, piece_bytes: int) -> bytes:
    starts = range(0, len(octets), piece_bytes)
    return b"".join(update(octets[start : start + piece_bytes]) for start in starts)


def flip(octets: bytes, bit: int) -> bytes:
    """The octets with one bit turned over."""
    changed = bytearray(octets)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def regraft(octets: bytes, **changes: object) -> bytes:
    """The object as a store would keep it that wants it taken for another one."""
    prefix = replace(parse_head(octets).prefix, **changes)  # type: ignore[arg-type]
    return prefix.encode() + octets[72:]
