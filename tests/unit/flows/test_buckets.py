"""Networks: told by the edge, kept hashed for ten minutes, and shutting out nobody."""

import pytest

from mustshare_api.flows import upkeep
from mustshare_api.flows.buckets import NETWORKS, SALT_EVERY_S, TURNS, EdgeBuckets
from tests.doors import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def buckets(clock: MovedClock) -> EdgeBuckets:
    return EdgeBuckets(clock)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.200", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("203.0.113.7", "203.0.113.0/24", True),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
        ("2001:db8:0:1200::1", "2001:db8:0:12ff::2", True),
        ("2001:db8:0:1200::1", "2001:db8:0:1300::1", False),
        ("[2001:db8::1]", "2001:db8::2", True),
        ("8f14e45fceea167a", "8f14e45fceea167a", True),
        ("8f14e45fceea167a", "8f14e45fceea167b", False),
    ],
)
def test_a_bucket_is_of_a_network(
    buckets: EdgeBuckets, one: str, other: str, same: bool
) -> None:
    """/24 and /56; a hash that the edge made is taken as it is."""
    assert (buckets.bucket_of(one) == buckets.bucket_of(other)) is same


@pytest.mark.parametrize("told", ["", "x" * 65, "ลับ"])
def test_what_is_nothing_to_go_by_is_no_bucket(buckets: EdgeBuckets, told: str) -> None:
    """As through Tor."""
    assert buckets.bucket_of(told) is None


def test_turns_run_out_and_come_back(buckets: EdgeBuckets, clock: MovedClock) -> None:
    """Twenty at once, then one each five seconds."""
    bucket = buckets.bucket_of("203.0.113.7")
    assert bucket is not None
    drawn = [buckets.draw(bucket) for _ in range(int(TURNS) + 2)]
    clock.advance(seconds=5)

    assert drawn == [True] * int(TURNS) + [False] * 2
    assert [buckets.draw(bucket) for _ in range(2)] == [True, False]


def test_after_ten_minutes_nothing_is_known_of_before(
    buckets: EdgeBuckets, clock: MovedClock
) -> None:
    """Another salt, and no counts."""
    before = buckets.bucket_of("203.0.113.7")
    assert before is not None
    buckets.draw(before)
    clock.advance(minutes=10)

    assert buckets.bucket_of("203.0.113.7") != before
    assert buckets._turns == {}


def test_it_is_forgotten_also_when_nobody_comes_any_more(
    buckets: EdgeBuckets, clock: MovedClock
) -> None:
    """A flood ends, and no request follows for the rest of the night."""
    bucket = buckets.bucket_of("203.0.113.7")
    assert bucket is not None
    buckets.draw(bucket)
    clock.advance(seconds=SALT_EVERY_S - 1)
    buckets.forget()
    before = dict(buckets._turns)
    clock.advance(seconds=1)
    buckets.forget()

    assert (list(before), buckets._turns, buckets._salt) == ([bucket], {}, b"")
    assert SALT_EVERY_S + 2 * upkeep.EVERY_S <= 600


def test_neither_address_nor_prefix_is_in_memory(buckets: EdgeBuckets) -> None:
    """Only what a salt that was never written made of it."""
    bucket = buckets.bucket_of("203.0.113.7")
    assert bucket is not None
    buckets.draw(bucket)

    assert b"\xcb\x00\x71" not in b"".join(buckets._turns)
    assert "203.0" not in repr(buckets)


def test_memory_is_bounded(buckets: EdgeBuckets) -> None:
    """A network beyond the bound has no bucket, and is no worse off for it."""
    buckets._turns = {str(n).encode(): (1.0, 0.0) for n in range(NETWORKS)}

    assert [buckets.draw(b"one more") for _ in range(100)] == [True] * 100
    assert len(buckets._turns) == NETWORKS
