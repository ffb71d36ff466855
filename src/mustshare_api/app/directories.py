"""The key directory as an operator has it: pinned roots, and a newer one put in force."""

from pathlib import Path

from mustshare_api.clock import SystemClock, bangkok_day
from mustshare_api.crypto import roots as root_pins
from mustshare_api.crypto.events import DIRECTORY_PUT
from mustshare_api.crypto.roots import Roots
from mustshare_api.crypto.suite import sha256
from mustshare_api.errors import CannotOpen, Malformed, Misconfigured, MustShareError
from mustshare_api.flows import deeds
from mustshare_api.flows.directory import DirectoryKeeper
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.directories import DirectoryStore
from mustshare_api.store.migrations import migrate
from mustshare_api.store.outcome import Outcome
from mustshare_api.store.serial_floor import FILE_NAME, SerialFloor


def load_roots(path: Path) -> Roots:
    """The pinned root keys.

    Raises:
        Misconfigured: no such file, or not one.
    """
    try:
        return root_pins.parse(path.read_bytes())
    except (OSError, Malformed):
        raise Misconfigured(
            f"{path} is not a roots file; make one with `mustshare-key roots`, "
            "and set MUSTSHARE_ROOTS_FILE to it."
        ) from None


def serial_floor(settings: Settings) -> SerialFloor:
    """Where this machine remembers which directory it served last."""
    return SerialFloor(settings.data_dir.absolute() / FILE_NAME)


async def take_up(directory: DirectoryKeeper) -> None:
    """The stored directory, where there is one yet.

    Raises:
        Misconfigured: the pinned roots never signed it.
    """
    try:
        await directory.load()
    except (CannotOpen, Malformed):
        raise Misconfigured(
            "the directory in this database is not signed by these roots: set "
            "MUSTSHARE_ROOTS_FILE to the organisation's own, or use another database."
        ) from None


async def accept_directory(settings: Settings, dsn: str, roots: Roots, octets: bytes) -> None:
    """Puts a signed directory in force without serving anything.

    Raises:
        Misconfigured: it is refused, with the reason.
    """
    await migrate(dsn)
    database = await Database.connect(
        dsn, Tuning(statement_cache_size=settings.statement_cache)
    )
    try:
        clock = SystemClock()
        keeper = DirectoryKeeper(DirectoryStore(database), roots, clock, serial_floor(settings))
        await take_up(keeper)
        today = bangkok_day(clock.now())
        deed = deeds.of_operator(DIRECTORY_PUT, today, sha256(octets).hex())
        outcome = await keeper.accept(octets, deed)
    except MustShareError as error:
        raise Misconfigured(f"the directory is refused: {error.code}") from None
    finally:
        await database.close()
    if outcome not in (Outcome.RECORDED, Outcome.SAME):
        raise Misconfigured("the directory is refused: it is older than the one in force.")
