"""What is read at a desk, whether it was opened whole (`desk`) or at a glance (`glance`).

Lists and one tip's page ask this and nothing more. So they say the same of a desk that opened a
register of all words as of one that opened the overview and the tip that is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Protocol

import msgspec

from mustshare_api.crypto.keyring import Officer
from mustshare_api.domain.desk import DeskState, Relation
from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.inbox.entries import Signers
from mustshare_api.keytool.staff_door.wire import IndexEntry, TipEntry
from mustshare_api.keytool.tips.opened import OpenedMessage


class About(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a tip's first message says it is about."""

    category: str | None = None
    campaign: str | None = None
    place: str | None = None
    headline: str = ""
    case: str | None = None


class Summary(msgspec.Struct, frozen=True, array_like=True):
    """What a list needs of what officers wrote on a tip; `notes` is how many there are."""

    labels: frozenset[str] = frozenset()
    officer: str | None = None
    notes: int = 0
    merged_into: str | None = None
    relation: Relation | None = None
    cases: frozenset[str] = frozenset()

    @classmethod
    def of(cls, state: DeskState) -> "Summary":
        """Of the desk of one tip."""
        return cls(
            frozenset(state.labels),
            state.officer,
            len(state.notes),
            state.merged_into,
            state.relation,
            frozenset(state.cases),
        )


UNWRITTEN: Final = Summary()
"""Of every tip on which nobody wrote, which are most."""


class TipFacts(Protocol):
    """What the door says of a tip, but for its reporter's keys."""

    @property
    def tip_id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> str:
        """Where it stands."""
        ...

    @property
    def received_on(self) -> date:
        """Its day."""
        ...

    @property
    def expires_on(self) -> date | None:
        """Until when it is kept; None while no clock runs."""
        ...

    @property
    def answered(self) -> bool:
        """Whether staff wrote last."""
        ...

    @property
    def steps(self) -> int:
        """How many it has made."""
        ...

    @property
    def about(self) -> str | None:
        """The page that it answers, where that is noted in clear."""
        ...


class AtDesk(Protocol):
    """A desk, for whoever reads at it."""

    @property
    def home(self) -> Home:
        """The officer's folder."""
        ...

    @property
    def officer(self) -> Officer:
        """Whose desk it is."""
        ...

    @property
    def today(self) -> date:
        """The Bangkok day."""
        ...

    @property
    def signers(self) -> Signers:
        """Whose signing keys are whose."""
        ...

    @property
    def refused(self) -> Mapping[str, str]:
        """Why an object could not be opened, by id."""
        ...

    def lives(self, tip_id: str) -> bool:
        """Whether a tip is known here and is not gone."""
        ...

    def living(self) -> Iterable[TipFacts]:
        """The tips that are not gone."""
        ...

    def written_on(self) -> Iterable[str]:
        """The tips on which some officer wrote."""
        ...

    def summary_of(self, tip_id: str) -> Summary:
        """What a tip's entries come to, in short."""
        ...

    def state_of(self, tip_id: str) -> DeskState:
        """What a tip's entries come to, whole."""
        ...

    def about_tip(self, tip_id: str) -> About:
        """What a tip is about; nothing, where its first message did not open."""
        ...

    def abouts(self) -> Mapping[str, About]:
        """What each tip is about."""
        ...

    def case_slugs(self) -> Mapping[str, str]:
        """The slugs of the cases that are known here, by id."""
        ...

    def unread_of(self, tip_id: str) -> int:
        """How many of its reporter's messages were not read here."""
        ...

    def shelf_of(self, tip_id: str) -> Sequence[IndexEntry]:
        """The objects that are listed of a tip."""
        ...

    def messages_of(self, tip: TipEntry) -> list[OpenedMessage]:
        """The messages of a tip that opened; why others did not is in `refused` after that."""
        ...

    def refused_listed(self) -> int:
        """How many listed objects could not be opened."""
        ...
