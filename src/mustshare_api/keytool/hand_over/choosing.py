"""What of a tip is to be handed over, and what is not: chosen by name, never by default.

    messages    texts, by id, with passages cut
    files       by id; an untouched original is refused unless it was asked for unsafely
    fields      place, coordinates, times and the like, each kind by name

What was not chosen is counted by kind, so that an agency knows that there is more to ask for,
and nobody can say later that they were given everything.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from mustshare_api.domain.answers import spelt
from mustshare_api.domain.message import AttachmentName, AttachmentNotice, TipBody
from mustshare_api.keytool.hand_over import cuts
from mustshare_api.keytool.hand_over.cuts import Cut
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.tips.opened import OpenedMessage, OpenedTip

FIELDS: Final = (
    "time", "category", "campaign", "case", "place", "coordinates", "procurement", "answers",
    "photo-location", "photo-time",
)  # fmt: skip
_SHORTEST_PREFIX: Final = 4

Field = tuple[str, str]
"""A field's name and what stands in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer asked for, as typed."""

    messages: Sequence[str]
    cuts: Sequence[str]
    attachments: Sequence[str]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChosenMessage:
    """A text with its passages cut, and the fields that go with it."""

    opened: OpenedMessage
    text: str
    cuts: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file, and the fields that go with it."""

    name: AttachmentName
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes, and how much of each kind does not."""

    messages: tuple[ChosenMessage, ...]
    files: tuple[ChosenFile, ...]
    withheld: Mapping[str, int]


def choose(opened: OpenedTip, wanted: Wanted) -> Chosen:
    """What goes of an opened tip.

    Raises:
        Refusal: `export.nothing`, `export.unknown_message`, `export.unknown_attachment`,
            `export.bad_cut`.
    """
    texts = {m.object_id: m for m in opened.messages if text_of(m) is not None}
    names = named_files(opened)
    message_ids = [_found(typed, texts, "export.unknown_message") for typed in wanted.messages]
    file_ids = [
        _found(typed, names, "export.unknown_attachment") for typed in wanted.attachments
    ]
    if not message_ids and not file_ids:
        raise Refusal("export.nothing")
    to_cut = _cuts(wanted.cuts, message_ids, texts)
    messages = [_message(texts[i], to_cut[i], wanted.fields) for i in texts if i in message_ids]
    files = [
        ChosenFile(name, _kept(file_fields(name), wanted.fields))
        for i, name in names.items()
        if i in file_ids
    ]
    left = [name for i, name in names.items() if i not in file_ids]
    withheld = {
        "message": len(texts) - len(messages),
        "cut": sum(message.cuts for message in messages),
        "attachment": sum(not name.original for name in left),
        "original": sum(name.original for name in left),
        "field": _fields_left(messages, files),
    }
    return Chosen(tuple(messages), tuple(files), withheld)


def _fields_left(messages: Sequence[ChosenMessage], files: Sequence[ChosenFile]) -> int:
    """How many fields of what goes do not go with it."""
    of_messages = sum(len(message_fields(m.opened)) - len(m.fields) for m in messages)
    return of_messages + sum(len(file_fields(f.name)) - len(f.fields) for f in files)


def text_of(opened: OpenedMessage) -> str | None:
    """The words of a message; a notice about files has none."""
    message = opened.message
    return None if isinstance(message, AttachmentNotice) else message.text


def named_files(opened: OpenedTip) -> dict[str, AttachmentName]:
    """The files that signed messages name, by id. What any message flags is an original."""
    flagged = opened.originals
    return {
        name.id: msgspec.structs.replace(name, original=name.id in flagged)
        for message in opened.messages
        for name in message.message.attachments
    }


def message_fields(opened: OpenedMessage) -> list[Field]:
    """What a message says beside its words."""
    fields = [("time", opened.message.sent_at)]
    tip = opened.message
    if isinstance(tip, TipBody):
        for name in ("category", "campaign", "case", "place"):
            value = getattr(tip, name)
            fields += [(name, value)] if value else []
        if tip.coordinates:
            at = tip.coordinates
            fields.append(
                ("coordinates", f"{at.latitude}, {at.longitude} ± {at.precision_m} m")
            )
        fields += [("procurement", f"{ref.scheme} {ref.id}") for ref in tip.procurement_refs]
        fields += [("answers", f"{i}: {spelt(value)}") for i, value in tip.answers.items()]
    return fields


def file_fields(name: AttachmentName) -> list[Field]:
    """What the reporter chose to have kept of a picture."""
    fields: list[Field] = []
    if name.latitude is not None:
        point = f"{name.latitude}, {name.longitude} ± {name.location_precision_m} m"
        fields.append(("photo-location", point))
    if name.taken_at is not None:
        fields.append(("photo-time", f"{name.taken_at} {name.utc_offset or ''}".rstrip()))
    return fields


def _message(opened: OpenedMessage, to_cut: list[Cut], wanted: Sequence[str]) -> ChosenMessage:
    text, count = cuts.cut(text_of(opened) or "", to_cut)
    return ChosenMessage(opened, text, count, _kept(message_fields(opened), wanted))


def _kept(fields: Sequence[Field], wanted: Sequence[str]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field[0] in wanted)


def _cuts(
    typed: Sequence[str], chosen: Sequence[str], texts: Mapping[str, OpenedMessage]
) -> Mapping[str, list[Cut]]:
    found: defaultdict[str, list[Cut]] = defaultdict(list)
    for one in typed:
        prefix, each = cuts.parse(one)
        message_id = _found(prefix, texts, "export.unknown_message")
        # A cut in a message that does not go is a slip: the one meant would go uncut.
        if message_id not in chosen:
            raise Refusal("export.bad_cut")
        found[message_id].append(each)
    return found


def _found(typed: str, among: Mapping[str, object], code: str) -> str:
    found = list(_beginning_with(typed, among))
    if len(found) != 1:
        raise Refusal(code)
    return found[0]


def _beginning_with(typed: str, among: Mapping[str, object]) -> Iterator[str]:
    if len(typed) >= _SHORTEST_PREFIX:
        yield from (each for each in among if each.startswith(typed.lower()))
