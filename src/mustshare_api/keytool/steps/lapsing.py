"""Which open referrals lose their age file soon, for the digest, which is made offline.

Kept is what the door said when somebody last looked: `pending` and `referrals list` do.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.domain.deadlines import is_soon
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import PAGES_MOST, Id


class Lapsing(msgspec.Struct):
    """A referral, and the first day on which its file is gone, if nobody concludes it."""

    id: Id
    lapses_on: date | None = None


class _Page(msgspec.Struct):
    referrals: Annotated[list[Lapsing], Meta(max_length=10_000)]
    next: Id | None = None


def look(home: Home, door: Door) -> None:
    """Asks how referrals stand, and keeps it.

    Raises:
        Refusal: `door.nonsense`.
    """
    found: list[Lapsing] = []
    after = ""
    for _ in range(PAGES_MOST):
        page = read_as(door.ask("/v1/referrals", {"after": after} if after else {}), _Page)
        found += page.referrals
        if page.next is None:
            home.save(_file(home), found)
            return
        if page.next <= after:
            break
        after = page.next
    raise Refusal("door.nonsense")


def lapsing(home: Home, today: date) -> int:
    """How many open ones lose their file within a month."""
    known = home.load(_file(home), list[Lapsing], [])
    return sum(is_soon(one.lapses_on, today) for one in known)


def _file(home: Home) -> Path:
    return home.path / "referrals.json"
