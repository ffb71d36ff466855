"""Directories, nonces and the deployment."""

import asyncio
import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta

import pytest

from mustshare_api.errors import Misconfigured
from mustshare_api.store.database import Database
from mustshare_api.store.deployments import DeploymentStore
from mustshare_api.store.directories import HISTORY, KEPT, DirectoryStore
from mustshare_api.store.nonces import NonceStore
from mustshare_api.store.outcome import Outcome
from tests.store.made import TODAY

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


async def _accept(
    store: DirectoryStore, serial: int, octets: bytes, day: date = TODAY
) -> Outcome:
    return await store.accept(serial, octets, hashlib.sha256(octets).digest(), day)


@pytest.fixture
def directories(database: Database) -> DirectoryStore:
    return DirectoryStore(database)


async def test_the_newest_directory_is_the_one_in_force(directories: DirectoryStore) -> None:
    """And the one before stays readable, for replies that were signed under it."""
    assert await directories.latest() is None

    assert await _accept(directories, 1, b"one") is Outcome.RECORDED
    assert await _accept(directories, 7, b"seven") is Outcome.RECORDED

    assert await directories.latest() == b"seven"
    assert await directories.all_octets() == [b"seven", b"one"]


async def test_a_directory_is_never_rolled_back(directories: DirectoryStore) -> None:
    """An older one, and another one with the same serial, change nothing."""
    await _accept(directories, 7, b"seven")

    assert await _accept(directories, 7, b"seven") is Outcome.SAME
    assert await _accept(directories, 7, b"forged") is Outcome.DIFFERENT
    assert await _accept(directories, 6, b"six") is Outcome.OLDER

    assert await directories.all_octets() == [b"seven"]


async def test_simultaneous_directories_leave_the_newest_in_force(
    directories: DirectoryStore,
) -> None:
    """Whichever came first, none older was accepted after a newer one."""
    await asyncio.gather(*(_accept(directories, n, b"%d" % n) for n in range(1, 17)))

    assert await directories.latest() == b"16"


async def test_a_bounded_number_of_old_directories_is_kept(
    directories: DirectoryStore,
) -> None:
    """The newest of them."""
    for serial in range(1, HISTORY + 6):
        long_ago = TODAY - KEPT - timedelta(days=1)
        await _accept(directories, serial, b"%d" % serial, TODAY if serial > 60 else long_ago)

    kept = [int(octets) for octets in await directories.all_octets()]
    assert kept == list(range(HISTORY + 5, 5, -1))


async def test_however_many_directories_come_those_of_two_years_are_kept(
    directories: DirectoryStore,
) -> None:
    """A busy year of re-issues does not make officers lose sight of what they hold."""
    for serial in range(1, HISTORY + 6):
        await _accept(directories, serial, b"%d" % serial, TODAY - KEPT)
    await _accept(directories, HISTORY + 6, b"newest")

    assert len(await directories.all_octets()) == HISTORY + 6


async def test_a_nonce_is_spent_once(database: Database) -> None:
    """Of 32 replays at one moment one is the first."""
    nonces = NonceStore(database)
    digest = secrets.token_bytes(32)

    spent = await asyncio.gather(*(nonces.spend(digest, NOON) for _ in range(32)))

    assert [one.is_first for one in spent].count(True) == 1


async def test_spending_a_nonce_tells_the_newest_serial(database: Database) -> None:
    """So that a directory that another process took is noticed at the next request."""
    nonces, directories = NonceStore(database), DirectoryStore(database)
    before = await nonces.spend(secrets.token_bytes(32), NOON)
    await directories.accept(7, b"seven", secrets.token_bytes(32), NOON.date())
    after = await nonces.spend(secrets.token_bytes(32), NOON)

    assert (before.newest_serial, after.newest_serial) == (0, 7)
    assert await directories.newest_serial() == 7


async def test_nonces_are_forgotten_once_their_signature_is_too_old(database: Database) -> None:
    """Neither sooner, which would allow a replay, nor kept as a record of staff's days."""
    nonces = NonceStore(database)
    old, fresh = secrets.token_bytes(32), secrets.token_bytes(32)
    await nonces.spend(old, NOON - timedelta(seconds=1))
    await nonces.spend(fresh, NOON)

    await nonces.sweep(NOON)

    assert (await nonces.spend(old, NOON)).is_first
    assert not (await nonces.spend(fresh, NOON)).is_first


async def test_the_first_mint_key_stays(database: Database) -> None:
    """Simultaneous first starts agree on one, and later starts find it."""
    deployment, each = secrets.token_bytes(16), [secrets.token_bytes(32) for _ in range(6)]
    store = DeploymentStore(database)

    keys = set(await asyncio.gather(*(store.ensure(deployment, key) for key in each)))

    assert len(keys) == 1
    assert await store.ensure(deployment, secrets.token_bytes(32)) in keys & set(each)


async def test_a_database_serves_one_deployment(database: Database) -> None:
    """Receipts are stretched under its id: under another one none of them would work."""
    store = DeploymentStore(database)
    await store.ensure(secrets.token_bytes(16), secrets.token_bytes(32))

    with pytest.raises(Misconfigured, match="another deployment"):
        await store.ensure(secrets.token_bytes(16), secrets.token_bytes(32))
