"""Speaks to the staff door about referrals: an officer's requests, and an agency's.

A change says from which version it was made. Where an answer was lost the request is sent once
more, by itself or by whoever types it again: the door knows the same act by the same party, and
says that it is done.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec

from mustshare_api.errors import MustShareError
from mustshare_api.keytool.desk.home import Home, writing
from mustshare_api.keytool.desk.seen import seen_of
from mustshare_api.keytool.referrals.book import Booked
from mustshare_api.keytool.referrals.wire import (
    ReferralEntry,
    ReferralShown,
    read_page,
    read_shown,
)
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import PAGES_MOST

_JSON: Final = {"Content-Type": "application/json"}
_SHORTEST_PREFIX: Final = 4
_PLACE: Final = re.compile(r"/tips/([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class ReferralDoor:
    """The side of a door that is about referrals."""

    door: Door

    def all(self) -> list[ReferralEntry]:
        """Every referral that is there for whoever asks."""
        found: list[ReferralEntry] = []
        after = ""
        for _ in range(PAGES_MOST):
            page = read_page(self.door.ask("/v1/referrals", {"after": after} if after else {}))
            found += page.referrals
            if page.next is None:
                return found
            if page.next <= after:
                break
            after = page.next
        raise Refusal("door.nonsense")

    def find(self, typed: str) -> ReferralShown:
        """The referral of an id, or of as much of it as tells it from the others.

        Raises:
            Refusal: `referral.unknown`.
        """
        wanted = typed.lower()
        found = [one.id for one in self.all() if one.id.startswith(wanted)]
        if len(found) != 1 or len(wanted) < _SHORTEST_PREFIX:
            raise Refusal("referral.unknown")
        return self.show(found[0])

    def show(self, referral_id: str) -> ReferralShown:
        """One referral."""
        return read_shown(self.door.ask(f"/v1/referrals/{referral_id}"))

    def fetch(self, referral: ReferralEntry, to: Path) -> None:
        """Writes the age file, if it is the one that is listed.

        Raises:
            Refusal: `referral.other_file`.
        """
        digest = hashlib.sha256()
        with writing(to) as target:
            for piece in self.door.pieces(f"/v1/referrals/{referral.id}/bundle"):
                digest.update(piece)
                target.write(piece)
            if digest.hexdigest() != referral.sha256:
                raise Refusal("referral.other_file")

    def propose(self, referral_id: str, booked: Booked, file: Path) -> None:
        """Hands an age file in; the same again is no harm."""
        path = f"/v1/referrals/{referral_id}"
        query = urlencode({"agency": booked.agency, "tips": booked.commitment()})
        self.door.write("PUT", path, file, query=query)

    def confirm(self, referral: ReferralEntry, booked: Booked, home: Home) -> None:
        """Says that a second officer agrees to the file that is listed, of these tips.

        And what was read of each of them here: of a tip with newer words no clock starts.

        Raises:
            WrongMoment: among others `referral.tip_refused`; see `place_of_refused`.
        """
        tips = sorted(booked.tips, key=lambda one: one.tip_id)
        named = [
            {"tip_id": one.tip_id, "steps": one.seen, "seen": seen_of(home, one.tip_id)}
            for one in tips
        ]
        said = {"sha256": referral.sha256, "nonce": booked.nonce, "tips": named}
        self._change(referral, "POST", "/confirmation", msgspec.json.encode(said))

    def take_back(self, referral: ReferralEntry) -> None:
        """Takes it back."""
        self._change(referral, "DELETE", "", b"")

    def acknowledge(self, referral: ReferralEntry) -> None:
        """An agency's word that it has the file."""
        self._change(referral, "POST", "/acknowledgement", b"")

    def _change(self, referral: ReferralEntry, method: str, rest: str, body: bytes) -> None:
        more = _JSON if body else {}
        path = f"/v1/referrals/{referral.id}{rest}"
        self.door.write(method, path, body, if_match=str(referral.version), more=more)

    def say(self, referral: ReferralEntry, sort: str, word: bytes) -> None:
        """An agency's question or outcome; the same again is no harm."""
        path = f"/v1/referrals/{referral.id}/{sort}"
        self.door.write("POST", path, word, if_match=str(referral.version), more=_JSON)

    def answer(self, referral: ReferralEntry, answer_id: str, octets: bytes) -> None:
        """An officer's answer; the same again is no harm."""
        path = f"/v1/referrals/{referral.id}/answers/{answer_id}"
        self.door.write("PUT", path, octets, if_match=str(referral.version))

    def word(self, referral_id: str, word_id: str) -> bytes:
        """The sealed octets of what an agency said."""
        return self.door.ask(f"/v1/referrals/{referral_id}/words/{word_id}")

    def answers(self, shown: ReferralShown) -> Iterator[tuple[str, bytes]]:
        """The age files of all answers, by id."""
        for one in shown.said:
            if one.sort == "answer":
                path = f"/v1/referrals/{shown.referral.id}/answers/{one.id}"
                yield one.id, self.door.ask(path)


def place_of_refused(refused: MustShareError) -> tuple[int, str] | None:
    """Which tip of a confirmation did not take the step, in the order of ids, and why."""
    for one in refused.errors:
        found = _PLACE.fullmatch(one.pointer)
        if found is not None:
            return int(found[1]), one.code
    return None
