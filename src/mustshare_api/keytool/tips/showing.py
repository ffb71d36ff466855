"""How results look: lines for a person, one JSON value for a machine.

Everything that a reporter or the server wrote goes through `visible` or `quoted`, or is of a
form that was checked when it was read (ids, dates, slugs).
"""

from typing import Any

import msgspec

from mustshare_api.crypto.directory import Directory
from mustshare_api.domain.answers import spelt
from mustshare_api.domain.message import AttachmentName, DisputeBody, TipBody
from mustshare_api.keytool.desk.ceremony import holders
from mustshare_api.keytool.desk.terminal import Console, quoted, visible
from mustshare_api.keytool.tips.files import OpenedFile
from mustshare_api.keytool.tips.looked_up import show_place, show_purchases
from mustshare_api.keytool.tips.opened import OpenedMessage, OpenedTip

_FIELDS = ("language", "category", "campaign", "case")


def show_directory(console: Console, shown: Directory, *, verified: bool) -> None:
    """A directory: its dates, and how many keys everyone has in it."""
    console.data(directory_data(shown) | {"verified": verified})
    say_directory(console, shown, verified=verified)


def say_directory(console: Console, shown: Directory, *, verified: bool) -> None:
    """The same for people alone."""
    if shown.evaluation:
        console.say("directory.evaluation")
    console.say(
        "directory.summary",
        serial=shown.serial,
        deployment=shown.deployment_id.hex(),
        issued=shown.issued_on.isoformat(),
        expires=shown.expires_on.isoformat(),
        last_week=shown.last_week().isoformat(),
    )
    for role, name, count in holders(shown):
        console.say("directory.line", role=role, name=name, count=count)
    if not verified:
        console.say("directory.unverified")


def show_tip(console: Console, opened: OpenedTip) -> None:
    """An opened tip, and whatever of it could not be opened."""
    console.say("open.heading", tip=opened.tip.tip_id, state=opened.tip.state)
    for message in opened.messages:
        _show_message(console, message)
        for file in opened.files.get(message.object_id, []):
            _show_file(console, file)
    for object_id, code in opened.refused.items():
        why = console.sentence(code)
        console.say("open.part_failed", object=object_id, why=why)
    for object_id in opened.unnamed:
        console.say("file.unnamed", object=object_id)


def _show_message(console: Console, opened: OpenedMessage) -> None:
    message = opened.message
    console.show("")
    if opened.author is None:
        console.say("open.from_reporter", at=message.sent_at)
    else:
        console.say("open.from_staff", name=opened.author, at=message.sent_at)
    if opened.server_sealed:
        console.show("  ! " + console.sentence("open.server_sealed"))
    if isinstance(message, DisputeBody):
        console.say("open.dispute", outcome=message.about)
    text = getattr(message, "text", None)
    if text is not None:
        console.show(quoted(text))
    if isinstance(message, TipBody):
        _show_fields(console, message)


def _show_fields(console: Console, tip: TipBody) -> None:
    """What the reporter chose from lists, or typed into a field of its own."""
    for name in _FIELDS:
        value = getattr(tip, name)
        if value is not None:
            console.say("open.field", name=name, value=visible(value))
    if tip.place is not None:
        show_place(console, tip.place)
    if tip.coordinates:
        point = tip.coordinates
        value = f"{point.latitude}, {point.longitude} ± {point.precision_m} m"
        console.say("open.field", name="coordinates", value=value)
    show_purchases(console, tip)
    for question, answer in tip.answers.items():
        console.say("open.field", name=question, value=visible(spelt(answer)))


def _show_file(console: Console, file: OpenedFile) -> None:
    if file.path is not None:
        console.say("file.written", path=visible(str(file.path)))
        if removed := file.removed or file.name.removed:
            console.say("file.removed", kinds=", ".join(removed))
        if file.is_original:
            console.say("file.is_original")
    elif file.outcome == "closed":
        kind, size = file.name.media_type, file.name.size_bytes
        console.say("file.closed", object=file.name.id, kind=kind, size=size)
    elif file.outcome in {"missing", "mismatch", "original", "unsafe"}:
        console.say(f"file.{file.outcome}", object=file.name.id)
    else:
        why = console.sentence(file.outcome)
        console.say("file.refused", object=file.name.id, why=why)
    _show_kept(console, file.name)


def _show_kept(console: Console, name: AttachmentName) -> None:
    """What the reporter chose to have kept of a picture."""
    if name.latitude is not None and name.longitude is not None:
        point = f"{name.latitude}, {name.longitude} ± {name.location_precision_m} m"
        console.say("file.taken_where", point=point)
    if name.taken_at is not None:
        console.say("file.taken_when", at=f"{name.taken_at} {name.utc_offset or ''}".rstrip())


def directory_data(shown: Directory) -> dict[str, Any]:
    """A directory for machines."""
    return {
        "deployment": shown.deployment_id.hex(),
        "serial": shown.serial,
        "issued_on": shown.issued_on.isoformat(),
        "expires_on": shown.expires_on.isoformat(),
        "last_week": shown.last_week().isoformat(),
        "evaluation": shown.evaluation,
        "digest": shown.digest.hex(),
        "entries": [
            {
                "role": entry.role,
                "name": entry.name,
                "epoch": entry.epoch.isoformat() if entry.epoch else None,
                "kid": entry.kid.hex(),
            }
            for entry in shown.entries
        ],
    }


def tip_data(opened: OpenedTip) -> dict[str, Any]:
    """An opened tip, for machines."""
    return {
        "tip_id": opened.tip.tip_id,
        "state": opened.tip.state,
        "received_on": opened.tip.received_on.isoformat(),
        "messages": [
            {
                "object_id": message.object_id,
                "from": "reporter" if message.author is None else "staff",
                "author": message.author,
                "server_sealed": message.server_sealed,
                "message": msgspec.to_builtins(message.message),
                "files": [_file_data(file) for file in opened.files[message.object_id]],
            }
            for message in opened.messages
        ],
        "refused": opened.refused,
        "unnamed": opened.unnamed,
    }


def _file_data(file: OpenedFile) -> dict[str, Any]:
    path = str(file.path) if file.path else None
    return {"id": file.name.id, "outcome": file.outcome, "path": path}
