"""What a child may not do, it cannot do; and what it does to itself harms nobody."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mustshare_api.errors import Busy, Unavailable, Unstrippable
from mustshare_api.media.bounds import Limits
from mustshare_api.media.facts import Keep
from mustshare_api.media.report import Report
from mustshare_api.media.sandbox import IN_FORCE
from mustshare_api.media.strip import Stripper
from mustshare_api.media.worker import Ending
from tests.media import plants
from tests.media.conftest import strip_with
from tests.pictures import drawn, jpegs

LIMITS = Limits(cpu_s=1, wall_s=3.0)
SECCOMP_KILLED = -signal.SIGSYS


@pytest.fixture(scope="module")
def wild() -> Iterator[Stripper]:
    """A stripper whose children do what the test planted, under short limits."""
    running = Stripper.start(draw="tests.media.plants:act", limits=LIMITS)
    yield running
    running.close()


async def ends(stripper: Stripper, word: str) -> str:
    """The code that a bad child's picture ends in."""
    with pytest.raises(Unstrippable) as caught:
        await strip_with(stripper, plants.lead(word))
    return caught.value.code


def exit_code(stripper: Stripper, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Collects the exit codes of children."""
    seen: list[int | None] = []
    report = stripper._report

    def noted(ending: Ending, keep: Keep) -> Report:
        seen.append(ending.exit_code)
        return report(ending, keep)

    monkeypatch.setattr(stripper, "_report", noted)
    return seen


def test_every_measure_is_in_force_here(wild: Stripper) -> None:
    """On a machine of ours nothing is missing; the operator is shown the same list."""
    assert set(wild.sandbox.values()) == {IN_FORCE}
    assert set(wild.sandbox) == {
        "nobody", "namespaces", "capabilities", "privileges", "landlock", "memory", "dumps",
        "seccomp",
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", ["socket", "execve", "kill", "ptrace", "read", "executable memory"]
)
async def test_reaching_out_kills_the_child(
    wild: Stripper, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """By the kernel, at the system call."""
    codes = exit_code(wild, monkeypatch)

    assert await ends(wild, word) == "media.undecodable"
    assert codes == [SECCOMP_KILLED]


@pytest.mark.parametrize("word", ["open", "fork", "allocate"])
async def test_what_is_refused_does_not_happen(
    wild: Stripper, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """Opening, forking and three gigabytes are answered with an error, which ends the child."""
    codes = exit_code(wild, monkeypatch)

    assert await ends(wild, word) == "media.undecodable"
    assert codes == [70]


@pytest.mark.parametrize("word", ["die", "crash"])
async def test_a_dead_child_costs_one_picture(wild: Stripper, word: str) -> None:
    """The next picture is drawn as if nothing had been."""
    assert await ends(wild, word) == "media.undecodable"

    _, out = await strip_with(wild, jpegs.plain())
    assert drawn.apart(drawn.opened(out), drawn.scene()) < 4


async def test_an_endless_loop_is_ended(wild: Stripper) -> None:
    """By its CPU limit, long before the wall clock's."""
    began = time.monotonic()

    assert await ends(wild, "spin") == "media.timeout"
    assert time.monotonic() - began < 2.9


async def test_a_child_that_claims_to_have_ended_is_not_believed(wild: Stripper) -> None:
    """It is ended like any that loops: the kernel is asked, not the line."""
    assert await ends(wild, "linger") == "media.timeout"


async def test_a_child_that_floods_its_line_is_ended(wild: Stripper) -> None:
    """At once, and not when its time is up."""
    began = time.monotonic()

    assert await ends(wild, "flood") == "media.undecodable"
    assert time.monotonic() - began < 0.9


async def test_a_child_that_sleeps_is_ended() -> None:
    """No CPU is used, so it is the wall clock that ends it, by the child's own descriptor."""
    limits = Limits(wall_s=0.5)
    idle = Stripper.start(draw="tests.media.idle:sleep", limits=limits)
    try:
        with pytest.raises(Unstrippable) as caught:
            await strip_with(idle, jpegs.plain())
    finally:
        idle.close()
    assert caught.value.code == "media.timeout"


async def test_a_dead_zygote_is_replaced(wild: Stripper) -> None:
    """Its death is noticed by the next picture, which is drawn all the same."""
    assert wild._pictures.zygote is not None
    before = wild._pictures.zygote._process.pid
    os.kill(before, signal.SIGKILL)

    _, out = await strip_with(wild, jpegs.plain())

    assert drawn.opened(out).size == drawn.SIZE
    assert wild._pictures.zygote._process.pid != before


async def test_children_die_with_their_zygote(wild: Stripper) -> None:
    """Nothing goes on drawing for a service that is gone."""
    assert wild._pictures.zygote is not None
    zygote = wild._pictures.zygote._process.pid
    task = asyncio.create_task(strip_with(wild, plants.lead("spin")))
    child = await first_child(zygote)

    os.kill(zygote, signal.SIGKILL)
    with pytest.raises(Unstrippable):
        await task

    assert await is_gone(child)


def descriptors() -> int:
    """How many are open in this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def is_gone(pid: int) -> bool:
    """Whether a process ends within two seconds, reaped or not."""
    for _ in range(200):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("ascii")
            if stat.rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        await asyncio.sleep(0.01)
    return False


async def first_child(zygote: int) -> int:
    """The pid of a zygote's child, once there is one."""
    for _ in range(500):
        children = Path(f"/proc/{zygote}/task/{zygote}/children")
        if pids := children.read_text("ascii").split():
            return int(pids[0])
        await asyncio.sleep(0.01)
    pytest.fail("no child was forked")


async def test_a_full_queue_sends_senders_away() -> None:
    """Two in work and one waiting; the fourth is told when to come back."""
    narrow = Stripper.start(draw="tests.media.plants:act", limits=LIMITS, slots=2, queue=1)
    try:
        tasks = [asyncio.create_task(strip_with(narrow, plants.lead("spin"))) for _ in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(Busy) as caught:
            await strip_with(narrow, jpegs.plain())
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        _, out = await strip_with(narrow, jpegs.plain())
    finally:
        narrow.close()
    assert caught.value.code == "media.busy"
    assert all(isinstance(end, Unstrippable) for end in ended)
    assert drawn.opened(out).size == drawn.SIZE


async def test_a_sender_who_leaves_leaves_no_descriptor(stripper: Stripper) -> None:
    """A result that nobody waits for is closed."""
    await strip_with(stripper, jpegs.plain())
    before = descriptors()
    for _ in range(20):
        task = asyncio.create_task(strip_with(stripper, jpegs.plain()))
        await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await strip_with(stripper, jpegs.plain())
    await asyncio.sleep(0.1)

    assert descriptors() <= before


async def test_the_event_loop_is_never_late(stripper: Stripper) -> None:
    """Four large pictures are in work and the loop still turns every few milliseconds."""
    octets = drawn.encoded(drawn.scene().resize((3000, 2000)), "JPEG", quality=92)
    tasks = [asyncio.create_task(strip_with(stripper, octets)) for _ in range(4)]
    late = []
    while not all(task.done() for task in tasks):
        began = time.monotonic()
        await asyncio.sleep(0.005)
        late.append(time.monotonic() - began - 0.005)

    assert len(late) > 10
    assert sorted(late)[len(late) * 9 // 10] < 0.05


async def test_without_the_filter_nothing_is_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed: senders get 503 and no child is started."""
    bare = Stripper.start()
    assert bare._pictures.zygote is not None
    monkeypatch.setitem(bare._pictures.zygote.sandbox, "seccomp", "cannot be installed")
    try:
        with pytest.raises(Unavailable) as caught:
            await strip_with(bare, jpegs.plain())
    finally:
        bare.close()
    assert caught.value.code == "media.sandbox_unavailable"


async def test_best_effort_strips_without_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator may decide that a weaker sandbox is better than none."""
    bare = Stripper.start(best_effort=True)
    assert bare._pictures.zygote is not None
    monkeypatch.setitem(bare._pictures.zygote.sandbox, "seccomp", "cannot be installed")
    try:
        _, out = await strip_with(bare, jpegs.plain())
    finally:
        bare.close()
    assert drawn.opened(out).size == drawn.SIZE


async def test_a_zygote_that_cannot_start_is_unavailable() -> None:
    """Said to each sender, and not by a crash at start-up."""
    broken = Stripper.start(draw="tests.media.nowhere:draw")
    try:
        assert broken.sandbox == {}
        began = time.monotonic()
        for _ in range(3):
            with pytest.raises(Unavailable):
                await strip_with(broken, jpegs.plain())
        assert time.monotonic() - began < 0.1, "it tried again at each upload"
    finally:
        broken.close()


def test_the_serving_process_never_loads_an_imaging_library() -> None:
    """What it does not load can't be attacked in it."""
    code = "import sys, mustshare_api.media.strip; sys.exit('PIL' in sys.modules)"
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=False)

    assert done.returncode == 0


def test_a_zygote_leaves_with_its_service() -> None:
    """A service that is killed leaves no process behind."""
    code = (
        "import os, signal; from mustshare_api.media.strip import Stripper\n"
        "print(Stripper.start()._pictures.zygote._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, check=False, capture_output=True
    )
    zygote = int(done.stdout)
    for _ in range(200):
        if not Path(f"/proc/{zygote}").exists():
            break
        time.sleep(0.02)

    assert not Path(f"/proc/{zygote}").exists()
