"""What is looked at beside what was sent: the audit log, and that nothing lies in the clear."""

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from hypothesis.stateful import invariant, rule

from mustshare_api.crypto import checkpoints, merkle
from mustshare_api.crypto.checkpoints import Checkpoint
from mustshare_api.errors import Unavailable
from tests.simulation.choices import WHICH
from tests.simulation.reporters import Reporters

T = TypeVar("T")


class Watched(Reporters):
    """The reporters, under the eyes of an auditor."""

    proven: Checkpoint | None = None

    # What always holds.

    @rule(which=WHICH)
    def nothing_is_at_rest_in_the_clear(self, which: int) -> None:
        """No table has what was written, nor the receipt, in any column."""
        told = [tip for tip in self.tips if tip.digits]
        if not told:
            return
        tip = told[which % len(told)]
        assert tip.digits is not None
        for words in (tip.text, tip.digits):
            octets = words.encode().hex()
            for table in ("tips", "envelopes", "envelope_chunks", "uploads", "audit_leaves"):
                found = self.run(
                    self.world.aside.fetchval(
                        f"SELECT count(*) FROM {table} t"  # noqa: S608 - names of ours
                        " WHERE position($1 in t::text) + position($2 in t::text) > 0",
                        *(words, octets),
                    )
                )
                assert not found, f"{table} has it in clear"

    def insisted(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Again while the database is away: a session that was cut is noticed by the next."""
        for _ in range(4):
            with contextlib.suppress(Unavailable):
                return self.run(ask())
        raise AssertionError("the database does not come back")

    @invariant()
    def the_audit_log_only_grows(self) -> None:
        """Each checkpoint is proven to begin with the one before."""
        audit = self.world.doors.bench.audit
        now, _ = checkpoints.parse(self.insisted(audit.checkpoint))
        before, self.proven = self.proven, now
        if before is None:
            return
        assert now.size >= before.size
        proof = self.insisted(lambda: audit.consistency(before.size, now.size))
        assert merkle.is_consistent(
            old=before.size,
            old_root=before.root,
            new=now.size,
            new_root=now.root,
            proof=proof,
        )
