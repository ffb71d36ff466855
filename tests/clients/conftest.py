"""A real service for the front ends of these tests, and what they need to reach it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.published import publish
from tests.service import Service, running
from tests.shape.tree import ROOT

PHOTO = ROOT / "tests" / "data" / "road.jpg"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all of them."""
    with running(tmp_path_factory.mktemp("service")) as started:
        yield started


@pytest.fixture(scope="session")
def reach(service: Service) -> dict[str, str]:
    """The environment in which curl, Python and Node.js reach it."""
    authority = str(service.folder / "ca.pem")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(service.folder),
        "LC_ALL": "C.UTF-8",
        "DOOR": f"https://127.0.0.1:{service.ports[0]}",
        "CURL_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
    }


@pytest.fixture(scope="session")
def slug(service: Service) -> str:
    """A case that two officers published."""
    return publish(service).rpartition("/")[2]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a photo, as the guide has it."""
    (tmp_path / "photo.jpg").write_bytes(PHOTO.read_bytes())
    return tmp_path
