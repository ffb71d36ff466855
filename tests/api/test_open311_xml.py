"""GeoReport v2 in XML, which the standard asks for: the same facts, in its own elements."""

import threading
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from mustshare_api.api.plane import open311, open311_forms, xml
from tests.api.test_open311 import BASE, CELL, OF_THE_STANDARD
from tests.campaigns import SLUG, approved, mapped, published
from tests.doors import Doors
from tests.unit.domain.xss import VECTORS

OF_A_SERVICE = [
    *("service_code", "service_name", "description", "metadata", "type", "keywords", "group"),
]
OF_AN_ATTRIBUTE = {
    *("variable", "code", "datatype", "required", "datatype_description", "order"),
    "description",
}


async def _read(doors: Doors, path: str, status: int = 200) -> Any:
    answer = await doors.reporter.get(f"{BASE}/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (
        *(status, "text/xml; charset=utf-8"),
    )
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    return ET.fromstring(answer.content)  # noqa: S314 - our own


def _flat(element: Any) -> dict[str, str]:
    return {one.tag: one.text or "" for one in element}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


async def test_every_list_says_the_same_in_both_formats(doors: Doors) -> None:
    """Services, requests and one request: the standard's elements, nothing more or less."""
    await published(doors)
    await approved(doors, count=6)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    for path, outer, inner in (
        ("services", "services", "service"),
        ("requests", "service_requests", "request"),
        (f"requests/{CELL}", "service_requests", "request"),
    ):
        whole = await _read(doors, f"{path}.xml")
        (in_json,) = (await doors.reporter.get(f"{BASE}/{path}.json")).json()
        (element,) = whole

        assert (whole.tag, element.tag) == (outer, inner)
        assert _flat(element) == {name: _text(value) for name, value in in_json.items()}
        assert [one.tag for one in element] == list(in_json)
        assert set(in_json) in (OF_THE_STANDARD, set(OF_A_SERVICE))


async def test_a_definition_has_attributes_with_their_values(doors: Doors) -> None:
    """service_code, then attributes; a list's values as key and name."""
    await published(doors)
    whole = await _read(doors, f"services/{SLUG}.xml")
    attributes = whole.findall("attributes/attribute")

    assert (whole.tag, whole.findtext("service_code")) == ("service_definition", SLUG)
    assert len(attributes) == 10
    assert all({one.tag for one in a} - {"values"} == OF_AN_ATTRIBUTE for a in attributes)
    assert attributes[0].findtext("variable") == "true"
    assert "hole" in {one.text for one in whole.findall(".//values/value/key")}


async def test_discovery_names_both_formats(doors: Doors) -> None:
    """What the standard's service discovery asks for, in both."""
    whole = await _read(doors, "discovery.xml")
    in_json = (await doors.reporter.get(f"{BASE}/discovery.json")).json()

    assert [one.tag for one in whole] == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = whole.findall("endpoints/endpoint")
    assert [one.tag for one in endpoint] == list(in_json["endpoints"][0])
    assert [one.text for one in endpoint.findall("formats/format")] == [
        *("text/xml", "application/json"),
    ]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("requests.xml?status=broken", 400, "open311.bad_query"),
        ("requests.xml?page=0", 400, "open311.bad_query"),
        ("requests/none.1.xml", 404, "open311.not_found"),
        ("services/none.xml", 404, "open311.not_found"),
    ],
)
async def test_what_is_refused_is_told_in_the_standards_form(
    doors: Doors, path: str, status: int, code: str
) -> None:
    """errors, error, code and description; it is kept by nobody and quotes nothing."""
    await published(doors)
    whole = await _read(doors, path, status)
    (error,) = whole

    assert (whole.tag, [one.tag for one in error]) == ("errors", ["code", "description"])
    assert (error[0].text, (error[1].text or "").partition(":")[0]) == (str(status), code)
    assert (await doors.reporter.get(f"{BASE}/{path}")).headers["cache-control"] == "no-store"
    assert (await doors.reporter.post(f"{BASE}/requests.xml")).status_code == 403


@pytest.mark.parametrize("vector", [*VECTORS, "]]>", "&x;", "a\x00b\ufffe", "<!DOCTYPE a>"])
def test_no_text_becomes_an_element(vector: str) -> None:
    """Whatever a name says, it is read back as that text, in one element."""
    octets = open311_forms.written("xml", "services", [{"service_name": vector}])
    (service,) = ET.fromstring(octets)  # noqa: S314 - our own
    (name,) = service

    assert len(name) == 0
    assert (name.text or "").split() == xml.clean(vector).split()


async def test_a_campaigns_own_words_stay_words(doors: Doors) -> None:
    """A title made to break out is a title in every list."""
    evil = "</service_name><script>alert(1)</script>]]><!--"
    await published(doors, title={"th": evil, "en": evil})
    (service,) = await _read(doors, "services.xml")
    page = (await doors.reporter.get(f"/campaigns/{SLUG}")).text

    assert service.findtext("service_name") == evil
    assert "<script" not in page


async def test_a_page_of_requests_is_written_beside_whatever_else_is_asked(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody makes up queries, and a thousand requests take a while: no tip waits for that."""
    by: list[threading.Thread] = []

    def noted(form: open311_forms.Format, outermost: str, value: object) -> bytes:
        by.append(threading.current_thread())
        return open311_forms.written(form, outermost, value)

    monkeypatch.setattr(open311, "written", noted)
    await _read(doors, "requests.xml?page=1")

    assert by[0] is not threading.current_thread()
