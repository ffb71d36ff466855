-- What is kept of a tip, and no more. Ids are random and made by clients: nothing here counts up.
-- A row about a reporter carries Bangkok days. It has no instant, no address, no language, no
-- client and no partner, and it must never get one: whoever seizes this database reads it all.
--
-- Ciphertext is kept EXTERNAL: it cannot be compressed, and a compressed size would tell
-- something of what was sealed where the padded size does not.

CREATE TABLE tips (
    tip_id bytea PRIMARY KEY CHECK (octet_length(tip_id) = 16),
    access_hash bytea UNIQUE CHECK (octet_length(access_hash) = 32),
    bundle bytea CHECK (octet_length(bundle) = 1248),
    bundle_hash bytea CHECK (octet_length(bundle_hash) = 32),
    fingerprint bytea CHECK (octet_length(fingerprint) = 32),
    state text NOT NULL CHECK (state IN ('received', 'withdrawn', 'expired')),
    received_on date NOT NULL,
    expires_on date NOT NULL CHECK (expires_on > received_on),
    answered boolean NOT NULL DEFAULT false,
    CONSTRAINT a_living_tip_can_be_claimed CHECK (
        state <> 'received'
        OR (access_hash IS NOT NULL AND bundle IS NOT NULL AND bundle_hash IS NOT NULL)
    ),
    CONSTRAINT a_tombstone_keeps_nothing_of_a_reporter CHECK (
        state = 'received'
        OR (access_hash IS NULL AND bundle IS NULL AND bundle_hash IS NULL
            AND fingerprint IS NULL)
    )
);
ALTER TABLE tips ALTER COLUMN bundle SET STORAGE EXTERNAL;
CREATE INDEX tips_due ON tips (expires_on) WHERE state = 'received';

COMMENT ON TABLE tips IS 'One row a tip. When it is withdrawn or expired the row stays, emptied, so that staff learn it is gone.';
COMMENT ON COLUMN tips.tip_id IS 'Random, 128 bits. Never serial and never with a time in it: it would order tips within a day.';
COMMENT ON COLUMN tips.access_hash IS 'SHA-256 of the access derived from a receipt. Never the access and never the receipt; gone with the tip.';
COMMENT ON COLUMN tips.bundle IS 'The public keys of one receipt, made for one tip. Never a key that serves two tips: it would join them.';
COMMENT ON COLUMN tips.bundle_hash IS 'What the prefixes of this tip carry. Gone with the tip: else a receipt found later would prove that it once made one.';
COMMENT ON COLUMN tips.fingerprint IS 'Of what was sent, keyed by the access, to know a retry. Never an unkeyed digest: that would confirm a guessed text.';
COMMENT ON COLUMN tips.state IS 'Where the tip stands. Never a verdict about who sent it.';
COMMENT ON COLUMN tips.received_on IS 'A Bangkok day, not an instant: finer time would line up with an access log.';
COMMENT ON COLUMN tips.expires_on IS 'The first Bangkok day on which the tip is gone. Never an instant; never moved by mere reading, or it would tell of visits.';
COMMENT ON COLUMN tips.answered IS 'Whether staff have ever replied. Never whether, or when, a reply was read.';

CREATE TABLE envelopes (
    object_id bytea PRIMARY KEY CHECK (octet_length(object_id) = 16),
    tip_id bytea NOT NULL REFERENCES tips,
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 5),
    received_on date NOT NULL,
    prefix bytea NOT NULL CHECK (octet_length(prefix) = 72),
    stanzas bytea NOT NULL CHECK (
        octet_length(stanzas) BETWEEN 1185 AND 18945
        AND (octet_length(stanzas) - 1) % 1184 = 0
    ),
    payload bytea,
    payload_bytes bigint NOT NULL CHECK (payload_bytes > 0),
    fingerprint bytea CHECK (octet_length(fingerprint) = 32),
    follow_up_id bytea CHECK (octet_length(follow_up_id) = 16),
    CONSTRAINT a_message_is_whole_and_an_attachment_in_chunks CHECK (
        CASE WHEN kind IN (4, 5) THEN payload IS NULL
        ELSE payload IS NOT NULL AND octet_length(payload) = payload_bytes END
    ),
    CONSTRAINT only_attachments_from_staff_name_a_follow_up CHECK (
        follow_up_id IS NULL OR kind = 5
    )
);
ALTER TABLE envelopes ALTER COLUMN prefix SET STORAGE PLAIN;
ALTER TABLE envelopes ALTER COLUMN stanzas SET STORAGE EXTERNAL;
ALTER TABLE envelopes ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX envelopes_of_a_tip ON envelopes (tip_id);
CREATE INDEX envelopes_of_a_follow_up ON envelopes (follow_up_id) WHERE follow_up_id IS NOT NULL;

COMMENT ON TABLE envelopes IS 'One row a sealed object; the byte layout is in docs/protocol.md. Rows are never edited.';
COMMENT ON COLUMN envelopes.object_id IS 'Random, 128 bits, made by whoever sealed it. Never serial: the order of a day''s objects is nobody''s business.';
COMMENT ON COLUMN envelopes.tip_id IS 'The tip it lies on. Never a person or a device.';
COMMENT ON COLUMN envelopes.kind IS '1 tip, 2 and 3 follow-up from reporter and staff, 4 and 5 attachment likewise. Never what it is about, and never a media type.';
COMMENT ON COLUMN envelopes.received_on IS 'A Bangkok day, not an instant: the exact time is sealed inside.';
COMMENT ON COLUMN envelopes.prefix IS 'The 72 bytes that everything else is bound to. Never anything that the sealer did not put there.';
COMMENT ON COLUMN envelopes.stanzas IS 'The content key, wrapped once a recipient key. Never a content key that is not wrapped.';
COMMENT ON COLUMN envelopes.payload IS 'Ciphertext of a message, padded. Never content in clear, not even for a moment in a transaction.';
COMMENT ON COLUMN envelopes.payload_bytes IS 'The padded size, one of few. Never the size of the content.';
COMMENT ON COLUMN envelopes.fingerprint IS 'Of what was sent, keyed, to know a retry. Never an unkeyed digest of what a reporter wrote.';
COMMENT ON COLUMN envelopes.follow_up_id IS 'The reply that names this attachment from staff, so that both go when it is acknowledged. Never set for a reporter''s.';

CREATE TABLE envelope_chunks (
    object_id bytea NOT NULL
        REFERENCES envelopes ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number integer NOT NULL CHECK (number >= 0),
    octets bytea NOT NULL CHECK (octet_length(octets) BETWEEN 1 AND 1048576),
    PRIMARY KEY (object_id, number)
);
ALTER TABLE envelope_chunks ALTER COLUMN octets SET STORAGE EXTERNAL;

COMMENT ON TABLE envelope_chunks IS 'The payload of an attachment, cut evenly. Written before their envelope in one transaction, hence the deferred reference.';
COMMENT ON COLUMN envelope_chunks.object_id IS 'The attachment it is a piece of.';
COMMENT ON COLUMN envelope_chunks.number IS 'Its place within the one object, from 0. Never a count over objects.';
COMMENT ON COLUMN envelope_chunks.octets IS 'Ciphertext. Never cut where the content has a boundary: the sizes would tell it.';

CREATE TABLE directories (
    serial bigint PRIMARY KEY CHECK (serial > 0),
    octets bytea NOT NULL CHECK (octet_length(octets) BETWEEN 1 AND 1048576),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    accepted_on date NOT NULL
);
COMMENT ON TABLE directories IS 'Key directories as they were signed, public all through; the older ones verify older replies.';
COMMENT ON COLUMN directories.serial IS 'The number its signers gave it. Never one that the database made.';
COMMENT ON COLUMN directories.octets IS 'The signed note, byte for byte. Never composed again: the signatures are over these bytes.';
COMMENT ON COLUMN directories.digest IS 'SHA-256 of the octets. Never a stand-in for checking the signatures.';
COMMENT ON COLUMN directories.accepted_on IS 'A Bangkok day. Staff publish in the open, but a day is enough.';

CREATE UNLOGGED TABLE nonces (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX nonces_due ON nonces (expires_at);
COMMENT ON TABLE nonces IS 'Signed staff requests already seen. Unlogged and swept: what staff do all day must not add up to a diary.';
COMMENT ON COLUMN nonces.digest IS 'Of key id and nonce together. Never the key id by itself: it would tell who works when.';
COMMENT ON COLUMN nonces.expires_at IS 'When the signature is too old to replay. The one instant in this schema, of staff alone. Never kept past that.';

CREATE TABLE deployment (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    deployment_id bytea NOT NULL CHECK (octet_length(deployment_id) = 16),
    receipt_mint_key bytea NOT NULL CHECK (octet_length(receipt_mint_key) = 32)
);
COMMENT ON TABLE deployment IS 'What makes this service itself: one row for good.';
COMMENT ON COLUMN deployment.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN deployment.deployment_id IS 'Public; receipts are stretched under it. Never changed: every receipt would stop working.';
COMMENT ON COLUMN deployment.receipt_mint_key IS 'Turns a front end''s random Idempotency-Key into a receipt. Never enough by itself: the keys it needs are never stored.';
