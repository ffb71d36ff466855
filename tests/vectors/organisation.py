"""The parts of the vector file about roots, directories and signed requests.

Nothing here takes chance: Ed25519 signs alike every time, and keys come from fixed seeds.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mustshare_api.crypto import directory, requests, xwing
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.suite import kid_of, verify_key_of

Vector = dict[str, Any]

MONDAY = date(2026, 11, 23)
SEEDS = {name: bytes([n]) * 32 for n, name in enumerate(("anan", "busaba", "chai"), 1)}
ROOTS = Roots(tuple(RootKey(name, verify_key_of(seed)) for name, seed in SEEDS.items()), 2)
OFFICER = bytes([9]) * 32
KEYID = kid_of(verify_key_of(OFFICER)).hex()
SIGNING_ONLY = (
    ("auditor", "daeng"),
    ("recovery", "vault"),
    ("witness", "partner.example"),
    ("log", "log.example"),
    ("revoked", "wichai"),
    ("revoked", "wichai"),
)
CREATED = 1_795_000_000
REQUEST = {
    "method": "POST",
    "authority": "staff.example.org:8444",
    "path": "/v1/tips/00112233445566778899aabbccddeeff/follow-ups",
    "query": "",
    "body": b"sealed octets".hex(),
}


def roots_vectors() -> Iterator[Vector]:
    """A pin file with its fingerprint, and such as no client may take."""
    text = ROOTS.encode().decode()
    yield {
        "notes": "two of three",
        "expect": "reads",
        "text": text,
        "fingerprint": ROOTS.fingerprint(),
        "k": 2,
        "public_keys": [key.public_key.hex() for key in ROOTS.keys],
    }
    lines = text.splitlines(keepends=True)
    faults = {
        "k above the number of roots": text.replace("k 2", "k 4"),
        "k of nothing": text.replace("k 2", "k 0"),
        "k spelled another way": text.replace("k 2", "k 02"),
        "one root twice": "".join([*lines, lines[-1]]),
        "one key under two names": text.replace(
            lines[3], RootKey("bb", ROOTS.keys[0].public_key).encode() + "\n"
        ),
        "not in order of name": "".join([*lines[:2], lines[3], lines[2], lines[4]]),
        "a key id that is not the key's": text.replace(lines[2].split("+")[1], "00000000"),
        "cut short": text[:-1],
    }
    for notes, octets in faults.items():
        yield {"notes": notes, "expect": "roots.malformed", "text": octets}


def directory_vectors() -> Iterator[Vector]:
    """A directory that holds under the roots above, and one fault at a time."""
    good = _signed(_draft(), "anan", "busaba")
    believed = directory.verify(good, ROOTS, today=MONDAY, newer_than=None)
    text = good.decode()
    yield {
        "name": "good",
        "notes": "signed by two of three",
        "expect": "reads",
        "text": text,
        "today": MONDAY.isoformat(),
        "newer_than": None,
        "deployment_id": believed.deployment_id.hex(),
        "serial": believed.serial,
        "digest": believed.digest.hex(),
        "recipients": [entry.kid.hex() for entry in believed.recipients(MONDAY)],
        "recipients_next_week": [
            entry.kid.hex() for entry in believed.recipients(MONDAY + timedelta(weeks=1))
        ],
        "requesters": [e.kid.hex() for e in believed.entries if believed.requester(e.kid)],
        "case_keys": [entry.kid.hex() for entry in believed.case_keys()],
        "revoked": sorted(kid.hex() for kid in believed.revoked()),
    }
    yield from _moments(text)
    yield from _faults(text)


def _moments(text: str) -> Iterator[Vector]:
    """The same note on other days, and after a newer one."""
    for notes, expect, today, newer_than in (
        ("its last day", "reads", MONDAY + timedelta(days=28), 7),
        ("a day after its last", "directory.expired", MONDAY + timedelta(days=29), None),
        ("a day before its first", "directory.not_yet", MONDAY - timedelta(days=1), None),
        ("a newer one was seen", "directory.rolled_back", MONDAY, 8),
    ):
        yield {
            "notes": notes,
            "expect": expect,
            "text": text,
            "today": today.isoformat(),
            "newer_than": newer_than,
        }


def _faults(text: str) -> Iterator[Vector]:
    draft = _draft()
    revoked = next(line for line in text.splitlines() if line.startswith("revoked"))
    one_root = _signed(draft, "anan").decode()
    malformed, too_few = "directory.malformed", "directory.too_few_signatures"
    faults = (
        ("unsigned", too_few, draft.decode()),
        ("one signature", too_few, one_root),
        ("one signature twice", too_few, one_root + one_root[one_root.index("— ") :]),
        ("edited after signing", too_few, text.replace("serial 7", "serial 8")),
        ("another kid", malformed, text.replace(KEYID, "00" * 16)),
        (
            "a week that does not start on Monday",
            malformed,
            text.replace(" 2026-11-30 ", " 2026-12-01 "),
        ),
        ("more than thirty days", malformed, text.replace("2026-12-21", "2026-12-24")),
        ("a number spelled another way", malformed, text.replace("serial 7", "serial 07")),
        ("a role nobody knows", malformed, text.replace("escrow ", "admin ")),
        ("a revoked key that signs", malformed, text.replace(revoked, _as_auditor(revoked))),
        ("roles out of their order", malformed, text.replace("witness ", "auditor ")),
        ("a witness with a week", malformed, text.replace("example - ", "example 2026-11-23 ")),
        ("no last newline", malformed, text[:-1]),
        ("another origin", malformed, text.replace("mustshare/v1", "mustshare/v2", 1)),
    )
    for notes, expect, octets in faults:
        yield {
            "notes": notes,
            "expect": expect,
            "text": octets,
            "today": MONDAY.isoformat(),
            "newer_than": None,
        }


def _as_auditor(revoked: str) -> str:
    """The line, and the same key as an auditor's in front of it."""
    return revoked.replace("revoked ", "auditor ") + "\n" + revoked


def _draft() -> bytes:
    keys = [xwing.public_key_of(bytes([n]) * 32) for n in (21, 22, 23, 24)]
    return directory.compose(
        deployment_id=bytes(range(16)),
        serial=7,
        issued_on=MONDAY,
        expires_on=MONDAY + timedelta(days=28),
        entries=[
            Entry.of("signing", "somsri", None, verify_key_of(OFFICER)),
            Entry.of("intake", "somsri", MONDAY, keys[0]),
            Entry.of("intake", "somsri", MONDAY + timedelta(weeks=1), keys[1]),
            Entry.of("escrow", "vault", None, keys[2]),
            Entry.of("case", "somsri", None, keys[3]),
            *(
                Entry.of(role, name, None, verify_key_of(bytes([n]) * 32))
                for n, (role, name) in enumerate(SIGNING_ONLY, 30)
            ),
        ],
    )


def _signed(draft: bytes, *names: str) -> bytes:
    for name in names:
        draft = directory.sign(draft, name, SEEDS[name])
    return draft


def _conditional(line: tuple[str, str, str, str], good: Vector) -> Iterator[Vector]:
    """The same with `If-Match`, and what became of it on the way."""
    seen = f'"{"ab" * 32}"'
    headers = requests.sign(
        *line,
        good["headers"]["Content-Digest"],
        keyid=KEYID,
        seed=OFFICER,
        created=CREATED,
        nonce="AAECAwQFBgcICQoLDA0ODw",
        if_match=seen,
    )
    without = {name: value for name, value in headers.items() if name != "If-Match"}
    for notes, expect, sent in (
        ("with If-Match", "verifies", headers),
        ("another If-Match", "signature.invalid", headers | {"If-Match": f'"{"cd" * 32}"'}),
        ("If-Match taken away", "signature.malformed", without),
        ("If-Match added", "signature.malformed", good["headers"] | {"If-Match": seen}),
    ):
        yield {"notes": notes, "expect": expect} | good | {"headers": sent}


def request_vectors() -> Iterator[Vector]:
    """A signed request, and one fault at a time."""
    body = bytes.fromhex(REQUEST["body"])
    line = (REQUEST["method"], REQUEST["authority"], REQUEST["path"], REQUEST["query"])
    headers = requests.sign(
        *line,
        requests.content_digest(body),
        keyid=KEYID,
        seed=OFFICER,
        created=CREATED,
        nonce="AAECAwQFBgcICQoLDA0ODw",
    )
    good = {
        **REQUEST,
        "verify_key": verify_key_of(OFFICER).hex(),
        "keyid": KEYID,
        "now": CREATED + 60,
        "headers": headers,
    }
    yield {"notes": "a minute old", "expect": "verifies"} | good
    yield from _conditional(line, good)
    signed_input = headers["Signature-Input"]
    faults: tuple[tuple[str, str, Vector], ...] = (
        ("more than a minute old", "signature.skewed", {"now": CREATED + 61}),
        ("more than a minute ahead", "signature.skewed", {"now": CREATED - 61}),
        ("another method", "signature.invalid", {"method": "PUT"}),
        ("another host", "signature.invalid", {"authority": "staff.example.net:8444"}),
        ("another path", "signature.invalid", {"path": "/v1/tips"}),
        ("another query", "signature.invalid", {"query": "a=1"}),
        ("another body", "signature.invalid", {"body": b"other".hex()}),
        ("another key", "signature.unknown_key", {"keyid": "00" * 16}),
        ("no signature", "signature.missing", {"headers": {}}),
        (
            "fewer components covered",
            "signature.malformed",
            {"headers": headers | {"Signature-Input": signed_input.replace(' "@query"', "")}},
        ),
        (
            "another tag",
            "signature.malformed",
            {"headers": headers | {"Signature-Input": signed_input.replace("staff", "other")}},
        ),
    )
    for notes, expect, fault in faults:
        yield {"notes": notes, "expect": expect} | good | fault
