-- A referral whose agency never concludes: its age file has a clock, and what is left of it is
-- told from what was concluded. And what was done of it is known again when it is asked twice.

ALTER TABLE referrals DROP CONSTRAINT referrals_state_check;
ALTER TABLE referrals ADD CONSTRAINT referrals_state_check CHECK (
    state IN ('proposed', 'sent', 'fetched', 'acknowledged', 'asked', 'answered', 'lapsed', 'concluded', 'taken_back')
);

CREATE TABLE referral_acts (
    referral_id bytea NOT NULL REFERENCES referrals ON DELETE CASCADE,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (referral_id, digest)
);
COMMENT ON TABLE referral_acts IS 'What was done of a referral, so that whoever asks again is told so. Never when.';
COMMENT ON COLUMN referral_acts.referral_id IS 'The referral.';
COMMENT ON COLUMN referral_acts.digest IS 'SHA-256 of who did what, as the audit log has it too. Never of which tip: where tips were named, 128 random bits were.';
