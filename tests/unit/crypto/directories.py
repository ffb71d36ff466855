"""A directory for tests: three roots, one officer and a half, two weeks."""

from collections.abc import Sequence
from datetime import date, timedelta

from mustshare_api.crypto import directory, xwing
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.suite import verify_key_of

MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
DEPLOYMENT = bytes(range(16))

ROOT_SEEDS = {name: bytes([n]) * 32 for n, name in enumerate(("anan", "busaba", "chai"), 1)}
ROOTS = Roots(tuple(RootKey(n, verify_key_of(s)) for n, s in ROOT_SEEDS.items()), 2)


def xwing_key(n: int) -> bytes:
    return xwing.public_key_of(bytes([n]) * 32)


ENTRIES = (
    Entry.of("signing", "somsri", None, verify_key_of(b"s" * 32)),
    Entry.of("intake", "somsri", MONDAY, xwing_key(1)),
    Entry.of("intake", "arthit", MONDAY, xwing_key(2)),
    Entry.of("intake", "somsri", MONDAY + WEEK, xwing_key(3)),
    Entry.of("escrow", "vault", None, xwing_key(4)),
    Entry.of("case", "somsri", None, xwing_key(5)),
    Entry.of("auditor", "daeng", None, verify_key_of(b"a" * 32)),
    Entry.of("recovery", "somsri", None, verify_key_of(b"r" * 32)),
    Entry.of("witness", "partner.example", None, verify_key_of(b"w" * 32)),
    Entry.of("log", "log.example", None, verify_key_of(b"l" * 32)),
    Entry.of("revoked", "somsri", None, verify_key_of(b"1" * 32)),
    Entry.of("revoked", "somsri", None, verify_key_of(b"2" * 32)),
)


def compose(
    entries: Sequence[Entry] = ENTRIES,
    *,
    serial: int = 7,
    issued_on: date = MONDAY,
    days: int = 28,
    evaluation: bool = False,
) -> bytes:
    return directory.compose(
        deployment_id=DEPLOYMENT,
        serial=serial,
        issued_on=issued_on,
        expires_on=issued_on + timedelta(days=days),
        entries=entries,
        evaluation=evaluation,
    )


def signed(draft: bytes, *names: str) -> bytes:
    for name in names:
        draft = directory.sign(draft, name, ROOT_SEEDS[name])
    return draft


NOTE = signed(compose(), "anan", "busaba")


def verify(octets: bytes, *, today: date = MONDAY, newer_than: int | None = None) -> Directory:
    return directory.verify(octets, ROOTS, today=today, newer_than=newer_than)
