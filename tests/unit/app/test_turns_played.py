"""Turns, whatever connections do in whatever order: nobody is forgotten, and nothing is left.

A connection may wait for several things at one time (its next request or piece of a body, and
the next piece of an answer), hang up in each of its lines, and be refused as it waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from mustshare_api.app.server.turns import FURTHEST, LONGEST_S, Place, Turns
from tests.unit.app.street import Street

MOST = 5
WHO = st.integers(0, MOST - 1)


@dataclass
class Connection:
    """What stands on a place: it reads when it has its turn, and writes when it has."""

    turns: Turns
    place: Place = field(init=False)
    is_greeted: bool = False
    is_asked: bool = False
    wants: set[str] = field(default_factory=set[str])
    called: int = 0

    def __post_init__(self) -> None:
        self.place = Place(self.turns)

    def greet(self) -> None:
        """Goes on with its handshake."""
        self._try("greet", self.place.may_greet, self.greet)
        self.is_greeted = "greet" not in self.wants

    def read(self) -> None:
        """Takes the next head, or the next piece of a body where it is hasty."""
        self._try("read", self.place.may_go, self.read)
        if "read" not in self.wants and not self.is_asked:
            self.is_asked = True
            self.place.begin()

    def write(self) -> None:
        """A piece of an answer is out: the next one waits, where it is hasty."""
        self.place.pay(1.0)
        if self.place.is_hasty() and not self.place.may_go(self.write_on):
            self.wants.add("write")

    def write_on(self) -> None:
        """It was called; it takes no turn of its own."""
        assert "write" in self.wants
        self.wants.discard("write")
        self.called += 1

    def _try(
        self, what: str, may: Callable[[Callable[[], None]], bool], again: Callable[[], None]
    ) -> None:
        waited = what in self.wants
        if may(again):
            self.wants.discard(what)
            self.called += waited
        else:
            assert not waited, "called, and it was not its turn"
            self.wants.add(what)


class Played(RuleBasedStateMachine):
    """Five connections of one door."""

    def __init__(self) -> None:
        super().__init__()
        self.street = Street()
        self.turns = self.street.turns
        self.all = [Connection(self.turns, is_greeted=bool(who % 2)) for who in range(MOST)]

    @rule(who=WHO)
    def asks(self, who: int) -> None:
        """Its head is whole; with TLS, it has to be greeted first."""
        one = self.all[who]
        if not one.is_greeted and "greet" not in one.wants:
            one.greet()
        elif one.is_greeted and "read" not in one.wants:
            one.read()

    @rule(who=WHO, more=st.sampled_from([1 / 16, 3.0, 5.0, FURTHEST]))
    def costs(self, who: int, more: float) -> None:
        """It sends crumbs, or is refused."""
        self.all[who].place.pay(more)

    @rule(who=WHO)
    def is_whole(self, who: int) -> None:
        """Its body has come."""
        if self.all[who].is_asked:
            self.all[who].place.whole()

    @rule(who=WHO)
    def is_answered(self, who: int) -> None:
        """A piece goes out, before or after its body was whole."""
        one = self.all[who]
        if one.is_asked and "write" not in one.wants:
            one.place.answered()
            one.write()

    @rule(who=WHO)
    def waits_for_two_things(self, who: int) -> None:
        """Somebody is served; a hasty one has a long answer, and sends crumbs meanwhile."""
        one = self.all[who]
        Place(self.turns).begin()
        if one.is_asked and not one.wants:
            one.place.pay(FURTHEST)
            one.write()
            one.read()

    @rule(who=WHO)
    def ends(self, who: int) -> None:
        """Its answer has ended; a last piece may still stand in line."""
        self.all[who].place.end()
        self.all[who].is_asked = False

    @rule(who=WHO)
    def hangs_up(self, who: int) -> None:
        """Wherever it stood; another comes instead."""
        gone = self.all[who]
        gone.place.give_up()
        gone.wants = {"nothing, ever"}
        self.all[who] = Connection(self.turns, is_greeted=bool(who % 2))

    @rule()
    def passes(self) -> None:
        """One pass of the loop."""
        self.street.loop.turn()

    @rule(seconds=st.sampled_from([0.001, 0.01, 0.05, 0.5, 6.0]))
    def waits(self, seconds: float) -> None:
        """Time goes by."""
        self.street.loop.run(seconds)

    @precondition(lambda self: len(self.turns) > 0)
    @rule()
    def is_flooded(self) -> None:
        """Newcomers come without end and turn hasty at once: whoever waited has their turn."""
        waiting = [(one, one.called) for one in self.all if one.place.waits]
        for _ in range(int(MOST * LONGEST_S / 0.01) + 2):
            drip, refused = Place(self.turns), Place(self.turns)
            drip.begin()
            refused.pay(FURTHEST)
            self.street.loop.run(0.01)

        assert all(one.called > before for one, before in waiting)

    @invariant()
    def is_called_again(self) -> None:
        """While anybody waits, a pass or a timer is due; no turn is kept for later."""
        waiting = [one.place for one in self.all if one.place.waits]
        lines = (self.turns._greetings, self.turns._line, self.turns._hasty)
        standing = {id(place) for line in lines for *_, place in line}
        assert {id(place) for place in waiting} <= standing
        assert not waiting or self.turns._is_due or self.turns._is_timed
        assert not [one for one in self.all if one.place._granted]
        assert all(bool(one.wants) is one.place.waits for one in self.all)

    @override
    def teardown(self) -> None:
        """All have gone: nothing is left of them."""
        for one in self.all:
            one.place.give_up()
        self.street.loop.run(1.0)

        assert not len(self.turns)
        left = {*self.turns._served, *self.turns._under_way}
        assert not left & {one.place for one in self.all}


TestTurnsPlayed = Played.TestCase
TestTurnsPlayed.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
