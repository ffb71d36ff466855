"""What goes wrong around the reporters: disks, databases, clocks, workers, hands.

    disk full            every write is refused with PostgreSQL's own code for it, then no more
    backend dies         in the middle of a transaction: at a row of this table, or at COMMIT
    client hangs up      at whichever turn of the loop, so at every await sooner or later
    clock                steps back, or to the edge of a day, a week, a directory
    workers              the pictures' zygote is killed under whoever comes next
    pieces               a file in chunks, each of which may meet any of the faults
    recipients           staff add a key to an object, and take it away again

What was answered with "not now" is not stored, or is, once; a retry finds out, and the rules
of `reporters.py` do retry.
"""

import hashlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mustshare_api.clock import bangkok_day, week_of
from mustshare_api.crypto import receipts
from mustshare_api.crypto.envelope import Head, Stanza, parse_head
from tests.api.kept import stanza
from tests.api.sending import PATH, minted
from tests.doors import JSON, OCTETS, STARTED_AT, made_up_receipt
from tests.simulation import senders
from tests.simulation.choices import AFTER_S, FAULT, PICTURES, TEXT, WAYS, WHICH
from tests.simulation.model import Belief, Request, Thing, Tip
from tests.simulation.moved import Moved
from tests.simulation.world import code_of

FAILS = {
    "disk full": "RAISE EXCEPTION USING ERRCODE = '53100'",
    "backend dies": "PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(1)",
}
MOMENTS = {
    "at the row": "CREATE TRIGGER fails BEFORE INSERT ON {table}",
    "at commit": "CREATE CONSTRAINT TRIGGER fails AFTER INSERT ON {table}"
    " DEFERRABLE INITIALLY DEFERRED",
}
EDGES = ("last second of the day", "next Monday", "last day of the directory")
STEPS_BACK = {"an hour": {"hours": 1}, "a day": {"days": 1}, "a week": {"days": 7}}


class Hardships(Moved):
    """The reporters, on a machine that has every trouble."""

    # The database.

    @contextmanager
    def failing(self, how: str, moment: str, table: str) -> Iterator[None]:
        """The database fails whoever adds to a table."""
        aside = self.world.aside
        make = f"CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how};"
        make += " RETURN NEW; END $$"
        when = MOMENTS[moment].format(table=table)
        self.run(aside.execute(make))
        self.run(aside.execute(f"{when} FOR EACH ROW EXECUTE FUNCTION fails()"))
        try:
            yield
        finally:
            self.run(aside.execute("DROP FUNCTION fails CASCADE"))

    @rule(
        how=st.sampled_from(sorted(FAILS)),
        moment=st.sampled_from(sorted(MOMENTS)),
        table=st.sampled_from(["tips", "envelopes"]),
        text=TEXT,
        way=st.sampled_from(WAYS),
    )
    def a_tip_meets_a_failing_database(
        self, how: str, moment: str, table: str, text: str, way: str
    ) -> None:
        """It is told to come again, nothing of it is there, and it does come again."""
        if not self.open or way == "nothing":
            return
        with self.failing(FAILS[how], moment, table):
            tip = self.told_not_now(way, text)
        stored = self.run(self.reader.read(self.world.aside))
        assert tip.text not in {text for one in stored.values() for text in one.texts}
        self.deliver_tip(tip, "none", 0)
        assert tip.belief is Belief.KEPT

    def told_not_now(self, way: str, text: str) -> Tip:
        said, digits = self.said(text), made_up_receipt()
        keys = receipts.derive(digits, self.world.org.deployment_id)
        if way == "sealed":
            tip = Tip(said, senders.sealed_tip(said, keys, self.recipients), self.today)
        else:
            tip = Tip(said, senders.thin_tip(said, digits, None))
        tip.digits, tip.keys = digits, keys
        self.tips.append(tip)
        answer = self.run(self.world.send(tip.request))
        assert (answer.status_code, code_of(answer)) == (503, "database.unavailable")
        self.touched(tip, surely=False)
        return tip

    @rule(
        which=WHICH,
        how=st.sampled_from(sorted(FAILS)),
        table=st.sampled_from(["envelopes", "envelope_chunks"]),
        picture=st.sampled_from(PICTURES),
    )
    def a_file_meets_a_failing_database(
        self, which: int, how: str, table: str, picture: bytes
    ) -> None:
        """Half of it is never there; later it is, whole."""
        if not (self.usable and self.open):
            return
        tip = self.usable[which % len(self.usable)]
        object_id, request = senders.file(tip, self.tip_ids[tip.text], picture, self.recipients)
        thing = Thing("file", hashlib.sha256(picture).hexdigest(), request, self.sealed_on(tip))
        tip.things[object_id] = thing
        with self.failing(FAILS[how], "at the row", table):
            answer = self.run(self.world.send(request))
        assert answer.status_code in {201, 503}, answer.text
        self.deliver_thing(tip, thing, "none", 0)

    # The clock.

    @rule(by=st.sampled_from(sorted(STEPS_BACK)))
    def the_clock_steps_back(self, by: str) -> None:
        """As far as nothing has expired meanwhile and the directory was in force already."""
        if not self.open:
            return
        clock = self.world.clock
        back = clock.at - timedelta(**STEPS_BACK[by])
        first = max(
            bangkok_day(STARTED_AT), self.world.doors.bench.directory.current().issued_on
        )
        day = bangkok_day(back)
        if day < first or any(day < ends <= self.today for ends in self.expiry.values()):
            return
        clock.at = back

    @rule(edge=st.sampled_from(EDGES))
    def the_clock_goes_to_an_edge(self, edge: str) -> None:
        """Where one day's keys are another's."""
        clock = self.world.clock
        days = {
            "last second of the day": 0,
            "next Monday": (week_of(self.today) + timedelta(days=7) - self.today).days,
            "last day of the directory": max(0, self.world.doors.bench.directory.days_left()),
        }[edge]
        midnight = clock.at.replace(hour=16, minute=59, second=59)  # in Bangkok, less a second
        until = midnight + timedelta(days=days) - clock.at
        if until > timedelta(0):
            clock.advance(seconds=until.total_seconds())
            self.run(self.world.live())

    # The workers.

    @rule(which=WHICH, picture=st.sampled_from(PICTURES), fault=FAULT, after=AFTER_S)
    def a_picture_comes_to_dead_workers(
        self, which: int, picture: bytes, fault: str, after: float
    ) -> None:
        """They are started anew, and the picture is drawn."""
        zygote = self.world.doors.bench.stripper._pictures.zygote
        if zygote is not None:
            os.kill(zygote._process.pid, signal.SIGKILL)
        self.send_a_file(which, picture, fault, after)

    @rule(which=WHICH, step=st.integers(200, 3000), fault=FAULT, after=AFTER_S)
    def a_file_comes_in_pieces(self, which: int, step: int, fault: str, after: float) -> None:
        """Each piece may be lost, and is sent again from where the upload stands."""
        if not (self.usable and self.open):
            return
        tip, octets = self.usable[which % len(self.usable)], PICTURES[0]
        if tip.careful:
            return
        object_id = hashlib.sha256(f"{self.number}{which}".encode()).hexdigest()[:32]
        self.number += 1
        token = {"upload-token": minted()}
        about = json.dumps({"id": object_id, "size_bytes": len(octets)}).encode()
        common = senders.headers(senders.credential(tip), token)
        begin = Request("POST", PATH, about, (*common, *senders.headers(JSON)))
        self.run(self.world.deliver(begin, fault, after))
        begun = self.run(self.world.insist(begin))
        assert begun.status_code in {200, 201}, begun.text
        thing = Thing("file", hashlib.sha256(octets).hexdigest(), begin)
        thing.overtaken = True  # a retry of `begin` alone would not bring it
        tip.things[object_id] = thing
        self.send_pieces(tip, thing, octets, step, (fault, after), common)

    def send_pieces(
        self,
        tip: Tip,
        thing: Thing,
        octets: bytes,
        step: int,
        meets: tuple[str, float],
        common: senders.Headers,
    ) -> None:
        """Whatever becomes of a piece, it is then sent until it is answered."""
        fault, after = meets
        for at in range(0, len(octets), step):
            offset = senders.headers(OCTETS, {"upload-offset": str(at)})
            piece = Request("PATCH", PATH, octets[at : at + step], (*common, *offset))
            if fault != "twice":  # two pieces at one moment: one is told to wait
                self.run(self.world.deliver(piece, fault, after))
            answer = self.run(self.world.insist(piece))
            moved = answer.status_code == 409 and code_of(answer) == "upload.wrong_offset"
            assert answer.status_code in {200, 201, 204} or moved, answer.text
        self.touched(tip, surely=False)
        thing.belief = Belief.KEPT

    def send_a_file(self, which: int, picture: bytes, fault: str, after: float) -> None:
        """As `send_file` does, which is a rule."""
        if not (self.usable and self.open):
            return
        tip = self.usable[which % len(self.usable)]
        object_id, request = senders.file(tip, self.tip_ids[tip.text], picture, self.recipients)
        digest = hashlib.sha256(picture).hexdigest()
        thing = Thing("file", digest, request, self.sealed_on(tip))
        self.add(tip, object_id, thing, fault, after)

    # Staff and their keys.

    @rule(which=WHICH, grant=st.booleans(), fault=FAULT, after=AFTER_S)
    def staff_change_who_can_open(
        self, which: int, grant: bool, fault: str, after: float
    ) -> None:
        """A key more or a key less: what can be read is what was sent, before and after."""
        objects = [
            object_id
            for tip in self.usable
            for object_id in tip.on_it("follow-up", Belief.KEPT)
        ]
        if not (objects and self.open):
            return
        target = f"/v1/objects/{objects[which % len(objects)]}"
        head = parse_head(
            self.run(self.world.insist(Request("GET", target, door="staff"))).content
        )
        seen = {"if-match": f'"{hashlib.sha256(head.octets).hexdigest()}"'}
        body = Head.of(head.prefix, self.other_stanzas(head, grant=grant)).stanza_octets
        change = Request(
            "PUT", f"{target}/recipients", body, senders.headers(seen), door="staff"
        )
        answer = self.run(self.world.deliver(change, fault, after))
        assert answer is None or answer.status_code == 204, answer.text

    def other_stanzas(self, head: Head, *, grant: bool) -> tuple[Stanza, ...]:
        """With the case key of the second officer, or without it."""
        keys = self.world.doors.bench.directory.current().case_keys()
        kid = next(one.kid for one in keys if one.name == self.world.org.officers[1].name)
        without = tuple(one for one in head.stanzas if one.kid != kid)
        return (*without, stanza(kid)) if grant else without
