"""Custodians' and boxes' keys: what is handed out, what is kept, and neither for the other."""

import pytest

from mustshare_api.crypto import xwing
from mustshare_api.crypto.custody import HolderKey, HolderSecret
from mustshare_api.errors import Malformed

ANAN = HolderSecret.new("custodian", "anan")


def test_the_public_half_reads_back() -> None:
    """The key that shares are sealed to."""
    public = HolderKey.parse(ANAN.public.encode(), "custodian")

    assert public == ANAN.public
    assert public.public_key == xwing.public_key_of(ANAN.seed)


def test_the_secret_half_reads_back() -> None:
    """From what its key file held."""
    assert HolderSecret.parse(ANAN.encode(), "custodian") == ANAN


def test_a_custodian_is_no_box() -> None:
    """Shares released to a custodian's own key would leave them with one person for good."""
    with pytest.raises(Malformed, match=r"holder\.malformed"):
        HolderKey.parse(ANAN.public.encode(), "recovery_box")
    with pytest.raises(Malformed, match=r"key_file\.wrong_kind"):
        HolderSecret.parse(ANAN.encode(), "recovery_box")


def test_the_fingerprint_has_thirty_digits_of_its_own() -> None:
    """Another name on the same key has another."""
    renamed = HolderKey("custodian", "busaba", ANAN.public.public_key)

    assert len(ANAN.public.fingerprint) == 30
    assert ANAN.public.fingerprint.isdecimal()
    assert renamed.fingerprint != ANAN.public.fingerprint


@pytest.mark.parametrize(
    "edit",
    [
        lambda octets: octets[:-1],
        lambda octets: octets + b"\n",
        lambda octets: octets.replace(b"anan ", b"../x "),
        lambda octets: octets.replace(b"anan ", b"anan  "),
        lambda octets: octets.replace(b"\n", b"\r\n"),
        lambda octets: octets[:40],
        lambda _: b"",
        lambda _: b"\xff" * 100,
        lambda octets: octets * 3,
    ],
)
def test_another_spelling_is_refused(edit: object) -> None:
    """One key has one file and so one fingerprint."""
    assert callable(edit)
    with pytest.raises(Malformed, match=r"holder\.malformed"):
        HolderKey.parse(edit(ANAN.public.encode()), "custodian")


@pytest.mark.parametrize("plain", [b"", b"{}", b"\xff", b'{"type":"officer","name":"anan"}'])
def test_another_kind_of_key_file_is_refused(plain: bytes) -> None:
    """Or one that is none."""
    with pytest.raises(Malformed, match=r"key_file\.wrong_kind"):
        HolderSecret.parse(plain, "custodian")


def test_a_name_is_one_that_a_file_can_have() -> None:
    """It becomes one."""
    with pytest.raises(Malformed, match=r"name\.malformed"):
        HolderSecret.new("custodian", "../anan")
