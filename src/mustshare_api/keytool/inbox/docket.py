"""What a tip's reporter was told of where it stands: the last docket, as officers read it.

Opened when it is shown, and kept nowhere: of several that are here the one signed last counts,
whatever the door put back. One that does not open, or that nobody known here signed, is said.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.opening import open_message
from mustshare_api.domain.docket import DocketBody, DocketOutcome, decode_docket
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.home import read_bytes
from mustshare_api.keytool.desk.terminal import Console, quoted, visible
from mustshare_api.keytool.inbox.at_desk import AtDesk
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.opened import OpenedTip
from mustshare_api.keytool.words.wording import SENTENCES

_LIMIT_BYTES: Final = 1 << 16


@dataclass(slots=True)
class Told:
    """The last docket that opens, and why others did not, by id."""

    docket: DocketBody | None = None
    refused: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def on(self) -> str:
        """The Bangkok day of it."""
        if self.docket is None:
            return "-"
        return bangkok_day(datetime.fromisoformat(self.docket.sent_at)).isoformat()


def told_of(desk: AtDesk, tip: TipEntry) -> Told:
    """What is here of a tip's dockets."""
    told, last = Told(), ("", "")
    here = [e for e in desk.shelf_of(tip.tip_id) if e.kind == Kind.DOCKET]
    seeds = desk.officer.seeds() if here else {}
    for entry in here:
        if not desk.home.sealed(entry.object_id).exists():
            continue
        try:
            docket = _opened(desk, tip, entry, seeds)
        except (CannotOpen, Malformed, Refusal) as refused:
            told.refused[entry.object_id] = refused.code
            continue
        if (docket.sent_at, entry.object_id) > last:
            told.docket, last = docket, (docket.sent_at, entry.object_id)
    return told


def docket_data(desk: AtDesk, told: Told) -> dict[str, Any] | None:
    """For machines."""
    if told.docket is None:
        return None
    author = desk.signers.name_of(told.docket.signed_by)
    said: dict[str, Any] = msgspec.to_builtins(told.docket)
    return said | {"on": told.on, "author": author}


def show_docket(console: Console, desk: AtDesk, told: Told) -> None:
    """For people: which agency has it, how far each has come, what came of it."""
    for object_id, code in told.refused.items():
        console.say("docket.refused", object=object_id[:8], why=console.sentence(code))
    docket = told.docket
    if docket is None:
        return
    name = desk.signers.name_of(docket.signed_by) or "?"
    console.say("docket.heading", on=told.on, name=name)
    for case in docket.cases:
        state = _word(console, "docket.case", case.state)
        console.say("docket.case_line", case=case.slug, state=state, on=case.on.isoformat())
    for one in docket.referrals:
        state = _word(console, "docket.state", one.state)
        console.say("docket.referral", agency=one.agency, state=state, on=one.on.isoformat())
        if one.certificate:
            console.say("docket.certificate")
        for outcome in docket.outcomes:
            if outcome.referral_id == one.id:
                _show_outcome(console, outcome)
    if docket.note is not None:
        console.show(quoted(docket.note))


def _show_outcome(console: Console, outcome: DocketOutcome) -> None:
    kind = _word(console, "docket.outcome", outcome.kind)
    on = outcome.on.isoformat()
    console.say("docket.outcome_line", kind=kind, on=on, word=outcome.id[:8])
    texts = (outcome.text_th, outcome.text_en)
    own, other = texts if console.language == "th" else texts[::-1]
    if text := own or other:
        console.show(quoted(text))


def _word(console: Console, prefix: str, value: str) -> str:
    """A word in the console's language; one of a newer tool's as it is."""
    code = f"{prefix}.{value}"
    return console.sentence(code) if code in SENTENCES else visible(value)


def _opened(
    desk: AtDesk, tip: TipEntry, entry: IndexEntry, seeds: dict[bytes, bytes]
) -> DocketBody:
    octets = read_bytes(desk.home.sealed(entry.object_id), _LIMIT_BYTES)
    expect = OpenedTip(desk.home, tip).expected(entry)

    def key_for(content: bytes) -> bytes | None:
        found = desk.signers.by_kid.get(bytes.fromhex(decode_docket(content).signed_by))
        return found[1] if found else None

    return decode_docket(open_message(octets, seeds, expect=expect, verify_key=key_for))
