"""When a connection is read from and written to: never while it waits its turn for that.

uvicorn reads on whenever an app asks for more of a body. What came before would then pile up
here for as long as others go first. And it writes on as soon as there is room for it, so that
one who asks for long answers would have the loop seal and copy nothing else.
"""

from typing_extensions import override
from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """uvicorn's, which can also be held whatever an app asks for."""

    is_held = False
    is_wanted = False
    is_full = False
    is_resting = False

    def hold(self) -> None:
        """Reads nothing until it is let go."""
        if not self.is_held:
            self.is_held, self.is_wanted = True, not self.read_paused
        super().pause_reading()

    def let_go(self) -> None:
        """Reads on, unless somebody has paused it for another reason meanwhile."""
        if self.is_held:
            self.is_held = False
            if self.is_wanted:
                super().resume_reading()

    @override
    def pause_reading(self) -> None:
        """Reads no more."""
        self.is_wanted = False
        super().pause_reading()

    @override
    def resume_reading(self) -> None:
        """Reads on as soon as nothing waits."""
        self.is_wanted = True
        if not self.is_held:
            super().resume_reading()

    def rest(self) -> None:
        """Writes no more of an answer for now."""
        self.is_resting = True
        super().pause_writing()

    def write_on(self) -> None:
        """Writes on, if there is room."""
        self.is_resting = False
        if not self.is_full:
            super().resume_writing()

    @override
    def pause_writing(self) -> None:
        """There is no room for more."""
        self.is_full = True
        super().pause_writing()

    @override
    def resume_writing(self) -> None:
        """There is room again; or nobody is there any more, whose turn would never come."""
        self.is_full = False
        if not self.is_resting or self._transport.is_closing():
            super().resume_writing()
