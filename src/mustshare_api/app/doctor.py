"""`mustshare doctor`: looks an installation over and says, a line each, what to mend.

ok       as it should be
mend     the service would refuse to start, or refuse what reporters send
think    it works, and is less safe than it could be here
"""

import asyncio
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from mustshare_api.app import composition, evaluation
from mustshare_api.app.tls import HYBRID, check_private, group_of, server_context
from mustshare_api.clock import SystemClock
from mustshare_api.crypto.suite import require_post_quantum
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.flows.directory import WARN_DAYS, DirectoryKeeper
from mustshare_api.media import extras
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database
from mustshare_api.store.directories import DirectoryStore

Verdict: TypeAlias = Literal["ok", "mend", "think"]

SWAPS = Path("/proc/swaps")
_SWAPS_HEADING_LINES = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    verdict: Verdict
    about: str
    said: str


def look_over(settings: Settings, dsn: str | None) -> list[Finding]:
    """Everything that can be seen without serving. `dsn` is None where there is no database."""
    return [*_own(settings), *_machine(), *_sandbox(settings), *_database(settings, dsn)]


def report(findings: list[Finding]) -> int:
    """Prints them; 1 when something has to be mended."""
    for found in findings:
        print(f"{found.verdict:<6} {found.about:<12} {found.said}", file=sys.stdout)
    return int(any(found.verdict == "mend" for found in findings))


def _own(settings: Settings) -> Iterator[Finding]:
    yield _tried("crypto", "post-quantum keys are there", require_post_quantum)
    if settings.roots_file is None:
        yield Finding("think", "keys", "evaluation only: no real tip may be taken")
    else:
        path = settings.roots_file
        yield _tried("keys", "pinned roots are read", lambda: composition.load_roots(path))
    if settings.tls_key is not None:
        key = settings.tls_key
        private = _tried("tls", "nobody else reads the key", lambda: check_private(key))
        yield private
        if settings.tls_cert is not None and private.verdict == "ok":
            yield _key_exchange(settings.tls_cert, key)
    if settings.data_dir.exists() and settings.data_dir.stat().st_mode & 0o077:
        said = f"others can enter {settings.data_dir}; run: chmod 700 {settings.data_dir}"
        yield Finding("think", "data", said)


def _key_exchange(certificate: Path, key: Path) -> Finding:
    """By a handshake with ourselves: what two sides agree on, neither of them tells."""
    try:
        group = group_of(server_context(certificate, key))
    except Misconfigured as error:
        return Finding("mend", "tls", error.advice)
    if group in HYBRID:
        return Finding("ok", "tls", f"the key exchange is {group}, which is post-quantum")
    said = (
        f"the key exchange is {group}: whoever records it may open it one day; end TLS in a "
        "proxy that has X25519MLKEM768, or run a Python with OpenSSL 3.5"
    )
    return Finding("think", "tls", said)


def _tried(about: str, well: str, look: Callable[[], object]) -> Finding:
    try:
        look()
    except Misconfigured as error:
        return Finding("mend", about, error.advice)
    return Finding("ok", about, well)


def _machine() -> Iterator[Finding]:
    swaps = SWAPS.read_text(encoding="ascii").splitlines()[_SWAPS_HEADING_LINES:]
    if swaps:
        yield Finding("think", "swap", "memory may reach a disk in clear; run: swapoff -a")
    else:
        yield Finding("ok", "swap", "there is none")
    if resource.getrlimit(resource.RLIMIT_CORE)[1]:
        said = (
            "the service turns core dumps off for itself; LimitCORE=0 would for its start too"
        )
        yield Finding("think", "cores", said)


def _sandbox(settings: Settings) -> Iterator[Finding]:
    stripper = composition.start_stripper(settings)
    try:
        found = stripper.sandbox
    finally:
        stripper.close()
    if not found:
        said = "pictures are refused: no worker can be confined here (seccomp is needed)"
        yield Finding("mend", "pictures", said)
    for name, state in found.items():
        verdict: Verdict = "ok" if state == IN_FORCE else "think"
        yield Finding(verdict, "pictures", f"{name}: {state}")
    for extra, here in extras.installed().items():
        said = (
            "installed" if here else "not installed: its kinds of file are refused with a hint"
        )
        yield Finding("ok", "extras", f"[{extra}] {said}")


def _database(settings: Settings, dsn: str | None) -> Iterator[Finding]:
    if dsn is None:
        yield Finding("ok", "database", "embedded; it is made at the first start")
        return
    try:
        days_left = asyncio.run(_days_left(settings, dsn))
    except MustShareError as error:
        said = error.advice if isinstance(error, Misconfigured) else error.code
        yield Finding("mend", "database", said)
        return
    yield Finding("ok", "database", "it answers, and keeps what it acknowledges")
    yield _directory(days_left)


async def _days_left(settings: Settings, dsn: str) -> int:
    database = await Database.connect(dsn)
    try:
        pin = settings.roots_file or evaluation.home_of(settings) / "roots.pin"
        keeper = DirectoryKeeper(
            DirectoryStore(database), composition.load_roots(pin), SystemClock()
        )
        await keeper.load()
        return keeper.days_left()
    finally:
        await database.close()


def _directory(days_left: int) -> Finding:
    if not days_left:
        said = "none in force: tips are refused; see docs/keys.md"
        return Finding("mend", "directory", said)
    if days_left <= WARN_DAYS:
        return Finding("think", "directory", f"runs out in {days_left} days: have it signed")
    return Finding("ok", "directory", f"in force for {days_left} days")
