"""What the audit log remembers: makes the leaves of deeds, whoever did them.

    of_request     whatever a signed request does, in the words that its sender signed as well
    of_directory   that a directory came into force; by it, clients find theirs in the log
    of_operator    what was done at the server's own command line
    of_partner     what a partner changed of its own webhooks, with its key
    of_erasures    how many tips expired in a month, and a root over their hashes
    of_lapse       that the age file of a referral was erased, and the digest of what went

Reading is no deed. Nor is what a reporter does. That tips expired is told by the month, every
month: by the day it would tell which. A clock runs from what staff did, so what falls due tells
of staff's weeks a year ago, blurred, and not of the days on which tips came.
"""

from datetime import date
from typing import Final

from mustshare_api.crypto import events
from mustshare_api.crypto.directory import Directory, Entry
from mustshare_api.crypto.requests import Verified
from mustshare_api.store.audit import NewLeaf

HEADER: Final = events.HEADER.lower()


def of_request(
    verified: Verified,
    method: str,
    target: tuple[str, str],
    header: str | None,
    entry: Entry,
) -> NewLeaf | None:
    """The leaf of a signed request; None for one that only reads.

    Args:
        verified: the request's own signature.
        method: in capitals.
        target: path and query.
        header: the value of `Event-Signature`.
        entry: whose key signed.

    Raises:
        Unsigned: `signature.event_missing`, `signature.event_invalid`.
        Malformed: `event.malformed`.
    """
    if method in events.READING:
        return None
    path, query = target
    event = events.of_request(
        method=method,
        path=path,
        query=query,
        body_sha256=verified.body_sha256,
        created=verified.created,
        kid=entry.kid,
    )
    signed = events.with_header(event, header, entry.public_key)
    return NewLeaf(signed.encode(), signed.day)


def of_directory(directory: Directory, today: date) -> NewLeaf:
    """The leaf of a directory that comes into force."""
    about = (str(directory.serial), directory.digest.hex())
    event = events.of_server(today, events.DIRECTORY_ACCEPTED, *about)
    return NewLeaf(event.encode(), today, directory.digest)


def of_erasures(today: date, month: date, count: int, root: bytes) -> NewLeaf:
    """The leaf of a month's erasures, written when the month is over."""
    about = (f"{month:%Y-%m}", str(count), root.hex())
    return NewLeaf(events.of_server(today, events.TIPS_ERASED, *about).encode(), today)


def of_lapse(today: date, referral_id: bytes, sha256: bytes) -> NewLeaf:
    """The leaf of a referral whose file was erased by the clock; nothing tells of which tip."""
    about = (referral_id.hex(), sha256.hex())
    return NewLeaf(events.of_server(today, events.REFERRAL_LAPSED, *about).encode(), today)


def of_operator(act: str, today: date, *about: str) -> NewLeaf:
    """The leaf of something done at the command line, or once in a deployment's life."""
    return NewLeaf(events.of_server(today, act, *about).encode(), today)


def of_partner(act: str, today: date, name: str) -> NewLeaf:
    """The leaf of what a partner did with its key. It signs nothing: the word is ours."""
    return NewLeaf(events.of_server(today, act, name).encode(), today)
