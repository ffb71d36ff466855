"""Two officers and an agency at real doors, for all who refer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mustshare_api.media.strip import Stripper
from tests.doors import stripper
from tests.keytool.real_door import real_door
from tests.keytool.referrals.people import People, people_at
from tests.postgres import dsn, postgres, template

__all__ = ["dsn", "postgres", "stripper", "template"]


@pytest.fixture
def people(
    dsn: str, stripper: Stripper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[People]:
    """Each with a folder of their own, at one service."""
    with real_door(dsn, stripper, tmp_path) as door:
        yield people_at(door, capsys)
