"""`mustshare restore`: puts an opened backup into an empty database.

    1. manifest   every file is what it was when the backup was made
    2. roots      the backup and this installation answer to the same root keys
    3. empty      a database with anything of ours in it is never written over
    4. database   all of it in one transaction, or nothing
    5. serial     of the last directory, where this machine does not remember a higher one

What was undone after the backup was made is back. Expired tips go at the next upkeep; withdrawn
tips, pages that were taken down and partners that were stopped do not, as nothing that the
restore can see remembers that. `docs/deploy.md` tells an operator what to look through.
"""

from pathlib import Path

from mustshare_api.app.backups import parts as backup_parts
from mustshare_api.errors import Misconfigured
from mustshare_api.settings import Settings
from mustshare_api.store import dumps
from mustshare_api.store.serial_floor import FILE_NAME


def restore(settings: Settings, dsn: str, found: tuple[int, bool], folder: Path) -> None:
    """Puts it back. `found` is what `dumps.look` told of the database.

    Raises:
        Misconfigured: what stands in the way; nothing was changed.
    """
    parts = backup_parts.checked(folder)
    _check_roots(settings, folder / "roots")
    major, filled = found
    if filled:
        raise Misconfigured(
            "the database is in use already: restore into a new, empty one (docs/deploy.md, "
            "Backups), and nothing is written over."
        )
    dumps.put_back(dsn, major, backup_parts.contents(parts))
    _remember_serial(settings, folder / FILE_NAME)


def _check_roots(settings: Settings, kept: Path) -> None:
    if settings.roots_file is None:
        raise Misconfigured(
            "MUSTSHARE_ROOTS_FILE is not set: put the backup's roots there, once the "
            "fingerprint was compared with the one on paper."
        )
    try:
        same = settings.roots_file.read_bytes() == kept.read_bytes()
    except OSError:
        same = False
    if not same:
        raise Misconfigured(
            f"{settings.roots_file} and the roots of this backup differ: compare both with the "
            "fingerprint on paper, and use the right one."
        )


def _remember_serial(settings: Settings, kept: Path) -> None:
    here = settings.data_dir / FILE_NAME
    if here.exists() or not kept.exists():
        return
    here.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    here.write_bytes(kept.read_bytes())
