"""An app that is built when it is first asked: few tests of three doors use all of them."""

from collections.abc import Callable
from typing import Any

from mustshare_api.api.harden import App


def when_asked(make: Callable[[], App]) -> Any:
    """The app that `make` makes, later."""
    built: list[App] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if not built:
            built.append(make())
        await built[0](scope, receive, send)

    return app
