"""An agency's key file, and its card."""

import msgspec
import pytest

from mustshare_api.crypto import age, xwing
from mustshare_api.crypto.agencies import Agency
from mustshare_api.crypto.cards import parse_card, write_card
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.signatory import Signatory
from mustshare_api.errors import Malformed

RECIPIENT = xwing.public_key_of(bytes(range(32)))
NACC = Agency.new("nacc", RECIPIENT)


def test_secrets_come_back_as_they_were_written() -> None:
    """And the identity that opens what is referred is not among them."""
    assert Agency.parse(NACC.encode()) == NACC
    assert age.identity_of(bytes(range(32))).encode() not in NACC.encode()


def test_a_card_lists_both_keys_of_an_agency_and_is_signed_by_the_first() -> None:
    """As the roots put them into the directory."""
    assert parse_card(NACC.card()) == NACC.entries()
    assert [entry.role for entry in NACC.entries()] == ["agency-signing", "agency"]


@pytest.mark.parametrize("kept", [1, 0], ids=["no recipient", "no signing key"])
def test_a_card_with_half_of_the_keys_is_refused(kept: int) -> None:
    """Nothing could be sealed to the one; nobody could ask for the other."""
    entries = NACC.entries()[:1] if kept else NACC.entries()[1:]
    with pytest.raises(Malformed, match=r"card\.malformed"):
        parse_card(write_card(entries, NACC.signing_seed))


def test_a_card_with_somebody_elses_recipient_is_refused() -> None:
    """One name a card."""
    other = Entry.of("agency", "pacc", None, RECIPIENT)
    with pytest.raises(Malformed, match=r"card\.malformed"):
        parse_card(write_card((NACC.entries()[0], other), NACC.signing_seed))


@pytest.mark.parametrize(
    "changed",
    [{"recipient": "age1qqq"}, {"recipient": "\ud800"}, {"recipient": ""}, {"name": "a b"}],
)
def test_a_broken_key_file_is_refused(changed: dict[str, str]) -> None:
    """Whatever is wrong with it."""
    fields = msgspec.json.decode(NACC.encode()) | changed
    try:
        octets = msgspec.json.encode(fields)
    except UnicodeEncodeError:
        octets = NACC.encode().replace(b'"age1pq', b'"\\ud800')
    with pytest.raises(Malformed):
        Agency.parse(octets)


def test_a_swapped_key_file_is_refused() -> None:
    """An auditor's is no agency's, nor the other way round."""
    with pytest.raises(Malformed, match=r"key_file\.wrong_kind"):
        Agency.parse(Signatory.new("auditor", "daeng").encode())
    with pytest.raises(Malformed, match=r"key_file\.wrong_kind"):
        Signatory.parse(NACC.encode())


def test_a_name_that_no_directory_could_list_is_refused() -> None:
    """A name stands in lines and in paths."""
    with pytest.raises(Malformed, match=r"name\.malformed"):
        Agency.new("ป.ป.ช.", RECIPIENT)
