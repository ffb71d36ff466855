"""What would be unsafe does not start, and says in one line what to do."""

import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tests.faults.conftest import Starter
from tests.faults.processes import held_by
from tests.organisation import organisation
from tests.service import Service

Spoil = Callable[[Service], str]


@dataclass(frozen=True)
class Unsafe:
    """A configuration that has to be refused: settings on top of sound ones, and why."""

    settings: dict[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()


EVERYWHERE = "0.0.0.0:18443"
UNSAFE = {
    "an unknown setting": Unsafe(
        {"MUSTSHARE_RETENTION_DAY": "90"}, ("MUSTSHARE_RETENTION_DAY", "RETENTION_DAYS")
    ),
    "a value of no form": Unsafe({"MUSTSHARE_TLS": "off"}, ("MUSTSHARE_TLS", "behind-proxy")),
    "an address that is none": Unsafe(
        {"MUSTSHARE_STAFF_ADDRESS": "tip.example:443"}, ("MUSTSHARE_STAFF_ADDRESS",)
    ),
    "evaluation keys for the Internet": Unsafe(
        {"MUSTSHARE_ROOTS_FILE": "", "MUSTSHARE_REPORTER_ADDRESS": EVERYWHERE},
        ("evaluation keys", "MUSTSHARE_ROOTS_FILE"),
    ),
    "an evaluation's directory for the Internet": Unsafe(
        {"MUSTSHARE_REPORTER_ADDRESS": EVERYWHERE}, ("evaluation keys", "docs/keys.md")
    ),
    "plain HTTP beyond this machine": Unsafe(
        {"MUSTSHARE_TLS": "behind-proxy", "MUSTSHARE_REPORTER_ADDRESS": EVERYWHERE},
        ("behind-proxy", "loopback"),
    ),
    "operators' door for the Internet": Unsafe(
        {"MUSTSHARE_OPERATOR_ADDRESS": EVERYWHERE}, ("MUSTSHARE_OPERATOR_ADDRESS", "loopback")
    ),
    "two doors at one address": Unsafe(
        {
            "MUSTSHARE_REPORTER_ADDRESS": "127.0.0.1:18443",
            "MUSTSHARE_STAFF_ADDRESS": "127.0.0.1:18443",
        },
        ("three addresses",),
    ),
    "no certificate": Unsafe({"MUSTSHARE_TLS_CERT": ""}, ("MUSTSHARE_TLS_CERT", "PEM")),
    "no such certificate": Unsafe({"MUSTSHARE_TLS_CERT": "no.pem"}, ("MUSTSHARE_TLS_CERT",)),
    "no such key": Unsafe({"MUSTSHARE_TLS_KEY": "no.key"}, ("no.key",)),
    "no such roots": Unsafe({"MUSTSHARE_ROOTS_FILE": "no.pin"}, ("no.pin", "roots")),
    "a database address that is none": Unsafe(
        {"MUSTSHARE_DATABASE_URL": "mysql://localhost/tips"}, ("no postgresql:// URL",)
    ),
    "a database that does not answer": Unsafe(
        {"MUSTSHARE_DATABASE_URL": "postgresql://u@127.0.0.1:9/tips"}, ("does not answer",)
    ),
}


@pytest.mark.parametrize("unsafe", UNSAFE.values(), ids=UNSAFE)
def test_an_unsafe_setting_is_refused_in_one_line(
    installed_copy: Starter, unsafe: Unsafe
) -> None:
    """The line names the setting at fault and what to do; the exit code is 2."""
    service = installed_copy(**unsafe.settings)

    line = refusal(service)

    for said in unsafe.says:
        assert said in line


def a_key_others_can_read(service: Service) -> str:
    (service.folder / "server.key").chmod(0o644)
    return "chmod 600"


def roots_that_are_none(service: Service) -> str:
    (service.folder / "roots.pin").write_text("not roots", encoding="ascii")
    return "mustshare-key roots"


def a_certificate_of_another_key(service: Service) -> str:
    (service.folder / "server.pem").write_bytes((service.folder / "ca.pem").read_bytes())
    return "PEM pair"


def a_data_directory_that_is_a_file(service: Service) -> str:
    (service.folder / "file").touch()
    service.settings = {"MUSTSHARE_DATA_DIR": str(service.folder / "file")}
    return "data directory"


def a_cluster_that_is_none(service: Service) -> str:
    (service.data / "postgres" / "cluster" / "PG_VERSION").write_text("?", encoding="ascii")
    return "not a PostgreSQL cluster"


def a_cluster_of_another_major(service: Service) -> str:
    (service.data / "postgres" / "cluster" / "PG_VERSION").write_text("9\n", encoding="ascii")
    return "PostgreSQL 9"


@pytest.mark.parametrize(
    "spoil",
    [
        a_key_others_can_read,
        roots_that_are_none,
        a_certificate_of_another_key,
        a_data_directory_that_is_a_file,
        a_cluster_that_is_none,
        a_cluster_of_another_major,
    ],
)
def test_an_unsafe_file_is_refused_in_one_line(installed_copy: Starter, spoil: Spoil) -> None:
    """The line names the file at fault and what to do; the exit code is 2."""
    service = installed_copy()

    says = spoil(service)

    assert says in refusal(service)


def test_a_taken_address_is_refused_in_one_line(installed_copy: Starter) -> None:
    """The line names the address; another program keeps it."""
    service = installed_copy()

    with socket.create_server(("127.0.0.1", service.ports[0])):
        line = refusal(service)

    assert f"127.0.0.1:{service.ports[0]}" in line


def test_a_data_directory_in_use_is_refused_in_one_line(started: Starter) -> None:
    """A second service on one data directory does not start, and leaves the first alone."""
    service = started()

    line = refusal(service)

    assert "already running" in line
    assert service.send_tip("ยังทำงานอยู่").status == 201


def test_a_database_of_another_organisation_is_refused_in_one_line(
    installed_copy: Starter,
) -> None:
    """Roots that never signed the stored directory: sealing to it would serve strangers."""
    service = installed_copy()
    others = organisation(datetime.now(UTC))
    (service.folder / "roots.pin").write_bytes(others.roots.encode())

    assert "not signed by these roots" in refusal(service)


def refusal(service: Service) -> str:
    """What a service that refuses to start says: one line, exit code 2."""
    already = set(held_by(service.folder))
    ran = subprocess.run(
        service.command("serve"),
        cwd=service.folder,
        env=service.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = [line for line in ran.stderr.splitlines() if not line.startswith("{")]
    assert ran.returncode == 2, ran.stderr
    assert len(said) == 1, said
    assert said[0].startswith("mustshare: ")
    assert set(held_by(service.folder)) <= already
    return said[0]
