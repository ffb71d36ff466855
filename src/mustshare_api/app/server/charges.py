"""What a refusal costs whoever gets it, in units of their connection's clock.

Where there is no room, it says in how many seconds to come back: who waits for them has had
the units forgiven by then. What was wrong, somebody mends first. Who asks again at once, be it
for a place, with guessed receipts or for a hundredth upload, becomes hasty (`turns`), and has
their turn behind those who do not.
"""

from typing import Final

from mustshare_api.api.harden import App, Message, Receive, Scope, Send
from mustshare_api.app.server.turns import Place
from mustshare_api.store.line import BEHIND

_REFUSED: Final = 400
_COME_BACK: Final = frozenset({429, 503})

TURNED_AWAY_UNITS: Final = 3.0
"""With the request itself 4, of which the shortest `Retry-After`, 2 s, forgives all. A tip that
is turned away costs as much: 0.5 to 0.8 ms (our measurement), read, parsed and put in line."""

WRONG_UNITS: Final = 5.0
"""With the request itself 6: an upload that is one too many costs 1.5 ms (our measurement), for
its tip is looked up and its uploads are counted. Whoever mends what was wrong takes longer than
the second after which nobody is hasty for it."""

BEHIND_S: Final = 0.1
"""For each unit that a connection is ahead, so much later it gets the database's next place."""


def charging(app: App, place: Place) -> App:
    """An app that knows how far ahead a connection is, and charges refusals to it."""

    async def charged(scope: Scope, receive: Receive, send: Send) -> None:
        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                place.pay(_units_of(message["status"]))
                place.answered()
            await send(message)

        BEHIND.set(place.ahead() * BEHIND_S)
        await app(scope, receive, seen)

    return charged


def _units_of(status: int) -> float:
    if status < _REFUSED:
        return 0.0
    return TURNED_AWAY_UNITS if status in _COME_BACK else WRONG_UNITS
