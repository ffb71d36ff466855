"""What stripping a 3 MB, 12 MP JPEG costs, next to one bare decode and encode of the same.

By hand: `PYTHONPATH=src python tests/bench/media_bench.py [rounds] [picture.jpg]`

Interleaved medians in one run, so that a busy machine troubles all columns alike. A child's
CPU is what its zygote reaped (`cutime` + `cstime` in `/proc/PID/stat`, in ticks of 10 ms, so
it is summed over all rounds); the serving process's own is `process_time`, all threads.
"""

import asyncio
import io
import os
import statistics
import sys
import time
from pathlib import Path

from PIL import Image

from mustshare_api.media.strip import Stripper

SIZE = (4000, 3000)
TICKS = os.sysconf("SC_CLK_TCK")


def photo() -> bytes:
    """A picture with the detail, and about the file size, of a phone's."""
    grain = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 60).resize(SIZE)
    sky = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge(
        "RGB", (Image.blend(sky, grain, 0.3), sky, Image.blend(grain, sky, 0.6))
    )
    octets = io.BytesIO()
    picture.save(octets, "JPEG", quality=93)
    return octets.getvalue()


def bare(octets: bytes, **settings: object) -> float:
    """CPU seconds of one decode and one encode by Pillow, in this process."""
    began = time.process_time()
    with Image.open(io.BytesIO(octets)) as picture:
        picture.save(io.BytesIO(), "JPEG", **settings)
    return time.process_time() - began


def children_s(zygote: int) -> float:
    """CPU seconds of all children that a zygote has reaped."""
    fields = Path(f"/proc/{zygote}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


async def measure(octets: bytes, rounds: int) -> None:
    """Interleaves the ways and prints one line each."""
    stripper = Stripper.start()
    assert stripper._zygote is not None
    zygote = stripper._zygote._process.pid
    source = os.memfd_create("source", os.MFD_ALLOW_SEALING)
    os.write(source, octets)
    same, default, serving, wall = [], [], [], []
    before = children_s(zygote)
    for _ in range(rounds):
        same.append(bare(octets, quality=92, subsampling="4:2:0"))
        default.append(bare(octets))
        own, began = time.process_time(), time.monotonic()
        os.close((await stripper.strip(source, len(octets))).fd)
        serving.append(time.process_time() - own)
        wall.append(time.monotonic() - began)
    child = (children_s(zygote) - before) / rounds
    stripper.close()
    floor = statistics.median(same)
    total = child + statistics.median(serving)
    rows = {
        "bare, quality 92": floor * 1e3,
        "bare, quality 75": statistics.median(default) * 1e3,
        "strip: child (mean)": child * 1e3,
        "strip: serving process": statistics.median(serving) * 1e3,
        "strip: wall": statistics.median(wall) * 1e3,
        "ratio to bare 92": total / floor,
        "ratio to bare 75": total / statistics.median(default),
    }
    sys.stdout.write(f"{len(octets) / 1e6:.1f} MB, {rounds} rounds; CPU ms, medians\n")
    sys.stdout.writelines(f"{name:24}{value:8.2f}\n" for name, value in rows.items())


if __name__ == "__main__":
    given = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else photo()
    asyncio.run(measure(given, int(sys.argv[1]) if len(sys.argv) > 1 else 15))
