"""Which case a tip belongs to, as officers tied it and as its reporter's front end linked it.

    tied        a desk entry says so, sealed to staff
    through     a duplicate of it is tied: the same matter told twice is of one case
    linked      the reporter chose a case: inside the envelope, or noted in clear

A copycat is another matter and stands in its own case, if in any. What is parted again counts
no longer for the other: nothing was written on it.

An entry names a case by its id, which never changes. Officers type and read its slug. Slugs are
learnt from the door, where a name is not known here or an entry names an unknown case, and kept
in the register: a draft's slug is sealed to staff, and is not to lie on this disk in clear.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.pages import CASE
from mustshare_api.errors import MustShareError
from mustshare_api.keytool.cases import desk as pages
from mustshare_api.keytool.cases import drafting
from mustshare_api.keytool.desk.directories import current_directory
from mustshare_api.keytool.inbox.at_desk import AtDesk
from mustshare_api.keytool.inbox.desk import Desk
from mustshare_api.keytool.inbox.merging import links_of, root_of
from mustshare_api.keytool.refusal import Refusal, Unreachable
from mustshare_api.keytool.staff_door.door import Door

_ID: Final = re.compile("[0-9a-f]{32}")
_BEGINNING: Final = re.compile("[0-9a-f]{4,31}")


@dataclass(frozen=True, slots=True)
class Case:
    """A case that is known here. Without an id it is one that reporters named, and no more."""

    page_id: str | None
    slug: str | None

    @property
    def name(self) -> str:
        """What officers call it."""
        return self.slug or self.page_id or "?"


def find_case(desk: AtDesk, typed: str) -> Case:
    """The case of a slug, of an id, or of as much of an id as tells it from the others.

    Raises:
        Refusal: `case.unknown`, `case.ambiguous`.
    """
    known = desk.case_slugs()
    tied = {i for tip_id in desk.written_on() for i in desk.summary_of(tip_id).cases}
    wanted = typed.strip().lower()
    found = [i for i, slug in known.items() if slug == wanted]
    if not found and _ID.fullmatch(wanted):
        found = [i for i in known.keys() | tied if i == wanted]
    if not found and _BEGINNING.fullmatch(wanted):
        found = [i for i in known.keys() | tied if i.startswith(wanted)]
    if len(found) > 1:
        raise Refusal("case.ambiguous", cases=", ".join(i[:12] for i in sorted(found)))
    if not found:
        raise Refusal("case.unknown")
    return Case(found[0], known.get(found[0]))


def asked_case(desk: AtDesk, typed: str) -> Case:
    """The same for a list, which also knows what reporters named and nobody here tied.

    Raises:
        Refusal: as `find_case`.
    """
    try:
        return find_case(desk, typed)
    except Refusal as refused:
        wanted = typed.strip().lower()
        linked = {about.case for about in desk.abouts().values()}
        clear = {tip.about for tip in desk.living()}
        if refused.code != "case.unknown" or not (
            wanted in linked or f"case/{wanted}" in clear
        ):
            raise
        return Case(None, wanted)


def cases_through(desk: AtDesk) -> dict[str, set[str]]:
    """The ids of the cases that each tip belongs to by its duplicates, but is not tied to."""
    links = {
        tip_id: into
        for tip_id, into in links_of(desk).items()
        if desk.summary_of(tip_id).relation == "duplicate"
    }
    matters: dict[str, set[str]] = defaultdict(set)
    for tip_id in {*links, *links.values()}:
        matters[root_of(links, tip_id)].add(tip_id)
    found: dict[str, set[str]] = {}
    for together in matters.values():
        tied = {i for tip_id in together for i in desk.summary_of(tip_id).cases}
        for tip_id in together:
            found[tip_id] = tied - desk.summary_of(tip_id).cases
    return found


def learn_cases(desk: Desk, door: Door) -> None:
    """Asks the door which cases there are, published or drafted, and keeps their slugs.

    Raises:
        Unreachable: not reached.
        MustShareError: the door refused.
    """
    slugs = {page.page_id: page.slug for page in pages.pages(door, CASE)}
    for draft in pages.drafts(door):
        if draft.draft_id not in slugs:
            slug = _slug_of(desk, desk.officer, door, draft.draft_id)
            slugs |= {draft.draft_id: slug} if slug else {}
    desk.register.name_cases(slugs)
    desk.keep()


def learn_missing(desk: Desk, door: Door) -> None:
    """The same after a sync, if an entry names a case that is not known here.

    What cannot be learnt now is shown by its id: a name is no reason for a sync to fail.
    """
    known = desk.register.cases().keys()
    if all(desk.state_of(tip_id).cases <= known for tip_id in desk.entries):
        return
    try:
        learn_cases(desk, door)
    except MustShareError:
        return


def _slug_of(desk: Desk, officer: Officer, door: Door, draft_id: str) -> str | None:
    """The slug of a draft, where it is a case's and opens."""
    try:
        octets = door.ask(f"/v1/drafts/{draft_id}")
        directory = current_directory(desk.home, desk.today)
        opened = drafting.open_draft(draft_id, octets, officer, directory)
    except Unreachable:
        raise
    except MustShareError:
        return None
    return opened.content.slug if opened.kind == CASE else None
