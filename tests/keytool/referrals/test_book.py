"""Which tips a referral is of: kept on this machine, and told to nobody who takes it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mustshare_api.crypto import xwing
from mustshare_api.crypto.keyring import Officer
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.referrals.book import (
    Booked,
    BookedTip,
    forget,
    load_book,
    read_notes,
    remember,
)

BOOKED = Booked("nacc", "cd" * 16, [BookedTip("a1" * 16, 2), BookedTip("b2" * 16, 0)])


@pytest.fixture
def officer() -> Officer:
    return Officer.new("somsri", date(2026, 11, 23))


def kept(home: Home) -> bytes:
    return b"".join(each.read_bytes() for each in home.path.iterdir() if each.is_file())


def test_the_book_is_sealed_and_names_no_tip_to_who_takes_the_machine(
    tmp_path: Path, officer: Officer
) -> None:
    """Neither which tips go together nor the bits by which a guess could be tested."""
    home = Home(tmp_path)
    remember(home, officer, "9f" * 16, BOOKED)

    assert load_book(home, officer) == {"9f" * 16: BOOKED}
    for told in (BOOKED.nonce, "9f" * 16, "nacc", *(one.tip_id for one in BOOKED.tips)):
        assert told.encode() not in kept(home)
    forget(home, officer, "9f" * 16)
    assert load_book(home, officer) == {}


def test_the_book_goes_on_under_a_new_key_and_opens_to_no_other(
    tmp_path: Path, officer: Officer
) -> None:
    """Looked at once under both keys, it is there when the older one is destroyed."""
    home = Home(tmp_path)
    remember(home, officer, "9f" * 16, BOOKED)
    newer = xwing.new_seed()
    load_book(home, replace(officer, case_seeds=(newer, *officer.case_seeds)))

    assert load_book(home, replace(officer, case_seeds=(newer,))) == {"9f" * 16: BOOKED}
    assert load_book(home, officer) == {}


@pytest.mark.parametrize("said", ["nacc v32769", "nacc v00", "ป.ป.ช. v1"])
def test_a_note_that_somebody_typed_never_closes_the_book(
    tmp_path: Path, officer: Officer, said: str
) -> None:
    """It is no note of a referral; were it kept, the book could not be read any more."""
    agency, seen = said.split()
    typed = f"referral {'9f' * 16} -> {agency} [1/1 {seen} {'cd' * 16}]"
    found = read_notes("9f" * 16, [("a1" * 16, typed)])
    remember(Home(tmp_path), officer, "9f" * 16, found or BOOKED)

    assert load_book(Home(tmp_path), officer) == {"9f" * 16: BOOKED}
