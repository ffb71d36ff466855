"""Remembers the newest draft of each page that this machine opened.

    drafts.json    page id -> version of the page, and when the draft was signed

A draft's signature says whose it is, not that nothing came after it: a door can give back one
that was replaced, and both officers' names would still stand under a grid or a sentence that
they have since thought better of. By version and signed time this machine knows it again. What
it never saw it cannot know.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.keytool.cases.drafting import OpenedDraft
from mustshare_api.keytool.desk.home import Home


class _Seen(msgspec.Struct, frozen=True, order=True):
    version: int
    sent_at: Annotated[str, Meta(max_length=32)]


def is_newest(home: Home, opened: OpenedDraft) -> bool:
    """Whether no newer draft of the page was opened here; it is remembered from then on.

    Raises:
        Refusal: `home.malformed`.
    """
    known = home.load(_file(home), dict[str, _Seen], {})
    one, seen = _Seen(opened.content.version, opened.sent_at), known.get(opened.page_id)
    if seen is not None and one < seen:
        return False
    if one != seen:
        home.save(_file(home), known | {opened.page_id: one})
    return True


def _file(home: Home) -> Path:
    return home.path / "drafts.json"
