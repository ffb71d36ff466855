"""The commands `mustshare backup` and `mustshare restore`; each returns an exit code."""

import asyncio
import sys
from pathlib import Path

from mustshare_api import settings
from mustshare_api.app import calendar, commands
from mustshare_api.app.backups import backup, restoring
from mustshare_api.app.process import hardening
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.errors import Misconfigured
from mustshare_api.store import dumps

MOST_DAYS = 3650


def back_up(to: str, into: Path, keep_days: int) -> int:
    """Writes today's backup."""
    hardening.keep_private()
    if not 1 <= keep_days <= MOST_DAYS:
        raise Misconfigured(f"--keep-days is a number of days, 1 to {MOST_DAYS}.")
    today = bangkok_day(SystemClock().now())
    recipients = backup.read_recipients(to)
    chosen = settings.load()
    with commands.reached(chosen) as dsn:
        major, filled = asyncio.run(dumps.look(dsn))
        if not filled:
            raise Misconfigured("there is nothing in the database to back up yet.")
        leapt = asyncio.run(calendar.leapt(dsn, today))
        order = backup.Order(recipients, into, keep_days, today, forgets=not leapt)
        written = backup.back_up(chosen, settings.given(), dsn, major, order)
    if leapt:
        print(
            f"mustshare: the clock is {leapt} days ahead of the service's last day, so no older"
            " backup was deleted; see `mustshare clock`.",
            file=sys.stderr,
        )
    print(f"The backup is in {written}. Copy it off this machine.", file=sys.stderr)
    return 0


def restore(folder: Path) -> int:
    """Puts an opened backup into an empty database."""
    hardening.keep_private()
    chosen = settings.load()
    with commands.reached(chosen) as dsn:
        restoring.restore(chosen, dsn, asyncio.run(dumps.look(dsn)), folder)
    print(
        "The backup is restored. Now hand in the newest directory that any officer has "
        "(mustshare directory NOTE), and run: mustshare doctor",
        file=sys.stderr,
    )
    return 0
