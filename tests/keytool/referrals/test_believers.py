"""Whose key an agency's word is believed under."""

from mustshare_api.crypto import directory
from mustshare_api.crypto.entries import Entry
from mustshare_api.keytool.referrals.said import Believers
from tests.api.referring import Agency
from tests.doors import STARTED_AT
from tests.organisation import organisation


def test_a_key_that_was_revoked_is_believed_no_more_whatever_day_it_signs() -> None:
    """One that was only replaced still is: what its agency said it said."""
    org, nacc, pacc = organisation(STARTED_AT), Agency("nacc"), Agency("pacc")
    listed = directory.parse(org.note(2, also=(*nacc.entries(), *pacc.entries())))
    stolen, other = (one.entries()[0] for one in (nacc, pacc))
    revoked = Entry.of("revoked", "nacc", None, stolen.public_key)
    later = directory.parse(org.note(3, also=(revoked,)))

    before, after = Believers((listed,)), Believers((listed, later))
    assert before.key_of("nacc", stolen.kid) == stolen.public_key
    assert after.key_of("nacc", stolen.kid) is None
    assert after.key_of("pacc", other.kid) == other.public_key
    assert after.key_of("nacc", other.kid) is None
