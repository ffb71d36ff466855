"""The reporter door and the staff door over TLS, in a thread with a loop of their own.

They are put together as `mustshare serve` does it, from a machine's own settings, on ports that
happen to be free. Whoever asks for `tips.localhost` or `staff.localhost` is sent there, also
when the service has moved to another machine meanwhile: the organisation's name stays its name.
"""

import asyncio
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mustshare_api.api import doors as api_doors
from mustshare_api.api.bodies import Patience
from mustshare_api.app import composition, directories
from mustshare_api.app.server import serving, tls
from mustshare_api.clock import Clock, SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.flows import upkeep
from mustshare_api.flows.workbench import Workbench
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Address, Settings
from tests.lived import live_until_now

HOSTS = ("tips.localhost", "staff.localhost")


@dataclass
class Service:
    """A service that runs."""

    bench: Workbench
    ports: dict[str, int]
    loop: asyncio.AbstractEventLoop

    def run(self, work: Any) -> Any:
        """Does something on the doors' own loop."""

        async def done() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(30)

    def keep_up(self) -> None:
        """One round of what the service does every minute, and did on the days before."""
        self.run(live_until_now(self.bench))
        self.run(upkeep.once(self.bench))


@dataclass(frozen=True)
class Certified:
    """The folder with the service's certificate, and the authority that vouches for it."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "ca.pem"

    def make(self) -> None:
        """Makes both. What they say of days is checked by the machine's own clock."""
        authority = local_ca.make_authority(SystemClock().now())
        issued = local_ca.make_server_certificate(authority, SystemClock().now(), HOSTS)
        for name, octets in (
            ("ca.pem", authority.certificate_pem),
            ("server.pem", issued.certificate_pem),
            ("server.key", issued.key_pem),
        ):
            (self.folder / name).touch(mode=0o600)
            (self.folder / name).write_bytes(octets)

    def server_context(self) -> ssl.SSLContext:
        return tls.server_context(self.folder / "server.pem", self.folder / "server.key")

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


@contextmanager
def serving_doors(
    settings: Settings, stripper: Stripper, clock: Clock, certified: Certified
) -> Generator[Service]:
    """The service of these settings, until the block ends."""
    ready = threading.Event()
    started: list[Service] = []
    failed: list[BaseException] = []
    stop = asyncio.Event()

    def live() -> None:
        try:
            asyncio.run(_serve(settings, stripper, clock, certified, started, ready, stop))
        except BaseException as failure:  # noqa: BLE001 - told to the test, which fails of it
            failed.append(failure)
        finally:
            ready.set()

    thread = threading.Thread(target=live)
    thread.start()
    assert ready.wait(30)
    assert not failed, failed
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(stop.set)
        thread.join(30)


async def _serve(
    settings: Settings,
    stripper: Stripper,
    clock: Clock,
    certified: Certified,
    started: list[Service],
    ready: threading.Event,
    stop: asyncio.Event,
) -> None:
    assert settings.roots_file is not None
    assert settings.database_url is not None
    roots = directories.load_roots(settings.roots_file)
    floor = directories.serial_floor(settings)
    async with composition.workbench(
        settings, settings.database_url, roots, stripper, clock, floor
    ) as bench:
        patience, context = Patience(20, 60), certified.server_context()
        apps = (
            api_doors.reporter_door(bench, patience, list, "test"),
            api_doors.staff_door(bench, patience),
        )
        doors = [
            serving.listen(app, serving.bound(Address("127.0.0.1", 0)), context) for app in apps
        ]
        ports = [door.sockets[0].getsockname()[1] for door in doors]
        running = asyncio.get_running_loop()
        started.append(Service(bench, dict(zip(HOSTS, ports, strict=True)), running))
        async with asyncio.TaskGroup() as tasks:
            for door in doors:
                tasks.create_task(door.server.serve(door.sockets))
            ready.set()
            await stop.wait()
            for door in doors:
                door.server.force_exit = door.server.should_exit = True
