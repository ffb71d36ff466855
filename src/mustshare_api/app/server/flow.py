"""When a connection is read from: never while what was read waits its turn.

uvicorn reads on whenever an app asks for more of a body. What came before would then pile up
here for as long as others go first.
"""

from typing_extensions import override
from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """uvicorn's, which can also be held whatever an app asks for."""

    is_held = False
    is_wanted = False

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
