"""When all that the door lists was last compared, and that this was too long ago.

A sync asks for what changed, and believes that nothing did. A door that always says so hides
what came in, until everything is compared again: a week later, or by `sync --full`. So whoever
syncs or reads a digest is told of which day that was, and whoever reads a list is warned where
it is over a week ago. A door that leaves a tip out of both can't be found out from here.
"""

from datetime import date

from mustshare_api.keytool.desk.home import Home
from mustshare_api.keytool.desk.listed import Listed
from mustshare_api.keytool.desk.syncing import COMPARED_EVERY
from mustshare_api.keytool.desk.terminal import Console


def load_compared_on(home: Home) -> date | None:
    """The day of the last comparison that came to its end; None before the first."""
    if not home.listed.exists():
        return None
    with Listed.opened(home) as listed:
        feed = listed.feed()
    return feed.compared_on if feed else None


def say_compared(home: Home, console: Console, today: date) -> None:
    """Says the day, where it is not this one."""
    compared_on = load_compared_on(home)
    if compared_on != today:
        console.say("sync.compared", day=compared_on.isoformat() if compared_on else "-")
        warn_uncompared(home, console, today)


def warn_uncompared(home: Home, console: Console, today: date) -> None:
    """Warns where that day is over a week ago, or not yet come; not before the first sync."""
    compared_on = load_compared_on(home)
    if compared_on is not None and is_long_ago(compared_on, today):
        console.warn("sync.uncompared", day=compared_on.isoformat())


def is_long_ago(compared_on: date | None, today: date) -> bool:
    """Whether what is here may have been hidden from for longer than a week."""
    return compared_on is None or not compared_on <= today <= compared_on + COMPARED_EVERY
