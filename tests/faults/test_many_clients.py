"""Many at once: none lost, none doubled, nobody refused but for being asked to come back."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mustshare_api.domain import receipt
from tests.faults.conftest import Starter
from tests.faults.desk import Staff, check_against, read_everything
from tests.faults.reporters import FrontEnd, GaveUp, Journal
from tests.pictures import jpegs
from tests.service import Service

WAYS = ("receipt", "retry key", "made for them", "sealed")


def tell(service: Service, journal: Journal, number: int, together: threading.Barrier) -> None:
    """One front end's story: two tips in two ways, a follow-up, and a photo of every fourth."""
    front_end = FrontEnd(service, journal)
    together.wait(30)
    try:
        for step in range(2):
            text = f"เบาะแสที่ {number}-{step} {secrets.token_hex(8)}"
            digits = front_end.tip(text, WAYS[(number + step) % 4])
            front_end.follow_up(text, digits, f"เพิ่มเติม {text}")
            if number % 4 == 0 and step == 0:
                front_end.photo(text, digits, jpegs.phone())
    except GaveUp as failure:
        journal.failures.append(str(failure))
    finally:
        front_end.close()


@pytest.mark.parametrize("clients", [16, 64])
def test_of_many_at_once_none_is_lost_or_doubled(started: Starter, clients: int) -> None:
    """Every tip, follow-up and photo of 16 and 64 front ends is there once, for all staff."""
    service, journal = started(), Journal()
    together = threading.Barrier(clients)

    with ThreadPoolExecutor(clients) as front_ends:
        for number in range(clients):
            front_ends.submit(tell, service, journal, number, together)

    assert journal.acknowledged == 4 * clients + clients // 4, journal.failures
    assert journal.cut_off == 0, journal.ends
    fetched = Staff(service).fetch()
    for officer in service.org.officers:
        check_against(fetched.opened(officer), journal)


def test_a_double_click_is_one_tip(service: Service) -> None:
    """The same tip under the same receipt, sent by eight at one moment, is stored once."""
    digits, together = receipt.mint(), threading.Barrier(8)

    def click(_: int) -> int:
        together.wait(30)
        return service.send_tip("ส่งซ้ำ", digits).status

    with ThreadPoolExecutor(8) as fingers:
        answers = list(fingers.map(click, range(8)))

    assert answers == [201] * 8
    assert [text for _, text in read_everything(service).tips] == ["ส่งซ้ำ"]
