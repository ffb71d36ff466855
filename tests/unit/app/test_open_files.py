"""Connections and the files that they may need fit into what the process may open."""

import resource

import pytest

from mustshare_api.app.server import open_files
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The limits of a process that is not this one."""
    limits = {"soft": 1024, "hard": 1024}

    def set_to(_what: int, pair: tuple[int, int]) -> None:
        limits["soft"], limits["hard"] = pair

    monkeypatch.setattr(resource, "getrlimit", lambda _: (limits["soft"], limits["hard"]))
    monkeypatch.setattr(resource, "setrlimit", set_to)
    return limits


def test_the_soft_limit_is_raised_to_the_hard_one(allowed: dict[str, int]) -> None:
    """1,024 is what a shell gives."""
    allowed["hard"] = 65_536
    reporter, staff, operator = open_files.bounds_of(Settings())

    assert allowed["soft"] == 65_536
    counts = (reporter.connections, staff.connections, operator.connections)
    assert counts == (4096, 512, 64)


def test_there_are_never_more_connections_than_descriptors(allowed: dict[str, int]) -> None:
    """Two each, with the reserve left over."""
    reporter, staff, operator = open_files.bounds_of(Settings())
    connections = reporter.connections + staff.connections
    parked = open_files.parked_files(Settings())

    needed = connections + parked + 2 * operator.connections + open_files.RESERVE
    assert needed <= allowed["hard"]
    assert reporter.connections >= open_files.FEWEST


def test_who_is_given_little_time_for_a_body_is_not_awaited_for_longer(
    allowed: dict[str, int],
) -> None:
    """Three seconds before the app is asked, but a quarter of the operator's own deadline."""
    assert allowed
    found = [open_files.bounds_of(Settings(body_idle_s=idle))[0].late_s for idle in (4, 60)]

    assert found == [1.0, 3.0]


def test_too_few_files_stop_the_start(allowed: dict[str, int]) -> None:
    """One line that says what to raise."""
    allowed["hard"] = allowed["soft"] = 256
    with pytest.raises(Misconfigured, match="LimitNOFILE"):
        open_files.bounds_of(Settings())
