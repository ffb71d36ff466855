"""What is told to partners by webhook, and when it is told again: Standard Webhooks.

    {"type": "case.published", "timestamp": "2026-11-23T00:00:00+07:00", "data": {"id": "..."}}

Thin: a type, a day, the public name of the thing. Who wants more asks the API, which knows who
may see what. Nothing is ever told of a tip or a reporter. `timestamp` has the form that the
standard asks for and the precision that we keep: a Bangkok day, its first instant. A referral
is a step on a tip, and its minute would say when staff read it.
"""

from datetime import date, datetime, time
from typing import Final

import msgspec

from mustshare_api.clock import BANGKOK

CASE_PUBLISHED: Final = "case.published"
CASE_CORRECTED: Final = "case.corrected"
CAMPAIGN_PUBLISHED: Final = "campaign.published"
REFERRAL_SENT: Final = "referral.sent"
REFERRAL_ANSWERED: Final = "referral.answered"
OUTCOME_PUBLISHED: Final = "outcome.published"

PUBLIC: Final = (CASE_PUBLISHED, CASE_CORRECTED, CAMPAIGN_PUBLISHED, OUTCOME_PUBLISHED)
"""Told to whoever asked for them: everybody can read of them."""

OF_ONE_PARTNER: Final = (REFERRAL_SENT, REFERRAL_ANSWERED)
"""Told to the partner that the event is for, and to no other."""

TYPES: Final = (*PUBLIC, *OF_ONE_PARTNER)
TEST: Final = "webhook.test"
"""Sent by `mustshare partner webhook test`, and to what a partner has set up itself."""

KEPT_DAYS: Final = 30
"""For so long an event can be told again. Its longest round of attempts takes four days."""

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
PAUSES_S: Final = (
    *(5, 5 * _MINUTE_S, 30 * _MINUTE_S, 2 * _HOUR_S, 5 * _HOUR_S),
    *(10 * _HOUR_S, 14 * _HOUR_S, 20 * _HOUR_S, 24 * _HOUR_S),
)
"""After each attempt that failed, as the standard has it; the first is made at once."""

LONGEST_ASKED_S: Final = 24 * _HOUR_S
"""So long a receiver may put an attempt off; more would outlive what there is to tell."""

ATTEMPTS: Final = len(PAUSES_S) + 1
JITTER: Final = 0.1
"""By so much a pause is longer at most, so that what failed together is not tried together."""


class _Of(msgspec.Struct, frozen=True):
    id: str


class _Told(msgspec.Struct, frozen=True):
    type: str
    timestamp: str
    data: _Of


def payload(kind: str, about: str, day: date) -> bytes:
    """The body of a webhook: the same octets at every attempt."""
    begins_at = datetime.combine(day, time(), BANGKOK)
    return msgspec.json.encode(_Told(kind, begins_at.isoformat(), _Of(about)))


def pause_s(attempts: int, chance: float, asked_s: int = 0) -> float | None:
    """How long to wait after so many attempts that failed; None when it was the last.

    Args:
        attempts: made so far, 1 and more.
        chance: from 0 to 1, at random.
        asked_s: for how long the receiver asked us to stay away; a day of it is heeded.
    """
    if attempts > len(PAUSES_S):
        return None
    return max(PAUSES_S[attempts - 1], min(asked_s, LONGEST_ASKED_S)) * (1 + JITTER * chance)


def events_of(
    kind: str, before: str, state: str, *, first: bool, outcomes: int = 0
) -> tuple[str, ...]:
    """What partners are told when the public is shown a version of a page.

    An outcome is published by a case that tells one it has not told before, or that is
    concluded. Articles tell nobody: feeds do.

    Args:
        kind: of the page.
        before: the state that was shown until now.
        state: the state that is shown from here on.
        first: whether nothing of the page was shown before.
        outcomes: how many the case tells that it never told before.
    """
    if kind == "campaign":
        return (CAMPAIGN_PUBLISHED,) if first else ()
    if kind != "case":
        return ()
    concluded = state == "concluded" and (first or before != state)
    page = CASE_PUBLISHED if first else CASE_CORRECTED
    return (page, OUTCOME_PUBLISHED) if concluded or outcomes else (page,)
