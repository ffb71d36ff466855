-- A receipt can be exchanged for a new one. What staff and the reporter need to follow the keys
-- from one to the next is kept as long as the tip, and goes with it. No day is kept of it.

CREATE TABLE rotations (
    tip_id bytea NOT NULL REFERENCES tips,
    number integer NOT NULL CHECK (number >= 1),
    bundle bytea NOT NULL CHECK (octet_length(bundle) = 1248),
    notice bytea NOT NULL CHECK (octet_length(notice) = 64),
    acceptance bytea NOT NULL CHECK (octet_length(acceptance) = 64),
    PRIMARY KEY (tip_id, number)
);
ALTER TABLE rotations ALTER COLUMN bundle SET STORAGE EXTERNAL;

COMMENT ON TABLE rotations IS 'One row for each time a tip''s receipt was exchanged for a new one. Gone with the tip.';
COMMENT ON COLUMN rotations.tip_id IS 'The tip, so that it goes with it. Never a person or a device.';
COMMENT ON COLUMN rotations.number IS 'Which rotation of this one tip, from 1. Never a count over tips, and never a day.';
COMMENT ON COLUMN rotations.bundle IS 'The public keys that were left, which older objects of the tip name. Never the access hash of a receipt that no longer works.';
COMMENT ON COLUMN rotations.notice IS 'The old receipt''s signature over the new keys. Never anything but that signature.';
COMMENT ON COLUMN rotations.acceptance IS 'The new receipt''s signature over the same. Never anything but that signature.';

COMMENT ON COLUMN tips.bundle_hash IS 'Of the bundle in force: what the prefixes of new objects carry. Gone with the tip: else a receipt found later would prove that it once made one.';
COMMENT ON COLUMN tips.fingerprint IS 'Of what was sent, or of the last rotation, keyed by the access, to know a retry. Never an unkeyed digest: that would confirm a guessed text.';
