-- Every night the rows of past days are put in the order of their random ids, so that neither
-- their places in a table nor the numbers of the transactions that wrote them tell in which
-- order tips came. `store/mixing.py` says how; this is what it needs.

ALTER TABLE tips ADD COLUMN room bytea CHECK (octet_length(room) <= 8192);
ALTER TABLE tips ALTER COLUMN room SET STORAGE PLAIN;
ALTER TABLE tips SET (toast_tuple_target = 8160);
ALTER TABLE envelopes ADD COLUMN room bytea CHECK (octet_length(room) <= 8192);
ALTER TABLE envelopes ALTER COLUMN room SET STORAGE PLAIN;
ALTER TABLE uploads ADD COLUMN room bytea CHECK (octet_length(room) <= 8192);
ALTER TABLE uploads ALTER COLUMN room SET STORAGE PLAIN;
ALTER TABLE uploads ALTER COLUMN upload_id SET STORAGE PLAIN;

COMMENT ON COLUMN tips.room IS 'Zeros that fill a page while a row moves to another. Never anything but null once a transaction is over.';
COMMENT ON COLUMN envelopes.room IS 'As tips.room. Never anything but null once a transaction is over.';
COMMENT ON COLUMN uploads.room IS 'As tips.room. Never anything but null once a transaction is over.';

CREATE TABLE mixing (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    cluster bigint NOT NULL DEFAULT 0,
    mixed_on date,
    round_on date,
    since bigint NOT NULL DEFAULT 0,
    last bigint NOT NULL DEFAULT 0,
    mark bigint NOT NULL DEFAULT 0
);
INSERT INTO mixing DEFAULT VALUES;

COMMENT ON TABLE mixing IS 'How far the nightly mixing has come: days, and numbers of transactions. One row.';
COMMENT ON COLUMN mixing.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN mixing.cluster IS 'Which PostgreSQL the numbers below belong to. Never a reason to trust them in another.';
COMMENT ON COLUMN mixing.mixed_on IS 'The Bangkok day on which the last round ended. Never an instant.';
COMMENT ON COLUMN mixing.round_on IS 'The Bangkok day on which the running or last round began. Never an instant.';
COMMENT ON COLUMN mixing.since IS 'Rows written by earlier transactions are mixed already. Never more than PostgreSQL itself tells.';
COMMENT ON COLUMN mixing.last IS 'The number at which the last whole round began. Never a count of tips.';
COMMENT ON COLUMN mixing.mark IS 'The number at which the running round began. Never a count of tips.';

CREATE TABLE mixed_by (number bigint PRIMARY KEY);
COMMENT ON TABLE mixed_by IS 'The rounds'' own transactions since then: rows that one of them wrote are mixed.';
COMMENT ON COLUMN mixed_by.number IS 'PostgreSQL''s number of it. Never of a transaction that a reporter caused.';
