"""Numbers of public purchases: which part is wrong, what was meant, where to look."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.domain.procurement import fault, has_form, links, suggestion

TODAY = date(2026, 11, 23)
"""In the year 2569."""


@pytest.mark.parametrize("number", ["69111234567", "66037123456", "49010000000", "69119999999"])
def test_a_right_number_has_no_fault(number: str) -> None:
    assert fault("TH-EGP", number, TODAY) is None
    assert has_form("TH-EGP", number)
    assert suggestion(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "code", "meant"),
    [
        ("", "procurement.not_digits", None),
        ("6911123456", "procurement.wrong_length", None),
        ("691112345678", "procurement.wrong_length", None),
        ("๖๙๑๑๑๒๓๔๕๖๗", "procurement.thai_digits", "69111234567"),
        ("69111๒34567", "procurement.thai_digits", "69111234567"),
        ("\uff16\uff1911 1234567", "procurement.not_digits", "69111234567"),
        ("6911123456\u00b2", "procurement.not_digits", None),
        ("69-11-1234567", "procurement.separators", "69111234567"),
        (" 69111234567", "procurement.separators", "69111234567"),
        ("69\u00a011\u20131234567", "procurement.separators", "69111234567"),
        ("69111234567\n", "procurement.separators", "69111234567"),
        ("6911123456x", "procurement.not_digits", None),
        ("६९१११२३४५६७", "procurement.not_digits", None),
        ("69001234567", "procurement.wrong_month", None),
        ("69131234567", "procurement.wrong_month", None),
        ("69121234567", "procurement.in_future", None),
        ("70011234567", "procurement.in_future", None),
        ("99011234567", "procurement.in_future", None),
        ("26111234567", "procurement.western_year", "69111234567"),
        ("06011234567", "procurement.western_year", "49011234567"),
        ("48111234567", "procurement.too_old", None),
        ("27011234567", "procurement.too_old", None),
        ("2569111234567", "procurement.full_year", "69111234567"),
        ("2026111234567", "procurement.full_year", "69111234567"),
        ("1911111234567", "procurement.wrong_length", None),
    ],
)
def test_each_way_of_being_wrong_has_its_code(
    number: str, code: str, meant: str | None
) -> None:
    """And, where there is no doubt about it, what was meant."""
    assert fault("TH-EGP", number, TODAY) == code
    assert suggestion(number, TODAY) == meant


def test_a_number_of_next_month_is_right_once_the_month_has_come() -> None:
    assert fault("TH-EGP", "69121234567", date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("ocds-213czf-68019123456", None),
        ("ocds-213czf-a/b", None),
        ("68019123456", "procurement.ocid_prefix"),
        ("OCDS-213czf-1", "procurement.ocid_prefix"),
        ("ocds-213cz-1", "procurement.ocid_prefix"),
        ("ocds-213czf-", "procurement.ocid_rest"),
        ("ocds-213czf-ก", "procurement.ocid_rest"),
        ("ocds-213czf-1\n", "procurement.ocid_rest"),
        ("ocds-213czf-" + "x" * 101, "procurement.ocid_rest"),
    ],
)
def test_an_ocid_is_wrong_in_front_or_behind(number: str, code: str | None) -> None:
    assert fault("OCID", number, TODAY) == code
    assert has_form("OCID", number) == (code is None)


@given(st.text(max_size=20))
def test_what_has_no_fault_has_its_form_and_what_is_suggested_has_no_fault(text: str) -> None:
    """For every text there is."""
    found, meant = fault("TH-EGP", text, TODAY), suggestion(text, TODAY)

    assert found is not None or has_form("TH-EGP", text)
    assert meant is None or (fault("TH-EGP", meant, TODAY) is None and meant != text)


def test_a_project_leads_to_its_two_pages() -> None:
    found = {link.name: link.url for link in links("TH-EGP", "66037123456")}

    assert found == {
        "ACT Ai": "https://procurement.actai.co/project/66037123456",
        "e-GP": "https://process.gprocurement.go.th/egp2procmainWeb/jsp/"
        "public_announ_search.jsp?projectId=66037123456&homeflag=QR",
    }


def test_an_ocid_of_a_project_leads_there_and_to_the_registry() -> None:
    assert [link.name for link in links("OCID", "ocds-213czf-66037123456")] == [
        "ACT Ai",
        "e-GP",
        "OCDS",
    ]
    assert [link.name for link in links("OCID", "ocds-213czf-abc")] == ["OCDS"]


@pytest.mark.parametrize("number", ["", "66037123456&x=", "6603712345", "๖๖๐๓๗๑๒๓๔๕๖"])
def test_what_has_not_its_form_is_put_into_no_link(number: str) -> None:
    assert links("TH-EGP", number) == ()
    assert links("OCID", number) == ()
