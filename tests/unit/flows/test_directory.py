"""To whom an object may be sealed, by the clock and by the directories that there were."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from mustshare_api.crypto import directory as notes
from mustshare_api.crypto import xwing
from mustshare_api.crypto.directory import Entry
from mustshare_api.errors import Unavailable, WrongMoment
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.store.audit import NewLeaf
from mustshare_api.store.outcome import Outcome
from tests.doors import MovedClock
from tests.organisation import Organisation, organisation

MONDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Midnight in Bangkok."""


@dataclass
class Kept:
    """A store in memory."""

    notes: list[tuple[int, bytes]] = field(default_factory=list)

    async def accept(
        self,
        serial: int,
        octets: bytes,
        _digest: bytes,
        _today: date,
        _leaves: tuple[NewLeaf, ...],
    ) -> Outcome:
        self.notes.append((serial, octets))
        return Outcome.RECORDED

    async def latest(self) -> bytes | None:
        return max(self.notes)[1] if self.notes else None

    async def all_octets(self) -> list[bytes]:
        return [octets for _, octets in self.notes]


def keeper(org: Organisation, at: datetime) -> DirectoryKeeper:
    return DirectoryKeeper(Kept(), org.roots, MovedClock(at))  # type: ignore[arg-type]


def with_escrow(org: Organisation, serial: int = 1) -> bytes:
    """A note with an escrow key besides the officers'."""
    escrow = Entry.of("escrow", "safe", None, xwing.public_key_of(b"\7" * 32))
    entries = [entry for officer in org.officers for entry in officer.entries()]
    octets = notes.compose(
        deployment_id=org.deployment_id,
        serial=serial,
        issued_on=org.today,
        expires_on=org.today + timedelta(days=30),
        entries=[*entries, escrow],
        evaluation=False,
    )
    for name, seed in list(org.root_seeds.items())[:2]:
        octets = notes.sign(octets, name, seed)
    return octets


async def test_in_the_first_hour_of_monday_both_weeks_are_taken() -> None:
    """And for the rest of the week only its own keys."""
    org = organisation(MONDAY)
    kept = keeper(org, MONDAY)
    await kept.accept(org.note())
    counts = []
    for minutes in (0, 59, 60):
        later = MONDAY + timedelta(days=7, minutes=minutes)
        kept.clock.at = later  # type: ignore[attr-defined]
        counts.append(len(kept.accepted_kids()))

    assert counts == [2, 2, 1]


async def test_the_escrow_key_alone_is_never_a_set_that_is_taken() -> None:
    """In the first week there is no last week; its set would hide tips from all officers."""
    org = organisation(MONDAY)
    kept = keeper(org, MONDAY)
    await kept.accept(with_escrow(org))
    (only,) = kept.accepted_kids()

    assert len(only) == 3


async def test_an_escrow_key_is_a_recipient_beside_the_officers() -> None:
    """It is not one of last week's or this week's: it is always there."""
    org = organisation(MONDAY)
    kept = keeper(org, MONDAY)
    await kept.accept(with_escrow(org))

    assert [entry.role for entry in kept.recipients()].count("escrow") == 1


async def test_without_a_directory_nothing_is_sealed() -> None:
    """To nobody at all would be worse than a refusal."""
    kept = keeper(organisation(MONDAY), MONDAY)
    for ask in (kept.current, kept.recipients, kept.accepted_kids, lambda: kept.deployment_id):
        with pytest.raises(Unavailable) as caught:
            ask()
        assert caught.value.code == "directory.missing"
    assert kept.days_left() == 0


async def test_a_directory_of_another_deployment_is_refused() -> None:
    """Receipts are stretched under the deployment's id, and each would be dead."""
    org = organisation(MONDAY)
    other = Organisation(org.today, org.officers, b"\1" * 16, org.root_seeds)
    kept = keeper(org, MONDAY)
    await kept.accept(org.note())

    with pytest.raises(WrongMoment) as caught:
        await kept.accept(other.note(2))
    assert caught.value.code == "directory.other_deployment"
    assert kept.deployment_id == org.deployment_id


async def test_an_older_directory_in_the_store_is_not_taken_up() -> None:
    """Deleting the newest row brings nobody back."""
    org = organisation(MONDAY)
    kept = keeper(org, MONDAY)
    await kept.accept(org.note(1))
    await kept.accept(org.note(2))
    kept.store.notes.pop()  # type: ignore[attr-defined]
    await kept.load()

    assert kept.current().serial == 2


async def test_the_days_left_are_those_of_what_runs_out_first() -> None:
    """The note's own expiry, or its last weekly key."""
    org = organisation(MONDAY, weeks=2)
    kept = keeper(org, MONDAY)
    await kept.accept(org.note())

    assert kept.days_left() == 14
