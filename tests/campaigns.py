"""The example campaign of the docs, published by two officers, and tips that answer it."""

import secrets
import tomllib
from pathlib import Path
from typing import Any

import httpx

from mustshare_api.flows import points
from tests.doors import JSON, Doors
from tests.pages import Desk

FOLDER = Path(__file__).parents[1] / "docs" / "examples" / "roads"
SLUG = "thai-roads-2569"
BASE = f"/v1/campaigns/{SLUG}"
ANSWERS: dict[str, Any] = {"defect": ["hole"], "holes": 3, "sign": False, "road": "ทล. 11"}
CHIANG_MAI = (18.7883, 98.9853)


def roads(**changes: Any) -> dict[str, Any]:
    """The example's content, as it is published."""
    read = tomllib.loads((FOLDER / "campaign.toml").read_text(encoding="utf-8"))
    del read["id"]
    days = {name: read[name].isoformat() for name in ("opens_on", "closes_on")}
    body = {
        language: (FOLDER / f"body.{language}.md").read_text(encoding="utf-8")
        for language in ("th", "en")
    }
    return {**read, **days, "body": body, "version": 1, **changes}


async def published(doors: Doors, **changes: Any) -> Desk:
    """The example, published; the two officers who did it."""
    desk = Desk(doors, "campaigns")
    answer = await desk.publish(roads(**changes))
    assert answer.status_code == 201, answer.text
    return desk


async def answered(doors: Doors, **more: Any) -> httpx.Response:
    """A tip that answers the example."""
    told = {"text": "ถนนพัง", "campaign": SLUG, "answers": ANSWERS, **more}
    return await doors.reporter.post("/v1/tips", json=told, headers=JSON)


async def approved(
    doors: Doors, at: tuple[float, float] = CHIANG_MAI, count: int = 1, **more: Any
) -> list[str]:
    """So many points there, approved; their ids."""
    ids = [secrets.token_hex(16) for _ in range(count)]
    for point_id in ids:
        answer = await approve(doors, {"id": point_id, **place(at), **more})
        assert answer.status_code == 201, answer.text
    return ids


def place(at: tuple[float, float], precision_m: int = 1000) -> dict[str, Any]:
    """A place as a point has it."""
    nonce = secrets.token_hex(16)
    return {"nonce": nonce, "latitude": at[0], "longitude": at[1], "precision_m": precision_m}


async def approve(doors: Doors, said: Any, slug: str = SLUG) -> httpx.Response:
    """A request to put a point on a map."""
    octets = said if isinstance(said, bytes) else httpx.Request("POST", "/", json=said).content
    return await doors.signed("POST", f"/v1/campaigns/{slug}/points", octets)


async def mapped(doors: Doors) -> Any:
    """The map as GeoJSON, once whatever is due has come out."""
    await points.release(doors.bench)
    answer = await doors.reporter.get(f"{BASE}/map.geojson")
    assert answer.status_code == 200, answer.text
    return answer.json()
