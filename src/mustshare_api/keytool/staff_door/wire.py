"""The shapes that the staff door answers in, read strictly and bounded.

Fields that a newer door adds are passed over. Ids are hex of one length, because they become
file names here.
"""

import re
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from mustshare_api.keytool.refusal import Refusal

_HOST: Final = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
StateName = Annotated[str, Meta(pattern=r"^[a-z_]{1,32}$(?!\n)")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
AboutPage = Annotated[str, Meta(pattern=r"^(case|campaign)/[a-z0-9][a-z0-9-]{0,62}$(?!\n)")]

PAGES_MOST: Final = 10_000
"""Pages of one list, empty ones among them: a door cannot make the tool go round."""

_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)


def check_days(*days: date | None) -> None:
    """Refuses a day that nothing can be reckoned from without leaving the calendar.

    Raises:
        ValueError: which makes the answer that it stands in nonsense.
    """
    if not all(day is None or _FIRST_DAY <= day <= _LAST_DAY for day in days):
        raise ValueError("Invalid day")


class IndexEntry(msgspec.Struct, gc=False):
    """What the index says of one object."""

    object_id: Id
    tip_id: Id
    kind: Annotated[int, Meta(ge=1, le=7)]
    received_on: date
    octets: Annotated[int, Meta(ge=1, le=2**40)]
    digest: Digest

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        check_days(self.received_on)


class TipEntry(msgspec.Struct, gc=False):
    """What the door says of one tip. Without a bundle it was withdrawn or has expired.

    `expires_on` is None while no clock runs. `earlier` are the bundles that led to this one, as
    `following` verified them here. Whatever the door says there is not believed. `about` is the
    page that it answers, where its front end chose to have that noted in clear.
    """

    tip_id: Id
    state: StateName
    received_on: date
    expires_on: date | None
    bundle: bytes | None
    answered: bool
    rotations: Annotated[int, Meta(ge=0, le=2**31)] = 0
    steps: Annotated[int, Meta(ge=0, le=2**15)] = 0
    erasure_nonce: Digest | None = None
    about: AboutPage | None = None
    earlier: list[bytes] = []

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        check_days(self.received_on, self.expires_on)


class RotationEntry(msgspec.Struct):
    """A bundle that a reporter left, and both signatures over the next one."""

    bundle: bytes
    notice: bytes
    acceptance: bytes


class Chain(msgspec.Struct):
    """The bundle in force, and what the door says led to it."""

    bundle: bytes
    rotations: Annotated[list[RotationEntry], Meta(max_length=1000)]


class IndexPage(msgspec.Struct):
    """Objects in order of their id, and the last id if more follow."""

    objects: list[IndexEntry]
    next: Id | None = None


class TipPage(msgspec.Struct):
    """Tips in order of their id, and the last id if more follow."""

    tips: list[TipEntry]
    next: Id | None = None


class LogHead(msgspec.Struct):
    """How the audit log is said to stand."""

    size: Annotated[int, Meta(ge=0, le=2**62)]
    root: Digest


class ChangesPage(msgspec.Struct):
    """What changed since a day, and the cursor of the next page if more follows."""

    on: date
    tips: list[TipEntry]
    objects: list[IndexEntry]
    log: LogHead
    directory: Digest
    next: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,200}$(?!\n)")] | None = None

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        check_days(self.on)


class ProblemField(msgspec.Struct):
    """Where in what was sent something is wrong."""

    pointer: Annotated[str, Meta(pattern=r"^(/[a-z0-9_]{1,32}){0,4}$(?!\n)")] = ""
    code: Annotated[str, Meta(pattern=r"^[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}$(?!\n)")] = ""


class Problem(msgspec.Struct):
    """What is read of an RFC 9457 problem."""

    code: str = ""
    errors: Annotated[list[ProblemField], Meta(max_length=64)] = []
    skew_s: Annotated[int, Meta(ge=-(2**40), le=2**40)] | None = None


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the staff door is; `ca` is a file with its authority, if not a public one."""

    url: str
    ca: str | None = None

    @property
    def authority(self) -> str:
        """Host, and port unless it is 443: what the Host header and the signature say."""
        return urlsplit(self.url).netloc.lower().removesuffix(":443")


def check_url(url: str) -> str:
    """An https address without path, credentials or query.

    Raises:
        Refusal: `url.malformed`.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.removesuffix(f":{parts.port}" if parts.port else "")
    except ValueError:
        raise Refusal("url.malformed") from None
    rest = (parts.query, parts.fragment, parts.path.strip("/"))
    if parts.scheme != "https" or any(rest) or _HOST.fullmatch(host) is None:
        raise Refusal("url.malformed")
    return f"https://{parts.netloc.lower()}"
