"""The machines of a runbook: a folder for each person, a stick between them, and the service.

What a person types is run by the real tool against the real doors over TLS, with one clock for
all of them that moves when the document says so. Names that a document uses stand for what the
test has in their place:

    ~                            the machine's own folder
    /media/stick                 a folder that every machine sees
    https://tips.example.org     the reporter door
    https://staff.example.org    the staff door
"""

import asyncio
import contextlib
import io
import json
import os
import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from mustshare_api.api import doors as api_doors
from mustshare_api.api.bodies import Patience
from mustshare_api.app import composition, serving, tls
from mustshare_api.clock import SystemClock
from mustshare_api.crypto import local_ca
from mustshare_api.errors import MustShareError
from mustshare_api.flows import upkeep
from mustshare_api.flows.workbench import Workbench
from mustshare_api.keytool import main as tool
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Address, Settings
from tests.runbook.transcripts import words

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CHEAP_KIB = 19 * 1024
PASSPHRASE = "anchor meadow lantern copper violin harvest"


@dataclass
class Clock:
    """One for every machine, moved by the document."""

    at: datetime = START
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, by: timedelta) -> None:
        self.at += by
        self.seconds += by.total_seconds()


@dataclass
class Ran:
    """What a command printed, and how it ended."""

    printed: str
    code: int


@dataclass
class World:
    """Everything that the steps of one section act on."""

    folder: Path
    dsn: str
    stripper: Stripper
    clock: Clock = field(default_factory=Clock)
    known: dict[str, str] = field(default_factory=dict[str, str])
    service: "Service | None" = None
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __post_init__(self) -> None:
        (self.folder / "stick").mkdir()

    def machine(self, name: str) -> Path:
        """The folder of a machine, made on first sight with a passphrase in it."""
        home = self.folder / name
        if not home.exists():
            home.mkdir()
            (home / ".passphrase").touch(mode=0o600)
            (home / ".passphrase").write_text(PASSPHRASE)
        return home

    def run(self, machine: str, command: str) -> Ran:
        """Runs a command as if it had been typed there."""
        home = self.machine(machine)
        argv = [self._real(word, home) for word in words(command, self.known)]
        with contextlib.chdir(home), mock.patch.dict(os.environ, {"HOME": str(home)}):
            ran = self._run(home, argv)
        return Ran(self._shown(ran.printed, home), ran.code)

    def _run(self, home: Path, argv: list[str]) -> Ran:
        match argv:
            case ["mustshare-key", *rest]:
                return self._key_tool(home, rest)
            case ["mustshare", *rest]:
                return self._server_command(home, rest)
            case ["curl", *rest]:
                return self._curl(rest)
            case ["cp", *sources, target]:
                for source in sources:
                    shutil.copy(source, target)
                return Ran("", 0)
            case ["rm", *files]:
                for file in files:
                    shutil.rmtree(file) if Path(file).is_dir() else Path(file).unlink()
                return Ran("", 0)
            case _:
                raise AssertionError(f"a runbook has no such command: {argv[0]}")

    def _key_tool(self, home: Path, argv: list[str]) -> Ran:
        """The tool in this process; the passphrase is not typed but read."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                wants = vars(tool._parser().parse_args(argv))
            except SystemExit as ended:
                return Ran(out.getvalue(), int(str(ended.code or 0)))
            if wants.get("passphrase_file", "") is None:
                argv = [*argv, "--passphrase-file", str(home / ".passphrase")]
            if wants.get("ca", "") is None:
                argv = [*argv, "--ca", str(self.folder / "ca.pem")]
            code = tool.main([*argv, "--lang", "en"], clock=self.clock, memory_kib=CHEAP_KIB)
        return Ran(out.getvalue(), code)

    def _server_command(self, home: Path, argv: list[str]) -> Ran:
        """What an operator types on the server, whose pinned roots lie in its folder."""
        if self.service is None:
            self.closing.enter_context(serving_world(self, home / "roots"))
        assert self.service is not None
        match argv:
            case ["serve"]:
                return Ran("", 0)
            case ["directory", note]:
                return self._accept(self.service, Path(note))
            case _:
                raise AssertionError(f"a runbook's server has no such command: {argv}")

    def _accept(self, service: "Service", note: Path) -> Ran:
        try:
            service.run(service.bench.directory.accept(note.read_bytes()))
        except MustShareError as refused:
            return Ran(f"mustshare: the directory is refused: {refused.code}", 1)
        return Ran("The directory is in force.", 0)

    def _curl(self, argv: list[str]) -> Ran:
        """As much of curl as a document needs."""
        assert self.service is not None
        request: dict[str, Any] = {"method": "GET", "headers": {}}
        rest = iter(argv)
        for word in rest:
            if word == "--json":
                request |= {"method": "POST", "content": next(rest).encode()}
                request["headers"]["content-type"] = "application/json"
            elif word == "-H":
                name, _, value = next(rest).partition(": ")
                request["headers"][name] = value
            elif word == "-X":
                request["method"] = next(rest)
            else:
                request["url"] = word
        with httpx.Client(verify=self.service.context, trust_env=False) as client:
            answer = client.request(**request)
        return Ran(_pretty(answer.text), 0 if answer.is_success else 22)

    def _real(self, word: str, home: Path) -> str:
        word = f"{home}{word[1:]}" if word.startswith("~") else word
        for shown, real in self._names().items():
            word = word.replace(shown, real)
        return word

    def _shown(self, text: str, home: Path) -> str:
        for shown, real in {**self._names(), "~": str(home)}.items():
            text = text.replace(real, shown)
        return text

    def _names(self) -> dict[str, str]:
        names = {"/media/stick": str(self.folder / "stick")}
        if self.service is not None:
            names["https://tips.example.org"] = self.service.urls["reporter"]
            names["https://staff.example.org"] = self.service.urls["staff"]
        return names


def _pretty(text: str) -> str:
    """An answer a line a field, padding left out, so that a document can show some of it."""
    try:
        read = json.loads(text)
    except ValueError:
        return text
    if isinstance(read, dict):
        read.pop("padding", None)
    return json.dumps(read, ensure_ascii=False, indent=2)


@dataclass
class Service:
    """The three doors over TLS, in a thread with a loop of their own."""

    bench: Workbench
    urls: dict[str, str]
    context: ssl.SSLContext
    loop: asyncio.AbstractEventLoop

    def run(self, work: Any) -> Any:
        """Does something on the doors' own loop."""

        async def done() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(30)

    def keep_up(self) -> None:
        """One round of what the service does every minute."""
        self.run(upkeep.once(self.bench))


@contextmanager
def serving_world(world: World, roots: Path) -> Iterator[None]:
    """The service with these pinned roots, until the block ends."""
    authority = local_ca.make_authority(SystemClock().now())
    issued = local_ca.make_server_certificate(authority, SystemClock().now())
    for name, octets in (
        ("ca.pem", authority.certificate_pem),
        ("server.pem", issued.certificate_pem),
        ("server.key", issued.key_pem),
    ):
        (world.folder / name).touch(mode=0o600)
        (world.folder / name).write_bytes(octets)
    ready, stop = threading.Event(), asyncio.Event()
    failed: list[BaseException] = []

    def live() -> None:
        try:
            asyncio.run(_serve(world, roots, ready, stop))
        except BaseException as failure:  # noqa: BLE001 - told to the test, which fails of it
            failed.append(failure)
        finally:
            ready.set()

    thread = threading.Thread(target=live)
    thread.start()
    ready.wait(30)
    assert not failed, failed
    try:
        yield
    finally:
        assert world.service is not None
        world.service.loop.call_soon_threadsafe(stop.set)
        thread.join(30)


async def _serve(
    world: World, roots: Path, ready: threading.Event, stop: asyncio.Event
) -> None:
    pinned = composition.load_roots(roots)
    folder, patience = world.folder, Patience(20, 60)
    async with composition.workbench(
        Settings(), world.dsn, pinned, world.stripper, world.clock
    ) as bench:
        apps = {
            "reporter": api_doors.reporter_door(bench, patience, [], "test"),
            "staff": api_doors.staff_door(bench, patience),
        }
        context = tls.server_context(folder / "server.pem", folder / "server.key")
        listening = {
            door: serving.listen(app, Address("127.0.0.1", 0), context)
            for door, app in apps.items()
        }
        urls = {
            door: f"https://127.0.0.1:{one.sockets[0].getsockname()[1]}"
            for door, one in listening.items()
        }
        trusted = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        world.service = Service(bench, urls, trusted, asyncio.get_running_loop())
        tasks = [
            asyncio.create_task(one.server.serve(one.sockets)) for one in listening.values()
        ]
        ready.set()
        await stop.wait()
        for one in listening.values():
            one.server.force_exit = one.server.should_exit = True
        await asyncio.gather(*tasks)
