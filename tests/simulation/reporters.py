"""What reporters do in the story, each step with whatever fault may hit it."""

import hashlib
import secrets
from datetime import date
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
)

from mustshare_api.crypto import receipts, reply_box
from mustshare_api.crypto.envelope import Expected, Kind, parse_head
from mustshare_api.crypto.rotation import named_hash
from mustshare_api.domain.message import ReplyBody, decode_message
from tests.doors import made_up_receipt
from tests.simulation import senders
from tests.simulation.beliefs import Beliefs
from tests.simulation.choices import (
    AFTER_S,
    FAULT,
    PICTURES,
    TEXT,
    WAYS,
    WHICH,
)
from tests.simulation.model import Belief, Thing, Tip
from tests.simulation.world import code_of


class Reporters(Beliefs):
    """One deployment, from its first tip on, and those who write to it."""

    @initialize(way=st.sampled_from(WAYS))
    def begin(self, way: str) -> None:
        """A story begins with a tip."""
        self.send_tip(way, "ถนนพัง", "none", 0)

    @rule(way=st.sampled_from(WAYS), text=TEXT, fault=FAULT, after=AFTER_S)
    def new_tip(self, way: str, text: str, fault: str, after: float) -> None:
        self.send_tip(way, text, fault, after)

    def send_tip(self, way: str, text: str, fault: str, after: float) -> None:
        if way == "sealed" and not self.open:
            return
        if way == "nothing" and fault == "twice":
            # Nothing says that these two are one: they would rightly be two tips.
            fault = "none"
        said, digits = self.said(text), made_up_receipt()
        keys = receipts.derive(digits, self.world.org.deployment_id)
        if way == "sealed":
            tip = Tip(said, senders.sealed_tip(said, keys, self.recipients), self.today)
        else:
            minted = digits if way == "minted" else None
            retry_key = secrets.token_urlsafe(24) if way == "retry key" else None
            tip = Tip(said, senders.thin_tip(said, minted, retry_key))
        if way in ("minted", "sealed"):
            tip.digits, tip.keys = digits, keys
        self.tips.append(tip)
        self.deliver_tip(tip, fault, after)

    def deliver_tip(self, tip: Tip, fault: str, after: float) -> None:
        answer = self.run(self.world.deliver(tip.request, fault, after))
        self.touched(tip, surely=False)
        if answer is None or not self.is_taken(answer, tip.sealed_on):
            return
        told = answer.json()["receipt"]
        if tip.digits is None:
            tip.digits = told
            tip.keys = receipts.derive(told, self.world.org.deployment_id)
        assert told in (None, tip.digits), "a retry got another receipt"
        tip.belief = Belief.KEPT

    def is_taken(self, answer: httpx.Response, sealed_on: date | None) -> bool:
        """Whether it was; a refusal is right only where nothing can be taken now."""
        if answer.status_code in (200, 201):
            return True
        if answer.status_code == 503:
            assert code_of(answer).startswith("directory."), answer.text
            assert not self.open
            return False
        stale = sealed_on is not None and sealed_on != self.today
        assert stale, answer.text
        assert code_of(answer) == "envelope.wrong_recipients", answer.text
        return False

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def retry_tip(self, which: int, fault: str, after: float) -> None:
        if not (any(tip.belief is Belief.SENT for tip in self.tips)):
            return
        waiting = [tip for tip in self.tips if tip.belief is Belief.SENT]
        tip = waiting[which % len(waiting)]
        knows_itself = tip.keys is not None or "idempotency-key" in dict(tip.request.headers)
        if knows_itself and not self.is_lapsed(tip):
            self.deliver_tip(tip, fault, after)

    @rule(which=WHICH, text=TEXT, fault=FAULT, after=AFTER_S)
    def send_follow_up(self, which: int, text: str, fault: str, after: float) -> None:
        if not (self.usable and self.open):
            return
        tip, said = self.usable[which % len(self.usable)], self.said(text)
        tip_id = self.tip_ids[tip.text]
        object_id, request = senders.follow_up(tip, tip_id, said, self.recipients)
        self.add(
            tip, object_id, Thing("follow-up", said, request, self.sealed_on(tip)), fault, after
        )

    @rule(which=WHICH, picture=st.sampled_from(PICTURES), fault=FAULT, after=AFTER_S)
    def send_file(self, which: int, picture: bytes, fault: str, after: float) -> None:
        if not (self.roomy and self.open):
            return
        tip = self.roomy[which % len(self.roomy)]
        object_id, request = senders.file(tip, self.tip_ids[tip.text], picture, self.recipients)
        digest = hashlib.sha256(picture).hexdigest()
        self.add(
            tip, object_id, Thing("file", digest, request, self.sealed_on(tip)), fault, after
        )

    def sealed_on(self, tip: Tip) -> date | None:
        return self.today if tip.careful else None

    def add(self, tip: Tip, object_id: str, thing: Thing, fault: str, after: float) -> None:
        tip.things[object_id] = thing
        self.deliver_thing(tip, thing, fault, after, first=True)

    def deliver_thing(
        self, tip: Tip, thing: Thing, fault: str, after: float, *, first: bool = False
    ) -> None:
        answer = self.run(self.world.deliver(thing.request, fault, after))
        if answer is not None and thing.overtaken and code_of(answer) == "tip.rotated":
            return
        taken = answer is not None and self.is_taken(answer, thing.sealed_on)
        # A retry of what is there already puts nothing off, so only a first time surely does.
        by_staff = thing.request.door == "staff"
        self.touched(tip, surely=taken and fault == "none" and first, by_staff=by_staff)
        if taken:
            thing.belief = Belief.KEPT

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def retry_thing(self, which: int, fault: str, after: float) -> None:
        waiting = [
            (tip, thing)
            for tip in self.usable
            for thing in tip.things.values()
            if thing.belief is Belief.SENT and thing.what != "reply" and not thing.overtaken
        ]
        if not waiting:
            return
        tip, thing = waiting[which % len(waiting)]
        self.deliver_thing(tip, thing, fault, after)

    @rule(which=WHICH)
    def look(self, which: int) -> None:
        """A reporter looks how things stand, and reads every reply."""
        if not (self.usable):
            return
        tip = self.usable[which % len(self.usable)]
        view = self.run(self.world.insist(senders.ask(tip, "GET", "/v1/tip")))
        assert view.status_code == 200, view.text
        assert len(view.content) == 10240
        answer = self.run(self.world.insist(senders.ask(tip, "GET", "/v1/tip/follow-ups")))
        read = {entry["id"]: self.text_of(tip, entry) for entry in answer.json()["follow_ups"]}
        must = tip.on_it("reply", Belief.KEPT)
        may = tip.on_it("reply", Belief.KEPT, Belief.SENT, Belief.GOING)
        assert must.keys() <= read.keys() <= may.keys()
        assert all(text == may[object_id].said for object_id, text in read.items())

    def text_of(self, tip: Tip, entry: dict[str, Any]) -> str:
        """What a reply says: opened by the service, or here under the receipt."""
        if not tip.careful:
            assert entry["verified"]
            return str(entry["text"])
        assert tip.keys is not None
        octets = senders.sealed_content(entry)
        prefix = parse_head(octets).prefix
        expect = Expected(
            Kind.FOLLOW_UP_FROM_STAFF,
            prefix.tip_id,
            bytes.fromhex(entry["id"]),
            named_hash(
                octets,
                {receipts.bundle_hash(one.bundle) for one in tip.left},
                receipts.bundle_hash(tip.keys.bundle),
            ),
        )
        content = reply_box.open_follow_up(
            octets, tip.keys.reply_seed, expect=expect, verify_key=self.reader.author
        )
        said = decode_message(content)
        assert isinstance(said, ReplyBody)
        return said.text

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def acknowledge(self, which: int, fault: str, after: float) -> None:
        if not (any(self.acknowledgeable)):
            return
        tip, object_id, thing = self.acknowledgeable[which % len(self.acknowledgeable)]
        request = senders.ask(tip, "DELETE", f"/v1/tip/follow-ups/{object_id}")
        answer = self.run(self.world.deliver(request, fault, after))
        if answer is not None:
            assert answer.status_code == 204, answer.text
        if fault != "lost request":
            belief = Belief.GONE if answer is not None else Belief.GOING
            for gone in [thing, *(tip.things[name] for name in thing.names)]:
                gone.belief = belief

    @property
    def acknowledgeable(self) -> list[tuple[Tip, str, Thing]]:
        return [
            (tip, object_id, thing)
            for tip in self.usable
            for object_id, thing in tip.on_it("reply", Belief.KEPT, Belief.GOING).items()
        ]

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def rotate(self, which: int, fault: str, after: float) -> None:
        """Whoever gets no answer sends the very same again, and is told that it is done."""
        if not (self.usable):
            return
        tip, digits = self.usable[which % len(self.usable)], made_up_receipt()
        assert tip.keys is not None
        keys = receipts.derive(digits, self.world.org.deployment_id)
        told = self.run(self.world.insist(senders.ask(tip, "GET", "/v1/tip/receipt")))
        request = senders.rotation(tip, digits, keys, told.json())
        answer = self.run(self.world.deliver(request, fault, after))
        if answer is None:
            answer = self.run(self.world.insist(request))
        assert answer.status_code == 200, answer.text
        tip.left.append(tip.keys)
        self.thrown_away += [tip.digits] if tip.digits else []
        tip.digits, tip.keys = digits, keys
        for thing in tip.things.values():
            thing.overtaken = thing.overtaken or thing.belief is Belief.SENT

    @rule(which=WHICH, fault=FAULT, after=AFTER_S)
    def withdraw(self, which: int, fault: str, after: float) -> None:
        if not (self.withdrawable):
            return
        tip = self.withdrawable[which % len(self.withdrawable)]
        if fault == "twice":
            # One of the two would rightly be told that the receipt is unknown.
            fault = "none"
        answer = self.run(
            self.world.deliver(senders.ask(tip, "DELETE", "/v1/tip"), fault, after)
        )
        if answer is not None:
            again = tip.belief is Belief.GOING and answer.status_code == 401
            # A withdrawal whose COMMIT was cut off is not tried twice by the service.
            assert answer.status_code == 200 or again, answer.text
            tip.belief = Belief.GONE
        elif fault != "lost request":
            tip.belief = Belief.GOING

    @property
    def withdrawable(self) -> list[Tip]:
        going = [tip for tip in self.tips if tip.belief is Belief.GOING]
        return self.usable + [tip for tip in going if self.today < self.expiry[tip.text]]
