"""Which role may make which kind of request at the staff door.

    @get("/v1/index", operation=..., permission=READ_OBJECTS)

    request --signature--> entry of the directory --role--> may it make requests of this kind?
                                                  --name--> which objects are there for it?

Two questions, and a route answers only the first. A role that may not is told so (403): roles
are public. An object that is not within reach is not there (404): that it exists is not.

Default-deny: a staff route that declares nothing cannot be mounted, and one whose declaration
went missing afterwards is refused to everyone.
"""

from collections.abc import Iterable
from typing import Final, cast

from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from mustshare_api.crypto.directory import Entry
from mustshare_api.errors import Misconfigured, NotPermitted

Permission = frozenset[str]

OFFICER: Final = "signing"
AUDITOR: Final = "auditor"
RECOVERY: Final = "recovery"
AGENCY: Final = "agency-signing"

READ_OBJECTS: Final[Permission] = frozenset({OFFICER, RECOVERY})
"""What lies here sealed: officers what they hold, a recovery all, an auditor none."""

CHANGE_RECIPIENTS: Final[Permission] = frozenset({OFFICER, RECOVERY})
"""A recovery is there to make objects readable again to whom the roots have named since."""

WRITE_TO_REPORTERS: Final[Permission] = frozenset({OFFICER})
"""Officers alone sign what reporters believe."""

MOVE_TIPS: Final[Permission] = frozenset({OFFICER})
"""Steps of tips, and what waits for a second officer. Who recovers keys decides nothing."""

WRITE_DESK: Final[Permission] = frozenset({OFFICER})
"""Notes, labels and checks are officers' own."""

STRIP_PICTURES: Final[Permission] = frozenset({OFFICER})
"""Who takes pictures of cases, and answers with them."""

APPROVE_POINTS: Final[Permission] = frozenset({OFFICER})
"""Who may say that a place can be shown has opened the tip that it is from."""

WRITE_PAGES: Final[Permission] = frozenset({OFFICER})
"""Who drafts and publishes what everybody may read: two officers for each page."""

REFER: Final[Permission] = frozenset({OFFICER})
"""Who hands tips over to agencies, two officers for each, and reads what agencies say."""

READ_REFERRALS: Final[Permission] = frozenset({OFFICER, AGENCY})
"""Officers all of them, an agency its own."""

WORK_ON_REFERRALS: Final[Permission] = frozenset({AGENCY})
"""An agency its own, and this is all that an agency may do here."""

READ_DIRECTORY: Final[Permission] = frozenset({OFFICER, AUDITOR, RECOVERY})
READ_AUDIT: Final[Permission] = frozenset({OFFICER, AUDITOR, RECOVERY})
"""What was done is told to all who do it."""

HAND_IN_COSIGNATURES: Final[Permission] = READ_AUDIT
"""The witness's own signature is what counts, whoever carries it here."""

PUBLISH_DIRECTORY: Final[Permission] = frozenset({OFFICER, RECOVERY})
"""Its own signatures are what counts; an auditor looks on and changes nothing."""


def require_declared(routes: Iterable[HTTPRouteHandler]) -> None:
    """Refuses to mount routes of which one does not say who may use it.

    Raises:
        Misconfigured: there is one.
    """
    for route in routes:
        if not _permission_of(route):
            raise Misconfigured(
                f"{min(route.paths)} says not who may use it: name a permission"
            )


def _permission_of(route: BaseRouteHandler) -> Permission:
    declared: object = route.opt.get("permission")
    return cast("Permission", declared) if isinstance(declared, frozenset) else frozenset()


def check_permitted(requester: Entry, route: BaseRouteHandler) -> None:
    """Refuses a role that the route does not name.

    Raises:
        NotPermitted: it may not.
    """
    if requester.role not in _permission_of(route):
        raise NotPermitted
