"""The machines of a runbook: a folder for each person, a stick between them, and the service.

What a person types is run by the real tool against the real doors over TLS, what an operator
types by the service's own command line, with one clock for all of them that moves when the
document says so. Names that a document uses stand for what the test has in their place:

    ~                            the machine's own folder
    /media/stick                 a folder that every machine sees
    https://tips.example.org     the reporter door, wherever the service runs now
    https://staff.example.org    the staff door

A world can be copied as it stands, folders and databases, so that what every drill begins with
is typed once.
"""

import asyncio
import contextlib
import functools
import io
import os
import shutil
import socket
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from unittest import mock

from mustshare_api import __main__ as operators_tool
from mustshare_api import logs
from mustshare_api.app import auditing, composition
from mustshare_api.keytool import main as tool
from mustshare_api.keytool.inbox.parser import words_apart
from mustshare_api.media.strip import Stripper
from mustshare_api.settings import Settings
from tests.postgres import in_database, run
from tests.runbook import shell
from tests.runbook.service import Certified, Service, serving_doors
from tests.runbook.transcripts import Step, words

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CHEAP_KIB = 19 * 1024
PASSPHRASE = "anchor meadow lantern copper violin harvest"
_PASSPHRASE_OPTIONS = ("passphrase_file", "new_passphrase_file")
_NAMES = {
    "https://tips.example.org": "https://tips.localhost",
    "https://staff.example.org": "https://staff.localhost",
}
_resolve = socket.getaddrinfo
_command_line = functools.cache(tool.command_line)


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
    """Everything that the steps of one section act on.

    `postgres` is the server that holds the machines' databases, each named `prefix_machine`.
    """

    folder: Path
    postgres: str
    prefix: str
    stripper: Stripper
    clock: Clock = field(default_factory=Clock)
    known: dict[str, str] = field(default_factory=dict[str, str])
    service: Service | None = None
    serving_on: str | None = None
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @classmethod
    def new(cls, folder: Path, postgres: str, prefix: str, stripper: Stripper) -> Self:
        """One in which nothing was done yet; the server has an empty database."""
        (folder / "stick").mkdir()
        Certified(folder).make()
        made = cls(folder, postgres, prefix, stripper)
        asyncio.run(run(postgres, f"CREATE DATABASE {prefix}_server"))
        return made

    def copied(self, folder: Path, prefix: str) -> "World":
        """Another that goes on from where this one stands. This one must not be running."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        template = f"CREATE DATABASE {prefix}_server TEMPLATE {self.prefix}_server"
        asyncio.run(run(self.postgres, template))
        clock = Clock(self.clock.at, self.clock.seconds)
        copy = World(folder, self.postgres, prefix, self.stripper, clock, dict(self.known))
        if self.serving_on is not None:
            copy.serve(self.serving_on)
        return copy

    def close(self) -> tuple[str, int]:
        """Stops the service."""
        self.closing.close()
        self.service = None
        return "", 0

    def machine(self, name: str) -> Path:
        """The folder of a machine, made on first sight with a passphrase in it."""
        home = self.folder / name
        if not home.exists():
            home.mkdir()
            for file, passphrase in ((".passphrase", PASSPHRASE), (".wrong", "something else")):
                (home / file).touch(mode=0o600)
                (home / file).write_text(passphrase)
        return home

    def database(self, machine: str) -> str:
        """Where a machine's database is, if it has one."""
        return in_database(self.postgres, f"{self.prefix}_{machine}")

    def later(self, by: timedelta) -> None:
        """Time passes, and the service does what it does every minute."""
        self.clock.advance(by)
        if self.service is not None:
            self.service.keep_up()

    def run(self, step: Step) -> Ran:
        """Runs a command as if it had been typed there."""
        home = self.machine(step.machine)
        argv = [self._real(word, home) for word in words(step.command, self.known)]
        argv, target = (argv[:-2], argv[-1]) if argv[-2:-1] == [">"] else (argv, None)
        with contextlib.chdir(home), self._as_if_there(step.machine, home):
            ran = Ran(*self._run(step, argv))
        if target is not None:
            Path(target).write_text(ran.printed, encoding="utf-8")
            return Ran("", ran.code)
        return Ran(self._shown(ran.printed, home), ran.code)

    def _run(self, step: Step, argv: list[str]) -> tuple[str, int]:
        match argv:
            case ["mustshare-key", *rest]:
                return self._key_tool(step, rest)
            case ["mustshare", *rest]:
                return self._operators_tool(step, rest)
            case ["curl", *rest]:
                return shell.fetch(rest, Certified(self.folder).client_context())
            case ["createdb" | "pg_dump" | "pg_restore" | "psql", *_]:
                return shell.database_program(argv, self.database(step.machine))
            case ["poweroff"]:
                return self.close()
            case _:
                return shell.PROGRAMS[argv[0]](argv[1:])

    def _key_tool(self, step: Step, argv: list[str]) -> tuple[str, int]:
        """The tool in this process; the passphrase is not typed but read."""
        home = self.machine(step.machine)
        given = home / (".wrong" if step.wrong_passphrase else ".passphrase")

        def typed() -> int:
            wants = vars(_command_line().parse_args(words_apart(argv)))
            more = [f"--ca={Certified(self.folder).authority}"] if "ca" in wants else []
            for option in _PASSPHRASE_OPTIONS:
                if wants.get(option, "") is None:
                    more += [f"--{option.replace('_', '-')}", str(given)]
            return tool.main(
                [*argv, *more, "--lang", "en"], clock=self.clock, memory_kib=CHEAP_KIB
            )

        return _captured(typed)

    def _operators_tool(self, step: Step, argv: list[str]) -> tuple[str, int]:
        """The service's own command line. Its log goes where a terminal would show it."""
        if argv == ["serve"]:
            return self.serve(step.machine)
        set_up = logs.set_up

        def on_this_terminal() -> None:
            set_up(sys.stderr)

        with mock.patch.object(logs, "set_up", on_this_terminal):
            ran = _captured(lambda: operators_tool.main(argv), out_alone=">" in step.command)
        set_up(io.StringIO())
        return ran

    def serve(self, machine: str) -> tuple[str, int]:
        """Starts the service on a machine; what ran elsewhere is cut off."""
        self.close()
        logs.set_up(io.StringIO())
        home = self.machine(machine)
        settings = Settings(
            database_url=self.database(machine),
            data_dir=home / "var",
            roots_file=home / "roots",
        )
        running = serving_doors(settings, self.stripper, self.clock, Certified(self.folder))
        self.service = self.closing.enter_context(running)
        self.serving_on = machine
        return "", 0

    @contextlib.contextmanager
    def _as_if_there(self, machine: str, home: Path) -> Generator[None]:
        """A machine's environment, the moved clock, and the names of the doors."""
        environment = {
            "HOME": str(home),
            "MUSTSHARE_DATABASE_URL": self.database(machine),
            "MUSTSHARE_ROOTS_FILE": str(home / "roots"),
            "MUSTSHARE_DATA_DIR": str(home / "var"),
        }
        with (
            mock.patch.dict(os.environ, environment),
            mock.patch.object(composition, "SystemClock", return_value=self.clock),
            mock.patch.object(auditing, "SystemClock", return_value=self.clock),
            mock.patch.object(socket, "getaddrinfo", self._resolved),
        ):
            yield

    def _resolved(self, host: Any, port: Any, *more: Any, **named: Any) -> Any:
        """The service's names stand for wherever it runs."""
        if self.service is not None and host in self.service.ports:
            return _resolve("127.0.0.1", self.service.ports[host], *more, **named)
        return _resolve(host, port, *more, **named)

    def _real(self, word: str, home: Path) -> str:
        word = f"{home}{word[1:]}" if word.startswith("~") else word
        word = word.replace("/media/stick", str(self.folder / "stick"))
        for shown, real in _NAMES.items():
            word = word.replace(shown, real)
        return word

    def _shown(self, text: str, home: Path) -> str:
        text = text.replace(str(self.folder / "stick"), "/media/stick")
        for shown, real in {**_NAMES, "~": str(home)}.items():
            text = text.replace(real, shown)
        return text


def _captured(run: Any, *, out_alone: bool = False) -> tuple[str, int]:
    """What a command printed, and its exit code, also where argparse ended it."""
    out = io.StringIO()
    err = io.StringIO() if out_alone else out
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = int(run())
        except SystemExit as ended:
            code = int(str(ended.code or 0))
    return out.getvalue(), code
