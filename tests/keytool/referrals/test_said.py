"""Whose word counts: keys of directories that were believed here, and revoked ones."""

from dataclasses import replace
from datetime import date

from mustshare_api.crypto.directory import Directory
from mustshare_api.crypto.entries import Entry
from mustshare_api.crypto.suite import kid_of
from mustshare_api.keytool.referrals.said import Believers

KEY = b"k" * 32
DAY = date(2026, 11, 23)


def directory(serial: int, role: str) -> Directory:
    entry = Entry(role, "nacc", None, kid_of(KEY), KEY)
    return Directory(b"d" * 16, serial, DAY, DAY, False, (entry,), b"", b"")


def test_a_revoked_key_counts_for_nothing_though_an_older_directory_lists_it() -> None:
    """Whoever stole it would go on speaking for its agency, with the help of a server."""
    old, new = directory(7, "agency-signing"), directory(8, "revoked")

    assert Believers((old,)).key_of("nacc", kid_of(KEY)) == KEY
    assert Believers((replace(old, serial=9), old)).key_of("nacc", kid_of(KEY)) == KEY
    assert Believers((new, old)).key_of("nacc", kid_of(KEY)) is None
