"""What an accepted operation costs, beside the floor beneath it, in one interleaved run.

    make bench                     the whole table, two to three minutes
    make bench ARGS="--quick"      the same, shorter and rougher
    make bench ARGS="--json FILE"  and the figures for a machine

CPU is read from /proc for the serving process, the database and the picture worker apart, so
that a busy machine troubles the ratios little. Clients and floor are processes of their own.
"""

import argparse
import base64
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from mustshare_api.crypto import receipts, sealing
from mustshare_api.crypto.envelope import Kind, Prefix
from mustshare_api.domain import receipt
from tests.bench import meters
from tests.bench.table import CLIENTS, Figures, show
from tests.faults.reporters import sealed_tip
from tests.service import SRC, Service, running

TEXT = "ถนนหน้าโรงเรียนพังหลังส่งงานหนึ่งเดือน งบสี่ล้านบาท " * 6
MIB = 1 << 20


class Bench:
    """A running service and what is sent to it."""

    def __init__(self, service: Service, folder: Path, seconds: float, rounds: int) -> None:
        assert service.process is not None
        self.service, self.folder = service, folder
        self.seconds, self.rounds = seconds, rounds
        self.pid = service.process.pid
        self.receipts = [self._new_receipt() for _ in range(4)]

    def _new_receipt(self) -> str:
        return f"Receipt {self.service.send_tip(TEXT).json()['receipt']}"

    def load(self, kind: str, clients: int, **more: Any) -> Figures:
        """Runs a load and says what it cost an accepted request."""
        job = {
            "kind": kind,
            "clients": clients,
            "port": self.service.ports[0],
            "ca": str(self.service.folder / "ca.pem"),
            "wants": [201],
            "seconds": self.seconds,
            **more,
        }
        before = meters.cost(self.pid)
        found = self._run("tests.bench.load", job)
        spent = meters.cost(self.pid) - before
        done = max(found["accepted"], 1)
        return {
            **found,
            "serving_ms": spent.serving / done * 1e3,
            "database_ms": spent.database / done * 1e3,
            "worker_ms": spent.worker / done * 1e3,
        }

    def floor(self, clients: int) -> Figures:
        """The same tips without a service around them."""
        socket = self.service.data / "postgres" / "socket"
        keys = [base64.b64encode(key).decode() for key in self.service.org.recipients()]
        job = {
            "dsn": f"postgresql://mustshare@/postgres?host={socket}",
            "clients": clients,
            "seconds": self.seconds,
            "recipients": keys,
            "text": TEXT,
        }
        return self._run("tests.bench.floor", job)

    def bare_picture(self, photo: Path) -> Figures:
        """One decode and one encode, nothing else."""
        return self._run("tests.bench.floor", {"photo": str(photo)})

    def _run(self, module: str, job: Figures) -> Figures:
        ran = subprocess.run(
            [sys.executable, "-m", module],
            cwd=SRC.parent,
            env={"PYTHONPATH": f"{SRC}:{SRC.parent}", "PATH": "/usr/bin:/bin"},
            input=json.dumps(job).encode(),
            capture_output=True,
            check=True,
        )
        found: Figures = json.loads(ran.stdout)
        return found


def tips(bench: Bench) -> Figures:
    """Text tips in both ways at each concurrency, next to the floor, interleaved."""
    body = bench.folder / "sealed"
    body.write_bytes(sealed_tip(bench.service, TEXT, receipt.mint()))
    ways = {
        "floor": bench.floor,
        "in clear": lambda n: bench.load("in clear", n, text=json.dumps({"text": TEXT})),
        "sealed": lambda n: bench.load("sealed", n, body=str(body)),
    }
    found: Figures = {}
    for clients in CLIENTS:
        runs: dict[str, list[Figures]] = {way: [] for way in ways}
        for _ in range(bench.rounds):
            for way, run in ways.items():
                runs[way].append(run(clients))
        for way, of in runs.items():
            found[f"{way}, {clients}"] = _middle(of)
    return found


def _middle(runs: list[Figures]) -> Figures:
    """Medians; what failed or was shed, in all."""
    found: Figures = {}
    for name, value in runs[0].items():
        values = [run[name] for run in runs]
        if name in ("failed", "shed", "accepted"):
            found[name] = sum(values)
        else:
            found[name] = value if isinstance(value, list) else statistics.median(values)
    return found


def photos(bench: Bench) -> Figures:
    """A 12-megapixel JPEG of 3 MB, next to one bare decode and encode of it."""
    photo = bench.folder / "photo.jpg"
    make_photo(photo)
    bench.load("upload", 1, each=1, sealed=False, credentials=bench.receipts, body=str(photo))
    floors, runs = [], []
    for _ in range(2 + 2 * bench.rounds):
        floors.append(bench.bare_picture(photo))
        runs.append(
            bench.load(
                "upload", 1, each=3, sealed=False, credentials=bench.receipts, body=str(photo)
            )
        )
    return {
        "file_mb": photo.stat().st_size / 1e6,
        "floor": _middle(floors),
        "photo": _mean(runs),
    }


def _mean(runs: list[Figures]) -> Figures:
    """Means: what a worker cost is told in ticks of 10 ms."""
    return {
        name: statistics.fmean(run[name] for run in runs)
        for name, value in runs[0].items()
        if not isinstance(value, list)
    }


def make_photo(path: Path) -> None:
    """A picture with the detail, and about the file size, of a phone's."""
    size = (4000, 3000)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 60).resize(size)
    sky = Image.linear_gradient("L").resize(size)
    bands = (Image.blend(sky, grain, 0.3), sky, Image.blend(grain, sky, 0.6))
    Image.merge("RGB", bands).save(path, "JPEG", quality=88)


def memory(bench: Bench) -> Figures:
    """What 30 MB uploads hold, one and four at a time, in clear and sealed."""
    found = {}
    for sealed in (False, True):
        body, credentials = _large(bench, sealed=sealed)
        for clients in (1, 4):
            with meters.watched(bench.pid) as most:
                ran = bench.load(
                    "upload", clients, each=1, sealed=sealed, credentials=credentials, body=body
                )
            way = "sealed" if sealed else "in clear"
            found[f"30 MB {way}, {clients}"] = {
                "rss_mib_each": most.rss / clients,
                "parked_mib_each": most.parked / clients,
                "failed": ran["failed"],
                "serving_ms": ran["serving_ms"],
            }
    return found


def _large(bench: Bench, *, sealed: bool) -> tuple[str, list[str]]:
    """A 29 MiB photo (most of it trailing data, which is removed), or a sealed file."""
    path = bench.folder / f"large-{sealed}"
    if not sealed:
        photo = (bench.folder / "photo.jpg").read_bytes()
        path.write_bytes(photo + bytes(29 * MIB - len(photo)))
        return str(path), [bench._new_receipt()]
    service, digits, tip_id = bench.service, receipt.mint(), secrets.token_bytes(16)
    keys = receipts.derive(digits, service.org.deployment_id)
    body = bytearray(sealed_tip(service, TEXT, digits))
    tip_id = bytes(body[1280 + 8 : 1280 + 24])
    service.request(
        "POST", "/v1/tips", bytes(body), {"Content-Type": "application/octet-stream"}
    )
    kind = Kind.ATTACHMENT_FROM_REPORTER
    prefix = Prefix(kind, 0, tip_id, bytes(16), receipts.bundle_hash(keys.bundle))
    sealer = sealing.AttachmentSealer(prefix, service.org.recipients(), 29 * MIB)
    pieces = [sealer.update(bytes(MIB // 4)) for _ in range(29 * 4)]
    path.write_bytes(b"".join([sealer.head, *pieces, sealer.finalize()]))
    token = base64.urlsafe_b64encode(keys.access).rstrip(b"=").decode()
    return str(path), [f"Bearer {token}"]


def burst(bench: Bench) -> Figures:
    """How late everybody else is while 100 front ends present receipts at once."""
    form = {"target": "/v1/intake", "wants": [200]}
    idle = bench.load("ask", 1, **form)
    with ThreadPoolExecutor(1) as aside:
        crowd = {"target": "/v1/tip", "wants": [401], "credential": "Receipt 1234"}
        receipts_ = aside.submit(bench.load, "ask", 100, **crowd)
        during = bench.load("ask", 1, **form)
        shed = receipts_.result()
    keep = ("p50_ms", "p99_ms", "failed")
    return {
        "idle": {name: idle[name] for name in keep},
        "during": {name: during[name] for name in keep},
        "receipts": {name: shed[name] for name in ("accepted", "shed", "failed", "p99_ms")},
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    seconds, rounds = (1.5, 1) if chosen.quick else (3.0, 3)
    with tempfile.TemporaryDirectory(prefix="mustshare-bench-") as home:
        folder = Path(home)
        with running(folder, {"MUSTSHARE_RECEIPT_QUEUE": "64"}) as service:
            bench = Bench(service, folder, seconds, rounds)
            found: Figures = {}
            for part in (tips, photos, memory, burst):
                print(f"measuring {part.__name__} ...", file=sys.stderr)
                found[part.__name__] = part(bench)
    show(found)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
