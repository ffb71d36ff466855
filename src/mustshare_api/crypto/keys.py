"""Key files: secrets on a disk, behind a passphrase.

    +------+-----+---+---+---+--------+---------+--------+----------------------------------+
    | MSK1 | kdf | t | p | 0 | m, KiB | salt    | kid    | Cobblestone-256(context =        |
    | 4 B  | 1 B | 1 | 1 | 1 | 4 B BE | 16 B    | 16 B   |   header)( secrets )             |
    +------+-----+---+---+---+--------+---------+--------+----------------------------------+
    |<-------------------- header, 44 B ----------------->|

The key is Argon2id(passphrase, salt) with a gibibyte of memory, so that a stolen laptop costs
its thief a gibibyte for each guess. The parameters come from the file and are bounded before
any work: an edited file can neither weaken a later guess nor stop the machine. Past that, a
wrong passphrase and a changed file are one and the same answer, since telling them apart would
say which guess was right.
"""

import importlib.resources
import secrets
import struct
import unicodedata
from typing import Final, NamedTuple

import argon2.low_level
from argon2.exceptions import HashingError
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from mustshare_api.errors import CannotOpen, Malformed, Unavailable

MEMORY_KIB: Final = 1_048_576
PASSES: Final = 2
PASSPHRASE_WORDS: Final = 6
"""Six of the 3,150 words in words.txt (our own list) are 69 bits: at a gibibyte a guess, out of
anyone's reach."""

MIN_PASSPHRASE_CHARS: Final = 12
SIZE_LIMIT_BYTES: Final = 1 << 20

_MAGIC: Final = b"MSK1"
_ARGON2ID: Final = 1
_HEADER: Final = struct.Struct(">4sBBBBI16s16s")
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_MEMORY_KIB_BOUNDS: Final = range(19 * 1024, 2 * 1024 * 1024 + 1)
_PASSES_BOUNDS: Final = range(1, 11)
_LANES_BOUNDS: Final = range(1, 5)


class _Header(NamedTuple):
    magic: bytes
    kdf: int
    passes: int
    lanes: int
    reserved: int
    memory_kib: int
    salt: bytes
    kid: bytes


def seal_key_file(
    plain: bytes,
    passphrase: str,
    kid: bytes,
    *,
    memory_kib: int = MEMORY_KIB,
    passes: int = PASSES,
) -> bytes:
    """The octets of a key file.

    Args:
        plain: the secrets, at most about a megabyte.
        passphrase: see `new_passphrase`.
        kid: of the key in it, 16 bytes in clear, so that files can be told apart while closed.
        memory_kib: of Argon2id.
        passes: of Argon2id.

    Raises:
        Malformed: `key_file.weak_passphrase`, or parameters that `open_key_file` would refuse.
        Unavailable: `key_file.no_memory`.
    """
    if len(_settled(passphrase)) < MIN_PASSPHRASE_CHARS:
        raise Malformed("key_file.weak_passphrase")
    salt = secrets.token_bytes(_SALT_BYTES)
    header = _Header(_MAGIC, _ARGON2ID, passes, 1, 0, memory_kib, salt, kid)
    octets = _HEADER.pack(*header)
    _check(header)
    encryptor = Cobblestone256Encryptor(_stretch(passphrase, header), octets)
    return octets + encryptor.update(plain) + encryptor.finalize()


def open_key_file(octets: bytes, passphrase: str) -> bytes:
    """The secrets in a key file.

    Raises:
        Malformed: `key_file.malformed`, found before any costly work.
        CannotOpen: `key_file.cannot_open`, the passphrase is wrong or the file was changed.
        Unavailable: `key_file.no_memory`.
    """
    header = _read_header(octets)
    decryptor = Cobblestone256Decryptor(_stretch(passphrase, header), octets[: _HEADER.size])
    try:
        return decryptor.update(octets[_HEADER.size :]) + decryptor.finalize()
    except (InvalidTag, ValueError):
        raise CannotOpen("key_file.cannot_open") from None


def kid_of_key_file(octets: bytes) -> bytes:
    """The kid that a closed key file says it holds. Opening shows whether that is so.

    Raises:
        Malformed: `key_file.malformed`.
    """
    return _read_header(octets).kid


def new_passphrase() -> str:
    """Six words to write down, of a list that anyone can type on any keyboard."""
    words = _words()
    return " ".join(secrets.choice(words) for _ in range(PASSPHRASE_WORDS))


def _words() -> list[str]:
    """The word list beside this file."""
    listed = importlib.resources.files("mustshare_api.crypto").joinpath("words.txt")
    return [line for line in listed.read_text("ascii").split() if line]


def _read_header(octets: bytes) -> _Header:
    if not _HEADER.size < len(octets) <= SIZE_LIMIT_BYTES:
        raise Malformed("key_file.malformed")
    header = _Header(*_HEADER.unpack_from(octets))
    _check(header)
    return header


def _check(header: _Header) -> None:
    """Bounds every parameter before it can cost anything."""
    if (header.magic, header.kdf, header.reserved) != (_MAGIC, _ARGON2ID, 0):
        raise Malformed("key_file.malformed")
    if (
        header.memory_kib not in _MEMORY_KIB_BOUNDS
        or header.passes not in _PASSES_BOUNDS
        or header.lanes not in _LANES_BOUNDS
    ):
        raise Malformed("key_file.malformed")


def _settled(passphrase: str) -> str:
    """One spelling for what looks the same when typed: spaces, and Unicode's variants."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def _stretch(passphrase: str, header: _Header) -> bytes:
    try:
        secret = _settled(passphrase).encode()
    except UnicodeEncodeError:  # bytes that no keyboard makes
        raise CannotOpen("key_file.cannot_open") from None
    try:
        return argon2.low_level.hash_secret_raw(
            secret,
            header.salt,
            time_cost=header.passes,
            memory_cost=header.memory_kib,
            parallelism=header.lanes,
            hash_len=_KEY_BYTES,
            type=argon2.low_level.Type.ID,
        )
    except (HashingError, MemoryError):
        raise Unavailable("key_file.no_memory") from None
