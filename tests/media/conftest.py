"""One stripper for all tests that only strip, and the few words they use."""

import os
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mustshare_api.media.facts import KEEP_NOTHING, Keep
from mustshare_api.media.strip import Stripped, Stripper

Strip = Callable[..., Awaitable[tuple[Stripped, bytes]]]


@pytest.fixture(scope="session")
def stripper() -> Iterator[Stripper]:
    """Started before any event loop, as the service does."""
    running = Stripper.start()
    yield running
    running.close()


@pytest.fixture
def strip(stripper: Stripper) -> Strip:
    """Strips octets and hands back what was said and what came out."""

    async def one(
        octets: bytes, *, keep: Keep = KEEP_NOTHING, first_frame: bool = False
    ) -> tuple[Stripped, bytes]:
        return await strip_with(stripper, octets, keep=keep, first_frame=first_frame)

    return one


async def strip_with(
    stripper: Stripper, octets: bytes, *, keep: Keep = KEEP_NOTHING, first_frame: bool = False
) -> tuple[Stripped, bytes]:
    """Strips octets with a given stripper; closes both memory files."""
    with in_memory(octets) as source:
        done = await stripper.strip(source, len(octets), keep=keep, first_frame=first_frame)
    try:
        return done, os.pread(done.fd, done.size_bytes + 1, 0)
    finally:
        os.close(done.fd)


@contextmanager
def in_memory(octets: bytes) -> Iterator[int]:
    """A memory file with these octets."""
    source = os.memfd_create("source", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.write(source, octets)
        yield source
    finally:
        os.close(source)


@pytest.fixture
def told_by_exiftool(tmp_path: Path) -> Callable[[bytes], str]:
    """Everything that an independent reader finds in a file, unknown tags included."""
    program = shutil.which("exiftool")
    assert program, (
        "exiftool is missing; install it with: apt-get install libimage-exiftool-perl"
    )

    def told(octets: bytes) -> str:
        path = tmp_path / "picture"
        path.write_bytes(octets)
        command = [program, "-ee3", "-G1", "-a", "-u", "-s", str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    return told
