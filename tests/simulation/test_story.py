"""Reporters, staff and faults, in any order: what was acknowledged is there, once, as sent.

What happens in a step may turn on chance (when a connection is cut, how long a tip is kept).
No rule has a precondition, therefore: a rule with nothing to do does nothing, and a failure can
be replayed as far as chance allows. After every step the whole store is read past the service,
opened, and held against what both sides may believe from their answers alone. `make fuzz` plays
it for far longer.
"""

import secrets
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    rule,
    run_state_machine_as_test,
)

from mustshare_api.media.strip import Stripper
from mustshare_api.store.embedded import EmbeddedPostgres
from tests.doors import STARTED_AT, made_up_receipt, with_receipt
from tests.organisation import organisation
from tests.simulation import senders
from tests.simulation.choices import (
    AFTER_S,
    EVENTS,
    FAULT,
    TEXT,
    TIMES,
    WEEKS,
    WHICH,
)
from tests.simulation.hardships import Hardships
from tests.simulation.model import Belief, Request, Thing, Tip
from tests.simulation.stored import Reader


class Story(Hardships):
    """The same with staff, and with what happens to the machine."""

    # What staff do.

    @rule(which=WHICH, text=TEXT, files=st.integers(0, 1), fault=FAULT, after=AFTER_S)
    def answer_tip(self, which: int, text: str, files: int, fault: str, after: float) -> None:
        if not (self.usable and self.open):
            return
        tip, said = self.usable[which % len(self.usable)], self.said(text)
        tip_id, reply_id = self.tip_ids[tip.text], secrets.token_bytes(16)
        names = [self.send_staff_file(tip, tip_id, reply_id) for _ in range(files)]
        officer = self.world.org.officers[which % 2]
        request = senders.reply(tip, tip_id, reply_id, (said, names), officer, self.recipients)
        thing = Thing("reply", said, request, self.today, names=tuple(one.id for one in names))
        self.add(tip, reply_id.hex(), thing, fault, after)

    def send_staff_file(self, tip: Tip, tip_id: bytes, reply_id: bytes) -> Any:
        content = self.said("file").encode() * 100
        name, request = senders.staff_file(tip, tip_id, reply_id, content, self.recipients)
        thing = Thing("file", name.sha256, request, self.today)
        self.add(tip, name.id, thing, "none", 0)
        return name

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def retry_reply(self, which: int, fault: str, after: float) -> None:
        if not (any(tip.on_it("reply", Belief.SENT) for tip in self.usable) and self.open):
            return
        waiting = [
            (tip, thing)
            for tip in self.usable
            for thing in tip.on_it("reply", Belief.SENT).values()
        ]
        tip, thing = waiting[which % len(waiting)]
        self.deliver_thing(tip, thing, fault, after)

    # What happens to the machine.

    @rule(event=st.sampled_from(EVENTS))
    def something_happens(self, event: str) -> None:
        """One rule for all of it, so that most steps are somebody's doing."""
        if event == "directory":
            self.run(self.world.roll_directory())
        elif event == "restart":
            self.run(self.world.restart())
        elif event == "sweep":
            self.run(self.world.sweep())
        else:
            self.world.clock.advance(**TIMES[event])
            self.run(self.world.live())

    @rule(which=WHICH)
    def a_dead_receipt_is_as_unknown_as_one_that_never_was(self, which: int) -> None:
        """Withdrawn, expired, mistyped and made up: one answer, to the byte."""
        dead = [
            tip.digits
            for tip in self.tips
            if tip.digits and (tip.belief is Belief.GONE or self.is_lapsed(tip))
        ] + self.thrown_away
        made_up = made_up_receipt()
        tried = [
            made_up,
            made_up[::-1],
            "1234",
            *(dead[which % len(dead) :][:1] if dead else []),
            *self.thrown_away[-1:],
        ]
        answers = [
            self.run(
                self.world.insist(
                    Request("GET", "/v1/tip", b"", senders.headers(with_receipt(digits)))
                )
            )
            for digits in tried
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(answer.headers.items()) for answer in answers}) == 1


def test_what_was_acknowledged_is_there_once(
    postgres: EmbeddedPostgres, template: str, stripper: Stripper
) -> None:
    """Whatever reporters, staff, the clock and the machine do, in whatever order."""
    org = organisation(STARTED_AT, weeks=WEEKS)
    reader = Reader(org)
    run_state_machine_as_test(
        cast("type[Story]", lambda: Story(postgres.dsn, template, org, reader, stripper)),
        settings=bounded(),
    )


def bounded() -> settings:
    """The profile of a long run where one is loaded; else what fits an ordinary run."""
    chosen = settings.get_current_profile_name()
    if chosen == "long":
        return settings(settings.get_profile("long"), max_examples=400)
    return settings(
        max_examples=6,
        stateful_step_count=50,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
