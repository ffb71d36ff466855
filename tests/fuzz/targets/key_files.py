"""Key files and escrow: read before anything is stretched, and bounded before any work."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from mustshare_api.crypto import escrow, escrow_release, keys, xwing
from mustshare_api.crypto.custody import HolderKey, HolderSecret
from mustshare_api.crypto.escrow import Custodian
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.signatory import RootSecret
from mustshare_api.crypto.witnessing import WitnessSecret
from mustshare_api.errors import CannotOpen, Malformed
from tests.fuzz.harness import SEEDS, Target, same

HOLDER: Final = "custodian"
SEED = bytes(range(32))
MOST_KIB = 2 << 20


def made_set() -> bytes:
    """Two custodians of whom both are needed."""
    seeds = {"anan": b"1" * 32, "busaba": b"2" * 32}
    those = [Custodian(name, xwing.public_key_of(seed)) for name, seed in seeds.items()]
    return escrow.make(SEED, those, 2).encode()


@lru_cache
def parted() -> escrow.EscrowSet:
    """The kept one: a release belongs to one set, and no two sets are alike."""
    return escrow.parse((SEEDS / "escrow-set" / "two").read_bytes())


def read_key_file(octets: bytes) -> None:
    """Before the stretch: no header may ask for more than a laptop has."""
    header = keys._read_header(octets)
    if header.memory_kib > MOST_KIB or header.passes > 10 or header.lanes > 4:
        raise AssertionError


def read_officer(octets: bytes) -> None:
    """What an opened key file holds."""
    read = Officer.parse(octets)
    if Officer.parse(read.encode()) != read:
        raise AssertionError
    read.entries()


def read_root(octets: bytes) -> None:
    """Likewise, of a root."""
    read = RootSecret.parse(octets)
    same(RootSecret.parse(read.encode()).encode(), read.encode())


def read_witness(octets: bytes) -> None:
    """Likewise, of a witness."""
    read = WitnessSecret.parse(octets)
    if WitnessSecret.parse(read.encode()) != read:
        raise AssertionError


def read_holder(octets: bytes) -> None:
    """Likewise, of a custodian."""
    read = HolderSecret.parse(octets, HOLDER)
    if HolderSecret.parse(read.encode(), HOLDER) != read:
        raise AssertionError


def read_holder_key(octets: bytes) -> None:
    """A custodian's public half."""
    same(HolderKey.parse(octets, HOLDER).encode(), octets)


def read_set(octets: bytes) -> None:
    """An escrow key in its parts."""
    same(escrow.parse(octets).encode(), octets)


def read_release(octets: bytes) -> None:
    """One custodian's parts for a recovery."""
    same(escrow_release.parse_release(octets, parted()).encode(), octets)


def closed() -> Mapping[str, bytes]:
    """A key file that was stretched no more than it has to be."""
    return {
        "small": keys.seal_key_file(b"{}", "ข้าว ปลา อาหาร บ้าน", bytes(16), memory_kib=19456)
    }


def release() -> bytes:
    """The first custodian's."""
    box = xwing.public_key_of(b"b" * 32)
    return escrow_release.release(parted(), b"1" * 32, box).encode()


def officer() -> Officer:
    """With one week's key."""
    return Officer.new("somsri", date(2026, 11, 23), weeks=1)


JSON = (b'"type":"officer"', b'"seed":', b"\\ud800", b"2026-11-23")
TARGETS = (
    Target("key-file", read_key_file, (Malformed,), closed, words=(b"MSK1\1",)),
    Target(
        *("officer", read_officer, (Malformed,)),
        lambda: {"one": officer().encode()},
        words=JSON,
    ),
    Target(
        *("root", read_root, (Malformed,)),
        lambda: {"one": RootSecret.new("anan").encode()},
        words=JSON,
    ),
    Target(
        *("witness", read_witness, (Malformed,)),
        lambda: {"one": WitnessSecret.new("partner.example").encode()},
        words=JSON,
    ),
    Target(
        *("holder", read_holder, (Malformed,)),
        lambda: {"one": HolderSecret.new(HOLDER, "anan").encode()},
        words=JSON,
    ),
    Target(
        *("holder-key", read_holder_key, (Malformed,)),
        lambda: {"one": HolderSecret.new(HOLDER, "anan").public.encode()},
    ),
    Target("escrow-set", read_set, (Malformed,), lambda: {"two": made_set()}, 1 << 15),
    Target(
        *("escrow-release", read_release, (Malformed, CannotOpen)),
        lambda: {"anan": release()},
    ),
)
