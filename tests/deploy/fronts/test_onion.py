"""The onion service: what tor itself makes of the file."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.fronts.shipped import DEPLOY, fitted
from tests.deploy.fronts.wire import Client
from tests.programs import program

TORRC = DEPLOY / "tor" / "torrc"


def verified(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What tor says of a configuration."""
    folder.chmod(0o700)
    path = folder / "torrc"
    path.write_text(fitted(text, {"/var/lib/tor": str(folder / "tor")}))
    (folder / "tor").mkdir(mode=0o700, exist_ok=True)
    return subprocess.run(
        [
            str(program("tor")),
            "--verify-config",
            "-f",
            str(path),
            "--defaults-torrc",
            os.devnull,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def with_staff(text: str) -> str:
    """The same with the staff door's lines taken in."""
    return text.replace("#HiddenService", "HiddenService")


@pytest.mark.parametrize("staff", [False, True], ids=["reporters", "staff too"])
def test_tor_takes_the_file_without_a_warning(tmp_path: Path, staff: bool) -> None:
    """No line is unknown, outdated or about to go; root is what tests may run as."""
    text = TORRC.read_text()
    found = verified(tmp_path, with_staff(text) if staff else text)
    warned = [line for line in found.stdout.splitlines() if "[warn]" in line]

    assert found.returncode == 0, found.stdout
    assert [line for line in warned if "Tor as root" not in line] == []
    assert "Configuration was valid" in found.stdout


def test_tor_refuses_a_file_that_is_wrong(tmp_path: Path) -> None:
    """So the check above can fail."""
    assert verified(tmp_path, TORRC.read_text() + "\nHiddenServicePort none\n").returncode != 0


def test_this_tor_has_the_proof_of_work() -> None:
    """The defence is compiled in: without it the line would be a wish."""
    listed = subprocess.run(
        [str(program("tor")), "--list-modules"], capture_output=True, text=True, check=True
    )

    assert "pow: yes" in listed.stdout
    assert "\nHiddenServicePoWDefensesEnabled 1\n" in TORRC.read_text()


def test_nothing_of_a_visit_is_logged_or_told() -> None:
    """Errors alone, scrubbed; no control port, no proxy, no circuit ids, no single hop."""
    lines = {line for line in TORRC.read_text().splitlines() if line and line[0] != "#"}

    assert {line for line in lines if line.startswith("Log ")} == {"Log err stderr"}
    assert {"SafeLogging 1", "ControlPort 0", "ControlSocket 0", "SocksPort 0"} <= lines
    assert "HiddenServiceSingleHopMode 0" in lines
    assert not [line for line in lines if "ExportCircuitID" in line]


@pytest.mark.parametrize("name", ["tips.example.org", "staff.example.org:9444", "127.0.0.1"])
def test_the_onions_port_is_silent_to_a_name_of_another_kind(front: Client, name: str) -> None:
    """The line is cut, by its look alone: so nobody can try which names are served here too."""
    asked = f"GET /v1/intake HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode()

    assert front.say(asked, plain=True) == b""
    assert front.request("GET", "/v1/intake", plain=True).status == 200


def test_one_visitor_can_cut_off_no_other_who_shares_a_circuit() -> None:
    """Whoever shares a tor shares circuits: a limit of streams on one would be everybody's."""
    assert "MaxStreams" not in "".join(
        line for line in TORRC.read_text().splitlines() if line[:1] != "#"
    )


def test_no_door_but_the_two_is_behind_an_onion() -> None:
    """Staff's is commented out, and the operator door stands nowhere."""
    text = TORRC.read_text()
    ports = [
        line for line in with_staff(text).splitlines() if "Port 4" in line or "Port 8" in line
    ]

    assert ports == [
        "HiddenServicePort 80 127.0.0.1:8081",
        "HiddenServicePort 443 127.0.0.1:9444",
    ]
    assert "8445" not in text
