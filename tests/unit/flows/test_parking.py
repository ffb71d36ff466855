"""Memory for uploads is shared fairly: who holds much and is slow gives it up, nobody else."""

import pytest

from mustshare_api.errors import Busy
from mustshare_api.flows.holding import LAP_BYTES, LATE_S, Pace
from mustshare_api.flows.parking import Parked, Parking

MIB = 1 << 20


def late(parked: Parked, more_s: float = 0) -> Parked:
    """Makes it one whose body has not got on for long."""
    assert parked.pace is not None
    parked.pace.since -= 2 * LATE_S + more_s
    return parked


async def test_twenty_that_hold_much_and_drip_lock_nobody_out() -> None:
    """The memory of the latest goes to whoever comes and gets on."""
    parking = Parking(8 * MIB)
    with parking.park() as first, parking.park() as second, parking.park() as newcomer:
        for number, one in enumerate((first, second)):
            one.pace = Pace()
            one.write(bytes(3 * MIB))
            late(one, number)
        newcomer.pace = Pace()
        newcomer.write(bytes(2 * MIB))

        assert (first.taken_back, second.taken_back) == (False, True)
        assert newcomer.size_bytes == 2 * MIB
    assert parking.taken_bytes == 0


async def test_what_was_taken_back_is_told_at_its_next_octet_and_at_its_end() -> None:
    """503 `upload.busy`: it may be sent again."""
    parking = Parking(8 * MIB)
    with parking.park() as slow, parking.park() as other:
        slow.pace = Pace()
        slow.write(bytes(6 * MIB))
        late(slow)
        other.write(bytes(4 * MIB))

        with pytest.raises(Busy):
            slow.write(b"a")
        with pytest.raises(Busy):
            slow.settle()


async def test_who_gets_on_is_left_alone_and_the_newcomer_asked_to_wait() -> None:
    """However much it holds."""
    parking = Parking(8 * MIB)
    with parking.park() as fast, parking.park() as newcomer:
        fast.pace = Pace()
        fast.write(bytes(7 * MIB))
        newcomer.pace = Pace()

        with pytest.raises(Busy):
            newcomer.write(bytes(MIB))
        assert fast.size_bytes == 7 * MIB


async def test_who_holds_less_than_a_share_is_left_alone_however_slow() -> None:
    """A phone on a bad line with a small photo pays for nobody."""
    parking = Parking(8 * MIB)
    with parking.park() as phone, parking.park() as greedy, parking.park() as newcomer:
        for one, size_bytes in ((phone, MIB), (greedy, 5 * MIB)):
            one.pace = Pace()
            one.write(bytes(size_bytes))
            late(one)
        late(phone)
        newcomer.write(bytes(2 * MIB))

        assert (phone.taken_back, greedy.taken_back) == (False, True)


async def test_what_is_whole_and_in_work_is_never_taken_back() -> None:
    """Only who depends on the other side's pace can be late."""
    parking = Parking(8 * MIB)
    with parking.park() as working, parking.park() as newcomer:
        working.pace = Pace()
        working.write(bytes(7 * MIB))
        late(working).settle()

        with pytest.raises(Busy):
            newcomer.write(bytes(MIB))


async def test_messages_have_room_of_their_own() -> None:
    """Photos that use their part up do not keep a tip out."""
    parking = Parking(8 * MIB)
    with parking.park() as photo, parking.gather() as words:
        photo.write(bytes(7 * MIB))
        words.add(bytes(MIB // 2))

        assert len(words.whole()) == MIB // 2


async def test_a_lap_in_time_is_getting_on() -> None:
    """The clock starts again with every lap, and not with every octet."""
    pace = Pace()
    pace.since -= 60
    began = pace.since
    pace.gain(LAP_BYTES - 1)
    held = pace.since
    pace.gain(1)

    assert held == began
    assert pace.since > began


async def test_files_run_out_for_the_late_first() -> None:
    """Open descriptors are bounded as memory is."""
    parking = Parking(8 * MIB, files=1)
    with parking.park() as slow:
        slow.pace = Pace()
        with pytest.raises(Busy), parking.park():
            pass
        late(slow)
        with parking.park() as other:
            other.write(b"a")

            assert slow.taken_back
    assert parking.taken_bytes == 0


async def test_a_reader_who_stops_gives_up_what_was_opened_for_them() -> None:
    """What is handed out is cut short, and its announced length tells."""
    parking = Parking(8 * MIB)
    with parking.park() as opened, parking.park() as newcomer:
        opened.write(bytes(6 * MIB))
        pieces = opened.handed_out()
        assert await anext(pieces)
        late(opened)
        newcomer.write(bytes(4 * MIB))

        with pytest.raises(TimeoutError):
            await anext(pieces)
