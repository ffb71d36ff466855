"""A partner for schemathesis, and what it cannot know of solutions."""

from typing import Any

from schemathesis import GenerationMode

from mustshare_api.flows import deeds
from mustshare_api.flows.partners import new_key
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.store.partners import Partner
from tests.api.served import Served

_KEYS: dict[int, str] = {}
"""By the door's port: the key of the partner there."""


def show_key(case: Any, served: Served) -> None:
    """Shows a partner's key where one is asked for, and none where a made-up one is meant.

    Of a made-up key no more can be learned than that it is refused.
    """
    negative = case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE
    if not negative and case.headers.pop("Partner-Key", None) is not None:
        case.headers["Partner-Key"] = key_of(served)


def key_of(served: Served) -> str:
    """The key of the partner there, who is added when it is first asked for."""
    port = served.port["reporter"]
    if port not in _KEYS:
        _KEYS[port] = key = new_key()
        today = served.org.today
        leaf = deeds.of_operator("operator-partner-added", today, "river-watch")
        partner = Partner("river-watch", (), 10_000_000, 10_000_000, stopped=False)
        served.run(served.bench.partners.store.add(partner, hash_of_key(key), today, leaf))
    return _KEYS[port]


def about_solution(failure: Any) -> bool:
    """Whether a request was "wrong" by its solution alone, for which none is ever refused."""
    return "`Challenge-Solution`" in str(failure.message)
