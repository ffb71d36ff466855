"""The sending process: its own program, because the serving one may connect to nobody.

    serving      takes tips, connects to the database alone
    delivering   never sees a tip: reads the outbox, connects to the ports of webhooks, to a
                 resolver's and to the database

It is locked in likewise, before its first connection: files it may read are its code, the
system's authorities for TLS and the resolver's settings; it writes none. Under
MUSTSHARE_CONFINEMENT=strict it refuses to run with a measure missing.
"""

import asyncio
import os
import signal
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Final

from mustshare_api import logs, settings
from mustshare_api.app.delivering.rounds import Rounds
from mustshare_api.app.delivering.sending import Sender
from mustshare_api.app.process import confinement, hardening
from mustshare_api.app.version import VERSION
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import webhooks as signing
from mustshare_api.errors import Misconfigured
from mustshare_api.kernel.landlock import Grants
from mustshare_api.logs import log
from mustshare_api.settings import Settings
from mustshare_api.store.database import Database, Tuning
from mustshare_api.store.embedded import running_on
from mustshare_api.store.webhooks import Outbox
from mustshare_api.store.whereabouts import Whereabouts

DELIVER: Final = ["-m", "mustshare_api", "deliver"]
_RESOLVER: Final = 53
_AUTHORITIES: Final = (
    *("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates"),
    *("/usr/local/share/ca-certificates", "/usr/lib/ssl", "/run/systemd/resolve"),
)


def deliver() -> int:
    """Sends webhooks until it is asked to stop."""
    hardening.harden_process(DELIVER)
    logs.set_up()
    chosen = settings.load()
    dsn = database_of(chosen)
    _confine(chosen, dsn)
    asyncio.run(_deliver(chosen, dsn))
    log("webhooks_stopped")
    return 0


def database_of(chosen: Settings) -> str:
    """Where the database is. The embedded one belongs to the service, and has to run.

    Raises:
        Misconfigured: it does not.
    """
    if chosen.database_url is not None:
        return chosen.database_url
    running = running_on(chosen.data_dir.absolute() / "postgres")
    if running is None:
        raise Misconfigured("the embedded database is not running; start the service first.")
    return running


def plan(chosen: Settings, dsn: str) -> confinement.Plan:
    """What delivering takes: the service's plan, less its files, plus ports to the outside."""
    serving = confinement.plan(chosen, dsn)
    shown = ssl.get_default_verify_paths()
    authorities = {*_AUTHORITIES, shown.cafile, shown.capath} - {None}
    reads = serving.grants.reads | {Path(one) for one in authorities if one}
    ports = serving.grants.ports | {_RESOLVER, *chosen.webhook_ports}
    writes = frozenset({Path(os.devnull)})
    where = Whereabouts(ports, frozenset({"anybody"}), serving.database.files)
    return confinement.Plan(Grants(reads, serving.grants.runs, writes, ports), where)


def _confine(chosen: Settings, dsn: str) -> None:
    if chosen.confinement == "off":
        hardening.let_look()
        return
    found = confinement.lock_in(plan(chosen, dsn))
    # That hosts are asked for by name is what this process is for.
    missing = [name for name in confinement.missing_of(found) if name != "connections"]
    if missing and chosen.confinement == "strict":
        raise Misconfigured(
            f"MUSTSHARE_CONFINEMENT is strict, and not in force here is {' '.join(missing)} "
            "(docs/process.md says what each takes)."
        )
    there = " ".join(sorted(set(found) - set(missing) - {"connections"}))
    log("confinement_reported", in_force=there, missing=" ".join(missing) or None)


async def _deliver(chosen: Settings, dsn: str) -> None:
    tuning = Tuning(connections=4, statement_cache_size=chosen.statement_cache)
    database = await Database.connect(dsn, tuning)
    try:
        outbox = Outbox(database)
        await outbox.check_there()
        seed = await outbox.key(*signing.new_key())
        ports = frozenset(chosen.webhook_ports)
        rounds = Rounds(outbox, Sender(), SystemClock(), seed, ports)
        log("webhooks_started", version=VERSION)
        await until_asked(rounds.keep_sending)
    finally:
        await database.close()


async def until_asked(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Does something until SIGTERM or SIGINT."""
    task = asyncio.create_task(work())
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(asked, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
