"""What changes from one directory to the next, for a root holder to read before signing.

      + signing pranee              a new line
      - signing prasert             a line that is gone
      * signing somsri              another key in its place
      > intake somsri               the same person's weeks, until another Monday

Lines that stay as they are are not shown. What no honest draft does is refused instead of
shown: another deployment, a serial that does not go up, a revocation that is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.errors import WrongMoment
from mustshare_api.keytool.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one role of one name. `until` is the Monday of the last week, if any."""

    sign: str
    role: str
    name: str
    until: date | None = None
    before: date | None = None


def check_follows(old: Directory, new: Directory) -> None:
    """Refuses what cannot follow a directory.

    Raises:
        Refusal: `directory.other_deployment`, `directory.unrevoked`.
        WrongMoment: `directory.rolled_back`.
    """
    if new.deployment_id != old.deployment_id:
        raise Refusal("directory.other_deployment")
    if new.serial <= old.serial:
        raise WrongMoment("directory.rolled_back")
    if not old.revoked() <= new.revoked():
        raise Refusal("directory.unrevoked")


def changes_between(old: Directory, new: Directory) -> list[Change]:
    """All of them, in the order of a directory."""
    before, after = _by_person(old.entries), _by_person(new.entries)
    order = list(dict.fromkeys((*after, *before)))
    found = [_change(each, before.get(each, []), after.get(each, [])) for each in order]
    return [change for change in found if change is not None]


def _by_person(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    people: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        people.setdefault((entry.role, entry.name), []).append(entry)
    return people


def _change(who: tuple[str, str], old: list[Entry], new: list[Entry]) -> Change | None:
    before, after = _last_week(old), _last_week(new)
    if not new:
        return Change("-", *who, before=before)
    if not old:
        return Change("+", *who, until=after)
    if _is_another_key(old, new):
        return Change("*", *who, until=after, before=before)
    return Change(">", *who, until=after, before=before) if after != before else None


def _last_week(entries: list[Entry]) -> date | None:
    return max((entry.epoch for entry in entries if entry.epoch), default=None)


def _is_another_key(old: list[Entry], new: list[Entry]) -> bool:
    """Whether a line that stays where it was holds another key, or a revoked one came."""
    kids = {entry.slot(): entry.kid for entry in old}
    return any(kids.get(entry.slot(), entry.kid) != entry.kid for entry in new) or any(
        entry.role == "revoked" and entry.slot() not in kids for entry in new
    )
