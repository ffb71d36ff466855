"""Honest front ends beside an attack: they do as the documentation says, and nobody is lost.

    in clear   asks whether challenges help, solves one if so, sends a tip, solves another, and
               reads the tip back by its receipt: two stretches
    sealed     sends a tip that was sealed before, and reads it back by its access token: none;
               solves a challenge only once it was told that it would help

Each request has a connection of its own. What is timed is from the first try of a request to
its last answer, come-back-laters included; solving is timed apart, since a phone's is not ours.
"""

import base64
import json
import secrets
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from http.client import HTTPException

from mustshare_api.crypto import receipts
from mustshare_api.domain import receipt
from tests.bench.load import FRONT_BYTES, PREFIX_IDS
from tests.faults.reporters import JSON, OCTETS, sealed_tip, with_receipt
from tests.flood.solving import solved
from tests.service import Response, Service

GIVES_UP_S = 60.0
CLEAR, SEALED = "in clear", "sealed"
CALM, RISING, ATTACK = "calm", "rising", "attack"
PAUSE_S = {CLEAR: 0.6, SEALED: 0.1}
"""A front end in clear solves two challenges an errand, on the machine that is measured."""


@dataclass
class Tally:
    """What came of honest requests."""

    took_s: dict[tuple[str, str], list[float]] = field(
        default_factory=dict[tuple[str, str], list[float]]
    )
    sent: int = 0
    errands: dict[str, int] = field(default_factory=dict[str, int])
    told_to_wait: int = 0
    solving_s: list[float] = field(default_factory=list[float])
    lost: list[str] = field(default_factory=list[str])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, way: str, when: str, seconds: float) -> None:
        """Counts a request that was answered as it should be."""
        with self.lock:
            self.took_s.setdefault((way, when), []).append(seconds)

    def ms(self, way: str, when: str, percent: int) -> float:
        """A percentile; with fewer than a hundred the 99th is the slowest."""
        ordered = sorted(self.took_s.get((way, when), [])) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass
class Turn:
    """What goes on: calm, the first seconds of an attack, or attack."""

    when: str = CALM
    over: bool = False


@dataclass
class FrontEnd:
    """One honest front end, in a thread."""

    service: Service
    tally: Tally
    turn: Turn
    way: str
    phones: Executor

    def run(self) -> None:
        """Sends until it is over."""
        errand = {CLEAR: self._in_clear, SEALED: self._sealed}[self.way]
        sample = sealed_tip(self.service, "ถนนพัง " * 20, receipt.mint())
        while not self.turn.over:
            errand(sample)
            with self.tally.lock:
                when = self.turn.when
                self.tally.errands[when] = self.tally.errands.get(when, 0) + 1
            time.sleep(PAUSE_S[self.way])

    def _in_clear(self, _: bytes) -> None:
        mine = with_receipt(receipt.mint())
        body = json.dumps({"text": "ถนนพัง " * 20}).encode()
        if self._ask("POST", "/v1/tips", body, JSON | mine, 201):
            self._ask("GET", "/v1/tip", None, mine, 200)

    def _sealed(self, sample: bytes) -> None:
        body, access = fresh(sample)
        token = base64.urlsafe_b64encode(access).rstrip(b"=").decode()
        if self._ask("POST", "/v1/tips", body, OCTETS, 201):
            self._ask("GET", "/v1/tip", None, {"Authorization": f"Bearer {token}"}, 200)

    def _ask(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        want: int,
    ) -> bool:
        """Whether a request was answered as it should be, in the end."""
        when, solving_s, began = self.turn.when, 0.0, time.monotonic()
        with self.tally.lock:
            self.tally.sent += 1
        said, solves = "no answer", self.way == CLEAR
        while time.monotonic() - began < GIVES_UP_S:
            more, took_s = self._solution() if solves else ({}, 0.0)
            solving_s += took_s
            answer = self._once(method, target, body, {**headers, **more})
            if answer is not None and answer.status == want:
                self.tally.took(self.way, when, time.monotonic() - began - solving_s)
                return True
            if answer is not None and answer.status != 503:
                said = str(answer.status)
                break
            with self.tally.lock:
                self.tally.told_to_wait += 1
            if solves:
                wait_s = 2 if answer is None else float(answer.headers.get("retry-after", 2))
                time.sleep(wait_s)
            solves = True  # who is told so brings a solution, and need not wait
        self.tally.lost.append(f"{self.way}, {when}: {method} {target}: {said}")
        return False

    def _once(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Response | None:
        try:
            return self.service.request(method, target, body, headers)
        except (OSError, HTTPException):
            return None

    def _solution(self) -> tuple[dict[str, str], float]:
        """A header, where it helps, and how long it took to come by it."""
        began = time.monotonic()
        form = self._once("GET", "/v1/intake", None, {})
        if form is None or form.json()["challenges"]["state"] != "helps":
            return {}, time.monotonic() - began
        challenge = self._once("POST", "/v1/challenges", None, {})
        if challenge is None or challenge.status != 201:
            return {}, time.monotonic() - began
        solution, cpu_s = self.phones.submit(solved, challenge.json()).result()
        self.tally.solving_s.append(cpu_s)
        return {"Challenge-Solution": solution}, time.monotonic() - began


def fresh(sample: bytes) -> tuple[bytes, bytes]:
    """Another sealed tip made of one, with other ids, and its access key."""
    made, access = bytearray(sample), secrets.token_bytes(32)
    made[:32] = receipts.access_hash(access)
    ids = slice(FRONT_BYTES + PREFIX_IDS.start, FRONT_BYTES + PREFIX_IDS.stop)
    made[ids] = secrets.token_bytes(32)
    return bytes(made), access
