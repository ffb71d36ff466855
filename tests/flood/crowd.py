"""Who is there in a flood, and what became of them."""

from collections.abc import Iterator
from random import Random
from typing import Any

from mustshare_api.domain.lanes import Errand
from tests.flood.model import (
    GIVES_UP_S,
    PHONE_ROUNDS_S,
    SERVER_ROUNDS_S,
    Flood,
    Visitor,
)

HONEST = 20
ATTACKERS = 200

_Kind = tuple[str, dict[str, Any]]


def _solver(cores: int) -> _Kind:
    return f"solves, {cores} cores", {"solves": cores * SERVER_ROUNDS_S, "every_s": 0.01}


_GUESSES = {"errand": Errand.COME_BACK, "every_s": 0.2}
KINDS: list[_Kind] = [
    *[("sends plain tips", {"every_s": 0.5})] * 6,
    *(_solver(cores) for cores in (1, 1, 2, 4)),
    *[("hoards solutions", {"hoard": 500, "every_s": 0.2})] * 2,
    *[("replays one", {"replays": True, "every_s": 0.2})] * 2,
    *[("guesses receipts", _GUESSES)] * 4,
    ("begins uploads", {"errand": Errand.COME_BACK, "every_s": 0.5}),
    ("has a stolen key", {"has_key": True, "every_s": 0.5}),
]
"""Twenty attackers; the crowd is so many times these."""


def reporters() -> list[Visitor]:
    """Twenty: phones, some without a script, some through Tor (no network is told of those)."""
    phones = [
        Visitor("phone", honest=True, solves=PHONE_ROUNDS_S, network=f"198.51.{n}.1")
        for n in range(10)
    ]
    forms = [
        Visitor("form, no script", honest=True, is_form=True, network=f"198.52.{n}.1")
        for n in range(4)
    ]
    tor = [Visitor("Tor", honest=True, solves=PHONE_ROUNDS_S) for _ in range(3)]
    safest = [Visitor("Tor, no script", honest=True, is_form=True) for _ in range(3)]
    return [*phones, *forms, *tor, *safest]


def attackers(count: int = ATTACKERS) -> list[Visitor]:
    """A tenth part of each kind or more; a third of all through Tor, four to a network else."""
    made = [_attacker(number % len(KINDS)) for number in range(count)]
    for number, one in enumerate(made):
        one.network = None if number % 3 == 0 else f"203.0.{number // 4}.{number % 4}"
    return made


def _attacker(turn: int) -> Visitor:
    kind, more = KINDS[turn]
    return Visitor(kind, honest=False, **more)


def played(
    *,
    controls: bool,
    attacking: int = ATTACKERS,
    seed: int = 7,
    until_s: float = 120,
    gives_up_s: float = GIVES_UP_S,
) -> Flood:
    """A whole flood: attackers from the first second, reporters half a minute later."""
    chance = Random(seed)
    crowd = [*reporters(), *attackers(attacking)]
    flood = Flood(crowd, controls=controls, seed=seed, gives_up_s=gives_up_s)
    flood.run(_starts(chance), until_s)
    return flood


def _starts(chance: Random) -> Iterator[float]:
    while True:
        yield 30 + chance.random() * 30


def lost(flood: Flood) -> list[str]:
    """The kinds of those reporters whose tip never came in."""
    return [one.kind for one in flood.visitors if one.honest and not one.taken_at]


def waits(flood: Flood) -> list[float]:
    """How long each reporter waited, from the first try, solving included; in order."""
    return sorted(
        (one.taken_at[0] if one.taken_at else (one.began_at or 0) + flood.gives_up_s)
        - (one.began_at or 0)
        for one in flood.visitors
        if one.honest
    )


def report(flood: Flood, title: str) -> str:
    """A table of who got through."""
    minutes = flood.now / 60
    found, lines = waits(flood), [f"{title}, {minutes:.1f} minutes"]
    served = len(found) - len(lost(flood))
    lines.append(
        f"  reporters   {served} of {len(found)} through; waited "
        f"{found[len(found) // 2]:.1f} s (median), {found[-1]:.1f} s (longest)"
    )
    for kind in dict.fromkeys(one.kind for one in flood.visitors):
        members = [one for one in flood.visitors if one.kind == kind]
        taken = sum(len(one.taken_at) for one in members)
        refused = sum(one.refused for one in members)
        cpu = sum(one.cpu_s for one in members)
        each = f", {cpu / taken:.2f} s of solving each" if cpu and taken else ""
        lines.append(
            f"    {kind:<18} x{len(members):<3} {taken:>6} served, "
            f"{refused:>6} turned away{each}"
        )
    return "\n".join(lines)
