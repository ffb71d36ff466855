"""What one kind of attack did, and how it is told."""

from dataclasses import dataclass

from typing_extensions import override

from tests.flood.honest import ATTACK, CALM, CLEAR, SEALED, Tally

QUOTA = 200
WHAT = {
    "plain": "send junk tips without a solution",
    "solve": "send junk tips, each with a solution (4 connections, 1 core)",
    "replay": "send junk tips with solutions that were used",
    "forged": "send junk tips with wrong, foreign, expired or too cheap solutions",
    "guess": "guess receipts",
    "key": f"send junk tips with a stolen partner's key (quota {QUOTA})",
    "uploads": "begin uploads on tips of their own",
    "hammer": "ask for challenges without end",
    "asks": "ask for the form without end (the floor: the cheapest route)",
}


@dataclass
class Row:
    """What one kind of attack did."""

    kind: str
    tally: Tally
    attackers: dict[str, float]
    excess_s: float
    """CPU of the service's whole tree over what the honest cost in calm, in s."""

    taken_s: float
    """CPU of the service for one tip in clear that is taken, in s."""

    level: int

    def ratio(self, way: str) -> float:
        """Honest p99 under attack, of that in calm."""
        calm_ms = self.tally.ms(way, CALM, 99)
        return self.tally.ms(way, ATTACK, 99) / max(calm_ms, 1.0)

    @property
    def attacker_cpu_s(self) -> float | None:
        """Of the attackers for each junk tip that was taken, in s; solving, TLS, HTTP."""
        return self.attackers["cpu_s"] / self.attackers["taken"] if self._junk else None

    @property
    def refusal_cpu_s(self) -> float | None:
        """Of the service for each request that came to nothing, in s."""
        lost = self.attackers["refused"] + self.attackers["turned_away"]
        taken_s = self.attackers["taken"] * self.taken_s if self._junk else 0.0
        return max(0.0, self.excess_s - taken_s) / lost if lost else None

    @property
    def request_cpu_s(self) -> float:
        """Of the service for each request of an attacker, taken or not, in s."""
        sent = sum(self.attackers[part] for part in ("taken", "refused", "turned_away"))
        return max(0.0, self.excess_s) / max(1, sent)

    @property
    def _junk(self) -> bool:
        return bool(self.attackers["taken"]) and self.kind not in ("uploads", "hammer", "asks")

    @override
    def __str__(self) -> str:
        told = self.tally
        lines = [
            f"{self.kind}: {WHAT[self.kind]}; level {self.level}",
            (
                f"  honest     {told.sent} sent, {told.sent - len(told.lost)} ok, "
                f"{len(told.lost)} lost, told to wait {told.told_to_wait} times"
            ),
        ]
        for way in (CLEAR, SEALED):
            parts = [
                f"{when} p50 {told.ms(way, when, 50):.0f} p99 {told.ms(way, when, 99):.0f} ms"
                f" ({len(told.took_s.get((way, when), []))})"
                for when in (CALM, ATTACK)
            ]
            lines.append(f"  {way:<10} {'; '.join(parts)}; p99 ratio {self.ratio(way):.2f}")
        found = self.attackers
        lines.append(
            f"  attackers  {found['taken']:.0f} taken, {found['refused']:.0f} refused, "
            f"{found['turned_away']:.0f} turned away, {found['cut_off']:.0f} cut off"
        )
        lines.append(
            f"  CPU        attacker, a junk tip taken {in_ms(self.attacker_cpu_s)} (solving "
            f"{found['solving_s']:.1f} s in all); service, a request that came to nothing "
            f"{in_ms(self.refusal_cpu_s)}, any request {in_ms(self.request_cpu_s)}"
        )
        return "\n".join(lines)


def in_ms(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e3:.2f} ms"
