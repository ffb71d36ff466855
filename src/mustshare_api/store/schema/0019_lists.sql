-- What lists are asked for all day is kept where an index or a short row can answer. A list of
-- objects names the digest of each head; computed when asked for, it read every stanza of every
-- row back from where PostgreSQL keeps long values, and the larger the store, the further off
-- those lie. PostgreSQL computes it now whenever a head is written, and no statement can set it.

ALTER TABLE envelopes ADD COLUMN digest bytea
    GENERATED ALWAYS AS (sha256(prefix || stanzas)) STORED;
ALTER TABLE envelopes ALTER COLUMN digest SET STORAGE PLAIN;
COMMENT ON COLUMN envelopes.digest IS 'SHA-256 of prefix and stanzas, as lists name it. Never of the payload and never of anything in clear.';

-- Whether somebody holds an object of a tip: two indexes answer, and no row is looked at.
CREATE INDEX envelopes_by_tip ON envelopes (tip_id, object_id);
DROP INDEX envelopes_of_a_tip;
CREATE INDEX envelope_recipients_by_object ON envelope_recipients (object_id, kid);
DROP INDEX envelope_recipients_of_an_object;

-- How many tips and pages there are, by when and in which state, is counted along an index: the
-- rows themselves, keys of reporters and all, are a hundred times as much to read.
CREATE INDEX tips_counted ON tips (received_on, state);
CREATE INDEX pages_counted ON pages (published_on, kind, state) WHERE shown_version > 0;
