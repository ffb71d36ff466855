"""What travels as JSON by the staff door."""

import base64
from typing import Annotated

import msgspec
from msgspec import Meta

from mustshare_api.domain.deadlines import deadlines
from mustshare_api.domain.lifecycle import State
from mustshare_api.store.rows import IndexEntry
from mustshare_api.store.tips import TipRow


class IndexedObject(msgspec.Struct, frozen=True):
    """One sealed object; `digest` is SHA-256 over prefix and stanzas."""

    object_id: str
    tip_id: str
    kind: int
    received_on: str
    octets: int
    digest: str


class Index(msgspec.Struct, frozen=True):
    """A page of the index, in the order of random ids."""

    objects: list[IndexedObject]
    next: str | None


class ListedTip(msgspec.Struct, frozen=True):
    """One tip; `bundle` is null for one that was withdrawn or has expired.

    `rotations` is how often its receipt was exchanged for a new one, `steps` how many steps
    staff have made with it: its version, for `If-Match`.
    """

    tip_id: str
    state: Annotated[str, Meta(extra_json_schema={"enum": [*State]})]
    received_on: str
    expires_on: Annotated[
        str | None,
        Meta(
            description="The first Bangkok day on which it is gone; of one that is gone, on "
            "which it is listed no more. Null while its reporter's last words wait for staff."
        ),
    ]
    answered: bool
    bundle: str | None
    rotations: int
    steps: int
    acknowledged: Annotated[bool, Meta(description="Whether a step or an answer was made.")]
    acknowledge_by: str
    answer_by: str
    erasure_nonce: Annotated[
        str | None,
        Meta(
            description="Of one that expired: SHA-256(0 | nonce | tip id) is in its month's "
            "erasures."
        ),
    ]
    about: Annotated[
        str | None,
        Meta(
            description="The published page that it answers, as `campaign/roads`, where its "
            "front end asked for that to be noted in clear. Otherwise it stands inside the "
            "envelope.",
            examples=["campaign/roads"],
        ),
    ]


class TipList(msgspec.Struct, frozen=True):
    """A page of tips, in the order of random ids."""

    tips: list[ListedTip]
    next: str | None


class LogHead(msgspec.Struct, frozen=True):
    """How the audit log stands: its leaves, and the root over them in hex."""

    size: int
    root: str


class Changes(msgspec.Struct, frozen=True):
    """What came or was changed on a day or since.

    `on` is the Bangkok day by this service. `complete` is false where `since` lies so far back
    that tips which are gone may be told of no more: then compare with the index. `log` and
    `directory` (the digest of the one in force) tell whether there is reason to look at those.
    """

    on: str
    complete: bool
    tips: list[ListedTip]
    objects: list[IndexedObject]
    log: LogHead
    directory: str
    next: str | None


def listed_tip(row: TipRow) -> ListedTip:
    """A tip as staff are shown it in lists."""
    due = deadlines(row.received_on)
    return ListedTip(
        tip_id=row.tip_id.hex(),
        state=row.state,
        received_on=row.received_on.isoformat(),
        expires_on=row.expires_on.isoformat() if row.expires_on else None,
        answered=row.answered,
        bundle=base64.b64encode(row.bundle).decode() if row.bundle else None,
        rotations=row.rotations,
        steps=row.steps,
        acknowledged=row.acknowledged,
        acknowledge_by=due.acknowledge_by.isoformat(),
        answer_by=due.answer_by.isoformat(),
        erasure_nonce=row.erasure_nonce.hex() if row.erasure_nonce else None,
        about=f"{row.about_kind}/{row.about_slug}" if row.about_kind else None,
    )


def indexed_object(row: IndexEntry) -> IndexedObject:
    """A line of the index as it travels."""
    return IndexedObject(
        row.object_id.hex(),
        row.tip_id.hex(),
        row.kind,
        row.received_on.isoformat(),
        row.total_bytes,
        row.digest.hex(),
    )
