"""What goes from this machine when the door lists it no longer, and the one thing that stays.

    a tip that is gone               its objects, what was opened of them, and its folder
    a docket that was replaced       the older one: a tip has one
    a tip that is listed no more     its row: its season is over, or it is another's by now
    the marks of what was read       those of objects that are listed no more

The reporter's key of a tip that lived when it was last listed is kept for a year. A door that
hid a tip from one comparison could else bring it back with a key of its own.
"""

import shutil
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from mustshare_api.crypto.envelope import Kind
from mustshare_api.keytool.desk.fetching import delete_copy
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.staff_door.wire import IndexEntry

_KEYS_KEPT: Final = timedelta(days=365)


def forget_tip(home: Home, listed: Listed, tip_id: str) -> int:
    """Deletes what is here of a tip that is gone; how many objects that were."""
    entries = listed.objects_of(tip_id)
    count = sum(delete_copy(home, entry) for entry in entries)
    listed.drop_objects(entry.object_id for entry in entries)
    shutil.rmtree(home.attachments(tip_id), ignore_errors=True)
    return count


def drop_replaced(home: Home, listed: Listed, entries: Iterable[IndexEntry]) -> None:
    """Deletes dockets that made room for one of these.

    A feed of what changed says nothing of what is gone.
    """
    for new in entries:
        if new.kind == Kind.DOCKET:
            old = [
                entry
                for entry in listed.objects_of(new.tip_id)
                if entry.kind == Kind.DOCKET and entry.object_id != new.object_id
            ]
            for entry in old:
                delete_copy(home, entry)
            listed.drop_objects(entry.object_id for entry in old)


def leave_unlisted(home: Home, listed: Listed, told: Collection[str], today: date) -> None:
    """Takes the tips off the list that a comparison was not told of, and read marks with them.

    Args:
        home: the officer's folder.
        listed: its list, with the index as it was just compared.
        told: the ids of all tips that the door lists.
        today: the Bangkok day.
    """
    gone = [tip for tip in listed.tips() if tip.tip_id not in told]
    for tip in gone:
        if not listed.objects_of(tip.tip_id):
            listed.leave_tip(tip, today)
            shutil.rmtree(home.attachments(tip.tip_id), ignore_errors=True)
    listed.forget_left(today - _KEYS_KEPT)
    read = home.load(home.opened_ids, list[str], [])
    kept = [one for one in read if listed.has_object(one)]
    if len(kept) < len(read):
        home.save(home.opened_ids, kept)
