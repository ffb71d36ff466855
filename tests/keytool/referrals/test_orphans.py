"""What becomes of the referrals of a tip that is gone, where the door says this or that."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mustshare_api.domain.referral import State
from mustshare_api.errors import MustShareError, NotFound, Unavailable
from mustshare_api.keytool.referrals import case_telling, office
from mustshare_api.keytool.referrals.book import Booked, BookedTip
from mustshare_api.keytool.referrals.wire import ReferralEntry, ReferralShown
from mustshare_api.keytool.refusal import Rewritten

MADE, GONE, LEFT = "ab" * 16, "cd" * 16, "ef" * 16
BOOKED = Booked("nacc", "12" * 16, [BookedTip(GONE, 1), BookedTip(LEFT, 1)])


class Calls:
    """A door that answers one thing, a console, and what was done with both."""

    def __init__(self, answers: State | MustShareError) -> None:
        self.answers = answers
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *_, **__: self.done.append(name)

    @property
    def console(self) -> "Calls":
        return self

    def show(self, _: str) -> ReferralShown:
        if isinstance(self.answers, MustShareError):
            raise self.answers
        day = date(2026, 11, 23)
        entry = ReferralEntry(MADE, "nacc", self.answers, 3, 9, "00" * 32, day, day)
        return ReferralShown(entry, [])


@pytest.mark.parametrize(
    ("answers", "done"),
    [
        (State.CONCLUDED, ["forget"]),
        (State.TAKEN_BACK, ["tell", "forget"]),
        (State.ASKED, ["take_back", "say", "tell", "forget"]),
        (NotFound("referral.not_found"), ["forget"]),
        (Unavailable("busy"), ["refuse"]),
    ],
)
def test_it_is_taken_back_told_and_forgotten_or_tried_again(
    monkeypatch: pytest.MonkeyPatch, answers: State | MustShareError, done: list[str]
) -> None:
    """Concluded or gone it is left; where the door cannot say, it waits for the next sync."""
    calls = Calls(answers)
    monkeypatch.setattr(office, "load_book", lambda *_: {MADE: BOOKED})
    monkeypatch.setattr(office, "forget", lambda *_: calls.done.append("forget"))
    monkeypatch.setattr(office, "forget_asked", lambda *_: None)
    monkeypatch.setattr(office, "ReferralDoor", lambda _: calls)

    def told(_: Any, referral: str, among: set[str]) -> bool:
        assert (referral, among) == (MADE, {LEFT})
        calls.done.append("tell")
        return True

    monkeypatch.setattr(office, "tell_taken_back", told)
    four = cast("tuple[Any, Any, Any, Any]", (None, None, None, calls))
    office.take_back_of(*four, GONE)
    office.take_back_of(*four, "99" * 16)

    assert calls.done == done


def test_an_erasure_whose_sync_fails_leaves_its_referrals_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was told of the others is not known then: nothing is done by halves."""
    calls = Calls(State.SENT)

    def failing(*_: Any, **__: Any) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(office, "load_book", lambda *_: {MADE: BOOKED})
    monkeypatch.setattr(office, "sync", failing)
    monkeypatch.setattr(office, "take_back_of", lambda *_: calls.done.append("take back"))
    officer: Any = calls
    office.after_erasing(officer, officer, officer, officer, GONE)

    assert [one for one in calls.done if one != "seeds"] == ["refuse"]


def test_a_log_that_was_rewritten_ends_it_whatever_else_was_to_be_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The evidence comes first: it is no failure like another, to be tried again."""

    def rewritten(*_: Any, **__: Any) -> None:
        raise Rewritten("audit.rewritten", path="evidence")

    calls = Calls(Rewritten("audit.rewritten", path="evidence"))
    any_of: Any = calls
    monkeypatch.setattr(office, "load_book", lambda *_: {MADE: BOOKED})
    monkeypatch.setattr(office, "ReferralDoor", lambda _: calls)
    monkeypatch.setattr(office, "sync", rewritten)
    tip, behind = SimpleNamespace(tip_id=LEFT), Calls(State.TAKEN_BACK)
    dockets = SimpleNamespace(behind=lambda *_: [tip])
    desk_of: Any = SimpleNamespace(
        dockets=dockets, put_docket=rewritten, referrals=behind, session=calls
    )
    case: Any = SimpleNamespace(slug="lamp-posts")
    for done in (
        lambda: office.take_back_of(any_of, any_of, any_of, any_of, GONE),
        lambda: office.after_erasing(any_of, any_of, any_of, any_of, GONE),
        lambda: office.tell_taken_back(desk_of, MADE, None),
        lambda: case_telling._told(desk_of, case, LEFT, (any_of, None)),
    ):
        with pytest.raises(Rewritten):
            done()
    assert set(calls.done) <= {"seeds"}
