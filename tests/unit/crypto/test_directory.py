"""The directory: whose signature counts, when, and to whom tips are sealed."""

from datetime import date

import pytest

from mustshare_api.crypto import directory, notes
from mustshare_api.crypto.suite import kid_of, verify_key_of
from mustshare_api.errors import CannotOpen, Malformed, WrongMoment
from tests.unit.crypto.directories import (
    DAY,
    DEPLOYMENT,
    ENTRIES,
    MONDAY,
    NOTE,
    ROOT_SEEDS,
    WEEK,
    compose,
    signed,
    verify,
    xwing_key,
)


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


def test_officers_auditors_and_a_recovery_sign_requests() -> None:
    """And no other key does, though it be an Ed25519 key that the roots listed."""
    read = verify(NOTE)
    roles = {entry.role for entry in ENTRIES if read.requester(entry.kid) == entry}

    assert roles == {"signing", "auditor", "recovery"}
    assert [e for e in ENTRIES if read.requester(e.kid) and e.role not in roles] == []


def test_case_keys_and_revoked_keys_are_found() -> None:
    """The first to wrap to, the others never to be believed again."""
    read = verify(NOTE)

    assert read.case_keys() == (ENTRIES[5],)
    assert read.revoked() == {
        kid_of(verify_key_of(b"1" * 32)),
        kid_of(verify_key_of(b"2" * 32)),
    }


def test_an_evaluation_says_so() -> None:
    """The mark is inside what was signed."""
    assert verify(signed(compose(evaluation=True), "anan", "chai")).evaluation


def test_roots_sign_nothing_but_directories() -> None:
    """A file handed to a root holder under another pretence is refused."""
    with pytest.raises(Malformed):
        directory.sign(b"a promise\n\n", "anan", ROOT_SEEDS["anan"])
