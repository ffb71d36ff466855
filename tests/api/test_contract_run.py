"""The doors keep their published contract, whatever schemathesis sends, one call or many."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from schemathesis.cli import schemathesis as command

from mustshare_api.api import doors
from mustshare_api.api.openapi import contract
from mustshare_api.crypto import receipts
from tests.api import contract_hooks
from tests.api.contract_hooks import Played
from tests.api.served import Served

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "3"))
SEED = int(os.environ.get("SEED", "20260"))
"""`make contract` asks for far more, and for another beginning where one is given."""

REFUSALS = """
[phases.coverage]
unexpected-methods = ["DELETE"]

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 429, "5xx"]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 414, 415, 422, 428]

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 406, 415, 422, 428]
"""
"""What counts as refusing a wrong request: the usual ones, 408 and 413, which bodies get, and
414, which a wrong query gets that is a long one besides.

So do 412 and 428, which a change gets that does not say of what; 412 a right one gets as well,
of what has changed since. A 5xx does not count as a refusal, as it does by default.

Of the methods that a path has not, one is tried: `test_headers` tries more.
"""

CHEAP_KIB = 64
"""Of a stretch: what it costs is no part of the contract, and it would be half of this test."""

ROUTES = {
    "reporter": doors.REPORTER_ROUTES,
    "staff": doors.STAFF_ROUTES,
    "operator": doors.OPERATOR_ROUTES,
}


@pytest.mark.parametrize("door", ["reporter", "staff", "operator"])
def test_a_door_keeps_its_contract(
    served: Served, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No check of schemathesis finds a fault, in single calls and in chains of them."""
    monkeypatch.chdir(tmp_path)
    document = tmp_path / "openapi.json"
    document.write_bytes(contract({door: ROUTES[door]}, "test"))
    (tmp_path / "schemathesis.toml").write_text(REFUSALS)
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", contract_hooks.__name__)
    monkeypatch.setattr(contract_hooks, "PLAYED", [Played(served)])
    monkeypatch.setattr(receipts, "MEMORY_KIB", CHEAP_KIB)
    found = CliRunner().invoke(
        command,
        [
            "run",
            str(document),
            f"--url={served.url(door)}",
            "--checks=all",
            "--phases=examples,coverage,fuzzing,stateful",
            f"--max-examples={EXAMPLES}",
            f"--seed={SEED}",
            "--workers=1",
            "--continue-on-failure",
        ],
    )

    assert found.exit_code == 0, found.output
