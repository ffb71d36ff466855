"""The line before the database's connections: who is next, and that no place is ever lost."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mustshare_api.store.line import BEHIND, Line
from tests.skipping import played

PATIENT_S = 60.0


@dataclass
class Office:
    """A line, and who was called in which order."""

    line: Line
    called: list[str] = field(default_factory=list[str])

    async def visit(self, name: str, behind_s: float = 0.0) -> None:
        """Stands in line, and leaves as soon as it is called."""
        BEHIND.set(behind_s)
        async with self.line.place(PATIENT_S):
            self.called.append(name)

    async def send(self, name: str, behind_s: float = 0.0) -> asyncio.Task[None]:
        """Somebody who has come, and waits or was called."""
        task = asyncio.create_task(self.visit(name, behind_s))
        await asyncio.sleep(0)
        return task


async def test_who_had_much_waits_behind_who_comes_next() -> None:
    """Hundreds of one sender's keep nobody else from the database."""
    office = Office(Line(1))
    async with office.line.place(PATIENT_S):
        visits = [await office.send("hasty", 1.0) for _ in range(100)]
        visits.append(await office.send("newcomer"))
    await asyncio.gather(*visits)

    assert office.called == ["newcomer"] + ["hasty"] * 100


async def test_nobody_waits_for_ever() -> None:
    """Whoever comes later than one is behind, comes after."""
    office = Office(Line(1))
    async with office.line.place(PATIENT_S):
        visits = [await office.send("hasty", 0.02)]
        await asyncio.sleep(0.05)
        visits.append(await office.send("newcomer"))
    await asyncio.gather(*visits)

    assert office.called == ["hasty", "newcomer"]


async def test_whose_patience_is_over_is_told_and_not_called() -> None:
    """Their turn is the next one's."""
    line = Line(1)
    async with line.place(PATIENT_S):
        with pytest.raises(TimeoutError):
            async with line.place(0.0):
                raise AssertionError("there was no place")
    async with line.place(0.0):
        assert line.free == 0

    assert line.free == 1


async def test_a_place_that_came_too_late_goes_to_the_next() -> None:
    """Called and cancelled in one pass of the event loop."""
    office = Office(Line(1))
    async with office.line.place(PATIENT_S):
        first = await office.send("first")
        second = await office.send("second", 0.5)
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    assert office.called == ["second"]
    assert office.line.free == 1


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 3)), max_size=30),
)
async def test_no_place_is_lost_and_none_is_made(
    free: int, coming: list[tuple[float, bool, int]]
) -> None:
    """Whoever comes, waits, is called or hangs up, in whatever order."""
    line, inside, visits = Line(free), 0, list[asyncio.Task[None]]()

    async def visit(behind_s: float, passes: int) -> None:
        nonlocal inside
        BEHIND.set(behind_s)
        async with line.place(PATIENT_S):
            inside += 1
            try:
                assert inside <= free
                for _ in range(passes):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    for behind_s, hangs_up, passes in coming:
        visits.append(asyncio.create_task(visit(behind_s, passes)))
        await asyncio.sleep(0)
        if hangs_up:
            visits[len(visits) // 2].cancel()
    ended = await asyncio.gather(*visits, return_exceptions=True)

    assert not [one for one in ended if isinstance(one, AssertionError)]
    assert (line.free, len(line)) == (free, 0)


@dataclass(frozen=True)
class Visit:
    """Somebody who needs a place. Times are passes of the event loop, but for those in s."""

    after: int = 0
    stays: int = 1
    stays_s: float = 0.0
    behind_s: float = 0.0
    patience_s: float = PATIENT_S
    hangs_up: int | None = None


@dataclass
class Counter:
    """A line, and how many have a place."""

    line: Line
    inside: int = 0
    served: int = 0
    late: int = 0

    async def visit(self, visit: Visit) -> None:
        """Stands in line, stays for a while, leaves; or is told that it took too long."""
        BEHIND.set(visit.behind_s)
        entered = False
        try:
            async with self.line.place(visit.patience_s):
                entered, self.inside = True, self.inside + 1
                await passes(visit.stays)
                await asyncio.sleep(visit.stays_s)
                self.served += 1
        except TimeoutError:
            self.late += 1
        finally:
            self.inside -= entered

    async def day(self, visits: list[Visit], places: int) -> None:
        """All come, one after another; at the end every place is free, and nobody waits."""
        tasks = list[asyncio.Task[None]]()
        for visit in visits:
            await passes(visit.after)
            tasks.append(asyncio.create_task(self.visit(visit)))
            if visit.hangs_up is not None:
                tasks.append(asyncio.create_task(hang_up(tasks[-1], visit.hangs_up)))
            assert self.inside <= places
        ended = await asyncio.gather(*tasks, return_exceptions=True)

        assert not [one for one in ended if isinstance(one, Exception)]
        assert (self.line.free, len(self.line), self.inside) == (places, 0, 0)


async def passes(number: int) -> None:
    """So many passes of the event loop."""
    for _ in range(number):
        await asyncio.sleep(0)


async def hang_up(visit: asyncio.Task[None], after: int) -> None:
    """Ends somebody's visit, wherever they are."""
    await passes(after)
    visit.cancel()


VISITS = st.builds(
    Visit,
    after=st.integers(0, 2),
    stays=st.integers(0, 3),
    stays_s=st.sampled_from([0.0, 0.02, 0.2, 5.0]),
    behind_s=st.sampled_from([0.0, 0.1, 1.0]),
    patience_s=st.sampled_from([0.0, 0.02, 0.2, 0.22, 5.0, PATIENT_S]),
    hangs_up=st.none() | st.integers(0, 10),
)


@given(st.integers(1, 3), st.lists(VISITS, max_size=11))
def test_a_cut_a_timer_and_a_call_in_one_pass_lose_no_place(
    places: int, visits: list[Visit]
) -> None:
    """Patience that ends as a place comes free, beside any who hang up."""
    counter = Counter(Line(places))
    played(counter.day(visits, places))
    patient = [one for one in visits if one.patience_s == PATIENT_S and one.hangs_up is None]

    assert counter.served >= len(patient)
