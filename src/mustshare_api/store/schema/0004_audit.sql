-- What staff and operators did, so that it cannot be rewritten unseen: a Merkle log (RFC 9162).
-- Nothing that a reporter does is ever in it, and nothing in it is finer than a Bangkok day.

CREATE TABLE audit_leaves (
    position bigint PRIMARY KEY CHECK (position >= 0),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    happened_on date NOT NULL,
    nonce bytea CHECK (octet_length(nonce) = 32),
    event bytea CHECK (octet_length(event) BETWEEN 1 AND 16384),
    directory bytea UNIQUE CHECK (octet_length(directory) = 32),
    CONSTRAINT a_nonce_goes_with_its_event CHECK ((nonce IS NULL) = (event IS NULL)),
    CONSTRAINT what_vouches_for_a_directory_stays CHECK (
        directory IS NULL OR event IS NOT NULL
    )
);
CREATE INDEX audit_leaves_to_shred ON audit_leaves (happened_on) WHERE event IS NOT NULL;

COMMENT ON TABLE audit_leaves IS 'One row a deed of staff or operators. Never one of a reporter, and never one that tells of a reporter''s coming and going.';
COMMENT ON COLUMN audit_leaves.position IS 'Its place in the tree. Counts deeds of staff on purpose; never anything of reporters.';
COMMENT ON COLUMN audit_leaves.leaf_hash IS 'SHA-256 of a zero octet, nonce and event. Never gone: every later root stands on it.';
COMMENT ON COLUMN audit_leaves.happened_on IS 'A Bangkok day, by which old events are shredded. Never an instant: staff keep hours too.';
COMMENT ON COLUMN audit_leaves.nonce IS 'Random, so that the hash of a shredded event confirms no guess. Never kept longer than the event.';
COMMENT ON COLUMN audit_leaves.event IS 'What was done, by which key, on what day, as docs/audit.md lays it out. Never words of anyone, and never a body: its digest.';
COMMENT ON COLUMN audit_leaves.directory IS 'Digest of the directory whose coming into force this leaf records. Never set for another event.';

CREATE TABLE audit_nodes (
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 62),
    number bigint NOT NULL CHECK (number >= 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, number)
);
COMMENT ON TABLE audit_nodes IS 'The tree above the leaves, as far as it will not change again, so that a proof need not read the log.';
COMMENT ON COLUMN audit_nodes.level IS 'How many levels above the leaves.';
COMMENT ON COLUMN audit_nodes.number IS 'Its place on its level, from 0.';
COMMENT ON COLUMN audit_nodes.hash IS 'SHA-256 of an octet of one and both nodes below. Never trusted by who checks: recomputed.';

CREATE TABLE audit_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    size bigint NOT NULL CHECK (size >= 0),
    peaks bytea NOT NULL CHECK (octet_length(peaks) % 32 = 0)
);
INSERT INTO audit_head (size, peaks) VALUES (0, '');
COMMENT ON TABLE audit_head IS 'How far the log has come. Whoever appends locks this row, so that deeds have one order.';
COMMENT ON COLUMN audit_head.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN audit_head.size IS 'How many leaves there are.';
COMMENT ON COLUMN audit_head.peaks IS 'The hashes that the next leaf is joined to, largest subtree first.';

CREATE TABLE audit_key (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    seed bytea NOT NULL CHECK (octet_length(seed) = 32)
);
COMMENT ON TABLE audit_key IS 'The key under which this service says how its log stands; its processes share it.';
COMMENT ON COLUMN audit_key.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN audit_key.seed IS 'Ed25519. Signs checkpoints and nothing else, and opens nothing. Never what the log''s truth stands on: whoever takes it can fork the log, and is caught by those who kept a checkpoint.';

CREATE TABLE audit_cosignatures (
    size bigint NOT NULL CHECK (size > 0),
    kid bytea NOT NULL CHECK (octet_length(kid) = 16),
    line bytea NOT NULL CHECK (octet_length(line) BETWEEN 1 AND 512),
    PRIMARY KEY (size, kid)
);
COMMENT ON TABLE audit_cosignatures IS 'What partners'' witnesses signed of this log''s checkpoints.';
COMMENT ON COLUMN audit_cosignatures.size IS 'The size of the checkpoint that was signed.';
COMMENT ON COLUMN audit_cosignatures.kid IS 'The witness''s key, of the directory of that day. Never a person.';
COMMENT ON COLUMN audit_cosignatures.line IS 'The signature line, C2SP cosignature/v1. The instant inside is the witness''s own, told by it in the open. Never an instant of staff or of reporters.';
