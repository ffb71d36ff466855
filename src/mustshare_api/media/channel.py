"""What the serving process and the zygote say to one another beside orders and reports."""

import json
from dataclasses import dataclass

from mustshare_api.media.bounds import USUAL, Limits

BORN = b"born"
"""From the zygote, with the child's pidfd."""

EXIT = b"exit"
"""From the zygote, followed by the child's exit code in two octets (negative: a signal)."""

PAGE = b"page"
"""From a child that is to say how far it is: pages done and pages in all, an octet each."""

DRAW = "mustshare_api.media.redraw:redraw"
"""What the children of pictures do."""

DRAW_EXTRAS = "mustshare_api.media.anew:anew"
"""What those of PDF and films do. Tests name other functions for both: bad ones."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a zygote is to work, passed when it starts."""

    limits: Limits = USUAL
    best_effort: bool = False
    draw: str = DRAW

    def encode(self) -> str:
        """As one word of a command line."""
        limits = {name: getattr(self.limits, name) for name in Limits.__slots__}
        return json.dumps([limits, self.best_effort, self.draw])


def parse_setting(word: str) -> Setting:
    """Reads what `encode` wrote."""
    limits, best_effort, draw = json.loads(word)
    return Setting(Limits(**limits), best_effort, draw)
