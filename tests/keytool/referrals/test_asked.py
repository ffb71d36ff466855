"""Which questions were passed on: by whose hash, under which key, and for how long."""

from datetime import date
from pathlib import Path

import pytest

from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.register import ASKED, seal_register
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.referrals.asked import Ask, Asked, forget_asked
from mustshare_api.keytool.refusal import Refusal

REFERRAL, WORD, TIP = "9f" * 16, "a1" * 16, "b2" * 16


@pytest.fixture
def officer() -> Officer:
    return Officer.new("somsri", date(2026, 11, 23))


@pytest.fixture
def asked(tmp_path: Path, officer: Officer) -> Asked:
    return Asked(Home(tmp_path), officer, REFERRAL)


def test_a_question_keeps_its_id_until_its_referral_is_taken_back(asked: Asked) -> None:
    """Sent or not; to another reporter, or in other words, it is another."""
    hashed, first = asked.begin(WORD, TIP, "กี่ต้น")
    again = asked.begin(WORD, TIP, "กี่ต้น")
    others = [asked.begin(WORD, TIP, "กี่เสา")[1], asked.begin(WORD, "c3" * 16, "กี่ต้น")[1]]
    asked.went(hashed, first)

    assert again == (hashed, first)
    assert len({first.object_id, *(one.object_id for one in others)}) == 3
    assert asked.begin(WORD, TIP, "กี่ต้น")[1] == Ask(first.object_id, sent=True)
    forget_asked(asked.home, asked.officer, REFERRAL)
    assert asked.begin(WORD, TIP, "กี่ต้น")[1].object_id != first.object_id


def test_nothing_of_it_lies_on_the_disk_in_clear_or_opens_to_another_key(
    asked: Asked, officer: Officer
) -> None:
    """It ties tips to a referral; whoever has another key begins anew."""
    hashed, first = asked.begin(WORD, TIP, "กี่ต้น")
    octets = (asked.home.path / "asked").read_bytes()
    stranger = Asked(asked.home, Officer.new("mallory", date(2026, 11, 23)), REFERRAL)

    assert not any(one.encode() in octets for one in (REFERRAL, hashed, first.object_id))
    assert stranger.begin(WORD, TIP, "กี่ต้น")[1] != first


def test_what_opens_and_is_no_such_list_is_left_alone(asked: Asked, officer: Officer) -> None:
    """One line says which file; nothing is written over it."""
    file = asked.home.path / "asked"
    file.write_bytes(seal_register(b"[]", officer.case_seed, ASKED))
    before = file.read_bytes()

    with pytest.raises(Refusal, match=r"home\.malformed"):
        asked.begin(WORD, TIP, "กี่ต้น")
    assert file.read_bytes() == before
