"""What an officer has read of what one reporter sent: one hash over the ids of these objects.

    SHA-256("mustshare/v1 seen", a line feed, id | id | ...)    16 octets each, in order

An officer's tool sends it with an answer or a step, inside what it signs. Whoever has read all
that lies there has the server's own hash. Whoever has not, because newer words came in or the
tool is too old to say, has another, and then nothing counts as read. To whoever has none of the
ids the hash tells nothing; whoever has the rows and the audit log's text can try them, and
learns what had been read by then (the threat model says so). Other than a count it is not right
by chance after a backup was brought back.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from mustshare_api.crypto.envelope import Kind

KINDS: Final = (
    int(Kind.TIP),
    int(Kind.FOLLOW_UP_FROM_REPORTER),
    int(Kind.ATTACHMENT_FROM_REPORTER),
)
"""What reporters send."""

LABEL: Final = b"mustshare/v1 seen\n"


def seen_digest(object_ids: Iterable[bytes]) -> bytes:
    """The hash over these objects, in whatever order they come."""
    return hashlib.sha256(LABEL + b"".join(sorted(object_ids))).digest()
