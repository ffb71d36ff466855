"""Lanes: shares that hold, no lane that is shut, and lots and not first come."""

from collections import Counter
from random import Random

from mustshare_api.domain.lanes import Errand, Lane, Line


def line(room: int = 1000, seed: int = 1) -> Line[str]:
    return Line(room, Random(seed).randrange)  # noqa: S311 - seeded on purpose


def fill(one: Line[str], lane: Lane, count: int, errand: Errand = Errand.TIP) -> None:
    for number in range(count):
        one.join(lane, errand, f"{lane.name} {errand.name} {number}")


def served(one: Line[str], count: int) -> Counter[str]:
    return Counter(str(one.next()).rsplit(" ", 1)[0] for _ in range(count))


def test_each_lane_gets_its_share_while_all_are_full() -> None:
    """Eight, four, three and one of sixteen, whatever the order in which they came."""
    waiting = line()
    fill(waiting, Lane.BEHIND, 300)
    fill(waiting, Lane.PLAIN, 300)
    fill(waiting, Lane.PARTNER, 300)
    fill(waiting, Lane.AHEAD, 300)

    assert served(waiting, 160) == {
        "AHEAD TIP": 80,
        "PARTNER TIP": 40,
        "PLAIN TIP": 30,
        "BEHIND TIP": 10,
    }


def test_a_lane_with_few_in_it_is_served_whatever_stands_ahead() -> None:
    """One without a solution gets a turn within four, however many brought one."""
    waiting = line()
    fill(waiting, Lane.AHEAD, 500)
    served(waiting, 50)
    waiting.join(Lane.PLAIN, Errand.TIP, "PLAIN TIP 0")

    assert served(waiting, 4)["PLAIN TIP"] == 1


def test_who_solved_does_not_wait_behind_a_stolen_key() -> None:
    """However many come with it: two of the next three turns are theirs."""
    waiting = line()
    fill(waiting, Lane.PARTNER, 500)
    served(waiting, 50)
    fill(waiting, Lane.AHEAD, 2)

    assert served(waiting, 3)["AHEAD TIP"] == 2


def test_an_idle_lane_lends_its_share_and_does_not_save_it_up() -> None:
    """Who comes after a long calm gets their share, and not all that was not used before."""
    waiting = line()
    fill(waiting, Lane.PLAIN, 400)
    served(waiting, 200)
    fill(waiting, Lane.AHEAD, 100)

    assert served(waiting, 22)["PLAIN TIP"] == 6


def test_tips_and_returns_take_turns() -> None:
    """A thousand guessed receipts in line leave every second turn to a tip."""
    waiting = line(2000)
    fill(waiting, Lane.PLAIN, 1000, Errand.COME_BACK)
    fill(waiting, Lane.PLAIN, 20)

    assert served(waiting, 20) == {"PLAIN TIP": 10, "PLAIN COME_BACK": 10}


def test_a_full_room_is_left_by_whoever_has_most_of_it() -> None:
    """A flood without solutions pushes out its own, never one who brought a solution."""
    waiting = line(room=20)
    fill(waiting, Lane.AHEAD, 3)
    lost = [waiting.join(Lane.PLAIN, Errand.TIP, f"flood {n}") for n in range(500)]

    assert len(waiting) == 20
    assert not [one for one in lost if one and one.startswith("AHEAD")]


def test_who_waits_in_a_flooded_lane_is_drawn_like_any_other() -> None:
    """Of 200 lots among 20, one that was there first and 199 that came after win alike."""
    first_served = 0
    for seed in range(300):
        waiting = line(seed=seed)
        fill(waiting, Lane.PLAIN, 20)
        first_served += waiting.next() == "PLAIN TIP 0"

    assert 5 <= first_served <= 30


def test_who_leaves_is_not_called() -> None:
    """Somebody who hung up takes no turn from anyone."""
    waiting = line()
    fill(waiting, Lane.PLAIN, 2)
    waiting.leave("PLAIN TIP 0")
    waiting.leave("nobody")

    assert (waiting.next(), waiting.next()) == ("PLAIN TIP 1", None)


def test_with_no_room_at_all_the_newcomer_is_turned_away() -> None:
    """And knows it at once."""
    assert line(room=0).join(Lane.AHEAD, Errand.TIP, "me") == "me"
