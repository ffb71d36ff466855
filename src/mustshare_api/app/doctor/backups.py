"""How old the last backup is. Whether one can be restored only a drill tells."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from mustshare_api.app.backups.backup import STAMP
from mustshare_api.app.doctor.finding import Finding
from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.settings import Settings

LATE_DAYS: Final = 2
HOW: Final = "systemctl start mustshare-backup.service"


def look(settings: Settings) -> Iterator[Finding]:
    """The age of the stamp that `mustshare backup` leaves. An evaluation needs none."""
    if settings.roots_file is None:
        return
    last = _last(settings)
    if last is None:
        said = "none was ever made here: a lost disk would be the end of every tip"
        yield Finding("think", "backup", said, HOW)
        return
    days = (bangkok_day(SystemClock().now()) - last).days
    if days > LATE_DAYS:
        yield Finding("think", "backup", f"the last one is {days} days old", HOW)
        return
    yield Finding("ok", "backup", f"the last one is of {last}; restore it somewhere, sometimes")


def _last(settings: Settings) -> date | None:
    try:
        text = (settings.data_dir / STAMP).read_text(encoding="ascii")
        return date.fromisoformat(text.strip())
    except (OSError, ValueError):
        return None
