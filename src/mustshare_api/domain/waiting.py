"""For how long somebody asks to be left alone: `Retry-After` in both its forms (RFC 9110).

    600                               seconds
    Mon, 23 Nov 2026 03:00:00 GMT     a moment, by the asker's clock; also in its two old forms

Whatever is neither asks for nothing. How much of it is heeded is for the caller to say.
"""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 64
"""Characters of a value that is looked at; the longest date has 33."""

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def asked_s(value: str, now: datetime) -> int:
    """Seconds from now on; 0 where nothing is asked, or the moment has passed."""
    if _SECONDS.fullmatch(value):
        return int(value)
    if len(value) > LONGEST or not value.isascii():
        return 0
    try:
        at = parsedate_to_datetime(value)
        left = at.replace(tzinfo=at.tzinfo or UTC) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    return max(0, math.ceil(left.total_seconds()))
