"""How cards, changes of the directory and an officer's keys look."""

from collections.abc import Sequence
from typing import Any

from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.keytool.desk.terminal import Console
from mustshare_api.keytool.organisation.comparing import Change, changes_between
from mustshare_api.keytool.organisation.reach import KeyReach


def show_card(console: Console, entries: Sequence[Entry]) -> None:
    """Whose card it is, and each of its keys but the weekly ones by id."""
    weeks = sorted(entry.epoch for entry in entries if entry.epoch)
    console.data(
        {
            "name": entries[0].name,
            "role": entries[0].role,
            "keys": [
                {"role": e.role, "kid": e.kid.hex(), "epoch": str(e.epoch) if e.epoch else None}
                for e in entries
            ],
        }
    )
    console.say("card.heading", name=entries[0].name)
    for entry in entries:
        if entry.epoch is None:
            console.say("card.key", role=entry.role, kid=entry.kid.hex())
    if weeks:
        first, last = weeks[0].isoformat(), weeks[-1].isoformat()
        console.say("card.weeks", count=len(weeks), first=first, last=last)


def show_changes(console: Console, old: Directory, new: Directory) -> None:
    """What a root holder has to agree to."""
    console.say("changes.heading", old=old.serial, new=new.serial)
    found = changes_between(old, new)
    for change in found:
        values = {"role": change.role, "name": change.name}
        console.say(_CODES[change.sign] + _weeks(change), **values, **_mondays(change))
    if not found:
        console.say("changes.none")
    if new.evaluation != old.evaluation:
        console.say("changes.evaluation")


def changes_data(old: Directory, new: Directory) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "change": _CODES[change.sign].removeprefix("changes."),
            "role": change.role,
            "name": change.name,
            "until": change.until.isoformat() if change.until else None,
            "before": change.before.isoformat() if change.before else None,
        }
        for change in changes_between(old, new)
    ]


def show_reach(console: Console, reach: Sequence[KeyReach], objects: int) -> None:
    """What each key could open of what is here; a key that is gone opens nothing."""
    console.data({"objects": objects, "keys": [_reach_data(each) for each in reach]})
    for each in reach:
        values = {"count": each.objects, "of": each.of}
        if each.week is None:
            console.say("epochs.case", kid=each.kid.hex() if each.kid else "", **values)
        else:
            code = "epochs.week" if each.kid else "epochs.gone"
            console.say(code, week=each.week.isoformat(), **values)


def _reach_data(each: KeyReach) -> dict[str, Any]:
    return {
        "kind": "case" if each.week is None else "week",
        "week": each.week.isoformat() if each.week else None,
        "kid": each.kid.hex() if each.kid else None,
        "gone": each.kid is None,
        "objects": each.objects,
    }


_CODES = {
    "+": "changes.added",
    "-": "changes.dropped",
    "*": "changes.replaced",
    ">": "changes.extended",
}


def _weeks(change: Change) -> str:
    return "_weeks" if change.sign != ">" and (change.until or change.before) else ""


def _mondays(change: Change) -> dict[str, str]:
    """The weeks that a sentence may speak of."""
    return {
        "until": change.until.isoformat() if change.until else "-",
        "before": change.before.isoformat() if change.before else "-",
    }
