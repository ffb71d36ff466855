"""TLS that the service ends itself, as a stranger's scanner sees it."""

import json
import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import program
from tests.service import Service, running

DOORS = ("reporter", "staff", "operator")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The real service in a process of its own, by the command that starts it."""
    with running(tmp_path_factory.mktemp("tls")) as started:
        yield started


@pytest.fixture(scope="module")
def scanned(service: Service) -> tuple[str, dict[str, Any]]:
    """What sslyze says of the three doors, in words and in full."""
    report: Path = service.folder / "sslyze.json"
    found = subprocess.run(
        [
            program("sslyze"),
            "--mozilla_config=modern",
            *("--early_data", "--compression", "--reneg"),
            f"--certinfo_ca_file={service.folder / 'ca.pem'}",
            f"--json_out={report}",
            *(f"127.0.0.1:{port}" for port in service.ports),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return found.stdout + found.stderr, json.loads(report.read_text(encoding="utf-8"))


def test_every_door_is_of_mozillas_modern_kind(
    service: Service, scanned: tuple[str, dict[str, Any]]
) -> None:
    """TLS 1.3 alone, its ciphers, its groups, the certificate's key and days."""
    for port in service.ports:
        assert re.search(rf"127\.0\.0\.1:{port}: OK - Compliant", scanned[0]), scanned[0][
            -3000:
        ]


def test_no_session_is_taken_up_again_and_nothing_comes_early(
    scanned: tuple[str, dict[str, Any]],
) -> None:
    """Nor is anything compressed or negotiated anew."""
    for one in scanned[1]["server_scan_results"]:
        result = one["scan_result"]
        assert result["tls_1_3_early_data"]["result"]["supports_early_data"] is False
        assert result["tls_compression"]["result"]["supports_compression"] is False
        renegotiation = result["session_renegotiation"]["result"]
        assert renegotiation["is_vulnerable_to_client_renegotiation_dos"] is False


def test_the_first_group_is_the_hybrid_one_where_openssl_has_it(
    scanned: tuple[str, dict[str, Any]],
) -> None:
    """And otherwise the modern groups are all there are."""
    for one in scanned[1]["server_scan_results"]:
        curves = one["scan_result"]["elliptic_curves"]["result"]["supported_curves"]
        names = {curve["name"] for curve in curves}
        assert names <= {"X25519", "prime256v1", "secp256r1", "secp384r1", "X25519MLKEM768"}
        assert "X25519" in names
    assert ssl.HAS_TLSv1_3
