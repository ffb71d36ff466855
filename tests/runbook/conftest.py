"""One world in which the organisation was set up, and a copy of it for every drill."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from mustshare_api.media.strip import Stripper
from mustshare_api.store.embedded import EmbeddedPostgres
from tests.doors import stripper
from tests.postgres import postgres, run
from tests.runbook.play import SETTING_UP, play
from tests.runbook.world import World

__all__ = ["postgres", "stripper"]

_NUMBERS = itertools.count()


def _drop(server: str, prefix: str) -> None:
    for machine in ("server", "newserver"):
        asyncio.run(run(server, f"DROP DATABASE IF EXISTS {prefix}_{machine} WITH (FORCE)"))


@pytest.fixture(scope="session")
def set_up(
    postgres: EmbeddedPostgres,
    stripper: Stripper,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """An organisation as the first section leaves it, with its service stopped."""
    folder = tmp_path_factory.mktemp("organisation")
    made = World.new(folder, postgres.dsn, "runbook", stripper)
    try:
        play(made, SETTING_UP)
    finally:
        made.close()
    yield made
    _drop(postgres.dsn, "runbook")
    structlog.reset_defaults()


@pytest.fixture
def world(set_up: World, tmp_path: Path) -> Iterator[World]:
    """A copy of it whose service runs."""
    prefix = f"runbook{next(_NUMBERS)}"
    copy = set_up.copied(tmp_path, prefix)
    try:
        yield copy
    finally:
        copy.close()
        _drop(copy.postgres, prefix)
