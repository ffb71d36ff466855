"""Partners and challenges, with marks where a key, a solution or a network stands."""

import asyncio
import json
import secrets
import subprocess

import asyncpg

from mustshare_api.app.delivering import process
from mustshare_api.settings import Settings
from tests.faults.canary import traffic as ways
from tests.faults.canary.traffic import REPORTER, Traffic
from tests.faults.reporters import JSON


def partners(traffic: Traffic) -> None:
    """A partner that is added, asks, sends, and is stopped; a key that is nobody's."""
    key = operated(traffic, "add", "river-watch", "--quota", "50").strip()
    traffic.marks.watch("a partner's key", key.encode())
    mine = {"Partner-Key": key, **JSON}
    words = ways.tip(traffic.marks.text("by-a-partner"))
    for target in ("/v1/partner/self", "/v1/partner/webhooks"):
        assert traffic.send(REPORTER, "GET", target, headers=mine).status == 200
    assert traffic.send(REPORTER, "POST", "/v1/tips", words, mine).status == 201
    assert traffic.send(REPORTER, "POST", "/v1/challenges").status == 201
    traffic.send(REPORTER, "GET", "/v1/partner/self")
    stranger = {"Partner-Key": traffic.marks.of("partner-key"), **JSON}
    traffic.send(REPORTER, "POST", "/v1/tips", words, stranger)
    own_webhooks(traffic, mine)
    operated(traffic, "stop", "river-watch")
    traffic.send(REPORTER, "POST", "/v1/tips", words, mine)


def own_webhooks(traffic: Traffic, mine: dict[str, str]) -> None:
    """A webhook that the partner keeps itself; that it took a test, the other process says."""
    path = f"/v1/partner/webhooks/{secrets.token_hex(16)}"
    body = {"url": "https://hooks.example.org/new", "secret_id": secrets.token_hex(16)}
    sent: list[tuple[str, str, dict[str, str] | None]] = [
        ("PUT", "", body),
        ("POST", "/test", None),
        ("PUT", "/secret", {"secret_id": secrets.token_hex(16)}),
        ("POST", "/start", None),
        ("POST", "/replay", {}),
        ("DELETE", "", None),
    ]
    for method, below, said in sent:
        if below == "/replay":
            asyncio.run(_prove(process.database_of(_settings(traffic))))
        octets = None if said is None else json.dumps(said).encode()
        answer = traffic.send(REPORTER, method, path + below, octets, mine)
        assert answer.status < 300, answer.content


def _settings(traffic: Traffic) -> Settings:
    chosen = traffic.service.environment().get("MUSTSHARE_DATABASE_URL")
    return Settings(database_url=chosen, data_dir=traffic.service.data)


async def _prove(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE webhook_endpoints SET proven = true")
    await connection.close()


def operated(traffic: Traffic, *deed: str) -> str:
    """What `mustshare partner ...` prints, beside the running service."""
    service = traffic.service
    done = subprocess.run(
        service.command("partner", *deed),
        cwd=service.folder,
        env=service.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()
