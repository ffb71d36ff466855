"""Places by code, for everybody; what is known of webhooks; a case as open contracting data."""

import base64

import pytest

from mustshare_api.domain import places
from mustshare_api.domain.webhooks import TYPES
from mustshare_api.flows import deeds
from mustshare_api.flows.partners import new_key
from mustshare_api.flows.standing import hash_of_key
from mustshare_api.store.partners import Partner
from mustshare_api.store.webhook_endpoints import Endpoint
from tests.doors import Doors
from tests.ocds_rules import broken
from tests.pages import Desk, case
from tests.store.made import TODAY

LEAF = deeds.of_operator("operator-webhook-added", TODAY, "river-watch")


async def test_a_form_walks_from_the_provinces_down(doors: Doors) -> None:
    """77 provinces; then what lies in each, to the last sub-district."""
    listed = (await doors.reporter.get("/v1/places")).json()
    district = (await doors.reporter.get("/v1/places/8405")).json()
    lowest = (await doors.reporter.get("/v1/places/840503")).json()

    assert len(listed["places"]) == 77
    assert (listed["version"], "CC BY 4.0" in listed["source"]) == (places.version(), True)
    assert district["parent"]["code"] == "84"
    assert {"code": "840503", "name": lowest["name"]} in district["children"]
    assert lowest == {
        "code": "840503",
        "name": {"th": "เกาะเต่า", "en": "Ko Tao"},
        "level": "sub_district",
        "parent": {"code": "8405", "name": {"th": "เกาะพะงัน", "en": "Ko Pha-ngan"}},
        "children": [],
        "abolished_on": None,
        "successors": [],
        "successors_by": None,
    }


async def test_the_form_says_which_list_is_in_use(doors: Doors) -> None:
    """So that a front end knows when its own copy is old."""
    shown = (await doors.reporter.get("/v1/intake")).json()

    assert shown["places_version"] == places.version()


async def test_an_abolished_place_says_what_it_is_today(doors: Doors) -> None:
    gone = (await doors.reporter.get("/v1/places/104701")).json()

    assert gone["abolished_on"] == "2022-04-22"
    assert [one["code"] for one in gone["successors"]] == ["104702", "104703"]
    assert gone["successors_by"] == "notice"


@pytest.mark.parametrize("code", ["99", "1", "1001010", "abc", "..", "10.0"])
async def test_what_is_no_place_is_not_found(doors: Doors, code: str) -> None:
    answer = await doors.reporter.get(f"/v1/places/{code}")

    assert answer.status_code == 404
    assert answer.json()["code"] in ("place.not_found", "request.not_found")


@pytest.mark.parametrize("path", ["/v1/places", "/v1/places/84", "/v1/webhooks"])
async def test_it_may_be_kept_and_read_from_every_page(doors: Doors, path: str) -> None:
    """By its ETag, for a minute, from any origin."""
    first = await doors.reporter.get(path)
    etag = {"if-none-match": first.headers["etag"]}
    again = await doors.reporter.get(path, headers=etag)

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["access-control-allow-origin"] == "*"


async def test_the_public_key_of_webhooks_is_there_for_everybody(doors: Doors) -> None:
    """And stays the same; with it, what there is to be told."""
    shown = (await doors.reporter.get("/v1/webhooks")).json()
    again = (await doors.reporter.get("/v1/webhooks")).json()

    assert shown == again
    assert len(base64.b64decode(shown["public_key"].removeprefix("whpk_"))) == 32
    assert {*shown["public_types"], *shown["partner_types"]} == set(TYPES)


async def test_a_partner_sees_its_own_endpoints_and_no_secret(doors: Doors) -> None:
    """Not those of another, and nothing without its key."""
    keys = {name: new_key() for name in ("river-watch", "nacc")}
    for name, key in keys.items():
        partner = Partner(name, (), 100, 100, stopped=False)
        await doors.bench.gate.partners.add(partner, hash_of_key(key), TODAY, LEAF)
        endpoint = Endpoint(name, f"https://{name}.example.org/", ("case.published",))
        ids = (name.encode().ljust(16), bytes(32))
        assert await doors.bench.endpoints.add(endpoint, ids, TODAY, LEAF)

    shown = await doors.reporter.get(
        "/v1/partner/webhooks", headers={"partner-key": keys["nacc"]}
    )

    assert shown.json() == {
        "endpoints": [
            {
                "id": b"nacc".ljust(16).hex(),
                "url": "https://nacc.example.org/",
                "types": ["case.published"],
                "waiting": 0,
                "proven": True,
                "given_up_on": None,
                "given_up_for": None,
                "tested_on": None,
                "test_status": None,
                "test_why": None,
            }
        ]
    }
    assert (await doors.reporter.get("/v1/partner/webhooks")).status_code == 401


async def test_a_published_case_is_exported_as_ocds(doors: Doors) -> None:
    """By the standard's rules; 410 once it was taken down, like the case itself."""
    desk = Desk(doors)
    await desk.publish(case())
    path = "/v1/cases/kinnari-lamp-posts/ocds.json"
    shown = await doors.reporter.get(path)
    await desk.take_down(1)
    doors.clock.advance(seconds=2)
    gone = await doors.reporter.get(path)

    assert (shown.status_code, broken(shown.json())) == (200, [])
    assert (gone.status_code, gone.json()["code"]) == (410, "page.taken_down")


async def test_a_case_without_a_purchase_has_nothing_to_export(doors: Doors) -> None:
    await Desk(doors).publish(case(procurement=[]))
    answer = await doors.reporter.get("/v1/cases/kinnari-lamp-posts/ocds.json")
    other = await doors.reporter.get("/v1/cases/nothing/ocds.json")

    assert (answer.status_code, answer.json()["code"]) == (404, "page.no_purchase")
    assert (other.status_code, other.json()["code"]) == (404, "page.not_found")


async def test_the_gauge_says_how_many_endpoints_were_given_up(doors: Doors) -> None:
    answer = await doors.operator.get("/metrics")

    assert "\nmustshare_webhooks_given_up 0\n" in answer.text
