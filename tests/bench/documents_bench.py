"""What a PDF, a film and a recording cost: CPU of the child and of the gate, and memory.

By hand: `PYTHONPATH=src:. python tests/bench/documents_bench.py [rounds] [file ...]`

CPU is what the zygote reaped and what this process used, as in `media_bench`. Memory is the
most that a process had which did nothing but make this one file anew, less what it had once its
libraries were loaded; the file itself and the new one are in it.
"""

import asyncio
import io
import os
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from tests.bench.media_bench import Stripping, in_memory
from tests.documents import films, pdfs
from tests.pictures import drawn

FILM_S, FPS, FILM_SIZE = 30, 30, (1280, 720)
PAGES = 60
A4 = (1240, 1754)
_MEASURE = """
import io, sys
from mustshare_api.media.anew import anew
from mustshare_api.media.report import Order
from mustshare_api.media.sniff import sniff
def most():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
before = most()
octets = open(sys.argv[1], "rb").read()
anew(octets, Order(sniff(octets[:64]), len(octets)), io.BytesIO())
print(most() - before)
"""


def scans() -> bytes:
    """Sixty scanned pages."""
    page = drawn.screenshot(A4)
    octets = io.BytesIO()
    page.save(octets, "PDF", resolution=150, save_all=True, append_images=[page] * (PAGES - 1))
    return octets.getvalue()


def words() -> bytes:
    """A page full of words; one is enough, as pages are drawn one by one."""
    lines = b" ".join(
        b"BT /F 9 Tf 10 %d Td (%b) Tj ET" % (at, b"word " * 20) for at in range(5, 315, 10)
    )
    return pdfs.written(pdfs.objects(content=lines))


def film() -> bytes:
    """Thirty seconds at 720 lines with the grain, and about the size, of a phone's."""
    kit: Any = av
    out = io.BytesIO()
    grain = [Image.effect_noise(FILM_SIZE, 50).convert("RGB") for _ in range(8)]
    with kit.open(out, "w", format="mov") as container:
        options = {"preset": "ultrafast", "b": "8M", "maxrate": "8M", "bufsize": "8M"}
        seen = container.add_stream("libx264", rate=FPS, options=options)
        seen.width, seen.height, seen.pix_fmt = *FILM_SIZE, "yuv420p"
        for number in range(FILM_S * FPS):
            frame = kit.VideoFrame.from_image(grain[number % len(grain)])
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(seen.encode(frame))
        container.mux(seen.encode(None))
    return out.getvalue()


def memory_kib(octets: bytes) -> int:
    """What making a file anew takes beyond its libraries."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(octets)
        command = [sys.executable, "-c", _MEASURE, file.name]
        return int(subprocess.run(command, check=True, capture_output=True).stdout)


async def row(stripping: Stripping, name: str, octets: bytes, rounds: int) -> None:
    """One line: sizes, CPU, memory."""
    times = []
    with in_memory(octets) as source:
        done = await stripping._stripper.strip(source, len(octets))
        os.close(done.fd)
        for _ in range(rounds):
            before = stripping.cpu_s()
            again = await stripping._stripper.strip(source, len(octets))
            times.append(stripping.cpu_s() - before)
            os.close(again.fd)
    cpu_ms = statistics.median(times) * 1e3
    of = f"{cpu_ms / done.pages:.0f} ms a page" if done.pages else f"{done.duration_s} s long"
    print(
        f"{name:22}{len(octets) / 1e6:6.1f} MB in{done.size_bytes / 1e6:6.1f} MB out"
        f"{cpu_ms:8.0f} ms CPU{memory_kib(octets) / 1024:7.0f} MiB   {of}"
    )


async def main(rounds: int, given: list[str]) -> None:
    """Everything."""
    named = {
        "60 scanned pages": scans(),
        "a page of words": words(),
        "30 s of film": film(),
        "a second of MP3": films.film("mp3", None, "libmp3lame"),
    } | {Path(path).name: Path(path).read_bytes() for path in given}
    stripping = Stripping()
    for name, octets in named.items():
        await row(stripping, name, octets, rounds)
    stripping.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, sys.argv[2:]))
