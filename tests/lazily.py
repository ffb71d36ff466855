"""Doors that are built when they are first asked, and whose routes are read once a process.

Litestar takes a quarter of a second to read the routes of a door. They are the same for every
test; what differs is the state, so each door gets the first one's routes with its own state.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any
from unittest import mock

from litestar import Litestar
from litestar.datastructures import State

from mustshare_api.api import doors
from mustshare_api.api.harden import App

_READ: dict[tuple[int, ...], tuple[Sequence[Any], Litestar]] = {}
"""By the identities of routes and guards; the routes are kept, so that these stay theirs."""


def when_asked(make: Callable[[], App]) -> Any:
    """The app that `make` makes, later."""
    built: list[App] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if not built:
            built.append(routes_once(make))
        await built[0](scope, receive, send)

    return app


def routes_once(make: Callable[[], App]) -> App:
    """The door that `make` makes, without reading its routes if that was done before."""
    with mock.patch.object(doors, "Litestar", _with_state):
        return make()


def _with_state(
    routes: Sequence[Any], *, state: State, guards: Sequence[Any] = (), **more: Any
) -> Litestar:
    parts = (*routes, *guards)
    key = tuple(map(id, parts))
    if key not in _READ:
        _READ[key] = parts, Litestar(list(routes), guards=list(guards), **more)
    door = copy.copy(_READ[key][1])
    door.state = state
    return door
