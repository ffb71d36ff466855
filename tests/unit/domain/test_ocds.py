"""A case as a release package of the Open Contracting Data Standard."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from mustshare_api.domain.case import CaseContent, CaseShown
from mustshare_api.domain.ocds import release_package
from tests.ocds_rules import broken
from tests.pages import both, case, change

BASE = "https://tips.example.org"
DAY = date(2026, 11, 23)
EGP = {"scheme": "TH-EGP", "id": "63017000001"}
OCID = {"scheme": "OCID", "id": "ocds-213czf-63017000001"}


def shown(**changes: Any) -> CaseShown:
    content = msgspec.json.decode(json.dumps(case(**changes)), type=CaseContent)
    return content.shown(DAY, DAY)


def package(base: str = BASE, **changes: Any) -> dict[str, Any]:
    made = release_package(shown(**changes), base)
    assert made is not None
    return made


@pytest.mark.parametrize("base", [BASE, ""])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"procurement": [EGP, OCID]},
        {"agency": None, "budget": [], "timeline": []},
        {"version": 2, "change": change()},
        {"budget": [{"baht": 0, "label": both("a")}, {"baht": 10**14, "label": both("b")}]},
        {"procurement": [{"scheme": "OCID", "id": "ocds-213czf-a/b?c#d"}]},
    ],
)
def test_every_case_with_a_purchase_is_a_release_package(
    base: str, changes: dict[str, Any]
) -> None:
    """By the standard's rules, and with no field that the standard does not know."""
    assert broken(package(base, **changes)) == []


def test_the_rules_notice_what_is_broken() -> None:
    """A missing id, a tag that is none, a field of our own."""
    made = package()
    for wrong in ({"ocid": "63017000001"}, {"tag": ["x"]}, {"id": 1}, {"places": ["10"]}):
        spoilt = {**made, "releases": [{**made["releases"][0], **wrong}]}
        assert broken(spoilt) != []
    assert broken({**made, "releases": []}) != []
    assert broken({**made, "version": 1.1}) != []


def test_a_case_becomes_what_its_fields_say() -> None:
    """Each field in its place, in Thai, and in English beside it."""
    made = package()
    (release,) = made["releases"]

    assert made["uri"] == f"{BASE}/v1/cases/kinnari-lamp-posts/ocds.json"
    assert release["ocid"] == "ocds-000000-63017000001"
    assert release["date"] == "2026-11-23T00:00:00+07:00"
    assert release["buyer"] == {
        "id": "kinnari-lamp-posts-agency",
        "name": "Racha Thewa (ไทย)",
    }
    assert release["parties"][0]["name_en"] == "Racha Thewa (English)"
    assert release["planning"]["budget"]["amount"] == {"amount": 642_000_000, "currency": "THB"}
    assert release["planning"]["milestones"][0]["dateMet"] == "2021-06-01T00:00:00+07:00"
    assert release["tender"]["title_en"] == "Kinnari lamp posts (English)"
    assert [one["id"] for one in release["tender"]["documents"]] == ["case", "ACT Ai", "e-GP"]


def test_a_purchase_that_is_named_twice_is_one_process() -> None:
    """Also by an OCID that says the same: no process is related to itself."""
    own = {"scheme": "OCID", "id": "ocds-000000-63017000001"}
    (release,) = package(procurement=[EGP, EGP, own])["releases"]

    assert release["ocid"] == "ocds-000000-63017000001"
    assert "relatedProcesses" not in release
    assert release["planning"]["budget"]["amount"]["amount"] == 642_000_000


def test_each_purchase_is_a_process_that_names_the_others() -> None:
    """And a budget that nobody has divided stands in words in both."""
    first, second = package(procurement=[EGP, OCID])["releases"]

    assert (first["ocid"], second["ocid"]) == ("ocds-000000-63017000001", OCID["id"])
    assert first["relatedProcesses"][0]["identifier"] == second["ocid"]
    assert second["relatedProcesses"][0]["identifier"] == first["ocid"]
    assert "amount" not in first["planning"]["budget"]
    assert "642000000" in first["planning"]["budget"]["description"]


def test_a_later_version_is_an_update() -> None:
    made = package(version=2, change=change())

    assert made["releases"][0]["tag"] == ["tenderUpdate"]
    assert made["releases"][0]["id"] == "kinnari-lamp-posts-2-1"


def test_a_case_without_a_purchase_is_no_process() -> None:
    assert release_package(shown(procurement=[]), BASE) is None
