"""The flood over real HTTP, for a moment: nobody is lost, and what it costs is told.

`make flood ARGS="--http"` plays every kind.
"""

import time
from collections.abc import Iterator
from typing import cast

import pytest

from mustshare_api.crypto import challenges
from mustshare_api.domain.pressure import goes_ahead
from mustshare_api.errors import Busy
from tests.flood import over_http
from tests.flood.honest import CLEAR, SEALED
from tests.flood.over_http import Flood, begun, measure
from tests.service import Service, running


@pytest.fixture(scope="module")
def flood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flood]:
    """A service, with short waits before and after an attack."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RISE_S", "SETTLE_S"):
            patch.setattr(over_http, name, 0.2)
        folder = tmp_path_factory.mktemp("flood")
        with running(folder) as service:
            yield begun(service)


def test_each_forged_solution_is_wrong_in_a_way_of_its_own() -> None:
    """Else a flood of them would measure one refusal four times."""
    flood = Flood(cast("Service", None), bytes(range(32)))
    now_s, codes = int(time.time()), list[str]()
    for solution in flood.job("forged")["solutions"][:3]:
        with pytest.raises(Busy) as refused:
            challenges.check(flood.mint_key, solution, now_s)
        codes.append(refused.value.code)
    cheap = challenges.check(flood.mint_key, flood.job("forged")["solutions"][3], now_s)

    assert codes == ["challenge.wrong", "challenge.foreign", "challenge.expired"]
    assert not goes_ahead(cheap.cost, 1)


def test_no_honest_front_end_is_lost_to_a_flood_over_http(flood: Flood) -> None:
    """In clear and sealed, and the report says what each side paid."""
    row = measure(flood, "hammer", connections=40, seconds=0.8, turns=1)
    told = str(row)

    assert row.tally.lost == []
    assert {way for way, _ in row.tally.took_s} == {CLEAR, SEALED}
    assert row.attackers["taken"] + row.attackers["turned_away"] > 20
    for figure in ("p50", "p99 ratio", "junk tip taken", "came to nothing", "turned away"):
        assert figure in told
