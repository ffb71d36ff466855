"""Whose request is begun next: by what each connection had lately, on a clock of the test's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mustshare_api.app.server.turns import (
    FORGIVEN_S,
    FURTHEST,
    HASTY,
    LONGEST_S,
    MOST,
    MOST_HASTY,
    PASS_UNITS,
    YOUNG_S,
)
from tests.unit.app.street import Street


@pytest.fixture
def street() -> Street:
    """Nobody has asked yet."""
    return Street()


def test_an_honest_connection_never_waits(street: Street) -> None:
    """A page with its form, a tip, and a look every second for an hour: each begun at once."""
    client = street.client("honest")
    for _ in range(3):
        assert client.ask()
        client.end()
    for _ in range(3600):
        street.loop.run(1.0)
        assert client.ask()
        client.end()

    assert not client.place.is_hasty()


def test_who_asks_without_end_is_never_slowed_alone(street: Street) -> None:
    """A proxy with a hundred people behind one connection: nothing waits for time to pass."""
    client = street.client("proxy")
    for _ in range(10_000):
        if not client.ask():
            street.loop.run(0.0)
        client.end()

    assert client.begun == 10_000
    assert client.place.is_hasty()


def test_a_pass_begins_no_more_than_a_few(street: Street) -> None:
    """Everything else that the loop has to do comes between."""
    clients = [street.client(str(number)) for number in range(50)]
    at_once = sum(client.ask() for client in clients)
    street.loop.turn()

    assert at_once == PASS_UNITS
    assert sum(client.begun for client in clients) == 2 * PASS_UNITS


def test_all_who_wait_are_begun_in_the_order_in_which_they_came(street: Street) -> None:
    """Among those who had as much."""
    clients = [street.client(f"{number:02}") for number in range(50)]
    for client in clients:
        client.ask()
    street.loop.run(1.0)

    assert street.told == [client.name for client in clients]


def test_who_had_less_goes_first(street: Street) -> None:
    """Whenever they came."""
    full = [street.client("full") for _ in range(int(PASS_UNITS))]
    had_three, had_one, new = (street.client(name) for name in ("three", "one", "new"))
    had_three.place.pay(3)
    had_one.place.pay(1)
    for client in (*full, had_three, had_one, new):
        client.ask()
    street.loop.run(0.0)

    assert street.told[len(full) :] == ["new", "one", "three"]


def test_the_hasty_have_a_share_beside_somebody_who_is_served(street: Street) -> None:
    """Five hundred units a second, of some five thousand that a loop does; and no fewer."""
    hasty = [street.client("hasty", hasty=True) for _ in range(250)]
    street.client("honest").ask()
    for client in hasty:
        client.ask()
    street.loop.run(0.2)
    after_a_fifth = sum(client.begun for client in hasty)
    street.loop.run(0.4)

    assert 50 <= after_a_fifth <= 102
    assert all(client.begun for client in hasty)


def test_a_newcomer_goes_before_all_hasty_ones(street: Street) -> None:
    """However many wait, and however long they have."""
    street.client("served").ask()
    for _ in range(1000):
        street.client("hasty", hasty=True).ask()
    street.loop.run(0.5)
    newcomer = street.client("new")

    assert newcomer.ask()


def test_the_hasty_go_on_as_soon_as_nobody_else_is_served(street: Street) -> None:
    """Without waiting for their share."""
    honest, hasty = street.client("honest"), street.client("hasty", hasty=True)
    honest.ask()
    assert not hasty.ask()
    honest.end()
    street.loop.run(0.0)

    assert hasty.begun == 1


def test_who_is_served_for_long_holds_nobody_back(street: Street) -> None:
    """A film of minutes, or a slow reader, is no reason for others to wait."""
    street.client("film").ask()
    street.loop.run(YOUNG_S + 0.1)
    hasty = [street.client("hasty", hasty=True) for _ in range(100)]
    for client in hasty:
        if client.ask():
            client.end()
    street.loop.run(1.0)

    assert all(client.begun for client in hasty)


def test_few_are_under_way_at_one_time(street: Street) -> None:
    """The rest wait here, where whoever had least is next, and not before the database."""
    clients = [street.client(f"{number:02}") for number in range(MOST + 20)]
    for client in clients:
        client.ask()
    street.loop.run(0.0)
    assert len(street.told) == MOST
    clients[0].end()
    street.loop.run(0.0)

    assert len(street.told) == MOST + 1


def test_a_body_that_does_not_come_keeps_nobody_waiting(street: Street) -> None:
    """A thousand that drip are not under way: all that is done for them is to read on."""
    for _ in range(1000):
        street.client("drip").place.begin()

    assert street.client("newcomer").ask()


def test_a_greeting_waits_for_no_request(street: Street) -> None:
    """It begins nothing that is under way: newcomers are let in while a flood waits."""
    for number in range(MOST + 20):
        street.client(f"{number:02}").ask()
    street.loop.run(0.0)
    greeted: list[str] = []

    assert street.client("newcomer").place.may_greet(lambda: greeted.append("later"))
    assert len(street.turns) == 20


def test_few_of_the_hasty_are_under_way_at_one_time(street: Street) -> None:
    """Whoever comes next shares the loop with what was begun before; who ends is followed."""
    hasty = [street.client("hasty", hasty=True) for _ in range(100)]
    for client in hasty:
        client.ask()
    street.loop.run(0.0)
    begun = [client for client in hasty if client.begun]
    assert len(begun) <= MOST_HASTY + 1  # one of them in the share that they always have
    for client in begun[:4]:
        client.end()
    street.loop.run(0.0)

    assert len([client for client in hasty if client.begun]) == len(begun) + 4


def test_hasty_ones_that_take_long_do_not_hold_up_the_others(street: Street) -> None:
    """A receipt is being stretched for each: the others go on in the share that they have."""
    hasty = [street.client("hasty", hasty=True) for _ in range(100)]
    for client in hasty:
        client.ask()
    street.loop.run(1.0)

    assert all(client.begun for client in hasty)


def test_whoever_hangs_up_is_not_counted_any_more(street: Street) -> None:
    """A connection that ends in the middle of a request."""
    gone, hasty = street.client("gone"), street.client("hasty", hasty=True)
    gone.ask()
    gone.end()
    gone.end()

    assert hasty.ask()


def test_whoever_gives_up_in_line_takes_nobodys_turn(street: Street) -> None:
    """What waited with them is not begun."""
    full = [street.client("full") for _ in range(int(PASS_UNITS))]
    gone, next_one = street.client("gone"), street.client("next")
    for client in (*full, gone, next_one):
        client.ask()
    gone.place.give_up()
    street.loop.run(0.0)

    assert (gone.begun, next_one.begun) == (0, 1)


def test_haste_is_forgiven(street: Street) -> None:
    """After some seconds of silence the hastiest is like everybody else."""
    client = street.client("hasty")
    for _ in range(100):
        client.place.pay(FURTHEST)
    assert client.place.is_hasty()
    street.loop.run((FURTHEST - HASTY) / FORGIVEN_S)

    assert not client.place.is_hasty()


def test_what_hasty_ones_cost_is_never_an_end(street: Street) -> None:
    """A thousand long answers at a time: the next one still begins within a tenth."""
    hasty = street.client("hasty", hasty=True)
    for _ in range(1000):
        hasty.place.pay(100)
    street.client("honest").ask()
    waiting = street.client("waiting", hasty=True)
    waiting.ask()
    street.loop.run(LONGEST_S + 0.002)

    assert waiting.begun == 1


def test_newcomers_who_become_hasty_all_the_time_are_no_end_either(street: Street) -> None:
    """What they cost was not asked for in the hasty ones' line, and is no reason to stop it."""
    street.client("drip").place.begin()
    waiting = [street.client(str(number), hasty=True) for number in range(20)]
    for client in waiting:
        client.ask()
    for number in range(400):
        if number % 100 == 0:
            street.client("drip").place.begin()
        street.client("refused twice").place.pay(FURTHEST)
        street.loop.run(0.01)

    assert all(client.begun for client in waiting)


ACTS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["ask", "end", "pay", "wait"])), max_size=150
)


@given(ACTS)
@settings(max_examples=100)
def test_nothing_that_waits_is_lost_and_nothing_is_begun_twice(
    acts: list[tuple[int, str]],
) -> None:
    """Whatever six connections do, and in whatever order."""
    street = Street()
    clients = [street.client(str(number)) for number in range(6)]
    asked = [0] * 6
    for number, act in acts:
        client = clients[number]
        if act == "ask" and not client.place.waits:
            asked[number] += 1
            client.ask()
        elif act == "end":
            client.end()
        elif act == "pay":
            client.place.pay(3.0)
        else:
            street.loop.run(0.01)
    street.loop.run(2.0)

    assert [client.begun for client in clients] == asked
    assert not len(street.turns)
