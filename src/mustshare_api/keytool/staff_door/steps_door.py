"""What the staff door takes of steps, and tells of those that wait for a second officer.

Read strictly; a tip's state here is what the door says it is, as in the list of tips.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from mustshare_api.crypto.merkle import HASH_BYTES
from mustshare_api.domain.desk import OfficerName
from mustshare_api.domain.lifecycle import Step
from mustshare_api.keytool.refusal import Refusal
from mustshare_api.keytool.staff_door.answered import read_as
from mustshare_api.keytool.staff_door.door import Door
from mustshare_api.keytool.staff_door.wire import Digest, Id, StateName, TipEntry, check_days

_MOST: Final = 100_000


class StepMade(msgspec.Struct):
    """Where a tip stands now; with `proposed`, another officer has to ask for the same."""

    tip_id: Id
    state: StateName
    steps: Annotated[int, Meta(ge=0, le=2**15)]
    proposed: bool
    expires_on: date | None

    def __post_init__(self) -> None:
        """Holds what a JSON schema cannot say."""
        check_days(self.expires_on)


class Waiting(msgspec.Struct):
    """What one officer proposed, and until the day before when it is good."""

    act: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]{0,31}$(?!\n)")]
    subject: Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){1,256}$(?!\n)")]
    officer: OfficerName
    expires_on: date
    yours: bool


class Erasures(msgspec.Struct):
    """The hashes of what was erased in a month."""

    hashes: Annotated[list[Digest], Meta(max_length=_MOST)]


class Total(msgspec.Struct):
    """How many tips came in a month and stand, or stood at their end, in a state."""

    month: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}$(?!\n)")]
    state: StateName
    tips: Annotated[int, Meta(ge=1, le=2**53)]


class _Totals(msgspec.Struct):
    totals: Annotated[list[Total], Meta(max_length=_MOST)]


class _WaitingList(msgspec.Struct):
    seconds: Annotated[list[Waiting], Meta(max_length=_MOST)]


@dataclass(frozen=True, slots=True)
class StepsDoor:
    """The side of a door by which tips are moved.

    Every method raises `MustShareError` where the door refuses, and `Refusal` `door.nonsense`
    where its answer is none.
    """

    door: Door

    def make(self, tip: TipEntry, step: Step, seen: str) -> StepMade:
        """Makes a step from where the tip was last seen to stand, or proposes it.

        `seen` is the hash over what was read of it (`desk.seen`); empty where nothing is known.
        """
        body = msgspec.json.encode({"step": step} | ({"seen": seen} if seen else {}))
        path = f"/v1/tips/{tip.tip_id}/steps"
        octets = self.door.write("POST", path, body, if_match=str(tip.steps))
        made = read_as(octets, StepMade)
        if made.tip_id != tip.tip_id:
            raise Refusal("door.nonsense")
        return made

    def waiting(self) -> list[Waiting]:
        """What waits for a second officer."""
        return read_as(self.door.ask("/v1/seconds"), _WaitingList).seconds

    def take_back(self, act: str, subject: str) -> None:
        """Drops the officer's own proposal."""
        self.door.write("DELETE", f"/v1/seconds/{act}/{subject}")

    def totals(self) -> list[Total]:
        """How many tips there ever were, by month and state."""
        return read_as(self.door.ask("/v1/totals"), _Totals).totals

    def erasures(self, month: str) -> list[bytes]:
        """The hashes of a month's erasures, in their own order."""
        told = read_as(self.door.ask(f"/v1/erasures/{month}"), Erasures).hashes
        found = [bytes.fromhex(one) for one in told]
        if found != sorted(set(found)) or any(len(one) != HASH_BYTES for one in found):
            raise Refusal("door.nonsense")
        return found
