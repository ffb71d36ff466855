"""What a connection expects of whatever speaks HTTP on it."""

import asyncio
from typing import Protocol


class Talk(Protocol):
    """What speaks HTTP on a wire."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Octets may be written."""

    def data_received(self, data: bytes) -> None:
        """Octets came."""

    def connection_lost(self, exc: Exception | None) -> None:
        """No more come or go."""

    def pause_writing(self) -> None:
        """The other side does not read as fast."""

    def resume_writing(self) -> None:
        """It has caught up."""

    def rest(self) -> None:
        """Others go first before more is written."""

    def takes_nothing(self) -> bool:
        """Whether we do not read on at present, whatever is sent."""
        ...

    def look(self, now: float, late_s: float) -> None:
        """Some time has passed; `now` is the event loop's, and a body is late after so long."""

    def give_up(self) -> None:
        """The head did not come in time."""
