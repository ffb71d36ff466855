"""One installation a run, made once; each test gets a copy of it and a process of its own."""

import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service import Service, free_ports, installed

Starter = Callable[..., Service]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """An organisation's service that has never taken a tip. It is copied, not run."""
    return installed(tmp_path_factory.mktemp("installation"))


@pytest.fixture
def installed_copy(installation: Service, tmp_path: Path) -> Starter:
    """Makes a service of its own, on free ports, not yet started."""

    def copy(**settings: str) -> Service:
        folder = tmp_path / "service"
        shutil.copytree(installation.folder, folder, ignore=_no_sockets)
        return replace(
            installation, folder=folder, ports=free_ports(), process=None, settings=settings
        )

    return copy


@pytest.fixture
def started(installed_copy: Starter) -> Iterator[Starter]:
    """Makes services of their own and starts them; all are ended with the test."""
    made: list[Service] = []

    def start(**settings: str) -> Service:
        service = installed_copy(**settings)
        made.append(service)
        service.start()
        return service

    yield start
    for service in made:
        service.stop(signal.SIGKILL)


@pytest.fixture
def service(started: Starter) -> Service:
    """A running service of this test's own."""
    return started()


def _no_sockets(folder: str, names: list[str]) -> set[str]:
    """A socket is no file: copying would wait for somebody to write into it."""
    return {name for name in names if not _is_copied(Path(folder, name))}


def _is_copied(path: Path) -> bool:
    return path.is_file() or path.is_dir()
