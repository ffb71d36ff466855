"""The units are as narrow as systemd's own judge can tell, and only get narrower."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.unit_file import FOLDER, UNIT, allowed_calls, directives
from tests.programs import program
from tests.shape.tree import ROOT

PROMISED = 1.1
RATCHET = {
    "mustshare.service": 1.0,
    "mustshare-backup.service": 0.2,
    "mustshare-deliver.service": 1.1,  # the only one that may connect out
}
"""What each scores with systemd 252. A lower figure may replace one; never a higher."""


def score(path: Path) -> float:
    """The overall exposure, 0.0 to 10.0."""
    said = subprocess.run(
        [program("systemd-analyze"), "security", "--offline=true", "--no-pager", path],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said.stdout)
    assert found is not None, said.stdout + said.stderr
    return float(found[1])


@pytest.mark.parametrize("name", RATCHET)
def test_a_unit_is_no_more_exposed_than_it_was(name: str) -> None:
    """At most 1.1 was promised; what was reached is kept."""
    assert score(FOLDER / name) <= RATCHET[name] <= PROMISED


def test_who_sends_webhooks_is_stopped_and_started_with_the_service() -> None:
    """After an upgrade no process is left that runs the code from before."""
    unit = directives(FOLDER / "mustshare-deliver.service")

    assert (unit["PartOf"], unit["WantedBy"]) == (["mustshare.service"], ["mustshare.service"])


def test_the_unit_of_an_officer_s_own_machine_is_no_more_exposed_than_it_was() -> None:
    """A user's systemd has no mounts of its own to give: most of the list is out of reach."""
    digest = ROOT / "deploy" / "staff" / "mustshare-digest.service"

    assert score(digest) <= 5.9


def test_the_judge_notices_a_unit_that_is_opened(tmp_path: Path) -> None:
    """Otherwise the figure above would say nothing."""
    opened = tmp_path / "mustshare.service"
    opened.write_text(UNIT.read_text().replace("PrivateNetwork=yes", "PrivateNetwork=no"))

    assert score(opened) > RATCHET["mustshare.service"]


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.[st]*[ert]")), ids=lambda path: path.name
)
def test_systemd_knows_every_directive(path: Path) -> None:
    """A misspelt one is ignored with a warning, so a safety setting would be off."""
    said = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", path],
        capture_output=True,
        text=True,
        check=False,
    ).stderr

    assert re.findall(r".*(?:Unknown|Invalid|Failed to parse|ignoring).*", said) == []


def test_memory_of_the_service_reaches_no_disk() -> None:
    """Tips pass through it in clear: no swap, no core dump."""
    unit = directives()

    assert unit["MemorySwapMax"] == unit["LimitCORE"] == ["0"]
    assert unit["UMask"] == ["0077"]


def test_the_service_can_call_nobody() -> None:
    """Its sockets are opened for it, so it has no network of its own."""
    unit = directives()

    assert unit["PrivateNetwork"] == ["yes"]
    assert unit["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert not {"io_uring_setup", "process_vm_readv", "mount", "bpf"} & set(allowed_calls())
