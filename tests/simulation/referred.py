"""Officers who refer several tips at once to an agency, whose partner is told by webhook."""

import json
import secrets
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from mustshare_api.domain.lifecycle import STEPS, State, Step
from tests.api.referring import Agency, agreed, proposal
from tests.api.stepping import step
from tests.doors import JSON
from tests.simulation import senders
from tests.simulation.choices import AFTER_S, FAULT, WHICH
from tests.simulation.model import Request, Tip
from tests.simulation.moved import Moved
from tests.simulation.world import code_of

AGENCY = Agency("nacc")
RECORD = {"title_th": "ป.ป.ช.", "title_en": "NACC", "kind": "anti_corruption"}
PARTNER = """
    WITH partner AS (
        INSERT INTO partners
            (name, key_hash, origins, quota_per_day, quota_per_minute, added_on)
        VALUES ('nacc', sha256('nacc'), '{}', 9, 9, current_date) RETURNING name
    )
    INSERT INTO webhook_endpoints (endpoint_id, partner, url, types, secret, added_on)
    SELECT substr(sha256('nacc'), 1, 16), name, 'https://nacc.example/', '{referral.sent}',
           sha256('secret'), current_date FROM partner
"""
TOLD = """
    SELECT count(*) FROM webhook_events JOIN webhook_deliveries USING (event_id)
    WHERE about = $1 AND type = 'referral.sent'
"""


class Referred(Moved):
    """The reporters, whose tips go to an agency."""

    @initialize()
    def an_agency_is_listed(self) -> None:
        record = Request(
            *("PUT", "/v1/agencies/nacc", json.dumps(RECORD).encode()),
            *(senders.headers({"if-match": '"0"'}, JSON), "staff"),
        )
        assert self.run(self.world.insist(record)).status_code == 204
        self.run(self.world.aside.execute(PARTNER))

    @rule(which=WHICH, count=st.integers(1, 3), ready=st.booleans(), fault=FAULT, after=AFTER_S)
    def tips_are_referred(
        self, which: int, count: int, ready: bool, fault: str, after: float
    ) -> None:
        """All of them or none, once, whatever becomes of the answer; their agency is told."""
        if not (self.usable and self.open):
            return
        at = which % len(self.usable)
        tips = [*self.usable[at:], *self.usable[:at]][:count]
        if ready:
            self.made_ready(tips)
        before = [self.standing(tip) for tip in tips]
        fit = all(state in STEPS[Step.REFER].begins for state, _ in before)
        made, confirm = self.proposed(tips, before)
        self.run(self.world.deliver(confirm, fault, after))
        for tip in tips:
            self.touched(tip, surely=fit, by_staff=True)
        again = self.run(self.world.insist(confirm))

        moved = [(State.REFERRED, steps + 1) for _, steps in before]
        assert (again.status_code, code_of(again)) == (
            (204, "") if fit else (409, "referral.tip_refused")
        )
        assert [self.standing(tip) for tip in tips] == (moved if fit else before)
        assert self.run(self.world.aside.fetchval(TOLD, made)) == int(fit)

    def made_ready(self, tips: list[Tip]) -> None:
        """Taken up by an officer, where they can be referred from."""
        for tip in tips:
            state, steps = self.standing(tip)
            if state in STEPS[Step.VERIFY].begins:
                self.touched(tip, surely=False, by_staff=True)
                tip_id, said = self.tip_ids[tip.text], self.said_of(tip, "all")
                self.run(step(self.world.doors, tip_id, "verify", steps, read=said))

    def standing(self, tip: Tip) -> tuple[State, int]:
        """State and version, as they are stored."""
        row: Any = self.run(
            self.world.aside.fetchrow(
                "SELECT state, steps FROM tips WHERE tip_id = $1", self.tip_ids[tip.text]
            )
        )
        return State(row["state"]), row["steps"]

    def proposed(
        self, tips: list[Tip], standing: list[tuple[State, int]]
    ) -> tuple[str, Request]:
        """A referral that waits, and what its second officer will send."""
        octets, made = AGENCY.sealed(), secrets.token_hex(16)
        word = agreed(
            octets,
            [
                {"tip_id": self.tip_ids[tip.text].hex(), "steps": steps}
                for tip, (_, steps) in zip(tips, standing, strict=True)
            ],
        )
        asked = Request("PUT", proposal(made, word), octets, door="staff")
        assert self.run(self.world.insist(asked)).status_code == 202
        return made, Request(
            *("POST", f"/v1/referrals/{made}/confirmation", json.dumps(word).encode()),
            *(senders.headers({"if-match": '"1"'}, JSON), "staff", 1),
        )
