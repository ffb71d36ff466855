"""What was read of a tip on this machine: the hash that goes with an answer or a step.

    words    those that `show`, `open` or the view has put before somebody here, or has said
             that they cannot be opened although a key for them is here
    files    those that one of them has told of while they were here

What came with the last sync and was not looked at does not count, though it is here. The door
compares the hash with what lies there, and where the two differ the tip goes on waiting to be
read: whoever decided did not know all of it.
"""

from mustshare_api.crypto.seen import KINDS, seen_digest
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed


def seen_of(home: Home, tip_id: str) -> str:
    """The hash over what was read here of a tip, as it travels.

    Raises:
        Refusal: `home.malformed`.
    """
    read = set(home.load(home.opened_ids, list[str], []))
    with Listed.opened(home) as listed:
        ids = [
            entry.object_id
            for entry in listed.objects_of(tip_id)
            if entry.kind in KINDS
            and entry.object_id in read
            and home.sealed(entry.object_id).exists()
        ]
    return seen_digest(bytes.fromhex(one) for one in ids).hex()
