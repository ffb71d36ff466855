"""What a reporter types or pastes: receipts, and the keys under which things are kept."""

from mustshare_api.api import credentials
from mustshare_api.crypto import age, bech32
from mustshare_api.domain import receipt
from mustshare_api.errors import Malformed
from mustshare_api.keytool.hand_over import cuts
from mustshare_api.keytool.refusal import Refusal
from tests.fuzz.harness import Target, same
from tests.unit.crypto.objects import OFFICER_KEYS

DIGITS = receipt.from_number(1234567890123456789012345678)
THAI = DIGITS.translate({ord("0") + n: ord("๐") + n for n in range(10)})
RECIPIENT = age.recipient_of(OFFICER_KEYS[0])


def read_receipt(octets: bytes) -> None:
    """Thirty digits, however typed; shown again, they are read as the same."""
    digits = receipt.normalise(octets.decode("utf-8", "replace"))
    same(receipt.normalise(receipt.grouped(digits)), digits)
    same(receipt.from_number(int(digits[: receipt.RANDOM_DIGITS])), digits)


def read_access(octets: bytes) -> None:
    """A bearer or an upload's token: one spelling, or nothing."""
    text = octets.decode("latin-1")
    read = credentials._access(text)
    if read and credentials._access(text + "=") == read:
        raise AssertionError


def read_id(octets: bytes) -> None:
    """An id in a path."""
    text = octets.decode("latin-1")
    same(credentials.id_of(text).hex(), text)


def read_bech32(octets: bytes) -> None:
    """An agency's key."""
    text = octets.decode("utf-8", "replace")
    same(bech32.encode("age1pq", bech32.decode("age1pq", text)), text)


def read_recipients(octets: bytes) -> None:
    """A file of them."""
    keys = age.parse_recipients(octets)
    lines = "\n".join(age.recipient_of(key) for key in keys)
    if age.parse_recipients(lines.encode()) != keys:
        raise AssertionError


def read_cut(octets: bytes) -> None:
    """What an officer cuts from a text: the mark stands where it stood."""
    text = octets.decode("utf-8", "replace")
    typed, _, words = text.partition("\n")
    _, cut = cuts.parse(typed)
    left, marks = cuts.cut(words, [cut])
    if marks != 1 or cuts.MARK not in left:
        raise AssertionError


TARGETS = (
    Target(
        *("receipt", read_receipt, (Malformed,)),
        lambda: {
            "plain": DIGITS.encode(),
            "grouped": receipt.grouped(DIGITS).encode(),
            "thai": receipt.grouped(THAI).replace(" ", " – ").encode(),
        },
        512,
        ("๐".encode(), b"\xef\xbc\x90", b"\xc2\xa0", "–".encode()),
    ),
    Target(
        *("access", read_access, ()),
        lambda: {"bearer": b"A" * 43, "marked": b"-_" * 21 + b"A"},
        256,
    ),
    Target("id", read_id, (Malformed,), lambda: {"id": b"0f" * 16}, 128),
    Target(
        *("bech32", read_bech32, (Malformed,)),
        lambda: {
            "recipient": RECIPIENT.encode(),
            "short": bech32.encode("age1pq", b"12").encode(),
        },
        4096,
        (b"age1pq1",),
    ),
    Target(
        *("age-recipients", read_recipients, (Malformed,)),
        lambda: {"file": f"# ours\n{RECIPIENT}\n".encode()},
        1 << 14,
        (b"age1pq1", b"age1", b"ssh-ed25519 "),
    ),
    Target(
        *("cut", read_cut, (Refusal,)),
        lambda: {"thai": "3f9a:7-12\nถนนพัง สมชาย เป็นผู้รับเหมา".encode()},
        4096,
        (b":", b"-", "เ".encode(), "ๆ".encode(), "\u0e34".encode()),
    ),
)
