"""What `mustshare` does, a function a command; each returns an exit code."""

import asyncio
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop

from mustshare_api import logs, settings
from mustshare_api.api.doors import whole_contract
from mustshare_api.app import composition, directories, evaluation
from mustshare_api.app.process import confinement, forgetting, hardening
from mustshare_api.app.server import handed, open_files, readiness, serving, tls
from mustshare_api.app.version import VERSION
from mustshare_api.clock import SystemClock
from mustshare_api.crypto.suite import require_post_quantum
from mustshare_api.errors import Misconfigured, MustShareError
from mustshare_api.flows import mixing, upkeep
from mustshare_api.flows.workbench import Workbench
from mustshare_api.logs import log
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Address, Settings
from mustshare_api.store.embedded import EmbeddedPostgres, running_on
from mustshare_api.store.migrations import migrate as apply_migrations

SERVE = ["-m", "mustshare_api", "serve"]


def serve() -> int:
    """Runs the service until it is asked to stop."""
    hardened = hardening.harden_process(SERVE)
    logs.set_up()
    if not hardened:
        log("memory_hardening_missing", kind="not glibc")
    require_post_quantum()
    chosen = settings.load()
    _check_addresses(chosen)
    with database(chosen) as found:
        organisation = _organisation(chosen)
        stripper = composition.start_stripper(chosen)
        try:
            held = handed.sockets_of(_addresses(chosen), serving.bound)
            confined = _confine(chosen, found)
            uvloop.run(_serve(chosen, found, organisation, stripper, held, confined))
        finally:
            stripper.close()
        if found.embedded is not None and not found.embedded.running:
            print(
                "mustshare: the embedded database ended by itself; start the service again.",
                file=sys.stderr,
            )
            return 1
    log("service_stopped")
    return 0


def migrate() -> int:
    """Brings the database to this version."""
    with reached(settings.load()) as dsn:
        asyncio.run(apply_migrations(dsn))
    print("The database is at this version.", file=sys.stderr)
    return 0


async def bring_up(dsn: str) -> None:
    """The same at a start, which says so only where something was missing."""
    if applied := await apply_migrations(dsn):
        log("database_migrated", applied=" ".join(applied))


def accept_directory(note: Path) -> int:
    """Puts a signed directory in force, as the very first one has to be."""
    logs.set_up()
    chosen = settings.load()
    if chosen.roots_file is None:
        raise Misconfigured(
            "MUSTSHARE_ROOTS_FILE is not set; a directory is checked against it."
        )
    try:
        octets = note.read_bytes()
    except OSError:
        raise Misconfigured(f"{note} cannot be read; give the path of a signed note.") from None
    roots = directories.load_roots(chosen.roots_file)
    with reached(chosen) as dsn:
        asyncio.run(directories.accept_directory(chosen, dsn, roots, octets))
    print("The directory is in force.", file=sys.stderr)
    return 0


def print_contract() -> int:
    """Prints the OpenAPI contract."""
    sys.stdout.buffer.write(whole_contract(VERSION))
    return 0


@dataclass(frozen=True, slots=True)
class Found:
    """The database to use; `embedded` when it is ours to run."""

    dsn: str
    embedded: EmbeddedPostgres | None = None


@contextmanager
def database(chosen: Settings) -> Generator[Found]:
    """The operator's database, or the embedded one while it is needed."""
    if chosen.database_url is not None:
        yield Found(chosen.database_url)
        return
    with EmbeddedPostgres.start(chosen.data_dir.absolute() / "postgres") as embedded:
        yield Found(embedded.dsn, embedded)


@contextmanager
def reached(chosen: Settings) -> Generator[str]:
    """The database's address, for a command beside a running service or without one.

    A service has the embedded database for itself, and a switch that has to work while it runs
    could not be thrown if it had to be stopped first.
    """
    running = None
    if chosen.database_url is None:
        running = running_on(chosen.data_dir.absolute() / "postgres")
    with hardening.in_private():
        if running is not None:
            yield running
            return
        with database(chosen) as found:
            yield found.dsn


def _organisation(chosen: Settings) -> evaluation.Organisation:
    """Whose roots count, and the evaluation's own note and certificate where it is one."""
    if chosen.roots_file is None:
        return evaluation.prepare(chosen)
    if chosen.tls == "on" and not (chosen.tls_cert and chosen.tls_key):
        raise Misconfigured(
            "MUSTSHARE_TLS_CERT and MUSTSHARE_TLS_KEY are not set; give a PEM pair, "
            "or set MUSTSHARE_TLS=behind-proxy."
        )
    return evaluation.Organisation(
        directories.load_roots(chosen.roots_file), chosen.tls_cert, chosen.tls_key
    )


def _addresses(chosen: Settings) -> tuple[Address, Address, Address]:
    return chosen.reporter_address, chosen.staff_address, chosen.operator_address


def _check_addresses(chosen: Settings) -> None:
    doors = _addresses(chosen)
    if chosen.roots_file is None:
        _check_evaluation(chosen)
    if chosen.tls == "behind-proxy" and not all(door.loopback for door in doors):
        raise Misconfigured(
            "MUSTSHARE_TLS=behind-proxy speaks plain HTTP: keep every address on loopback."
        )
    if not chosen.operator_address.loopback:
        raise Misconfigured(
            "MUSTSHARE_OPERATOR_ADDRESS has to be on loopback: it asks for no key."
        )
    if len({str(door) for door in doors}) < len(doors):
        raise Misconfigured(
            "the three doors need three addresses; see the MUSTSHARE_*_ADDRESS."
        )


def _check_evaluation(chosen: Settings) -> None:
    """Refuses to take tips from elsewhere to keys that nobody keeps safe."""
    if not all(door.loopback for door in _addresses(chosen)):
        raise Misconfigured(
            "evaluation keys are not served beyond this machine: set MUSTSHARE_ROOTS_FILE to a "
            "real organisation's roots (docs/keys.md), or keep the addresses on 127.0.0.1."
        )


def _confine(chosen: Settings, found: Found) -> dict[str, str]:
    """Locks the process in, while it has one thread still, and says what is in force."""
    in_force = confinement.confine(chosen, found.dsn)
    missing = confinement.missing_of(in_force)
    there = " ".join(sorted(set(in_force) - set(missing)))
    log("confinement_reported", in_force=there, missing=" ".join(missing) or None)
    return in_force


async def _serve(  # noqa: PLR0913 - what was prepared while the process was not locked in
    chosen: Settings,
    found: Found,
    organisation: evaluation.Organisation,
    stripper: Stripper,
    held: list[list[socket.socket]],
    confined: dict[str, str],
) -> None:
    dsn = found.dsn
    await bring_up(dsn)
    async with composition.workbench(
        *(chosen, dsn, organisation.roots, stripper),
        clock=SystemClock(),
        floor=directories.serial_floor(chosen),
    ) as unaware:
        bench = replace(unaware, confinement=confined)
        await _put_in_force(bench, organisation)
        if bench.directory.evaluation:
            _check_evaluation(chosen)
        _report_sandbox(stripper)
        listeners = _listeners(chosen, bench, organisation, held)
        _announce(chosen, organisation)
        readiness.tell()
        caches = forgetting.set_aside()
        await serving.serve(
            listeners,
            [
                lambda: upkeep.keep_up(bench),
                lambda: mixing.keep_mixing(bench),
                lambda: forgetting.keep_forgetting(caches),
            ],
            found.embedded.ended if found.embedded else None,
        )


async def _put_in_force(bench: Workbench, organisation: evaluation.Organisation) -> None:
    if organisation.note is None:
        return
    try:
        await bench.directory.accept(organisation.note)
    except MustShareError as error:
        raise Misconfigured(
            f"the evaluation's directory is refused ({error.code}); remove {organisation.home} "
            "and the database beside it to begin anew."
        ) from None
    await composition.check_deployment(bench)


def _report_sandbox(stripper: Stripper) -> None:
    found = stripper.sandbox
    missing = sorted(name for name, state in found.items() if state != IN_FORCE)
    in_force = sorted(name for name, state in found.items() if state == IN_FORCE)
    none = None if found else "all"
    log("sandbox_reported", in_force=" ".join(in_force), missing=" ".join(missing) or none)


def _listeners(
    chosen: Settings,
    bench: Workbench,
    organisation: evaluation.Organisation,
    held: list[list[socket.socket]],
) -> list[serving.Listener]:
    context = None
    if chosen.tls == "on" and organisation.certificate and organisation.key:
        context = tls.server_context(organisation.certificate, organisation.key)
    doors = composition.open_doors(chosen, bench, VERSION)
    apps = (doors.reporter, doors.staff, doors.operator)
    each = zip(apps, held, open_files.bounds_of(chosen), strict=True)
    return [serving.listen(app, sockets, context, bounds) for app, sockets, bounds in each]


def _announce(chosen: Settings, organisation: evaluation.Organisation) -> None:
    log(
        "service_started",
        version=VERSION,
        reporter_door=str(chosen.reporter_address),
        staff_door=str(chosen.staff_address),
        operator_door=str(chosen.operator_address),
    )
    if organisation.home is not None:
        _print_walk_through(chosen.reporter_address, organisation.home)


def _print_walk_through(door: Address, home: Path) -> None:
    here = Path.cwd()
    shown = home.relative_to(here) if home.is_relative_to(here) else home
    beside = Path(sys.executable).parent / "mustshare-key"
    tool = beside.relative_to(here) if beside.is_relative_to(here) else beside
    curl = f"curl --cacert {shown}/ca.pem https://{door}"
    print(
        "\n"
        "  EVALUATION ONLY. The keys were made by this machine, which could read every tip.\n"
        "  ทดลองใช้เท่านั้น กุญแจสร้างขึ้นในเครื่องนี้ ห้ามใช้รับเบาะแสจริง\n"
        "\n"
        "  Try it, in another terminal:\n"
        f"    {curl}/v1/intake\n"
        f'    {curl}/v1/tips --json \'{{"text": "ถนนพัง งบ 4 ล้าน"}}\'\n'
        f"    {curl}/v1/tip -H 'Authorization: Receipt <the 30 digits>'\n"
        "\n"
        f"  Staff: {tool} sync --home {shown}/desk --passphrase-file {shown}/passphrase\n"
        "  Ctrl-C stops everything.\n",
        file=sys.stderr,
        flush=True,
    )
