"""Officers who move tips, alone and by two, while everything else goes on."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mustshare_api.domain.lifecycle import BY_OFFICERS, STEPS, State
from tests.api.stepping import step
from tests.simulation.choices import WHICH
from tests.simulation.model import Belief
from tests.simulation.watched import Watched
from tests.simulation.world import code_of


class Moved(Watched):
    """The reporters, whose tips are moved."""

    @rule(which=WHICH, name=st.sampled_from(BY_OFFICERS), off=st.sampled_from([0, 0, 0, 1]))
    def a_tip_is_moved(self, which: int, name: str, off: int) -> None:
        """Done, proposed or refused just as the table has it, and never in part."""
        if not (self.usable and self.open):
            return
        tip = self.usable[which % len(self.usable)]
        tip_id, by = self.tip_ids[tip.text], self.world.org.officers[which % 2]
        row = self.run(
            self.world.aside.fetchrow("SELECT state, steps FROM tips WHERE tip_id = $1", tip_id)
        )
        assert row is not None
        move = next(STEPS[one] for one in BY_OFFICERS if one == name)
        seen = row["steps"] + off
        answer = self.run(step(self.world.doors, tip_id, name, seen, by))
        if code_of(answer) == "database.unavailable":
            return
        if off:
            assert (answer.status_code, code_of(answer)) == (412, "tip.changed")
        elif State(row["state"]) not in move.begins:
            assert (answer.status_code, code_of(answer)) == (409, "step.wrong_state")
        elif answer.status_code == 200:
            self.touched(tip, surely=True, by_staff=True)
            if move.ends is State.EXPIRED:
                tip.belief = Belief.GONE
        else:
            assert move.people > 1, answer.text
            assert answer.status_code == 202
