"""How often what requests leave behind is overwritten."""

from mustshare_api.app.process.forgetting import EVERY_S, rest_s


def test_a_short_round_is_made_every_second() -> None:
    """What a request left behind is gone a second after it, on any ordinary night."""
    assert rest_s(0.0) == rest_s(0.02) == EVERY_S == 1.0


def test_a_long_round_takes_no_more_than_a_fortieth_of_the_time() -> None:
    """A thousand connections make a round of 90 ms, in which nobody is served."""
    assert rest_s(0.09) >= 40 * 0.09


def test_no_round_is_put_off_for_longer_than_ten_seconds() -> None:
    """However much there is to look through."""
    assert rest_s(60.0) == 10.0
