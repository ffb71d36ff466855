"""The directory and its roots: what is believed, and what never is."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import directory, notes, xwing
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.roots import RootKey, Roots
from mustshare_api.crypto.roots import parse as parse_roots
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment

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


def test_a_directory_signed_by_enough_roots_is_believed() -> None:
    """Two of three will do, whichever two."""
    read = verify(NOTE)

    assert (read.deployment_id, read.serial, read.evaluation) == (DEPLOYMENT, 7, False)
    assert set(read.entries) == set(ENTRIES)
    assert read.octets == NOTE
    assert verify(signed(compose(), "chai", "anan")).digest == read.digest


@pytest.mark.parametrize("names", [(), ("anan",), ("anan", "anan")])
def test_too_few_roots_are_not_believed(names: tuple[str, ...]) -> None:
    """One root that signs twice is still one root."""
    with pytest.raises(CannotOpen) as refused:
        verify(signed(compose(), *names))
    assert refused.value.code == "directory.too_few_signatures"


def test_one_root_under_two_names_counts_for_nothing() -> None:
    """A doubled line, under a name that is not pinned, is a stranger's."""
    note = notes.sign(signed(compose(), "anan"), "busaba", ROOT_SEEDS["anan"])

    with pytest.raises(CannotOpen):
        verify(note)


def test_a_spoilt_line_of_a_third_root_spoils_the_note() -> None:
    """A pinned root's forged line is an attack, however many others signed."""
    other = signed(compose(serial=8), "chai")
    line = other[other.index(b"\n\n") + 2 :]

    with pytest.raises(CannotOpen) as refused:
        verify(NOTE + line)
    assert refused.value.code == "directory.too_few_signatures"


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (MONDAY - DAY, "directory.not_yet"),
        (MONDAY, None),
        (MONDAY + 28 * DAY, None),
        (MONDAY + 29 * DAY, "directory.expired"),
    ],
)
def test_a_directory_holds_from_its_first_day_to_its_last(
    today: date, code: str | None
) -> None:
    """Both days included."""
    try:
        verify(NOTE, today=today)
        refusal = None
    except WrongMoment as refused:
        refusal = refused.code
    assert refusal == code


@pytest.mark.parametrize("newer_than", [None, 1, 7])
def test_the_same_or_a_newer_serial_is_taken(newer_than: int | None) -> None:
    """What was read yesterday reads again today."""
    assert verify(NOTE, newer_than=newer_than).serial == 7


def test_a_lower_serial_is_refused() -> None:
    """A note that was good once may name a key that has since been lost."""
    with pytest.raises(WrongMoment) as refused:
        verify(NOTE, newer_than=8)
    assert refused.value.code == "directory.rolled_back"


def test_a_tip_is_sealed_to_this_weeks_officers_and_escrow() -> None:
    """Not to next week's keys, not to signing or case keys."""
    names = [(e.role, e.name) for e in verify(NOTE).recipients(MONDAY + 6 * DAY)]

    assert names == [("intake", "arthit"), ("intake", "somsri"), ("escrow", "vault")]
    assert [e.kid for e in verify(NOTE).recipients(MONDAY + WEEK)] == [
        kid_of(xwing_key(3)),
        kid_of(xwing_key(4)),
    ]


def test_past_the_last_week_there_is_nobody_to_seal_to() -> None:
    """Escrow alone would take tips in that nobody reads."""
    read = verify(NOTE)

    assert read.last_week() == MONDAY + WEEK
    assert read.recipients(MONDAY + 2 * WEEK) == ()


def test_only_a_signing_key_signs() -> None:
    """An intake key's id is not looked up as somebody's signature."""
    read = verify(NOTE)
    signer = read.signer(ENTRIES[0].kid)

    assert signer == ENTRIES[0]
    assert read.signer(ENTRIES[1].kid) is None


def test_an_evaluation_says_so() -> None:
    """The mark is inside what was signed."""
    assert verify(signed(compose(evaluation=True), "anan", "chai")).evaluation


def test_the_order_of_entries_is_nobodys_choice() -> None:
    """One directory has one spelling."""
    assert compose(ENTRIES[::-1]) == compose()


def _with(entry: Entry) -> tuple[Entry, ...]:
    return (*ENTRIES, entry)


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (ENTRIES[0], ENTRIES[4]),
        _with(ENTRIES[0]),
        _with(Entry.of("intake", "somsri", MONDAY, xwing_key(6))),
        _with(Entry.of("intake", "other", MONDAY, xwing_key(1))),
        _with(Entry.of("intake", "other", MONDAY + DAY, xwing_key(6))),
        _with(Entry.of("intake", "other", None, xwing_key(6))),
        _with(Entry.of("escrow", "other", MONDAY, xwing_key(6))),
        _with(Entry.of("escrow", "a b", None, xwing_key(6))),
        _with(Entry.of("escrow", "สมศรี", None, xwing_key(6))),
        _with(Entry.of("admin", "other", None, xwing_key(6))),
        _with(Entry.of("intake", "other", MONDAY, b"short")),
        _with(Entry.of("signing", "other", None, bytes(32))),
        _with(replace(Entry.of("escrow", "other", None, xwing_key(6)), kid=bytes(16))),
        _with(Entry.of("escrow", "other", None, b"\xff" * 1216)),
        tuple(Entry.of("intake", f"o{n}", MONDAY, xwing_key(n)) for n in range(10, 27)),
    ],
    ids=[
        "nobody", "no-intake", "twice", "two-keys-a-week", "one-key-twice", "no-monday",
        "no-epoch", "an-epoch-too-many", "space", "thai", "role", "short", "small-order",
        "wrong-kid", "unreduced", "more-than-an-envelope-holds",
    ],
)  # fmt: skip
def test_a_directory_that_could_mislead_is_never_composed(entries: tuple[Entry, ...]) -> None:
    """Every reader would refuse it, so the roots are not asked to sign it."""
    with pytest.raises(Malformed) as refused:
        compose(entries)
    assert refused.value.code == "directory.malformed"


@pytest.mark.parametrize(("serial", "days"), [(0, 28), (-1, 28), (1, 0), (1, 31), (1, -1)])
def test_a_serial_starts_at_one_and_a_life_ends_within_thirty_days(
    serial: int, days: int
) -> None:
    """Longer would hold clients to an old list."""
    with pytest.raises(Malformed):
        compose(serial=serial, days=days)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v1 directory", b"v2 directory"),
        (b"serial 7", b"serial 07"),
        (b"serial 7", b"serial  7"),
        (b"serial 7", b"serial +7"),
        (b"serial 7", b"serial 7 "),
        (b"serial 7", b"serial x"),
        (b"serial 7", b"serial " + b"9" * 5000),
        (b"2026-11-23\nexpires", b"20261123\nexpires"),
        (b"2026-12-21", b"2026-13-21"),
        (b"deployment 00", b"deployment 0g"),
        (b"deployment 00", b"deployment "),
        (b"intake somsri", b"Intake somsri"),
        (b"intake somsri 2026-11-23", b"evaluation\nintake somsri 2026-11-23"),
        (b"expires 2026-12-21\n", b"expires 2026-12-21\n\n"),
        (b"signing somsri - ", b"signing somsri -  "),
    ],
)
def test_another_spelling_is_malformed(old: bytes, new: bytes) -> None:
    """Two spellings of one directory would be two things to have signed."""
    draft = compose()
    assert old in draft

    with pytest.raises(Malformed) as refused:
        directory.parse(draft.replace(old, new, 1))
    assert refused.value.code == "directory.malformed"


def test_swapped_lines_are_malformed() -> None:
    """Entries stand in their one order."""
    head, somsri, arthit = compose().partition(b"intake somsri 2026-11-23")
    lines = (head + somsri + arthit).split(b"\n")
    lines[5], lines[6] = lines[6], lines[5]

    with pytest.raises(Malformed):
        directory.parse(b"\n".join(lines))


def test_an_endless_directory_is_malformed() -> None:
    """Its size is looked at before anything else."""
    with pytest.raises(Malformed):
        directory.parse(NOTE + b"x" * directory.SIZE_LIMIT_BYTES)


@given(st.data())
def test_any_bit_flip_in_a_directory_is_refused(data: st.DataObject) -> None:
    """Exactly as many roots signed as must, so nothing in the note can be spared."""
    edited = bytearray(NOTE)
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises((Malformed, CannotOpen, WrongMoment)):
        verify(bytes(edited))


@given(st.binary(max_size=300))
def test_any_octets_are_refused_in_one_way(noise: bytes) -> None:
    """Noise, also after a good beginning, is malformed."""
    for octets in (noise, compose()[:200] + noise):
        with pytest.raises(Malformed):
            directory.parse(octets)


def test_roots_sign_nothing_but_directories() -> None:
    """A file handed to a root holder under another pretence is refused."""
    with pytest.raises(Malformed):
        directory.sign(b"a promise\n\n", "anan", ROOT_SEEDS["anan"])


def test_pinned_roots_come_back_as_they_were_written() -> None:
    """And with the same fingerprint, in whatever order they were collected."""
    read = parse_roots(ROOTS.encode())

    assert read == ROOTS == Roots(ROOTS.keys[::-1], 2)
    assert read.fingerprint() == ROOTS.fingerprint()


def test_a_fingerprint_is_thirty_digits_of_all_that_is_pinned() -> None:
    """expect: fixed by the format; another k or key is another fingerprint."""
    fingerprint = ROOTS.fingerprint()

    assert len(fingerprint) == 30
    assert fingerprint.isascii()
    assert fingerprint.isdigit()
    assert fingerprint != Roots(ROOTS.keys, 1).fingerprint()
    assert fingerprint != Roots(ROOTS.keys[:2], 2).fingerprint()


@pytest.mark.parametrize(
    ("keys", "k"),
    [
        ((), 0),
        (ROOTS.keys, 0),
        (ROOTS.keys, 4),
        ((*ROOTS.keys, ROOTS.keys[0]), 2),
        ((*ROOTS.keys, RootKey("dao", ROOTS.keys[0].public_key)), 2),
        ((*ROOTS.keys, RootKey("anan", verify_key_of(b"d" * 32))), 2),
    ],
)
def test_roots_that_protect_nobody_are_refused(keys: tuple[RootKey, ...], k: int) -> None:
    """One holder must never count for two."""
    with pytest.raises(Malformed):
        Roots(keys, k)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff" * 200,
        ROOTS.encode()[:-1],
        ROOTS.encode() + b"\n",
        ROOTS.encode().replace(b"k 2", b"k 02"),
        ROOTS.encode().replace(b"k 2", b"k two"),
        ROOTS.encode().replace(b"v1", b"v2"),
        ROOTS.encode().replace(b"anan", b"nana"),
        b"x" * 5000,
    ],
)
def test_a_broken_pin_file_is_malformed(octets: bytes) -> None:
    """Read strictly: two spellings would have two fingerprints."""
    with pytest.raises(Malformed) as refused:
        parse_roots(octets)
    assert refused.value.code == "roots.malformed"


@given(st.data())
def test_any_bit_flip_in_a_pin_file_shows(data: st.DataObject) -> None:
    """Refused, or another fingerprint: never the same one over other keys."""
    edited = bytearray(ROOTS.encode())
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    try:
        fingerprint = parse_roots(bytes(edited)).fingerprint()
    except Malformed:
        fingerprint = ""
    assert fingerprint != ROOTS.fingerprint()


def test_a_key_in_the_note_is_plain_base64() -> None:
    """So that another implementation can read it with what it has."""
    line = next(line for line in NOTE.decode().split("\n") if line.startswith("escrow"))

    assert base64.b64decode(line.split(" ")[4]) == xwing_key(4)
