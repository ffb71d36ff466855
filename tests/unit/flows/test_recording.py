"""What a retry is known by: its answer was lost, and an upgrade loses answers as well."""

import pytest

from mustshare_api.domain.message import Coordinates, FollowUpBody, ProcurementRef, TipBody
from mustshare_api.flows.recording import content_digest

BEFORE = "2026-11-23T09:00:00Z"
AFTER = "2026-11-23T09:00:07Z"
PLAIN = TipBody(sent_at=AFTER, text="ถนนพัง")
WHOLE = TipBody(
    sent_at=AFTER,
    text="ถนนพัง",
    language="th",
    category="road",
    place="500101",
    coordinates=Coordinates(18.79, 98.98, 1000),
    procurement_refs=[ProcurementRef("TH-EGP", "66037123456")],
)


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (PLAIN, "b560410f03145886266eac1c12f840f4af8ce0ef5e3f318a07a3866e6282c3a6"),
        (WHOLE, "2ee0cf76aeb101503cb1955c2c97d4ddfd251f68fe624aaca73d10a1630159d7"),
        (
            FollowUpBody(sent_at=AFTER, text="อีก"),
            "011da574411b7bff62ae53bbb428337284cbc0dc1367281257d344c82b91ca17",
        ),
    ],
)
def test_a_retry_across_an_upgrade_is_known_again(
    body: TipBody | FollowUpBody, digest: str
) -> None:
    """Digests as they were before tips had cases and answers; one that changes is a tip twice.

    With a retry key the receipt is made from this digest, so another one is another receipt.
    """
    assert content_digest(body).hex() == digest


def test_what_was_said_counts_and_when_does_not() -> None:
    """Every field that says something makes another tip; the second of sending does not."""
    said = [
        PLAIN,
        WHOLE,
        TipBody(sent_at=AFTER, text="ถนนพัง", case="lamp-posts"),
        TipBody(sent_at=AFTER, text="ถนนพัง", campaign="roads"),
        TipBody(sent_at=AFTER, text="ถนนพัง", campaign="roads", answers={"sign": False}),
        TipBody(sent_at=AFTER, text="ถนนพัง", campaign="roads", answers={"sign": True}),
    ]

    assert len({content_digest(body) for body in said}) == len(said)
    assert content_digest(TipBody(sent_at=BEFORE, text="ถนนพัง")) == content_digest(PLAIN)
