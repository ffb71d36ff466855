"""Shows, before anything is written, what of a tip would go to an agency and what would not.

    1. message 3f9a..., from the reporter
       [goes]
            0 │ ถนนหน้าโรงเรียนพัง ผู้รับเหมาคือ
           40 │ นาย ก. ...
       with its cuts:
              │ ถนนหน้าโรงเรียนพัง ผู้รับเหมาคือ ⟦ตัดออก · cut⟧

The numbers are those that `--cut` takes. Goes to the screen alone.
"""

from mustshare_api.domain.message import AttachmentName
from mustshare_api.keytool.desk.terminal import Console, quoted, visible
from mustshare_api.keytool.hand_over import cuts
from mustshare_api.keytool.hand_over.choosing import (
    Chosen,
    Field,
    Wanted,
    choose,
    file_fields,
    message_fields,
    named_files,
    text_of,
)
from mustshare_api.keytool.tips.opened import OpenedMessage, OpenedTip

_NOTHING = Chosen((), (), {})


def show_preview(console: Console, opened: OpenedTip, wanted: Wanted) -> None:
    """Everything that is here of the tip, each with whether it goes.

    Raises:
        Refusal: as `choose`, but for having chosen nothing yet.
    """
    chosen = choose(opened, wanted) if wanted.messages or wanted.attachments else _NOTHING
    console.data(_preview_data(opened, chosen))
    for number, message in enumerate(opened.messages, 1):
        if text_of(message) is not None:
            _show_message(console, number, message, chosen)
    for name in named_files(opened).values():
        _show_file(console, name, chosen)
    for kind, count in chosen.withheld.items():
        if count:
            console.say("export.left", kind=kind, count=count)


def _show_message(console: Console, number: int, opened: OpenedMessage, chosen: Chosen) -> None:
    found = [m for m in chosen.messages if m.opened.object_id == opened.object_id]
    who = console.sentence("export.reporter")
    if opened.author:
        who = console.sentence("export.officer", name=opened.author)
    console.say("export.message", number=number, object=opened.object_id, who=who)
    console.say("export.goes" if found else "export.stays")
    console.show(cuts.numbered(text_of(opened) or ""))
    for message in found:
        if message.cuts:
            console.say("export.as_cut")
            console.show(quoted(message.text))
    kept = found[0].fields if found else ()
    _show_fields(console, message_fields(opened), kept)


def _show_file(console: Console, name: AttachmentName, chosen: Chosen) -> None:
    found = [file for file in chosen.files if file.name.id == name.id]
    code = "export.file_original" if name.original else "export.file"
    size = name.size_bytes
    console.say(code, mark=_mark(bool(found)), object=name.id, type=name.media_type, size=size)
    _show_fields(console, file_fields(name), found[0].fields if found else ())


def _show_fields(console: Console, fields: list[Field], kept: tuple[Field, ...]) -> None:
    for field in fields:
        name, value = field
        mark = _mark(field in kept)
        console.say("export.field", mark=mark, name=name, value=visible(value))


def _mark(goes: bool) -> str:  # noqa: FBT001 - it is the mark's one question
    return "[x]" if goes else "[ ]"


def _preview_data(opened: OpenedTip, chosen: Chosen) -> dict[str, object]:
    goes = {m.opened.object_id: m.text for m in chosen.messages}
    files = {file.name.id for file in chosen.files}
    return {
        "messages": [
            {
                "object_id": message.object_id,
                "from": "reporter" if message.author is None else "staff",
                "text": text_of(message),
                "fields": dict(message_fields(message)),
                "goes_as": goes.get(message.object_id),
            }
            for message in opened.messages
            if text_of(message) is not None
        ],
        "attachments": [
            {
                "id": name.id,
                "media_type": name.media_type,
                "original": name.original,
                "fields": dict(file_fields(name)),
                "goes": name.id in files,
            }
            for name in named_files(opened).values()
        ],
        "withheld": dict(chosen.withheld),
    }
