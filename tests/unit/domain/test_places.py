"""Thailand's administrative codes: what is there, what lies in what, what came of old ones."""

import subprocess
import sys
import time
from datetime import date

import pytest

from mustshare_api.domain import places
from mustshare_api.domain.places import Level
from tests.supply import places as made


def every_code() -> list[str]:
    below = [
        place for province in places.provinces() for place in places.children(province.code)
    ]
    lowest = [place for district in below for place in places.children(district.code)]
    return [place.code for place in (*places.provinces(), *below, *lowest)]


def test_the_list_is_what_its_source_says() -> None:
    """Octet by octet what `python -m tests.supply.places` writes: nobody edited it."""
    assert made.PLACES.read_bytes() == made.octets()


def test_every_unit_in_force_is_reached_from_its_province() -> None:
    """77 provinces, 928 districts, 7,436 sub-districts, each once."""
    codes = every_code()
    by_length = [sum(len(code) == digits for code in codes) for digits in (2, 4, 6)]

    assert by_length == [77, 928, 7436]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("code", "level", "th", "en"),
    [
        ("10", Level.PROVINCE, "กรุงเทพมหานคร", "Bangkok"),
        ("8405", Level.DISTRICT, "เกาะพะงัน", "Ko Pha-ngan"),
        ("840503", Level.SUB_DISTRICT, "เกาะเต่า", "Ko Tao"),
    ],
)
def test_a_code_has_its_level_and_names(code: str, level: Level, th: str, en: str) -> None:
    place = places.find_place(code)

    assert place is not None
    assert (place.level, place.name("th"), place.name("en")) == (level, th, en)
    assert place.parent_code == (code[:-2] or None)
    assert place.abolished_on is None


def test_an_abolished_code_is_known_with_its_successors() -> None:
    """Bang Na became two sub-districts by a notice; both are in force."""
    gone = places.find_place("104701")

    assert gone is not None
    assert gone.abolished_on is not None
    assert gone.successors == ("104702", "104703")
    assert [places.find_place(code).abolished_on for code in gone.successors] == [None, None]  # type: ignore[union-attr]


def test_an_abolished_code_without_a_known_successor_says_none() -> None:
    gone = places.find_place("9681")

    assert gone is not None
    assert (gone.abolished_on, gone.successors) == (date(2006, 1, 1), ())
    assert gone.name("en") == gone.name_th


def test_an_abolished_code_is_nobodys_child() -> None:
    assert "104701" not in {place.code for place in places.children("1047")}


@pytest.mark.parametrize(
    "code",
    ["", "1", "101", "99", "9999", "999999", "00", "1001010", "๑๐", "10\n", " 10", "-104701"],
)
def test_what_is_no_code_is_no_place(code: str) -> None:
    """Of the wrong form, or of the right form and nowhere."""
    assert places.find_place(code) is None
    assert places.children(code) == []
    assert places.whereabouts(code, "th") is None


def test_a_sub_district_has_nothing_in_it() -> None:
    assert places.children("840503") == []


def test_whereabouts_are_said_from_small_to_large() -> None:
    assert places.whereabouts("840503", "th") == "เกาะเต่า เกาะพะงัน สุราษฎร์ธานี"
    assert places.whereabouts("840503", "en") == "Ko Tao, Ko Pha-ngan, Surat Thani"
    assert places.whereabouts("10", "en") == "Bangkok"


def test_a_name_costs_no_parsing_of_the_whole_list() -> None:
    """Each of a thousand look-ups takes far less than one parse would."""
    places.find_place("10")
    before = time.perf_counter()
    for _ in range(1000):
        places.find_place("961303")

    assert (time.perf_counter() - before) / 1000 < 0.002


def test_the_list_costs_less_than_a_megabyte() -> None:
    """Measured in a process of its own, after every look-up there is."""
    code = (
        "import tracemalloc; from mustshare_api.domain import places; tracemalloc.start();"
        "places.find_place('961303'); places.provinces();"
        "print(tracemalloc.get_traced_memory()[0])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert int(ran.stdout) < 1_000_000
