-- Which keys an object is sealed to, so that staff are shown what they hold and nothing else.
-- Nothing new is told here: the same key ids stand in `envelopes.stanzas`, in clear, because a
-- reader has to find its own. This is those octets again, where an index can find them.

CREATE TABLE envelope_recipients (
    kid bytea NOT NULL CHECK (octet_length(kid) = 16),
    object_id bytea NOT NULL REFERENCES envelopes ON DELETE CASCADE,
    PRIMARY KEY (kid, object_id)
);
CREATE INDEX envelope_recipients_of_an_object ON envelope_recipients (object_id);

COMMENT ON TABLE envelope_recipients IS 'The keys that the stanzas of an object name, one row each. Written with the stanzas, always in one transaction.';
COMMENT ON COLUMN envelope_recipients.kid IS 'The id of a public key, as its stanza has it. Never a name: whose key it is stands in the signed directories alone.';
COMMENT ON COLUMN envelope_recipients.object_id IS 'The object that the stanza is on. Never whether anyone has fetched or opened it.';
COMMENT ON TABLE envelopes IS 'One row a sealed object; the byte layout is in docs/protocol.md. Its id, tip, kind, day and prefix are never edited; stanzas may be, and the payload with them.';

-- What is there already. A stanza is 1184 octets, the first 16 of which are the key id; the
-- count before them is one octet.
INSERT INTO envelope_recipients (kid, object_id)
SELECT DISTINCT substr(stanzas, 2 + 1184 * stanza, 16), object_id
FROM envelopes, generate_series(0, (octet_length(stanzas) - 1) / 1184 - 1) AS stanza;
