-- Two more kinds of sealed object lie on a tip: what staff note among themselves, and what they
-- tell the reporter of where it stands. Both are sealed on staff machines; the server opens neither.

ALTER TABLE envelopes DROP CONSTRAINT envelopes_kind_check;
ALTER TABLE envelopes ADD CONSTRAINT envelopes_kind_check CHECK (kind BETWEEN 1 AND 7);
COMMENT ON COLUMN envelopes.kind IS '1 tip, 2 and 3 follow-up from reporter and staff, 4 and 5 attachment likewise, 6 desk entry, 7 docket. Never what it is about, and never a media type.';
