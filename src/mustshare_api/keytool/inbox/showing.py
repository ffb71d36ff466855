"""How the desk looks on a terminal: rows of the inbox, one tip whole, what was sent.

Thai stands in columns by the cells that it takes there: a vowel above or below its consonant
takes none. Whatever somebody wrote goes through `visible` or `quoted`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from mustshare_api.crypto.envelope import Kind
from mustshare_api.domain.checklist import ITEMS
from mustshare_api.domain.deadlines import deadlines
from mustshare_api.keytool.desk.terminal import Console, quoted, visible
from mustshare_api.keytool.inbox.at_desk import AtDesk
from mustshare_api.keytool.inbox.docket import docket_data, show_docket, told_of
from mustshare_api.keytool.inbox.listing import Row, row_of
from mustshare_api.keytool.inbox.merging import merged_with
from mustshare_api.keytool.inbox.place_names import name_of
from mustshare_api.keytool.inbox.stepping import queued_steps
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.files import OpenedFile
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.tips.showing import show_tip, tip_data

SHORT_ID: Final = 8
_CASE_CHARS: Final = 24
_WIDE: Final = frozenset("FW")
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
_THAI_OR_LATIN: Final = re.compile("[ -~\u0e01-\u0e3a\u0e3f-\u0e5b]*")
_NO_CELL: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+")
_ASKED_AGAIN_MOST: Final = 4096
"""Days, states, names and places of a list, of which there are few."""

_COLUMNS: Final = (10, 12, 12, 18, 16)
_HEADLINE_CELLS: Final = 48


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(
        0
        if unicodedata.category(char) in _NO_WIDTH
        else 1 + (unicodedata.east_asian_width(char) in _WIDE)
        for char in text
    )


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells: cut between letters, or filled with spaces."""
    if text.isascii():
        return text[:width].ljust(width)
    if _THAI_OR_LATIN.fullmatch(text):
        return _fitted_thai(text, width)
    taken, left = "", width
    for cluster in _clusters(text):
        wanted = cells(cluster)
        if wanted > left:
            break
        taken, left = taken + cluster, left - wanted
    return taken + " " * left


def _fitted_thai(text: str, width: int) -> str:
    """The same of Thai and Latin letters, each of one cell, with what is above and below."""
    whole = len(_NO_CELL.sub("", text))
    if whole <= width:
        return text + " " * (width - whole)
    at, taken = 0, 0
    while taken < width:
        at += width - taken
        taken = len(_NO_CELL.sub("", text[:at]))
    above = _NO_CELL.match(text, at)
    return text[: above.end() if above else at]


_column = lru_cache(_ASKED_AGAIN_MOST)(fitted)


def _clusters(text: str) -> Iterator[str]:
    """Letters with what stands above and below them."""
    cluster = ""
    for char in text:
        if cluster and unicodedata.category(char) not in _NO_WIDTH:
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def one_line(text: str) -> str:
    """A text fit for one line of a terminal."""
    return visible(" ".join(text.split()))


def show_rows(console: Console, rows: list[Row]) -> None:
    """The inbox."""
    if console.as_json:
        console.data([row.data() for row in rows])
        return
    if rows:
        console.show("\n".join(row_line(console, row) for row in rows))
    console.say("inbox.count", count=len(rows))


def row_line(console: Console, row: Row) -> str:
    """A tip in one line."""
    marks = ("*" if row.unread else " ") + ("!" if row.is_overdue else " ")
    merged = f"-> {row.desk.merged_into[:SHORT_ID]} " if row.desk.merged_into else ""
    columns = (
        row.tip.received_on.isoformat(),
        state_word(console, row.tip.state),
        row.desk.officer or "-",
        ",".join(sorted(row.desk.labels)) or "-",
        name_of(row.about.place, console.language),
    )
    fits = (_column(text, width) for text, width in zip(columns, _COLUMNS, strict=True))
    shown = "  ".join((row.tip_id[:SHORT_ID], *fits))
    cases = "".join(f"@{case.name[:_CASE_CHARS]} " for case in row.cases)
    words = merged + cases + one_line(row.about.headline)
    headline = fitted(words, _HEADLINE_CELLS).rstrip()
    return f"{marks} {shown}  {headline}"


def state_word(console: Console, state: str) -> str:
    """A state in the console's language; one of a newer server as it is."""
    code = f"state.{state}"
    said = console.sentence(code)
    return state if state in said and " " in said else said


def opened_tip(desk: AtDesk, tip: TipEntry) -> OpenedTip:
    """What was opened of a tip, in the order in which it was sent."""
    opened = OpenedTip(desk.home, tip, desk.messages_of(tip))
    opened.messages.sort(key=lambda m: (m.message.sent_at, m.kind, m.object_id))
    here = {e.object_id for e in _files_here(desk, tip)}
    for message in opened.messages:
        names = message.message.attachments
        opened.files[message.object_id] = [
            OpenedFile(name, "closed" if name.id in here else "missing") for name in names
        ]
    opened.unnamed = sorted(
        here - {n.id for m in opened.messages for n in m.message.attachments}
    )
    desk.state_of(tip.tip_id)  # what cannot be opened of its entries is known after that
    mine = {e.object_id for e in desk.shelf_of(tip.tip_id)}
    opened.refused = {i: code for i, code in desk.refused.items() if i in mine}
    return opened


def _files_here(desk: AtDesk, tip: TipEntry) -> list[IndexEntry]:
    return [
        entry
        for entry in desk.shelf_of(tip.tip_id)
        if Kind(entry.kind).is_attachment and desk.home.sealed(entry.object_id).exists()
    ]


def desk_data(desk: AtDesk, tip: TipEntry) -> dict[str, Any]:
    """A tip's desk, for machines."""
    state = desk.state_of(tip.tip_id)
    step = queued_steps(desk.home).get(tip.tip_id)
    return row_of(desk, tip).data() | {
        "notes": [
            {
                "object_id": each.object_id,
                "sent_at": each.sent_at,
                "author": desk.signers.name_of(each.signed_by),
                "text": each.text,
            }
            for each in state.notes
        ],
        "checklist": {
            item: msgspec.to_builtins(each) | {"author": desk.signers.name_of(each.signed_by)}
            for item, each in sorted(state.checklist.items())
        },
        "merged_with": merged_with(desk, tip.tip_id),
        "waiting_step": step.step if step else None,
        "docket": docket_data(desk, told := told_of(desk, tip)),
        "dockets_refused": told.refused,
    }


def show_whole(console: Console, desk: AtDesk, tip: TipEntry) -> None:
    """One tip: its words, its files, its desk, its days, what it was merged with."""
    opened = opened_tip(desk, tip)
    console.data({"tip": tip_data(opened), "desk": desk_data(desk, tip)})
    show_tip(console, opened)
    show_desk(console, desk, tip)


def show_desk(console: Console, desk: AtDesk, tip: TipEntry) -> None:
    """What officers wrote on a tip, and its days."""
    state, due = desk.state_of(tip.tip_id), deadlines(tip.received_on)
    console.show("")
    console.say("desk.heading", state=state_word(console, tip.state))
    console.say("desk.officer", name=state.officer or "-")
    console.say("desk.labels", labels=", ".join(sorted(state.labels)) or "-")
    console.say(
        "desk.deadlines",
        acknowledge=due.acknowledge_by.isoformat(),
        answer=due.answer_by.isoformat(),
        expires=tip.expires_on.isoformat() if tip.expires_on else "-",
    )
    if step := queued_steps(desk.home).get(tip.tip_id):
        console.say("desk.step_waits", step=step.step)
    if row_of(desk, tip).is_overdue:
        console.say("desk.overdue")
    _show_cases(console, desk, tip)
    _show_merges(console, desk, tip)
    _show_checklist(console, desk, tip)
    for each in state.notes:
        name = desk.signers.name_of(each.signed_by) or "?"
        console.say("desk.note", name=name, at=each.sent_at)
        console.show(quoted(each.text))
    show_docket(console, desk, told_of(desk, tip))


def _show_cases(console: Console, desk: AtDesk, tip: TipEntry) -> None:
    """What the tip is tied to, by itself or by a duplicate, and what its front end said."""
    tied = desk.state_of(tip.tip_id).cases
    for case in row_of(desk, tip).cases:
        code = "desk.case" if case.page_id in tied else "desk.case_through"
        console.say(code, case=case.name, id=(case.page_id or "")[:SHORT_ID])
    if tip.about is not None:
        console.say("desk.about", page=tip.about)


def _show_merges(console: Console, desk: AtDesk, tip: TipEntry) -> None:
    state = desk.state_of(tip.tip_id)
    if state.merged_into is not None:
        code = f"desk.{state.relation}"
        console.say(code, tip=state.merged_into[:SHORT_ID])
    for other in merged_with(desk, tip.tip_id):
        headline = one_line(desk.about_tip(other).headline)
        console.say("desk.merged_with", tip=other[:SHORT_ID], headline=headline)


def _show_checklist(console: Console, desk: AtDesk, tip: TipEntry) -> None:
    checklist = desk.state_of(tip.tip_id).checklist
    for item in [*ITEMS, *sorted(checklist.keys() - ITEMS.keys())]:
        each = checklist.get(item)
        mark = "x" if each and each.done else " "
        thai, english = ITEMS.get(item, (item, item))
        what = thai if console.language == "th" else english
        console.say("desk.check", mark=mark, item=item, what=what)
        if each and each.text:
            console.show(quoted(each.text))
