"""What a door is told of who asks: whether it is a proxy of this machine."""

import socket
from typing import Any

import pytest
from typing_extensions import override

from mustshare_api.app.server import serving
from tests.wires import LAST, opened, statuses


class CalledFrom(socket.socket):
    """A listening socket whose callers are at one address."""

    address = "127.0.0.1"

    @override
    def accept(self) -> Any:
        one, _ = super().accept()
        caller = Caller(fileno=one.detach())
        caller.address = self.address
        return caller, (self.address, 5)


class Caller(socket.socket):
    """One of them."""

    address = ""

    @override
    def getpeername(self) -> Any:
        return self.address, 5


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1", ("127.0.0.1", 0)),
        ("127.8.9.10", ("127.0.0.1", 0)),
        ("::1", ("127.0.0.1", 0)),
        ("203.0.113.9", ("elsewhere", 0)),
        ("2001:db8::9", ("elsewhere", 0)),
    ],
)
def test_no_address_goes_further_than_the_wire(
    address: str, told: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What serves a request is told whether a proxy of this machine asks, and no more."""
    seen: list[Any] = []
    bound = serving.bound
    monkeypatch.setattr(CalledFrom, "address", address)
    monkeypatch.setattr(
        serving, "bound", lambda at: [CalledFrom(fileno=one.detach()) for one in bound(at)]
    )

    async def tell(scope: Any, _receive: Any, send: Any) -> None:
        seen.append(scope["client"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with opened(inner=tell, dressed=lambda inner: inner) as door:
        assert statuses(door.say(LAST)) == [200]
    assert seen == [told]
