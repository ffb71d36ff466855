"""Whose a key is: learned from all directories that are kept, forgotten with them."""

import secrets
from datetime import UTC, datetime

import pytest

from mustshare_api.crypto.directory import Entry
from mustshare_api.crypto.suite import verify_key_of
from mustshare_api.errors import CannotOpen
from mustshare_api.flows.holders import Holders
from mustshare_api.store.rows import EVERYTHING, Reach
from tests.organisation import Organisation, organisation

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)


def asking(role: str, name: str = "somsri") -> Entry:
    return Entry.of(role, name, None, verify_key_of(secrets.token_bytes(32)))


def kids(org: Organisation, name: str) -> frozenset[bytes]:
    """What an officer opens with, by what the directory of today lists."""
    entries = org.directory().entries
    return frozenset(e.kid for e in entries if e.name == name and e.role != "signing")


@pytest.fixture
def org() -> Organisation:
    return organisation(NOW)


def test_an_officer_reaches_what_any_key_of_their_name_is_on(org: Organisation) -> None:
    """Weekly keys and case keys, of this directory and of those before it."""
    newer = Organisation(
        org.today, organisation(NOW).officers, org.deployment_id, org.root_seeds
    )
    holders = Holders()
    holders.learn([newer.note(2), org.note(1)], org.roots)
    both = kids(org, "somsri") | kids(newer, "somsri")

    assert holders.reach_of(asking("signing")) == Reach(both)
    assert len(both) == 28
    assert {holders.name_of(kid) for kid in both} == {"somsri"}


def test_what_only_a_forgotten_directory_lists_is_nobodys(org: Organisation) -> None:
    """So that every process says the same, however long it has been running."""
    newer = Organisation(
        org.today, organisation(NOW).officers, org.deployment_id, org.root_seeds
    )
    holders = Holders()
    holders.learn([org.note(1)], org.roots)
    holders.learn([newer.note(2)], org.roots)

    assert holders.reach_of(asking("signing")) == Reach(kids(newer, "somsri"))
    assert holders.name_of(min(kids(org, "somsri"))) is None
    assert holders.signer(bytes.fromhex(org.officers[0].keyid)) is None


def test_the_name_of_an_officer_reaches_nothing_in_another_role(org: Organisation) -> None:
    """An auditor called like an officer is not that officer; a recovery reaches all."""
    holders = Holders()
    holders.learn([org.note(1)], org.roots)

    assert holders.reach_of(asking("auditor")) == Reach(frozenset())
    assert holders.reach_of(asking("witness")) == Reach(frozenset())
    assert holders.reach_of(asking("signing", "stranger")) == Reach(frozenset())
    assert holders.reach_of(asking("recovery")) == EVERYTHING


def test_a_directory_that_these_roots_never_signed_teaches_nothing(org: Organisation) -> None:
    """Whoever can write to the database cannot make anybody hold anything."""
    holders = Holders()
    holders.learn([org.note(1)], org.roots)
    with pytest.raises(CannotOpen):
        holders.learn([org.note(1), organisation(NOW).note(2)], org.roots)

    assert holders.reach_of(asking("signing")) == Reach(kids(org, "somsri"))
