"""The bill of materials says what the lock says, the same at every run."""

import json
from pathlib import Path

import pytest

from tests.supply import bill
from tests.supply.locks import pins


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("bill") / "a.cdx.json"
    bill.write(path)
    return path.read_text(encoding="utf-8")


def test_the_bill_names_what_the_lock_names(made: str) -> None:
    """Every package, in its version, with the hash of each of its files; and no other."""
    assert bill.faults(made) == []
    assert len(json.loads(made)["components"]) == len(pins(bill.LOCK)) > 0


def test_the_bill_is_the_same_at_every_run(made: str, tmp_path: Path) -> None:
    """No time in it, no random number: a change in it is a change in the lock."""
    again = tmp_path / "b.cdx.json"
    bill.write(again, validated=False)

    assert again.read_text(encoding="utf-8") == made
    assert "timestamp" not in json.loads(made)["metadata"]
    assert "serialNumber" not in json.loads(made)


def test_the_bill_is_cyclonedx_and_says_of_what(made: str) -> None:
    """With our name and licence on top; cyclonedx-py has validated it before it wrote."""
    about = json.loads(made)

    assert about["bomFormat"] == "CycloneDX"
    assert about["metadata"]["component"]["name"] == "mustshare-api"
    assert about["metadata"]["component"]["licenses"][0]["license"]["id"] == "Apache-2.0"


@pytest.mark.parametrize("fault", ["missing", "extra", "version", "hash"])
def test_a_bill_that_is_not_the_locks_is_noticed(made: str, fault: str) -> None:
    """One package less or more, another version, another file."""
    spoilt = json.loads(made)
    first = spoilt["components"][0]
    if fault == "missing":
        spoilt["components"].pop()
    elif fault == "extra":
        spoilt["components"].append({**first, "name": "litestar-websockets"})
    elif fault == "version":
        first["version"] = "0"
    else:
        first["externalReferences"][0]["hashes"][0]["content"] = "0" * 64

    assert len(bill.faults(json.dumps(spoilt))) == 1
