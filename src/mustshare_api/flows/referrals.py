"""Hands tips over to agencies, and takes in what agencies say of them.

    propose   an officer's age file for a listed agency; kept, and shown to no agency yet
    confirm   another officer's word for the same file and tips: the agency is shown it, and
              every tip of it takes the step `refer`, in one transaction
    take back by any officer, as long as it is not concluded; the file is gone
    fetch     the agency's own; an officer's to look at
    step      acknowledge, by the agency
    sweep     by the clock: what nobody concludes loses its file, and the audit log says so

An agency is known by the name that the signed directory gives its key. Another's referral is
not there for it, and neither is one that was proposed and not sent. What is said of a referral
is in `flows.agency_words`.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mustshare_api.clock import bangkok_day
from mustshare_api.crypto import age, events
from mustshare_api.crypto.events import Event
from mustshare_api.crypto.referred import NamedTip, commitment
from mustshare_api.domain.lifecycle import Step as TipStep
from mustshare_api.domain.limits import MEBIBYTE
from mustshare_api.domain.referral import ENDED, Step
from mustshare_api.errors import FieldError, Malformed, MustShareError, NotFound, WrongMoment
from mustshare_api.flows import deeds, seconding
from mustshare_api.flows.staff import Admitted
from mustshare_api.flows.workbench import Workbench
from mustshare_api.store.agency_words import WordRow
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.referral_rows import Change, ReferralRow
from mustshare_api.store.referrals import NewReferral
from mustshare_api.store.seconding import Proposal, Seconded
from mustshare_api.store.steps import NewStep

ACT: Final = "refer"
FILE_LIMIT_BYTES: Final = 600 * MEBIBYTE
"""All files that one side of a tip may hold, and their padding."""

KEPT_FOR: Final = timedelta(days=365)
"""What ended is there for another year, so that an agency may still correct its report."""

AGENCY: Final = "agency-signing"


@dataclass(frozen=True, slots=True)
class Shown:
    """A referral, and what was said of it."""

    row: ReferralRow
    said: list[WordRow]


@dataclass(frozen=True, slots=True)
class Asked:
    """For which agency a referral is proposed, and of which tips: a commitment to those."""

    agency: str
    tips: bytes


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a second officer agrees to: a file that they looked at, and tips in any order.

    `read`, of each tip: the hash over what they have read of it; None starts no clock.
    """

    sha256: bytes
    nonce: bytes
    tips: tuple[NamedTip, ...]
    read: tuple[bytes | None, ...]


async def propose(
    bench: Workbench,
    by: Admitted,
    referral_id: bytes,
    asked: Asked,
    body: AsyncIterator[bytes],
) -> Outcome:
    """Keeps an age file for a second officer to confirm.

    Raises:
        NotFound: `agency.unknown`, the directory in force lists none of this name.
        Malformed: `referral.not_sealed`, it is no age file to post-quantum keys.
        WrongMoment: `id.in_use`; as `second`.
    """
    _check_listed(bench, asked.agency)
    sha256 = deed_of(by).body_sha256 or b""
    digest = _digest(asked.agency, sha256, asked.tips)
    proposal = seconding.proposal(bench, by, ACT, referral_id, digest)
    new = NewReferral(referral_id, asked.agency, sha256)
    outcome = await bench.referrals.propose(new, _sealed(body), proposal, by.leaf)
    if outcome is Outcome.DIFFERENT:
        raise WrongMoment("id.in_use")
    return outcome


async def confirm(
    bench: Workbench, by: Admitted, referral_id: bytes, version: int, agreed: Agreed
) -> Seconded:
    """Sends what another officer proposed; each of its tips takes the step `refer`.

    Raises:
        NotFound: `referral.not_found`, `agency.unknown`.
        WrongMoment: `referral.changed`, `referral.wrong_state`, `referral.tip_refused`, and as
            `second`.
    """
    row = await found(bench, by, referral_id)
    tips = commitment(agreed.nonce, agreed.tips)
    act = act_of(by, b"confirm", agreed.sha256, tips)
    if await bench.referrals.was_done(referral_id, act):
        return Seconded.CONFIRMED
    _check_listed(bench, row.agency)
    if row.sha256 != agreed.sha256:
        raise WrongMoment("second.other_content")
    await _check_held(bench, by, agreed.tips)
    digest = _digest(row.agency, agreed.sha256, tips)
    proposal = seconding.proposal(bench, by, ACT, referral_id, digest)
    change = change_of(bench, by, referral_id, version, act)
    return await bench.referrals.confirm(change, proposal, _steps(bench, proposal, agreed))


async def _check_held(bench: Workbench, by: Admitted, tips: Sequence[NamedTip]) -> None:
    reach = bench.directory.reach_of(by.entry)
    wrong = [
        FieldError(f"/tips/{place}", "tip.not_found")
        for place, one in enumerate(tips)
        if not await bench.envelopes.holds_tip(reach, one.tip_id)
    ]
    if wrong:
        raise WrongMoment("referral.tip_refused", errors=tuple(wrong))


def _steps(bench: Workbench, asked: Proposal, agreed: Agreed) -> list[NewStep]:
    """One a tip, each with a clock of its own: blurred alike, they would be known as one."""
    clocks = bench.retention.clocks
    return [
        NewStep(one.tip_id, TipStep.REFER, one.seen, read, asked, clocks(asked.today), None)
        for one, read in zip(agreed.tips, agreed.read, strict=True)
    ]


async def step(
    bench: Workbench, by: Admitted, referral_id: bytes, version: int, step: Step
) -> None:
    """Makes a step that says nothing more: acknowledge, take back.

    Raises:
        NotFound, WrongMoment: see `store.referrals`.
    """
    act = act_of(by, step.value.encode())
    await bench.referrals.move(change_of(bench, by, referral_id, version, act), step)


async def listed(
    bench: Workbench, by: Admitted, after: bytes | None, limit: int
) -> list[ReferralRow]:
    """The next referrals that are there for whoever asks."""
    return await bench.referrals.page(agency_of(by), after, limit)


async def show(bench: Workbench, by: Admitted, referral_id: bytes) -> Shown:
    """One referral.

    Raises:
        NotFound: `referral.not_found`.
    """
    row = await found(bench, by, referral_id)
    return Shown(row, await bench.agency_words.said(referral_id))


async def fetch(
    bench: Workbench, by: Admitted, referral_id: bytes
) -> tuple[int, AsyncIterator[bytes]]:
    """The age file's length and its octets. That its agency fetched it is remembered.

    Raises:
        NotFound: `referral.not_found`.
        WrongMoment: `referral.wrong_state`, the file is gone: concluded, or taken back.
    """
    row = await found(bench, by, referral_id)
    if row.state in ENDED:
        raise WrongMoment("referral.wrong_state")
    if agency_of(by) is not None:
        await bench.referrals.mark_fetched(referral_id, bangkok_day(bench.clock.now()))
    return row.octets, bench.referrals.pieces(referral_id)


async def sweep(bench: Workbench) -> None:
    """Deletes what nobody seconded, what ended long ago, and the file of what never ends."""
    today = bangkok_day(bench.clock.now())
    for row in await bench.referrals.due(today - timedelta(bench.retention.referral_days)):
        leaf = deeds.of_lapse(today, row.referral_id, row.sha256)
        change = Change(row.referral_id, row.version, None, today, leaf)
        await bench.referrals.lapse(change)
    await bench.referrals.sweep(today, KEPT_FOR)


def deed_of(by: Admitted) -> Event:
    """The event that the sender of a write signed.

    Raises:
        MustShareError: it was no write.
    """
    if by.leaf is None:
        raise MustShareError
    return events.parse(by.leaf.event)


def agency_of(by: Admitted) -> str | None:
    """Whose referrals alone are there for the requester; None for officers."""
    return by.entry.name if by.entry.role == AGENCY else None


async def found(bench: Workbench, by: Admitted, referral_id: bytes) -> ReferralRow:
    """A referral that is there for whoever asks.

    Raises:
        NotFound: `referral.not_found`.
    """
    row = await bench.referrals.get(referral_id)
    agency = agency_of(by)
    if row is None or not (agency is None or row.is_shown_to(agency)):
        raise NotFound("referral.not_found")
    return row


def change_of(
    bench: Workbench, by: Admitted, referral_id: bytes, version: int, act: bytes | None = None
) -> Change:
    """Who changes a referral, from which version, and by which a retry is known."""
    today = bangkok_day(bench.clock.now())
    return Change(referral_id, version, agency_of(by), today, by.leaf, act)


def act_of(by: Admitted, *what: bytes) -> bytes:
    """Who does what, whatever version they saw: the same again is the same."""
    who = (by.entry.role.encode(), by.entry.name.encode())
    return hashlib.sha256(b"\0".join((*who, *what))).digest()


def _check_listed(bench: Workbench, agency: str) -> None:
    if bench.directory.current().agency(agency) is None:
        raise NotFound("agency.unknown")


def _digest(agency: str, sha256: bytes, tips: bytes) -> bytes:
    """What two officers agree on: this file of these tips, for this agency."""
    return hashlib.sha256(agency.encode() + b"\0" + sha256 + tips).digest()


async def _sealed(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, once their first ones have been looked at."""
    held = bytearray()
    looked = False
    async for piece in body:
        if looked:
            yield piece
            continue
        held += piece
        if len(held) >= age.HEAD_LIMIT:
            check_sealed(bytes(held))
            looked = True
            yield bytes(held)
    if not looked:
        check_sealed(bytes(held))
        yield bytes(held)


def check_sealed(octets: bytes) -> None:
    """That this is the beginning of an age file to post-quantum keys.

    Raises:
        Malformed: `referral.not_sealed`.
    """
    try:
        age.check_head(octets)
    except Malformed:
        raise Malformed("referral.not_sealed") from None
