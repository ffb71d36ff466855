"""age files: somebody else's age opens them, and nobody but the agency."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.crypto import age, bech32, xwing
from mustshare_api.crypto.age import AgeSealer
from mustshare_api.errors import Malformed
from tests.age_oracle import oracle
from tests.vectors import age_reader

SEED = bytes(range(32))
KEY = xwing.public_key_of(SEED)
OTHER = bytes(32)
TEXT = age.recipient_of(KEY)
CLASSICAL = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
SPELLED_OUT = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
"""The example identity of c2sp.org/age; of its recipient, the hash."""

SPELLED_OUT_RECIPIENT = "a091dd7e0ee9d62b75173dcc98441a0424baa941e66a8776e570a4ae60ff61ea"


def sealed(content: bytes, *keys: bytes) -> bytes:
    sealer = AgeSealer(keys or [KEY])
    return sealer.head + sealer.update(content) + sealer.finalize()


@pytest.mark.parametrize("size_bytes", [0, 1, 65535, 65536, 65537, 3 * 65536])
def test_stock_age_opens_it(tmp_path: Path, size_bytes: int) -> None:
    """Another's implementation reads what ours wrote, at every edge of a chunk."""
    content = bytes(n % 251 for n in range(size_bytes))
    file = tmp_path / "made.age"
    file.write_bytes(sealed(content))

    recipient = oracle.opened(file, age.identity_of(SEED), tmp_path / "clear")

    assert (tmp_path / "clear").read_bytes() == content
    assert recipient == TEXT


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=40_000), max_size=6))
def test_pieces_come_out_as_they_went_in(pieces: list[bytes]) -> None:
    """However the octets are cut up, a reader that shares no line with ours finds them."""
    sealer = AgeSealer([KEY])
    octets = sealer.head + b"".join(sealer.update(piece) for piece in pieces)

    assert age_reader.read(octets + sealer.finalize(), SEED) == b"".join(pieces)


def test_each_of_several_agencies_opens_it() -> None:
    """And somebody else does not."""
    octets = sealed(b"for two", KEY, xwing.public_key_of(OTHER))

    assert age_reader.read(octets, SEED) == age_reader.read(octets, OTHER) == b"for two"
    with pytest.raises(StopIteration):
        age_reader.read(octets, bytes([7]) * 32)


def test_memory_does_not_grow_with_the_content() -> None:
    """Half a gigabyte of video takes what a sentence takes."""
    sealer, piece = AgeSealer([KEY]), bytes(1 << 18)
    tracemalloc.start()
    for _ in range(64):
        sealer.update(piece)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 2 << 20


def test_no_two_files_are_alike() -> None:
    """Each has its own key and nonce."""
    assert sealed(b"same") != sealed(b"same")


def test_the_specifications_own_identity_gives_its_recipient() -> None:
    """Bech32, seed expansion and public key are as c2sp.org/age has them."""
    seed = bech32.decode("age-secret-key-pq-", SPELLED_OUT.lower())
    recipient = age.recipient_of(xwing.public_key_of(seed))

    assert age.identity_of(seed) == SPELLED_OUT
    assert hashlib.sha256(recipient.encode()).hexdigest() == SPELLED_OUT_RECIPIENT


def test_a_recipients_file_is_read() -> None:
    """As age-keygen writes it, with comments and empty lines."""
    other = age.recipient_of(xwing.public_key_of(OTHER))
    file = f"# NACC, intake\n\n{TEXT}\r\n  {other}\n".encode()

    assert age.parse_recipients(file) == [KEY, xwing.public_key_of(OTHER)]


@pytest.mark.parametrize(
    "file",
    [CLASSICAL, f"{TEXT}\n{CLASSICAL}", f"{CLASSICAL}\n{TEXT}", f"{TEXT}\nssh-ed25519 AAAA x"],
    ids=["alone", "after", "before", "ssh"],
)
def test_a_classical_key_is_refused_alone_and_beside_others(file: str) -> None:
    """A file is as weak as the weakest key that opens it."""
    with pytest.raises(Malformed) as refused:
        age.parse_recipients(file.encode())
    assert refused.value.code == "age.classical"


def flipped(text: str, at: int) -> str:
    return text[:at] + ("q" if text[at] != "q" else "p") + text[at + 1 :]


BAD = {
    "nothing": "",
    "only a comment": f"# {TEXT}",
    "capitals": TEXT.upper(),
    "one capital": TEXT[:-1] + TEXT[-1].upper(),
    "one character wrong": flipped(TEXT, 900),
    "a wrong checksum": flipped(TEXT, len(TEXT) - 1),
    "cut short": TEXT[:-1],
    "too long": TEXT + "q",
    "no checksum": "age1pq1",
    "a character that is none": TEXT[:100] + "b" + TEXT[101:],
    "twice": f"{TEXT}\n{TEXT}",
    "an identity": age.identity_of(SEED),
    "another prefix": bech32.encode("age1px", KEY),
    "a key one byte short": bech32.encode("age1pq", KEY[:-1]),
    "a key that is none": bech32.encode("age1pq", b"\xff" * 1216),
    "seventeen": "\n".join([TEXT] * 17),
    "not ASCII": TEXT + "๐",
    "huge": "#" * (1 << 16) + "\n" + TEXT,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_key_is_refused(name: str) -> None:
    """One key has one spelling, and a slip of the pen is noticed."""
    with pytest.raises(Malformed) as refused:
        age.parse_recipients(BAD[name].encode())
    assert refused.value.code in {"age.malformed", "age.classical"}


def test_bits_left_over_have_to_be_zero() -> None:
    """Or one key would have several spellings, each with a good checksum."""
    spelled = bech32.encode("age1pq", KEY)
    data = [bech32._VALUES[c] for c in spelled[len("age1pq1") : -6]]
    data[-1] |= 1
    rest = bech32._polymod([*bech32._expanded("age1pq"), *data, *[0] * 6]) ^ 1
    values = [*data, *(rest >> 5 * (5 - n) & 31 for n in range(6))]
    with pytest.raises(Malformed):
        bech32.decode("age1pq", "age1pq1" + "".join(bech32._CHARACTERS[v] for v in values))


def test_a_file_for_nobody_is_not_made() -> None:
    """There is no stanza to open it by."""
    with pytest.raises(Malformed):
        AgeSealer([])
