"""Campaigns as Open311 GeoReport v2 has them: for reading, from the public map alone."""

from typing import Any

import pytest

from tests.campaigns import SLUG, approved, mapped, published
from tests.doors import JSON, Doors
from tests.pages import Desk

BASE = "/v1/open311"
CELL = f"{SLUG}.1000_18.7800_98.9800"
OF_THE_STANDARD = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat"),
    *("long", "media_url"),
}


async def test_a_campaign_with_a_map_is_a_service_with_its_questions(doors: Doors) -> None:
    """By its slug; types and options under the standard's own names."""
    await published(doors)
    (service,) = (await doors.reporter.get(f"{BASE}/services.json")).json()
    told = (await doors.reporter.get(f"{BASE}/services/{SLUG}.json")).json()
    by_code = {one["code"]: one for one in told["attributes"]}

    assert (service["service_code"], service["type"], service["metadata"]) == (
        *(SLUG, "blackbox", True),
    )
    assert by_code["defect"]["datatype"] == "multivaluelist"
    assert by_code["defect"]["values"][0] == {"key": "hole", "name": "หลุม บ่อ"}
    assert by_code["holes"]["datatype"] == "number"
    assert by_code["sign"]["values"][0]["key"] == "true"
    assert [one["order"] for one in told["attributes"]] == list(range(1, 11))


async def test_a_shown_cell_is_a_request_and_nothing_else_is(doors: Doors) -> None:
    """With its middle, its band and its week; no field that the public map lacks."""
    await published(doors)
    await approved(doors, count=6)
    await approved(doors, (13.75, 100.5))
    doors.clock.advance(weeks=4)
    await mapped(doors)
    (told,) = (await doors.reporter.get(f"{BASE}/requests.json")).json()

    assert set(told) == OF_THE_STANDARD
    assert (told["service_request_id"], told["lat"], told["long"]) == (CELL, 18.785, 98.985)
    assert told["requested_datetime"] == "2026-12-21T00:00:00+07:00"
    assert told["description"].endswith(": 5-9")
    assert (await doors.reporter.get(f"{BASE}/requests/{CELL}.json")).json() == [told]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"service_code": f"other,{SLUG}"}, 1),
        ({"service_code": "other"}, 0),
        ({"service_request_id": CELL}, 1),
        ({"service_request_id": "other"}, 0),
        ({"status": "open"}, 1),
        ({"status": "closed"}, 0),
        ({"start_date": "2026-12-20T17:00:00Z", "end_date": "2026-12-21T16:59:59Z"}, 1),
        ({"start_date": "2026-12-21T17:00:00Z"}, 0),
        ({"jurisdiction_id": "anywhere"}, 1),
        ({"status": "broken"}, None),
        ({"start_date": "yesterday"}, None),
        ({"start_date": "2026-13-01T00:00:00Z"}, None),
        ({"api_key": "x"}, None),
        ({"page": "1", "page_size": "1"}, 1),
        ({"page": "2"}, 0),
        ({"page": "0"}, None),
        ({"page": "1", "page_size": "1001"}, None),
    ],
)
async def test_requests_are_filtered_as_the_standard_has_it(
    doors: Doors, query: dict[str, str], count: int | None
) -> None:
    """What is no query of the standard's is refused."""
    await published(doors)
    await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    told = await doors.reporter.get(f"{BASE}/requests.json", params=query)

    if count is None:
        (error,) = told.json()
        assert (told.status_code, error["code"]) == (400, 400)
        assert error["description"].startswith("open311.bad_query")
    else:
        assert len(told.json()) == count


@pytest.mark.parametrize(
    "path",
    [
        *("services/of-nobody.json", "services/thai-roads-2569.yaml", "requests/1.json"),
        *(f"requests/{SLUG}.1000_1.0000_2.0000.json", "requests/%2e%2e.json"),
    ],
)
async def test_what_is_not_there_is_not_found(doors: Doors, path: str) -> None:
    """No such campaign, no such cell, another format."""
    await published(doors)

    told = await doors.reporter.get(f"{BASE}/{path}")

    assert told.status_code == 404
    assert b"open311.not_found" in told.content or b"request.not_found" in told.content


async def test_a_report_is_not_taken_there_and_told_where_it_is(doors: Doors) -> None:
    """It would come in clear: the answer names the door that seals."""
    sent: dict[str, Any] = {"service_code": SLUG, "lat": 18.7, "long": 98.9}
    form = await doors.reporter.post(f"{BASE}/requests.json", data=sent)
    told = await doors.reporter.post(f"{BASE}/requests.json", json=sent, headers=JSON)

    assert (form.status_code, told.status_code) == (403, 403)
    (error,) = told.json()
    assert error["description"].startswith("open311.read_only")
    assert "/v1/tips" in error["description"]


async def test_a_campaign_without_a_map_is_no_service(doors: Doors) -> None:
    """There would be nothing to read of it."""
    desk = Desk(doors, "campaigns")
    await published(doors, map=None)

    assert desk.plural == "campaigns"
    assert (await doors.reporter.get(f"{BASE}/services.json")).json() == []
    assert (await doors.reporter.get(f"{BASE}/services/{SLUG}.json")).status_code == 404


async def test_made_up_queries_ask_the_database_for_no_map(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for all of them: each would be a walk over every point of every campaign."""
    await published(doors)
    await approved(doors, count=5)
    doors.clock.advance(weeks=4)
    await mapped(doors)
    assert len((await doors.reporter.get(f"{BASE}/requests.json")).json()) == 1
    monkeypatch.setattr(doors.bench.plane.points, "all_shown", None)
    for hour in range(3):
        query = {"start_date": f"2026-11-23T0{hour}:00:00Z"}
        answer = await doors.reporter.get(f"{BASE}/requests.json", params=query)
        assert len(answer.json()) == 1
