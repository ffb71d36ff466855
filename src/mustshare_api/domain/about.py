"""What a tip is about, where a front end asks for that in clear: one case, or one campaign.

By default it stands inside the envelope and nowhere else. Said in clear, whoever seizes the
server learns which tips of a day answer which page; so it is said only by a front end's choice
and only of a page that is public.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from mustshare_api.errors import Malformed

_FORM: Final = re.compile(r"(case|campaign)/([a-z0-9][a-z0-9-]{0,62})")


@dataclass(frozen=True, slots=True)
class About:
    """A page: its kind and its slug."""

    kind: Literal["case", "campaign"]
    slug: str


def parse(text: str) -> About:
    """What `campaign/roads` names.

    Raises:
        Malformed: `about.malformed`.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise Malformed("about.malformed")
    return About("case" if found[1] == "case" else "campaign", found[2])
