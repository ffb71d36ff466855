"""What the doctor says of one thing, and how it is shown.

ok       as it should be
mend     the service would refuse to start, would refuse what reporters send, would keep what it
         promised to erase, or would tell somebody what nobody should know
think    it works, and is less safe than it could be here
unseen   only a person can tell; what to look at is said
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["ok", "mend", "think", "unseen"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `run` is the command that mends it, where one does."""

    verdict: Verdict
    about: str
    said: str
    run: str = ""


def report(findings: Iterable[Finding], *, as_json: bool = False) -> int:
    """Prints them; 1 when something has to be mended."""
    found = list(findings)
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            told = f"{one.said}; run: {one.run}" if one.run else one.said
            print(f"{one.verdict:<6} {one.about:<12} {told}", file=sys.stdout)
    return int(any(one.verdict == "mend" for one in found))
