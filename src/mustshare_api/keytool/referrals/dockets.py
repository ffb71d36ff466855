"""Composes dockets: reads the last one that is here, changes it, seals it anew, hands it in.

The last one is opened and its officer's signature checked; one that does not hold is refused
and not written over, as somebody should look at it. What goes is sealed to the reporter's
bundle in force and to all staff, as an answer is.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mustshare_api.crypto.envelope import Kind
from mustshare_api.crypto.keyring import Officer
from mustshare_api.crypto.opening import open_message
from mustshare_api.crypto.sealing import seal_message
from mustshare_api.crypto.suite import signer
from mustshare_api.domain.docket import (
    CASES_LIMIT,
    OUTCOMES_LIMIT,
    REFERRALS_LIMIT,
    DocketBody,
    DocketCase,
    DocketOutcome,
    DocketReferral,
    decode_docket,
    encode_docket,
)
from mustshare_api.domain.referral import State
from mustshare_api.errors import CannotOpen, Malformed
from mustshare_api.keytool.desk.home import Home, read_bytes
from mustshare_api.keytool.desk.listed import load_index, load_tip, load_tips
from mustshare_api.keytool.referrals.said import Believers
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.answering import sealer_for
from mustshare_api.keytool.tips.opened import OpenedTip

_LIMIT_BYTES: Final = 1 << 16
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Dockets:
    """The dockets of the tips that are here.

    `over_older`: go on from an older one than was known, as after a backup was put back.
    """

    home: Home
    officer: Officer
    believers: Believers
    over_older: bool = False

    def last(self, tip: TipEntry) -> tuple[DocketBody | None, IndexEntry | None]:
        """The newest docket of a tip by its signed time, and its line of the index.

        Copies of those whose place it took are here until all is compared. And a door that
        puts an older one back is not followed: the signed time of the newest is kept.

        Raises:
            CannotOpen, Malformed: one is here that no officer signed.
            Refusal: `docket.older`, the newest that was known here is there no more.
        """
        found = [
            (self._opened(tip, entry), entry)
            for entry in load_index(self.home).values()
            if entry.tip_id == tip.tip_id
            and entry.kind == Kind.DOCKET
            and self.home.sealed(entry.object_id).exists()
        ]
        newest = max(found, key=lambda one: (one[0].sent_at, one[1].object_id), default=None)
        sent_at = newest[0].sent_at if newest is not None else ""
        if sent_at < self._known().get(tip.tip_id, "") and not self.over_older:
            raise Refusal("docket.older", tip=tip.tip_id)
        if newest is None:
            return None, None
        self._keep(tip, sent_at)
        return newest

    def _known(self) -> dict[str, str]:
        """When the newest docket that was seen here was signed, by tip."""
        return self.home.load(self.home.path / "dockets.json", dict[str, str], {})

    def _keep(self, tip: TipEntry, sent_at: str) -> None:
        known = self._known()
        if known.get(tip.tip_id) != sent_at:
            self.home.save(self.home.path / "dockets.json", known | {tip.tip_id: sent_at})

    def _opened(self, tip: TipEntry, entry: IndexEntry) -> DocketBody:
        octets = read_bytes(self.home.sealed(entry.object_id), _LIMIT_BYTES)
        expect = OpenedTip(self.home, tip).expected(entry)
        content = open_message(
            octets, self.officer.seeds(), expect=expect, verify_key=self._key_for
        )
        return decode_docket(content)

    def _key_for(self, content: bytes) -> bytes | None:
        kid = bytes.fromhex(decode_docket(content).signed_by)
        if self.believers.is_revoked(kid):
            return None
        found = (directory.signer(kid) for directory in self.believers.directories)
        return next((entry.public_key for entry in found if entry is not None), None)

    def tips_of(self, referral_id: str) -> list[TipEntry]:
        """The tips whose dockets tell of a referral. One that does not hold tells of none."""
        found = {
            tip.tip_id: tip
            for tip, docket in self._held()
            if referral_id in {one.id for one in docket.referrals}
        }
        return list(found.values())

    def behind(
        self, referral_id: str, state: State, among: Collection[str] | None
    ) -> list[TipEntry]:
        """The tips whose newest dockets tell of a referral, and not of this state of it.

        `among`: the tips that are looked at; None for all that have a docket here.
        """
        return [
            tip
            for tip, docket in self.newest(among)
            if any(one.id == referral_id and one.state != state for one in docket.referrals)
        ]

    def newest(self, among: Collection[str] | None = None) -> list[tuple[TipEntry, DocketBody]]:
        """The newest docket of each tip that has one here which holds."""
        found: dict[str, tuple[TipEntry, DocketBody]] = {}
        for tip, docket in self._held(among):
            held = found.get(tip.tip_id)
            if held is None or held[1].sent_at < docket.sent_at:
                found[tip.tip_id] = tip, docket
        return list(found.values())

    def _held(
        self, among: Collection[str] | None = None
    ) -> Iterator[tuple[TipEntry, DocketBody]]:
        """Every docket here that opens and holds, with its tip, which is not gone."""
        tips = load_tips(self.home)
        for entry in load_index(self.home).values():
            tip = tips.get(entry.tip_id)
            if entry.kind != Kind.DOCKET or tip is None or tip.bundle is None:
                continue
            if among is not None and tip.tip_id not in among:
                continue
            # One bad docket, on whatever tip, must not stop the referrals of all others.
            with suppress(CannotOpen, Malformed, Refusal):
                yield tip, self._opened(tip, entry)

    def put(
        self,
        door: Door,
        tip: TipEntry,
        docket: DocketBody,
        last: IndexEntry | None,
        now: datetime,
    ) -> None:
        """Seals a docket and hands it in, in the place of the last one.

        Raises:
            TooLarge: `docket.too_large`.
            WrongMoment: `docket.changed`, another officer was faster: sync first.
            Refusal: as `sealer_for`.
        """
        sealer = sealer_for(self.home, tip, now)
        prefix = sealer.prefix(Kind.DOCKET, secrets.token_bytes(_ID_BYTES))
        octets = seal_message(
            prefix,
            sealer.recipients,
            encode_docket(docket),
            signer(self.officer.signing_seed),
        )
        more = {} if last else {"If-None-Match": "*"}
        door.write(
            "PUT",
            f"/v1/tips/{tip.tip_id}/docket",
            octets,
            if_match=last.digest if last else "",
            more=more,
        )
        self._keep(tip, docket.sent_at)

    def begun(self, last: DocketBody | None, now: datetime) -> DocketBody:
        """The last docket, or an empty one, under this officer's name and today's time.

        Later than the last one, whatever this clock says: by that they are told apart.
        """
        sent_at, signed_by = _instant(now), self.officer.signing_kid.hex()
        if last is None:
            return DocketBody(sent_at, signed_by)
        before = datetime.fromisoformat(last.sent_at)
        sent_at = max(sent_at, _instant(before + timedelta(seconds=1)))
        return msgspec.structs.replace(last, sent_at=sent_at, signed_by=signed_by)


def forget_gone(home: Home) -> None:
    """Forgets when the dockets of tips that are gone were signed."""
    file = home.path / "dockets.json"
    known = home.load(file, dict[str, str], {})
    tips = ((tip_id, load_tip(home, tip_id)) for tip_id in known)
    gone = {tip_id for tip_id, tip in tips if tip is not None and tip.bundle is None}
    if gone:
        home.save(file, {i: at for i, at in known.items() if i not in gone})


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_referral(docket: DocketBody, referral: DocketReferral) -> DocketBody:
    """The docket with a referral as it stands now; the oldest makes room."""
    before = next((one for one in docket.referrals if one.id == referral.id), None)
    if before is not None and before.certificate:
        referral = msgspec.structs.replace(referral, certificate=True)
    others = [one for one in docket.referrals if one.id != referral.id]
    kept = [*others, referral][-REFERRALS_LIMIT:]
    ids = {one.id for one in kept}
    outcomes = [one for one in docket.outcomes if one.referral_id in ids]
    return msgspec.structs.replace(docket, referrals=kept, outcomes=outcomes)


def with_outcome(docket: DocketBody, outcome: DocketOutcome) -> DocketBody:
    """The docket with an outcome; the oldest makes room."""
    others = [one for one in docket.outcomes if one.id != outcome.id]
    return msgspec.structs.replace(docket, outcomes=[*others, outcome][-OUTCOMES_LIMIT:])


def with_case(docket: DocketBody, slug: str, case: DocketCase | None) -> DocketBody:
    """The docket with a case as it stands now, or without it; the oldest makes room."""
    others = [one for one in docket.cases if one.slug != slug]
    cases = [*others, *([case] if case else [])][-CASES_LIMIT:]
    return msgspec.structs.replace(docket, cases=cases)
