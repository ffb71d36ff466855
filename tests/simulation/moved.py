"""Officers who move tips, alone and by two, while everything else goes on."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mustshare_api.crypto.seen import KINDS, seen_digest
from mustshare_api.domain.lifecycle import BY_OFFICERS, STEPS, State, Step
from tests.api.stepping import step
from tests.simulation.choices import WHICH
from tests.simulation.model import Belief, Tip
from tests.simulation.watched import Watched
from tests.simulation.world import code_of

READ = st.sampled_from(["all", "all", "all", "not the newest", "unsaid"])
SENT = "SELECT object_id FROM envelopes WHERE tip_id = $1 AND kind = ANY ($2::smallint[])"


class Moved(Watched):
    """The reporters, whose tips are moved."""

    def said_of(self, tip: Tip, read: str) -> str:
        """What an officer says to have read of a tip, as it travels; empty for nothing."""
        tip_id = self.tip_ids[tip.text]
        rows = self.run(self.world.aside.fetch(SENT, tip_id, list(KINDS)))
        sent = [row["object_id"] for row in rows]
        if read == "all":
            tip.read.add(frozenset(sent))
        if read == "unsaid":
            return ""
        return seen_digest(sent if read == "all" else sent[:-1]).hex()

    @rule(
        which=WHICH,
        name=st.sampled_from(BY_OFFICERS),
        off=st.sampled_from([0, 0, 0, 1]),
        read=READ,
    )
    def a_tip_is_moved(self, which: int, name: Step, off: int, read: str) -> None:
        """Done, proposed or refused just as the table has it, and never in part.

        What nobody has read is not erased, neither by one officer nor by two.
        """
        if not (self.usable and self.open):
            return
        tip = self.usable[which % len(self.usable)]
        tip_id, by = self.tip_ids[tip.text], self.world.org.officers[which % 2]
        row = self.run(
            self.world.aside.fetchrow("SELECT state, steps FROM tips WHERE tip_id = $1", tip_id)
        )
        assert row is not None
        move, seen = STEPS[name], row["steps"] + off
        said = self.said_of(tip, read)
        answer = self.run(step(self.world.doors, tip_id, name, seen, by, said))
        if code_of(answer) == "database.unavailable":
            return
        if off:
            assert (answer.status_code, code_of(answer)) == (412, "tip.changed")
        elif State(row["state"]) not in move.begins:
            assert (answer.status_code, code_of(answer)) == (409, "step.wrong_state")
        elif name is Step.ERASE and read != "all":
            assert (answer.status_code, code_of(answer)) == (409, "step.unread")
        elif answer.status_code == 200:
            self.touched(tip, surely=True, by_staff=True)
            if move.ends is State.EXPIRED:
                tip.belief = Belief.GONE
        else:
            assert move.people > 1, answer.text
            assert answer.status_code == 202
