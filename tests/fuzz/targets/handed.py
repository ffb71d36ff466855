"""What goes to agencies and comes of it: age files, key files, notes, what the door tells."""

import io
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from mustshare_api.crypto import age, age_opening, xwing
from mustshare_api.crypto.agencies import Agency
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.referrals import wire
from mustshare_api.keytool.referrals.book import Booked, BookedTip, read_notes
from mustshare_api.keytool.refusal import Refusal
from tests.fuzz.harness import Target, same

ID, OTHER, NONCE = "0f" * 16, "0e" * 16, "0c" * 16
SEED = bytes(range(32))
CLEAR = "บันทึกการตรวจรับงาน".encode()
BOOKED = Booked("nacc", NONCE, [BookedTip(ID, 2), BookedTip(OTHER, 0)])
ENTRY = {
    "id": ID,
    "agency": "nacc",
    "state": "sent",
    "version": 2,
    "octets": 9,
    "sha256": "0a" * 32,
    "sent_on": "2026-11-23",
    "changed_on": "2026-11-23",
}


def recipient() -> bytes:
    return xwing.public_key_of(SEED)


def read_file(octets: bytes) -> None:
    """A file that an officer looks at before it is confirmed: what opens is what was sealed."""
    same(b"".join(age_opening.opened(io.BytesIO(octets), [SEED])), CLEAR)


def file() -> Mapping[str, bytes]:
    sealer = age.AgeSealer([recipient()])
    return {"one": sealer.head + sealer.update(CLEAR) + sealer.finalize()}


def read_agency(octets: bytes) -> None:
    """What an agency's opened key file holds."""
    read = Agency.parse(octets)
    if Agency.parse(read.encode()) != read:
        raise AssertionError
    read.card()


@lru_cache
def agency() -> bytes:
    return Agency("nacc", SEED, recipient()).encode()


def read_referral_notes(octets: bytes) -> None:
    """Notes that anybody at the desk may have typed: what is kept of them is read again."""
    lines = octets.decode("utf-8", "replace").split("\n")
    found = read_notes(ID, zip((ID, OTHER), lines, strict=False))
    if found is None:
        raise Malformed
    if msgspec.json.decode(msgspec.json.encode(found), type=Booked) != found:
        raise AssertionError
    found.commitment()
    for place, tip in enumerate(found.tips):
        same(found.note(ID, place), lines[(ID, OTHER).index(tip.tip_id)])


def read_door(octets: bytes) -> None:
    """What the door tells of referrals: an id in it is fit to be a file's name."""
    refused = 0
    for read in (wire.read_page, wire.read_shown):
        try:
            found = read(octets)
        except Refusal:
            refused += 1
            continue
        shown = [found.referral] if isinstance(found, wire.ReferralShown) else found.referrals
        if not all(one.id.isalnum() for one in shown):
            raise AssertionError
    if refused > 1:
        raise Refusal("door.nonsense")


def told() -> Mapping[str, bytes]:
    said = [{"id": OTHER, "sort": "question", "received_on": "2026-11-23"}]
    return {
        "page": msgspec.json.encode({"referrals": [ENTRY], "next": ID}),
        "one": msgspec.json.encode({"referral": ENTRY, "said": said}),
    }


TARGETS = (
    Target(
        *("age-file", read_file, (Malformed, CannotOpen), file),
        words=(b"\n---", b"\n-> mlkem768x25519 ", b"-> X25519 "),
    ),
    Target("agency-key", read_agency, (Malformed,), lambda: {"one": agency()}, 8192),
    Target(
        *("referral-notes", read_referral_notes, (Malformed,)),
        lambda: {"two": "\n".join(BOOKED.note(ID, at) for at in (0, 1)).encode()},
        *(1024, (b" -> ", b" v99999 ", b"[1/1 ", "น".encode())),
    ),
    Target(
        *("referral-door", read_door, (Refusal,), told),
        *(4096, (b'"lapses_on":', b"null", b"\\n", b"-1")),
    ),
)
