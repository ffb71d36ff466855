"""What stripping a 12 MP picture costs, next to one bare decode and encode of the same.

By hand: `PYTHONPATH=src:. python tests/bench/media_bench.py [rounds] [picture ...]`

For each format, in turn and in each round anew, so that a busy machine troubles all columns
alike: Pillow (for HEIC pi-heif, then Pillow) decoding the file and encoding it as the JPEG that
we make; the stripper; and mat2, where it is installed. CPU alone is compared. A child's is what
its zygote reaped (`cutime` and `cstime` in `/proc/PID/stat`, in ticks of 10 ms), the serving
process's is `process_time`, all threads, mat2's what this process reaped. Then: what a job
costs that draws next to nothing, how late the event loop is with four pictures in work, and how
far from the original the pictures are.
"""

import asyncio
import io
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pi_heif
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from mustshare_api.media.strip import Stripper
from tests.pictures import heifs

SIZE = (4096, 3072)
TICKS = os.sysconf("SC_CLK_TCK")
LIMITS = {"JPEG": 1.15, "HEIC": 1.15, "WEBP": 1.3, "AVIF": 1.3, "TIFF": 1.3}
MAT2_LIMITS = {"JPEG": 0.75, "PNG": 0.2}
SMALL_JOBS = 40


def photo() -> Image.Image:
    """A picture with the detail, and about the file size, of a phone's."""
    grain = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 60).resize(SIZE)
    sky = Image.linear_gradient("L").resize(SIZE)
    return Image.merge("RGB", (Image.blend(sky, grain, 0.3), sky, Image.blend(grain, sky, 0.6)))


def files() -> dict[str, bytes]:
    """The picture in each format; HEIC of tiles, as phones write it."""
    picture = photo()
    settings: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 93},
        "WEBP": {"quality": 85, "method": 2},
        "AVIF": {"quality": 70, "speed": 9},
        "TIFF": {"compression": "tiff_lzw"},
        "PNG": {"compress_level": 3},
    }
    made = {form: encoded(picture, form, **given) for form, given in settings.items()}
    return made | {"HEIC": heifs.grid(SIZE[0] // 512, SIZE[1] // 512)}


def encoded(picture: Image.Image, form: str, **settings: Any) -> bytes:
    """A picture as a file."""
    octets = io.BytesIO()
    picture.save(octets, form, **settings)
    return octets.getvalue()


def decoded(octets: bytes, form: str) -> Image.Image:
    """A file as a picture, by the library alone."""
    if form == "HEIC":
        heif = cast("Any", pi_heif)
        heif.options.DECODE_THREADS = 1
        made: Image.Image = heif.open_heif(octets).to_pillow()
        return made
    picture = Image.open(io.BytesIO(octets))
    picture.load()
    return picture


def bare(octets: bytes, form: str) -> float:
    """CPU seconds of one decode and one encode, in this process."""
    began = time.process_time()
    encoded(decoded(octets, form), "JPEG", quality=92, subsampling="4:2:0")
    return time.process_time() - began


def mat2(octets: bytes, form: str) -> float | None:
    """CPU seconds of one cleaning by mat2, its start-up taken off; None where it can't."""
    program = shutil.which("mat2")
    if program is None or form not in MAT2_LIMITS:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"picture.{form.lower()}"
        path.write_bytes(octets)
        whole = reaped(program, str(path))
        return whole - reaped(program, "--version")


def reaped(*command: str) -> float:
    """CPU seconds of a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def in_memory(octets: bytes) -> Generator[int]:
    """A memory file with these octets."""
    source = os.memfd_create("source", os.MFD_ALLOW_SEALING)
    try:
        os.write(source, octets)
        yield source
    finally:
        os.close(source)


class Stripping:
    """One stripper, and what it uses up."""

    def __init__(self) -> None:
        self._stripper = Stripper.start()
        assert self._stripper._pictures.zygote is not None
        self._zygote = self._stripper._pictures.zygote._process.pid

    def cpu_s(self) -> float:
        """Of all its children so far, and of this process."""
        stat = Path(f"/proc/{self._zygote}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks = sum(int(field) for field in stat[11:15])
        return ticks / TICKS + time.process_time()

    async def strip_fd(self, source: int) -> None:
        """Strips one file that is in memory already, and looks at nothing."""
        os.close((await self._stripper.strip(source, os.fstat(source).st_size)).fd)

    async def strip(self, octets: bytes) -> bytes:
        """Strips one file."""
        with in_memory(octets) as source:
            done = await self._stripper.strip(source, len(octets))
        out = os.pread(done.fd, done.size_bytes, 0)
        os.close(done.fd)
        return out

    def close(self) -> None:
        """Ends it."""
        self._stripper.close()


async def compare(stripping: Stripping, named: dict[str, bytes], rounds: int) -> None:
    """Interleaves the ways and prints a row a format."""
    times: dict[str, list[tuple[float, float, float | None]]] = {name: [] for name in named}
    for _ in range(rounds):
        for name, octets in named.items():
            form = name.partition(" ")[0]
            floor = bare(octets, form)
            before = stripping.cpu_s()
            await stripping.strip(octets)
            ours = stripping.cpu_s() - before
            times[name].append((floor, ours, mat2(octets, form)))
    print(
        f"{'':14}{'MB':>6}{'bare ms':>9}{'ours ms':>9}{'ratio':>7}{'at most':>9}{'to mat2':>9}"
    )
    for name, rows in times.items():
        floor, ours = (statistics.median(row[n] or 0 for row in rows) for n in (0, 1))
        others = [row[2] for row in rows if row[2]]
        to_mat2 = f"{ours / statistics.median(others):9.2f}" if others else ""
        limit = LIMITS.get(name.partition(" ")[0])
        print(
            f"{name:14}{len(named[name]) / 1e6:6.1f}{floor * 1e3:9.0f}{ours * 1e3:9.0f}"
            f"{ours / floor:7.2f}{limit or '':>9}{to_mat2}"
        )


async def small_jobs(stripping: Stripping) -> None:
    """A picture of 8 x 8: all that is left is the process, the sandbox and the gate."""
    octets = encoded(Image.new("RGB", (8, 8)), "JPEG")
    walls = []
    before = stripping.cpu_s()
    for _ in range(SMALL_JOBS):
        began = time.monotonic()
        await stripping.strip(octets)
        walls.append(time.monotonic() - began)
    cpu = (stripping.cpu_s() - before) / SMALL_JOBS
    wall = statistics.median(walls)
    print(f"a job without a picture: {cpu * 1e3:.1f} ms CPU, {wall * 1e3:.1f} ms (at most 5)")


async def lateness(stripping: Stripping, octets: bytes) -> None:
    """How late the loop is while four pictures are in work."""
    late = []
    with in_memory(octets) as source:
        tasks = [asyncio.create_task(stripping.strip_fd(source)) for _ in range(4)]
        while not all(task.done() for task in tasks):
            began = time.monotonic()
            await asyncio.sleep(0.002)
            late.append((time.monotonic() - began - 0.002) * 1e3)
    late.sort()
    middle, most = late[len(late) // 2], late[len(late) * 99 // 100]
    print(
        f"event loop, four pictures: median {middle:.2f} ms late, 99 % under {most:.1f}, "
        f"worst {late[-1]:.1f} (at most 10)"
    )


def as_shown(octets: bytes, form: str) -> Image.Image:
    """What a file looks like: upright and in sRGB, by the libraries alone."""
    picture = decoded(octets, form)
    profile = picture.info.get("icc_profile")
    shown = (picture if form == "HEIC" else ImageOps.exif_transpose(picture)).convert("RGB")
    if profile:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        shown = cast("Image.Image", ImageCms.profileToProfile(shown, given, srgb, intent))
    return shown


async def quality(stripping: Stripping, named: dict[str, bytes]) -> None:
    """Distance from the original of each picture that was given; the largest shift of a mean.

    The made-up one is no measure: it is mostly noise, which no JPEG keeps.
    """
    found = []
    shift = 0.0
    for name, octets in named.items():
        if " given " not in name:
            continue
        before = as_shown(octets, name.partition(" ")[0])
        after = Image.open(io.BytesIO(await stripping.strip(octets))).convert("RGB")
        if before.size == after.size:
            rms = ImageStat.Stat(ImageChops.difference(before, after)).rms
            error = statistics.mean(value**2 for value in rms)
            found.append(10 * math.log10(255**2 / error) if error else 99.0)
            means = zip(ImageStat.Stat(before).mean, ImageStat.Stat(after).mean, strict=True)
            shift = max(shift, *(abs(a - b) for a, b in means))
    if found:
        middle = statistics.median(found)
        print(f"{len(found)} pictures: median PSNR {middle:.1f} dB (at least 42), ", end="")
        print(f"colours shifted by {shift:.2f} (at most 2)")


async def main(rounds: int, given: list[str]) -> None:
    """Everything."""
    forms = {".jpg": "JPEG", ".jpeg": "JPEG", ".heic": "HEIC", ".webp": "WEBP", ".avif": "AVIF"}
    named = files()
    for path in map(Path, given):
        form = forms.get(path.suffix.lower(), path.suffix[1:].upper())
        named[f"{form} given {len(named)}"] = path.read_bytes()
    stripping = Stripping()
    await compare(stripping, named, rounds)
    await small_jobs(stripping)
    await lateness(stripping, named["JPEG"])
    await quality(stripping, named)
    stripping.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, sys.argv[2:]))
