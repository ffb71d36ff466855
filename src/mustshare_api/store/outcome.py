"""What became of something that a store was asked to record."""

from enum import Enum, auto


class Outcome(Enum):
    """Closed; `RECORDED` and `SAME` both mean that it is there, durably."""

    RECORDED = auto()
    """It was not there and now is."""

    SAME = auto()
    """It was there already: this was a retry."""

    DIFFERENT = auto()
    """Something else is there under that id, or that receipt."""

    FULL = auto()
    """The tip holds as much as a tip may."""

    GONE = auto()
    """There is no such tip: unknown, withdrawn, expired, or not this caller's."""

    CHANGED = auto()
    """What it was made for is no longer so: look again, and make it anew."""

    OLDER = auto()
    """A newer one has been accepted before."""
