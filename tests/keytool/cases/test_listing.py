"""Lists that the staff door tells page by page, and one that has no end."""

from typing import cast

import pytest

from mustshare_api.domain.pages import CASE
from mustshare_api.keytool.campaigns.desk import listed
from mustshare_api.keytool.cases.desk import drafts, pages
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door

ENDLESS = b'{"drafts": [], "pages": [], "points": [], "next": "again"}'


class Rounds:
    """A door that always has one page more."""

    def ask(self, path: str, query: object) -> bytes:
        return ENDLESS if path and query is not None else b""


def test_a_list_without_an_end_is_nonsense() -> None:
    """A door cannot make the tool go round."""
    door = cast("Door", Rounds())
    for going_round in (drafts(door), pages(door, CASE), listed(door, "roads")):
        with pytest.raises(Refusal, match=r"door\.nonsense"):
            next(going_round)
