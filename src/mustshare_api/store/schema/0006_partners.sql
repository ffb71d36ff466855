-- Whose front ends may go ahead, and what holds a flood off. None of it is about a reporter: no
-- tip names a partner, and no partner's row names a tip. What moves with every tip is unlogged,
-- holds no instant finer than it says, and is gone again within minutes.

CREATE TABLE partners (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    origins text[] NOT NULL,
    quota_per_day integer NOT NULL CHECK (quota_per_day > 0),
    quota_per_minute integer NOT NULL CHECK (quota_per_minute > 0),
    stopped boolean NOT NULL DEFAULT false,
    added_on date NOT NULL
);
COMMENT ON TABLE partners IS 'Those who carry tips here, by agreement. Never somebody who sends one.';
COMMENT ON COLUMN partners.name IS 'What operators call the partner. Never on a tip, and never in a log line.';
COMMENT ON COLUMN partners.key_hash IS 'SHA-256 of the partner''s key. Never the key: it is shown once.';
COMMENT ON COLUMN partners.origins IS 'Exact origins of its front ends, for browsers. Never a pattern.';
COMMENT ON COLUMN partners.quota_per_day IS 'How many calls go ahead on a Bangkok day.';
COMMENT ON COLUMN partners.quota_per_minute IS 'How many of them within a minute, so that a stolen key does not use a day up at once.';
COMMENT ON COLUMN partners.stopped IS 'The kill switch. Read at every call, never kept in a process.';
COMMENT ON COLUMN partners.added_on IS 'A Bangkok day. Agreements are no secret, but a day is enough.';

CREATE UNLOGGED TABLE partner_usage (
    name text PRIMARY KEY REFERENCES partners ON DELETE CASCADE,
    used_on date NOT NULL,
    used integer NOT NULL CHECK (used >= 0),
    minute smallint NOT NULL CHECK (minute BETWEEN -1 AND 59),
    used_in_minute integer NOT NULL CHECK (used_in_minute >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE partner_usage IS 'One row a partner, written over. Unlogged: after a crash a day begins anew, which errs in the reporters'' favour.';
COMMENT ON COLUMN partner_usage.name IS 'The partner. Never a reporter of its.';
COMMENT ON COLUMN partner_usage.used_on IS 'The Bangkok day that is counted. Never a history: the next day writes over it.';
COMMENT ON COLUMN partner_usage.used IS 'Calls of that day, tips and returns alike. Never which tips.';
COMMENT ON COLUMN partner_usage.minute IS 'The minute of some hour that is counted, -1 once it is over. Never an instant: swept within two minutes.';
COMMENT ON COLUMN partner_usage.used_in_minute IS 'Calls of that minute, 0 once it is over. Never kept for longer.';

CREATE UNLOGGED TABLE challenges_spent (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    until_window integer NOT NULL
);
CREATE INDEX challenges_spent_due ON challenges_spent (until_window);
COMMENT ON TABLE challenges_spent IS 'Solutions that were used, so that none is used twice. Written under a flood only; in calm it is empty.';
COMMENT ON COLUMN challenges_spent.digest IS 'SHA-256 of a challenge''s signature, which is random. Never anything of what came with it.';
COMMENT ON COLUMN challenges_spent.until_window IS 'The ten minutes in which the challenge ends, as a number. Never the instant at which it was used.';
