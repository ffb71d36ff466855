"""A figure that a document promises is the one that the code goes by.

Tests elsewhere read such a bound from the code, and would go on passing were it turned: from
800 days to 8, say. Here it stands in figures, beside the words in which it was promised.
"""

from datetime import timedelta

import pytest

from mustshare_api.crypto import directory, padding
from mustshare_api.domain import campaign, deadlines, pressure, webhooks, withholding
from mustshare_api.flows import buckets, referrals, staff, upkeep
from mustshare_api.flows.directory import WARN_DAYS
from mustshare_api.keytool.sharing import retiring
from mustshare_api.settings import Settings
from mustshare_api.store import directories, done, seconding, webhook_endpoints
from mustshare_api.store.upkeep import LEAP_DAYS
from tests.shape.tree import ROOT

TOLD = [
    ("threat-model.md", "blurred by up to two weeks", deadlines.JITTER_DAYS, 14),
    ("data-model.md", "It goes 90 days later, blurred", deadlines.TOMBSTONE_DAYS, 90),
    ("threat-model.md", "or came within the last two days", deadlines.UPLOAD_DAYS.days, 2),
    (
        "threat-model.md",
        "the old directory expires, at most 30 days",
        directory.LIFETIME_DAYS,
        30,
    ),
    ("data-model.md", "Kept are the last 64 directories", directories.HISTORY, 64),
    ("data-model.md", "and all of the last 800 days", directories.KEPT.days, 800),
    ("threat-model.md", "what was published in the last 30 days", webhooks.KEPT_DAYS, 30),
    ("webhooks.md", "for two days", webhook_endpoints.OVERLAP.days, 2),
    ("threat-model.md", "on which day of the last week", seconding.GOOD_FOR.days, 7),
    ("threat-model.md", "on each day of the last week", done.KEPT.days, 7),
    ("threat-model.md", "deleted, a year after it ended", referrals.KEPT_FOR.days, 365),
    ("threat-model.md", "and 400 days after it was sent", Settings().referral_days, 400),
    ("threat-model.md", "destroyed 90 days after its week", retiring.KEPT_DAYS, 90),
    ("threat-model.md", "ahead by more than 14 days", LEAP_DAYS, 14),
    ("operations.md", "said once a day from 14 on", WARN_DAYS, 14),
    ("operations.md", "erased within a minute", upkeep.EVERY_S, 60),
    ("threat-model.md", "counts from 1 to 4 are withheld", withholding.SMALL, 5),
    ("threat-model.md", "`k` is 5 unless two", campaign.USUAL_K, 5),
    ("threat-model.md", "at least 4 KiB for text", padding.TEXT_FLOOR, 4 << 10),
    ("flood.md", "would wait for half a second", pressure.RISE_WAIT_S, 0.5),
    ("threat-model.md", "64 KiB for a file", padding.ATTACHMENT_FLOOR, 64 << 10),
    (
        "data-model.md",
        "requests of the last six minutes",
        staff.NONCE_KEPT,
        timedelta(minutes=5),
    ),
    (
        "flood.md",
        "Twenty turns, then one each five",
        (buckets.TURNS, buckets.TURN_EVERY_S),
        (20, 5),
    ),
]


@pytest.mark.parametrize(("page", "words", "is_so", "promised"), TOLD)
def test_a_figure_is_what_was_promised(
    page: str, words: str, is_so: object, promised: object
) -> None:
    """The words stand on the page, and the code goes by their figure."""
    text = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())

    assert words in text
    assert is_so == promised
