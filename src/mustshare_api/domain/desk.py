"""What officers write on a tip among themselves, and what the tip's desk comes to.

    note     a passage for the other officers
    label    words put on and taken off
    assign   whose tip it is, or nobody's
    check    one line of the verification checklist, done or open again
    merge    the tip is the same as another, or a copy of its pattern; or stands alone again
    case     the tip belongs to a published case, or does no longer

Entries are sealed to staff, strict as messages are, and never changed: a new one says what is
to hold from then on. The desk of a tip is a fold over its entries in the order of (`sent_at`,
object id). So two officers who were both offline come to one desk whoever syncs first, and an
entry that comes twice counts once. Where they disagree the later word holds; both stay.

Whoever writes after reading dates an entry later than all that was read (`later_than`): a slow
clock must not put an answer before what it answers. What is dated further ahead than any clock
can be wrong (`latest_at`) is not read before its day: whoever dated an entry at the end of the
calendar would have the last word for good.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from mustshare_api.domain.message import TEXT_LIMIT_BYTES as NOTE_LIMIT_BYTES
from mustshare_api.domain.message import Hex32, Instant, Slug, Text
from mustshare_api.domain.strict_json import StrictJson
from mustshare_api.errors import Malformed

LABELS_LIMIT: Final = 32
"""Words that one entry puts on or takes off: more is a text, and texts are notes."""

REMARK_LIMIT_BYTES: Final = 3_000
"""A thousand Thai letters on one line of the checklist: where it was found, by whom."""

_LETTER: Final = "a-z0-9\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59"
_FIRST: Final = "a-z0-9\u0e01-\u0e2e\u0e40-\u0e44\u0e50-\u0e59"

Label = Annotated[str, Meta(pattern=rf"^[{_FIRST}][{_LETTER}_-]{{0,39}}$(?!\n)")]
"""A word of Latin small letters, Thai letters and digits; never a form that only looks it."""

OfficerName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$(?!\n)")]
Labels = Annotated[list[Label], Meta(max_length=LABELS_LIMIT)]
Relation: TypeAlias = Literal["duplicate", "copycat"]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every entry says: when, by the officer's own clock, and whose key signed it."""

    sent_at: Instant
    signed_by: Hex32


class NoteEntry(_Entry, frozen=True, kw_only=True, tag="note"):
    """A passage for the other officers."""

    text: Text

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check_time(self.sent_at)
        _check_text(self.text, NOTE_LIMIT_BYTES)


class LabelEntry(_Entry, frozen=True, kw_only=True, tag="label"):
    """Words put on and taken off."""

    add: Labels = []
    remove: Labels = []

    def __post_init__(self) -> None:
        """At least one word, and none both put on and taken off."""
        _check_time(self.sent_at)
        words = [*self.add, *self.remove]
        if not words or len(set(words)) != len(words):
            raise Malformed("desk.malformed")


class AssignEntry(_Entry, frozen=True, kw_only=True, tag="assign"):
    """Whose tip it is, by their name in the directory; `None` is nobody's."""

    officer: OfficerName | None

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check_time(self.sent_at)


class CheckEntry(_Entry, frozen=True, kw_only=True, tag="check"):
    """One line of the checklist, done or open again."""

    item: Slug
    done: bool
    text: Text | None = None

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check_time(self.sent_at)
        _check_text(self.text or "", REMARK_LIMIT_BYTES)


class MergeEntry(_Entry, frozen=True, kw_only=True, tag="merge"):
    """The tip is the same as another or a copy of its pattern; `None` parts them again."""

    into: Hex32 | None
    relation: Relation | None = None

    def __post_init__(self) -> None:
        """A relation goes with a tip, and with no tip there is none."""
        _check_time(self.sent_at)
        if (self.into is None) != (self.relation is None):
            raise Malformed("desk.malformed")


class CaseEntry(_Entry, frozen=True, kw_only=True, tag="case"):
    """The tip belongs to a case, or does no longer."""

    case_id: Hex32
    add: bool

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        _check_time(self.sent_at)


Entry: TypeAlias = NoteEntry | LabelEntry | AssignEntry | CheckEntry | MergeEntry | CaseEntry
_JSON: Final[StrictJson[Entry]] = StrictJson(
    msgspec.json.Decoder(Entry, strict=True), "desk.malformed"
)


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry with the id of the object that it came in; only signed ones become this."""

    object_id: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Note:
    """A passage, by whom and when."""

    object_id: str
    sent_at: str
    signed_by: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """What was last said of one line of the checklist."""

    done: bool
    sent_at: str
    signed_by: str
    text: str | None


@dataclass(slots=True)
class DeskState:
    """What the desk of one tip comes to."""

    labels: set[str] = field(default_factory=set[str])
    officer: str | None = None
    notes: list[Note] = field(default_factory=list[Note])
    checklist: dict[str, Check] = field(default_factory=dict[str, Check])
    merged_into: str | None = None
    relation: Relation | None = None
    cases: set[str] = field(default_factory=set[str])
    latest_at: str | None = None
    """The latest `sent_at` that went into this."""


def fold(filed: Iterable[Filed]) -> DeskState:
    """The desk of a tip. In whatever order and however often entries come, it is the same."""
    state = DeskState()
    for one in _in_order(filed):
        _apply(state, one)
        state.latest_at = one.entry.sent_at
    return state


def later_than(state: DeskState, now: str) -> str:
    """When an entry written now, on what is known of this desk, is dated.

    Args:
        state: what its writer has before them.
        now: the instant by the writer's clock.
    """
    if state.latest_at is None or now > state.latest_at:
        return now
    try:
        next_at = datetime.fromisoformat(state.latest_at) + timedelta(seconds=1)
    except OverflowError:  # the last second of the year 9999; then the id decides
        return state.latest_at
    return next_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def latest_at(today: date) -> str:
    """The latest time that an entry can have that is read on a day: the end of the next one."""
    return f"{today + timedelta(days=1)}T23:59:59Z"


def encode_entry(entry: Entry) -> bytes:
    """The JSON that goes into an envelope.

    Raises:
        Malformed: the entry breaks a rule that its reader holds it to.
    """
    return _JSON.encode(entry)


def decode_entry(octets: bytes) -> Entry:
    """The entry that an opened envelope holds.

    Raises:
        Malformed: it is not one of the six, to the letter.
    """
    return _JSON.read(octets)


def _in_order(filed: Iterable[Filed]) -> Iterator[Filed]:
    """By time, then by id.

    The octets decide only between two contents of one id: the store never has that, and a copy
    changed on a disk might.
    """
    seen: set[str] = set()
    ranked = sorted(
        filed,
        key=lambda one: (one.entry.sent_at, one.object_id, msgspec.json.encode(one.entry)),
    )
    for one in ranked:
        if one.object_id not in seen:
            seen.add(one.object_id)
            yield one


def _apply(state: DeskState, filed: Filed) -> None:
    entry = filed.entry
    match entry:
        case NoteEntry():
            note = Note(filed.object_id, entry.sent_at, entry.signed_by, entry.text)
            state.notes.append(note)
        case LabelEntry():
            state.labels = (state.labels | set(entry.add)) - set(entry.remove)
        case AssignEntry():
            state.officer = entry.officer
        case CheckEntry():
            check = Check(entry.done, entry.sent_at, entry.signed_by, entry.text)
            state.checklist[entry.item] = check
        case MergeEntry():
            state.merged_into, state.relation = entry.into, entry.relation
        case CaseEntry():
            change = state.cases.add if entry.add else state.cases.discard
            change(entry.case_id)


def _check_text(text: str, limit_bytes: int) -> None:
    try:
        size_bytes = len(text.encode())
    except ValueError:
        raise Malformed("desk.malformed") from None
    if size_bytes > limit_bytes or "\0" in text:
        raise Malformed("desk.malformed")


def _check_time(text: str) -> None:
    """That a time of the right form is also one that a clock can show."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("desk.malformed") from None
