"""Officers' and roots' secrets, and the cards that officers hand out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.crypto import notes
from mustshare_api.crypto.cards import parse_card, write_card
from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.signatory import (
    SIGNATORY_ROLES,
    RootSecret,
    Signatory,
    SignatoryRole,
)
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.errors import Malformed

WEDNESDAY = date(2026, 11, 25)
SOMSRI = Officer.new("somsri", WEDNESDAY, weeks=3)
ROOT = RootSecret.new("anan")


def test_a_new_officer_has_a_key_for_each_of_thirteen_weeks() -> None:
    """This week's Monday first, and each seed drawn apart."""
    officer = Officer.new("somsri", WEDNESDAY)

    assert list(officer.epochs) == [date(2026, 11, 23) + timedelta(weeks=n) for n in range(13)]
    assert len({*officer.epochs.values(), officer.signing_seed}) == 14


def test_secrets_come_back_as_they_were_written() -> None:
    """Every kind survives its key file."""
    assert Officer.parse(SOMSRI.encode()) == SOMSRI
    for role in SIGNATORY_ROLES:
        signatory = Signatory.new(role, "daeng")
        assert Signatory.parse(signatory.encode()) == signatory
    assert RootSecret.parse(ROOT.encode()) == ROOT


def test_a_swapped_key_file_is_told_apart() -> None:
    """A file of one kind in the place of another is refused."""
    for swapped in (
        lambda: Officer.parse(ROOT.encode()),
        lambda: Officer.parse(AUDITOR.encode()),
        lambda: RootSecret.parse(SOMSRI.encode()),
        lambda: RootSecret.parse(AUDITOR.encode()),
        lambda: Signatory.parse(ROOT.encode()),
        lambda: Signatory.parse(SOMSRI.encode()),
    ):
        with pytest.raises(Malformed) as refused:
            swapped()
        assert refused.value.code == "key_file.wrong_kind"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2026-11-23", b"2026-11-24"),
        (b"2026-11-23", b"2026-11-30"),
        (b"2026-11-23", b"yesterday"),
        (b'"seed":"', b'"seed":"00'),
        (b'"case_seeds":["' + SOMSRI.case_seed.hex().encode() + b'"]', b'"case_seeds":[]'),
        (b'"case_seeds":["', b'"case_seeds":["' + SOMSRI.case_seed.hex().encode() + b'","'),
        (b'"name":"somsri"', b'"name":"som sri"'),
        (b'"name"', b'"nome"'),
        (
            b"{",
            b"[",
        ),
        (b"{", b"\xff"),
    ],
)
def test_secrets_that_make_no_sense_are_refused(old: bytes, new: bytes) -> None:
    """Opened under the right passphrase and still not a keyring."""
    plain = SOMSRI.encode()
    assert old in plain

    with pytest.raises(Malformed):
        Officer.parse(plain.replace(old, new, 1))


@pytest.mark.parametrize("name", ["", "som sri", "สมศรี", "-x", "a" * 49, "a\n", "a+b"])
def test_a_name_is_plain_ascii(name: str) -> None:
    """So that two names never merely look alike in a directory."""
    with pytest.raises(Malformed) as refused:
        Officer.new(name, WEDNESDAY)
    assert refused.value.code == "name.malformed"
    with pytest.raises(Malformed):
        RootSecret.new(name)


def test_openers_find_the_weekly_seeds_and_the_case_seed_by_kid() -> None:
    """The ids that stand in stanzas are those of the listed keys."""
    listed = {entry.kid for entry in SOMSRI.entries() if entry.role in {"intake", "case"}}

    assert set(SOMSRI.seeds()) == listed
    assert set(SOMSRI.seeds().values()) == {*SOMSRI.epochs.values(), SOMSRI.case_seed}


def test_an_older_case_seed_still_opens_and_is_not_listed() -> None:
    """What is still wrapped to it opens, and nothing new is wrapped to it."""
    older = b"o" * 32
    officer = replace(SOMSRI, case_seeds=(*SOMSRI.case_seeds, older))

    assert older in officer.seeds().values()
    assert officer.entries() == SOMSRI.entries()


@pytest.mark.parametrize("role", SIGNATORY_ROLES)
def test_who_only_signs_hands_out_one_line(role: SignatoryRole) -> None:
    """An auditor and a recovery have a signing key and nothing that opens."""
    signatory = Signatory.new(role, "daeng")
    (entry,) = parse_card(signatory.card())

    assert (entry.role, entry.name, entry.kid) == (role, "daeng", signatory.signing_kid)
    assert (entry,) == signatory.entries()


def test_a_card_lists_what_the_officer_holds() -> None:
    """Signing key first, then the case key, then one intake key a week."""
    entries = parse_card(SOMSRI.card())

    assert entries == SOMSRI.entries()
    assert entries[0].kid == SOMSRI.signing_kid == kid_of(verify_key_of(SOMSRI.signing_seed))


def _card(*entries: Entry, origin: str = "mustshare/v1 card") -> bytes:
    lines = [origin, *(entry.encode() for entry in entries)]
    text = "".join(f"{line}\n" for line in lines).encode()
    return notes.sign(text + b"\n", "somsri", SOMSRI.signing_seed)


SIGNING, CASE, FIRST, *_ = SOMSRI.entries()
AUDITOR = Signatory.new("auditor", "daeng")


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        _card(),
        _card(FIRST),
        _card(FIRST, SIGNING),
        _card(SIGNING, FIRST),
        _card(SIGNING, FIRST, CASE),
        _card(SIGNING, CASE, CASE, FIRST),
        _card(SIGNING, CASE, FIRST, origin="mustshare/v1 directory"),
        _card(SIGNING, CASE, Entry.of("intake", "other", FIRST.epoch, FIRST.public_key)),
        write_card((*AUDITOR.entries(), replace(FIRST, name="daeng")), AUDITOR.signing_seed),
        _card(SIGNING, Entry.of("escrow", "somsri", None, FIRST.public_key)),
        _card(Entry.of("signing", "somsri", None, verify_key_of(b"x" * 32)), CASE, FIRST),
        SOMSRI.card().partition(b"\n\n")[0] + b"\n\n",
        SOMSRI.card().replace(SOMSRI.entries()[3].encode().encode() + b"\n", b""),
        SOMSRI.card() + b"x" * (1 << 18),
    ],
    ids=[
        "empty", "bare", "no-signing", "order", "no-case", "case-last", "two-case", "origin",
        "other-name", "auditor-with-weeks", "role", "other-key", "unsigned", "a-week-taken-out",
        "endless",
    ],
)  # fmt: skip
def test_a_card_that_could_mislead_is_malformed(octets: bytes) -> None:
    """Whoever proposes a directory copies lines from it."""
    with pytest.raises(Malformed) as refused:
        parse_card(octets)
    assert refused.value.code == "card.malformed"


@given(st.data())
def test_any_bit_flip_in_a_card_is_refused(data: st.DataObject) -> None:
    """A card goes by mail and memory stick."""
    edited = bytearray(SOMSRI.card())
    edited[data.draw(st.integers(0, len(edited) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(Malformed):
        parse_card(bytes(edited))
