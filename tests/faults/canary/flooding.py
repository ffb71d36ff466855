"""Partners and challenges, with marks where a key, a solution or a network stands."""

import subprocess

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
    operated(traffic, "stop", "river-watch")
    traffic.send(REPORTER, "POST", "/v1/tips", words, mine)


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
