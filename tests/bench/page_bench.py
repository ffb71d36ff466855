"""A published case page under `wrk`, beside a static file of the same octets as the ceiling.

    python -m tests.bench.page_bench [--seconds 5] [--rounds 3]

`mustshare serve` runs with its own PostgreSQL and with TLS, on loopback, in one process; nginx,
in one process too, gives the same octets from a file under the same certificate. They take
turns in one run, so that a busy machine slows both. Of the service two things are asked: the
page itself, and with `If-None-Match`, which is what a cache asks. The last column is what one
core would do that had nothing else to do: requests by the second of the process's own CPU.
"""

import argparse
import hashlib
import json
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.faults.canary.marks import Marks
from tests.faults.canary.traffic import Traffic
from tests.pages import case
from tests.programs import program
from tests.service import Service, free_ports, running

CONNECTIONS = 16
BODY = (
    "## ราคา\n\nเสาไฟต้นละ 95,000 บาท **แพงกว่าราคากลาง** [ที่มา](https://example.org/a)\n\n" * 20
)
NGINX = """\
daemon off; pid {folder}/nginx.pid; error_log /dev/null; worker_processes 1;
events {{ worker_connections 512; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key};
    root {folder}/files; default_type application/json; }} }}
"""


def published(service: Service) -> str:
    """The path of a case that two officers published."""
    traffic, page_id = Traffic(service, Marks()), secrets.token_hex(16)
    body = json.dumps(case(body={"th": BODY, "en": BODY})).encode()
    path = f"/v1/cases/{page_id}/publication"
    digest = json.dumps({"digest": hashlib.sha256(body).hexdigest()}).encode()
    for officer, sent in enumerate((digest, body)):
        by = service.org.officers[officer]
        signed: dict[str, Any] = {"keyid": by.keyid, "seed": by.sign_seed, "if_match": '"0"'}
        answer = traffic.signed("PUT", path, sent, created=int(time.time()), **signed)
        assert answer.status in (201, 202), answer.content
    return f"/v1/cases/{case()['slug']}"


@contextmanager
def static(service: Service, octets: bytes, folder: Path) -> Iterator[tuple[int, int]]:
    """The same octets in a file behind nginx; its process and port."""
    (folder / "files").mkdir()
    (folder / "files" / "page").write_bytes(octets)
    for above in (folder.parent, folder):
        above.chmod(0o755)  # started by root, nginx reads files as nobody
    port = free_ports()[0]
    pem = {"cert": service.folder / "server.pem", "key": service.folder / "server.key"}
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, **pem))
    nginx = program("nginx")
    process = subprocess.Popen([nginx, "-c", conf, "-p", folder], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Rate:
    """Requests a second of the clock, of the server's CPU, and how many went wrong."""

    by_clock: float
    by_cpu: float
    failed: int


def _cpu_s(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    times = [one.cpu_times() for one in family]
    return sum(one.user + one.system for one in times)


def wrk(pid: int, port: int, path: str, seconds: float, header: str = "") -> Rate:
    """Has a server asked for that long."""
    before = _cpu_s(pid)
    more = ["-H", header] if header else []
    command = [
        program("wrk"),
        "-t",
        "1",
        "-c",
        str(CONNECTIONS),
        "-d",
        f"{seconds:.0f}s",
        *more,
    ]
    ran = subprocess.run(
        [*command, f"https://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", ran.stdout)
    failed = re.search(r"Non-2xx or 3xx responses: ([0-9]+)", ran.stdout)
    assert rate is not None, ran.stdout
    count = re.search(r"([0-9]+) requests in", ran.stdout)
    assert count is not None, ran.stdout
    by_cpu = int(count[1]) / (_cpu_s(pid) - before)
    return Rate(float(rate[1]), by_cpu, int(failed[1]) if failed else 0)


def measured(folder: Path, seconds: float, rounds: int) -> dict[str, list[Rate]]:
    """What each does, round by round."""
    found: dict[str, list[Rate]] = {"page": [], "validator": [], "static file": []}
    with running(folder) as service:
        path = published(service)
        page = service.request("GET", path)
        etag = f"If-None-Match: {page.headers['etag']}"
        inner = folder / "static"
        inner.mkdir()
        assert service.process is not None
        ours = service.process.pid, service.ports[0]
        with static(service, page.content, inner) as file:
            for _ in range(rounds):
                found["page"].append(wrk(*ours, path, seconds))
                found["validator"].append(wrk(*ours, path, seconds, etag))
                found["static file"].append(wrk(*file, "/page", seconds))
    return found


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mustshare-page-bench-") as folder:
        found = measured(Path(folder), args.seconds, args.rounds)
    ceiling = statistics.median(rate.by_clock for rate in found["static file"])
    for what, rounds in found.items():
        rates = [rate.by_clock for rate in rounds]
        middle = statistics.median(rates)
        by_cpu = statistics.median(rate.by_cpu for rate in rounds)
        print(
            f"{what:<12} {middle:>8,.0f}/s  ({min(rates):,.0f} to {max(rates):,.0f})"
            f"  {middle / ceiling:.2f} of the ceiling  {by_cpu:>8,.0f} by a second of CPU"
            f"  failed: {sum(rate.failed for rate in rounds)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
