-- What becomes of a tip: `domain/lifecycle.py` has the table, and a test compares it with the
-- checks below. Staff move it step by step, and what cannot be taken back takes two of them.
--
-- A clock runs only on what staff have taken note of. `infinity` says that it stands still.

ALTER TABLE tips DROP CONSTRAINT tips_state_check;
ALTER TABLE tips DROP CONSTRAINT a_living_tip_can_be_claimed;
ALTER TABLE tips DROP CONSTRAINT a_tombstone_keeps_nothing_of_a_reporter;
DROP INDEX tips_due;

ALTER TABLE tips ADD COLUMN steps smallint NOT NULL DEFAULT 0 CHECK (steps >= 0);
ALTER TABLE tips ADD COLUMN erasure_nonce bytea CHECK (octet_length(erasure_nonce) = 32);
ALTER TABLE tips ADD CONSTRAINT tips_state_check CHECK (
    state IN ('received', 'verifying', 'published', 'referred', 'set_aside', 'closed',
              'withdrawn', 'expired')
);
ALTER TABLE tips ADD CONSTRAINT a_living_tip_can_be_claimed CHECK (
    state IN ('withdrawn', 'expired')
    OR (access_hash IS NOT NULL AND bundle IS NOT NULL AND bundle_hash IS NOT NULL
        AND erasure_nonce IS NULL)
);
ALTER TABLE tips ADD CONSTRAINT a_tombstone_keeps_nothing_of_a_reporter CHECK (
    state NOT IN ('withdrawn', 'expired')
    OR (access_hash IS NULL AND bundle IS NULL AND bundle_hash IS NULL
        AND fingerprint IS NULL AND expires_on < 'infinity')
);
ALTER TABLE tips ADD CONSTRAINT only_what_was_erased_has_a_nonce CHECK (
    erasure_nonce IS NULL OR state = 'expired'
);
-- What nobody answered, nobody has read, as far as can be known here: it waits.
UPDATE tips SET expires_on = 'infinity' WHERE state = 'received' AND NOT answered;
-- A tombstone stays until tools that seldom sync have learnt of it. From when on is not known.
UPDATE tips SET expires_on = greatest(expires_on, current_date + 104)
WHERE state IN ('withdrawn', 'expired');
CREATE INDEX tips_due ON tips (expires_on);

COMMENT ON COLUMN tips.steps IS 'How many steps staff have made with it, which is its version. Never when, and never by whom: that is in the audit log, for as long as the log keeps events.';
COMMENT ON COLUMN tips.erasure_nonce IS 'Of a tip that expired: what its hash among the erasures was made with, so that staff can check it is counted. Never of a withdrawn one; gone with the tombstone.';
COMMENT ON COLUMN tips.expires_on IS 'The first Bangkok day on which the tip is gone; of a tombstone, on which that is. Infinity while the reporter''s last words wait for staff. Never an instant; never moved by a reporter''s reading, or it would tell of visits.';

CREATE TABLE seconds (
    act text NOT NULL CHECK (act ~ '^[a-z][a-z0-9._-]{0,31}$'),
    subject bytea NOT NULL CHECK (octet_length(subject) BETWEEN 1 AND 256),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    officer text NOT NULL CHECK (octet_length(officer) BETWEEN 1 AND 512),
    proposed_on date NOT NULL,
    PRIMARY KEY (act, subject)
);
COMMENT ON TABLE seconds IS 'What one officer proposed and a second has not done yet. Gone when it is done, taken back, or a week old.';
COMMENT ON COLUMN seconds.act IS 'Which of the acts that take two people. Never free text.';
COMMENT ON COLUMN seconds.subject IS 'What it is about: the id of a tip, a case, a referral. Never of a reporter, and gone with the tip.';
COMMENT ON COLUMN seconds.digest IS 'SHA-256 of exactly what is to be done. Never the content: nothing unpublished lies here in clear.';
COMMENT ON COLUMN seconds.officer IS 'Who proposed it, by their name in the directory, so that the same person under another key is no second one. Never a reporter''s.';
COMMENT ON COLUMN seconds.proposed_on IS 'A Bangkok day. Never an instant: officers keep hours too.';

CREATE TABLE erasures (
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (month, hash)
);
COMMENT ON TABLE erasures IS 'One row a tip that expired: what the leaf of its month in the audit log was made of.';
COMMENT ON COLUMN erasures.month IS 'The first day of the month in which it was erased. Never the day: many a day has one.';
COMMENT ON COLUMN erasures.hash IS 'SHA-256 of a nonce and the tip''s id. Never the id; the nonce goes with the tombstone, and then it is a number like any other.';

CREATE TABLE erasure_months (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    month date NOT NULL CHECK (extract(day FROM month) = 1)
);
COMMENT ON TABLE erasure_months IS 'Which month''s erasures have no leaf yet: one row.';
COMMENT ON COLUMN erasure_months.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN erasure_months.month IS 'The first day of that month. Never a day on which something happened.';

CREATE TABLE tallies (
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    state text NOT NULL CHECK (state IN ('withdrawn', 'expired')),
    tips bigint NOT NULL CHECK (tips > 0),
    PRIMARY KEY (month, state)
);
COMMENT ON TABLE tallies IS 'How many tips of a month there were whose tombstones are gone as well, so that totals stay true.';
COMMENT ON COLUMN tallies.month IS 'The first day of the month in which they came in. Never the day.';
COMMENT ON COLUMN tallies.state IS 'How they ended. Never why.';
COMMENT ON COLUMN tallies.tips IS 'How many. Never which.';
