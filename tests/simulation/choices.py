"""From what the story chooses: ways in, faults, times, texts."""

from hypothesis import strategies as st

from tests.pictures import jpegs, pngs
from tests.simulation.world import FAULTS

WEEKS = 24
JITTER_DAYS = 14
PICTURES = (jpegs.phone(), pngs.plain())
WAYS = ("minted", "retry key", "nothing", "sealed")
TIMES = {
    "an hour": {"hours": 1},
    "a day": {"days": 1},
    "a week": {"days": 7},
    "a month": {"days": 31},
    "a season": {"days": 105},
}
EVENTS = ("directory", "directory", "restart", "sweep", *TIMES)

FAULT = st.sampled_from(FAULTS)
AFTER_S = st.sampled_from([0, 0.001, 0.003, 0.008, 0.02, 0.04])
WHICH = st.integers(0, 10**6)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)
