"""Lists of the staff door that have no end: each page empty, and further on than the last."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

import pytest
from typing_extensions import override

from mustshare_api.clock import SystemClock
from mustshare_api.crypto.signatory import Requester
from mustshare_api.keytool.referrals.referral_door import ReferralDoor
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Server

_EMPTY: Final[dict[str, list[str]]] = {"tips": [], "objects": [], "referrals": []}


class Rounds(Door):
    """A door that always has one page more."""

    asked = 0

    @override
    def ask(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        self.asked += 1
        return json.dumps(_EMPTY | {"next": f"{self.asked:032x}"}).encode()


@pytest.mark.parametrize(
    "listed", [Door.tips, Door.index, lambda door: ReferralDoor(door).all()]
)
def test_a_list_without_an_end_is_nonsense(listed: Callable[[Door], Iterable[object]]) -> None:
    """A door cannot make the tool go round for ever, though each page leads on."""
    with pytest.raises(Refusal, match=r"door\.nonsense"):
        list(
            listed(Rounds(Server("https://localhost"), cast("Requester", None), SystemClock()))
        )
