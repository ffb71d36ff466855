"""The two fixed records, and how little of one is believed."""

import math
import struct

import pytest

from mustshare_api.errors import Unstrippable, Unsupported
from mustshare_api.media import facts, kinds, report
from mustshare_api.media.facts import Facts, Keep, Precision
from mustshare_api.media.kinds import Kind
from mustshare_api.media.report import Media, Order, Outcome, Report
from mustshare_api.media.sniff import Format

ALL = Keep(Precision.EXACT, time=True)
FULL = Facts(13.75625, 100.50125, "2026-11-23T05:48:22", "+07:00")


def test_an_order_comes_back_as_it_was_given() -> None:
    """Every field of it."""
    order = Order(Format.PNG, 1 << 33, first_frame=True, keep=Keep(Precision.NEAR, time=True))

    assert report.parse_order(order.encode()) == order
    assert len(order.encode()) == report.ORDER_BYTES


def test_a_report_comes_back_as_it_was_given() -> None:
    """Where everything was asked for."""
    said = Report(Outcome.DRAWN, Media.PNG, 3, 4, 5, FULL)

    assert report.parse_report(said.encode(), ALL) == said


def test_facts_that_nobody_asked_for_are_dropped() -> None:
    """A child that sends them all the same gets no further than the parent."""
    said = Report(Outcome.DRAWN, facts=FULL)

    assert report.parse_report(said.encode(), Keep()).facts == Facts()
    near = report.parse_report(said.encode(), Keep(Precision.NEAR)).facts
    assert near == Facts(13.76, 100.5)


@pytest.mark.parametrize("length", [0, 1, 54, 56, 4096])
def test_a_report_of_another_length_is_none(length: int) -> None:
    """There is one length."""
    with pytest.raises(Unstrippable):
        report.parse_report(b"\0" * length, ALL)


@pytest.mark.parametrize("at", [0, 1])
def test_a_report_with_unknown_words_is_none(at: int) -> None:
    """Outcome and media come from closed lists."""
    octets = bytearray(Report(Outcome.DRAWN).encode())
    octets[at] = 200
    with pytest.raises(Unstrippable):
        report.parse_report(bytes(octets), ALL)


@pytest.mark.parametrize("degrees", [math.nan, math.inf, -math.inf, 90.01, -1e300])
def test_a_place_off_this_earth_is_dropped(degrees: float) -> None:
    """Numbers are believed within their range only."""
    octets = bytearray(Report(Outcome.DRAWN, facts=FULL).encode())
    struct.pack_into("!d", octets, 15, degrees)

    assert report.parse_report(bytes(octets), ALL).facts.latitude is None


def test_a_time_that_is_none_is_dropped() -> None:
    """Text passes by pattern only: nineteen octets are no message."""
    octets = Report(Outcome.DRAWN, facts=FULL).encode()
    octets = octets.replace(b"2026:11:23 05:48:22", b"call me 0812345678x")

    kept = report.parse_report(octets, ALL).facts

    assert kept.taken_at is None
    assert kept.utc_offset is None


def test_an_offset_that_is_none_is_dropped() -> None:
    """The same for six."""
    octets = Report(Outcome.DRAWN, facts=FULL).encode().replace(b"+07:00", b"secret")

    assert report.parse_report(octets, ALL).facts.utc_offset is None


def test_kinds_come_from_a_closed_list() -> None:
    """Bits that name nothing name nothing."""
    assert kinds.from_bits(kinds.to_bits([Kind.TIME, Kind.LOCATION])) == ("location", "time")
    assert kinds.from_bits(1 << 31) == ()


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.UNDECODABLE, "media.undecodable"),
        (Outcome.TOO_MANY_PIXELS, "media.too_many_pixels"),
        (Outcome.ANIMATED, "media.animated"),
        (Outcome.MULTI_IMAGE, "media.multi_image"),
    ],
)
def test_each_outcome_has_its_code(outcome: Outcome, code: str) -> None:
    """By which a front end tells its user what to do."""
    error = report.problem(outcome)

    assert isinstance(error, Unstrippable)
    assert error.code == code


def test_an_unsupported_outcome_is_unsupported() -> None:
    """415, not 422."""
    assert isinstance(report.problem(Outcome.UNSUPPORTED), Unsupported)


def test_a_near_place_is_within_a_kilometre_or_so() -> None:
    """Two decimals of a degree."""
    assert facts.place(13.75625, 100.50125, Precision.NEAR) == (13.76, 100.5)
    assert facts.place(13.75625, 100.50125, Precision.NONE) is None
