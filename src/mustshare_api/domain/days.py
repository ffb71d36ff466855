"""Days that were typed in the Buddhist era: 2569 is 2026.

Nothing is wrong with such a day but that it is five centuries off: a page that is kept until
2572 is never erased, and a campaign that opens in 2569 never opens. So a year that can be no
other is refused where a page is written and signed for, and never where one is read: what was
published with one has to be read to be corrected.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, TypeAlias

import msgspec

_Plain: TypeAlias = "dict[str, _Plain] | list[_Plain] | date | str | float | bool | None"

YEARS: Final = range(2400, 2700)
"""Of the Buddhist era, from 1857 to 2156."""


def is_buddhist(day: date) -> bool:
    """Whether it can only have been meant so."""
    return day.year in YEARS


def buddhist_days(content: object) -> list[str]:
    """Where such days stand in what somebody wrote, as JSON pointers."""
    return list(_walked("", msgspec.to_builtins(content, builtin_types=(date,))))


def _walked(pointer: str, value: _Plain) -> Iterator[str]:
    if isinstance(value, date):
        if is_buddhist(value):
            yield pointer
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _walked(f"{pointer}/{name}", each)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _walked(f"{pointer}/{place}", each)
