-- Files that come in pieces wait here, as ciphertext whose key only the sender has. Everything
-- that would tell of the file (its length, its id, how far it has come) is sealed as well.

CREATE TABLE uploads (
    upload_id bytea PRIMARY KEY CHECK (octet_length(upload_id) = 32),
    tip_id bytea NOT NULL REFERENCES tips,
    expires_on date NOT NULL,
    progress bytea NOT NULL CHECK (octet_length(progress) BETWEEN 1 AND 1024),
    chunks integer NOT NULL DEFAULT 0 CHECK (chunks >= 0),
    parked_bytes bigint NOT NULL DEFAULT 0 CHECK (parked_bytes >= 0),
    answer bytea CHECK (octet_length(answer) BETWEEN 1 AND 65536),
    CONSTRAINT a_finished_upload_keeps_no_bytes CHECK (answer IS NULL OR parked_bytes = 0)
);
ALTER TABLE uploads ALTER COLUMN answer SET STORAGE EXTERNAL;
CREATE INDEX uploads_of_a_tip ON uploads (tip_id);
CREATE INDEX uploads_due ON uploads (expires_on);

COMMENT ON TABLE uploads IS 'Files on their way in, and for a day the answers to those that arrived. Gone with the tip.';
COMMENT ON COLUMN uploads.upload_id IS 'SHA-256 of a token. Never the token: it is the key of everything here.';
COMMENT ON COLUMN uploads.tip_id IS 'The tip it is for, so that it goes with it. Never a person or a device.';
COMMENT ON COLUMN uploads.expires_on IS 'The first Bangkok day on which it is gone. Never an instant: it would tell when a file was begun.';
COMMENT ON COLUMN uploads.progress IS 'Id, length and offset, sealed under the token. Never the length in clear: it would know a published file again.';
COMMENT ON COLUMN uploads.chunks IS 'How many chunks are parked. Never how many bytes of the file.';
COMMENT ON COLUMN uploads.parked_bytes IS 'Ciphertext bytes, padded, for bounds. Never the size of the content.';
COMMENT ON COLUMN uploads.answer IS 'What was told at the end, sealed under the token, for whoever lost it. Never in clear: it names what a picture hid.';

CREATE TABLE upload_chunks (
    upload_id bytea NOT NULL REFERENCES uploads ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    octets bytea NOT NULL CHECK (octet_length(octets) BETWEEN 1 AND 5242880),
    PRIMARY KEY (upload_id, number)
);
ALTER TABLE upload_chunks ALTER COLUMN octets SET STORAGE EXTERNAL;

COMMENT ON TABLE upload_chunks IS 'A file as it came, not yet stripped, which is why nobody but its sender can open it here.';
COMMENT ON COLUMN upload_chunks.upload_id IS 'The upload it is a piece of.';
COMMENT ON COLUMN upload_chunks.number IS 'Its place within the one upload, from 0. Never a count over uploads.';
COMMENT ON COLUMN upload_chunks.octets IS 'Padded ciphertext under a key from the token. Never anything that this server can open by itself.';
