-- On which day a tip or a sealed object last became something else for staff, so that a staff
-- tool asks for that day's and not for everything. A day and no more, and moved only by what
-- staff would see otherwise, too: what comes in, what staff write, where a tip stands, its end.
-- Never by what a reporter reads, acknowledges or exchanges: that would tell of visits.

ALTER TABLE tips ADD COLUMN changed_on date;
UPDATE tips SET changed_on = received_on;
ALTER TABLE tips ALTER COLUMN changed_on SET NOT NULL;
ALTER TABLE tips ADD CONSTRAINT a_tip_changes_no_earlier_than_it_came
    CHECK (changed_on >= received_on);
CREATE INDEX tips_changed ON tips (changed_on, tip_id);
COMMENT ON COLUMN tips.changed_on IS 'The Bangkok day of the last news for staff: an object added, an answer, other stanzas, a step, its end. Never an instant, and never moved by a reporter who reads, acknowledges or rotates.';

ALTER TABLE envelopes ADD COLUMN changed_on date;
UPDATE envelopes SET changed_on = received_on;
ALTER TABLE envelopes ALTER COLUMN changed_on SET NOT NULL;
CREATE INDEX envelopes_changed ON envelopes (changed_on, object_id);
COMMENT ON COLUMN envelopes.changed_on IS 'The Bangkok day on which it came or staff last put other stanzas on it. Never an instant, and never moved by a rotation.';

ALTER TABLE envelope_recipients ADD COLUMN changed_on date;
UPDATE envelope_recipients SET changed_on = envelopes.changed_on
FROM envelopes WHERE envelopes.object_id = envelope_recipients.object_id;
ALTER TABLE envelope_recipients ALTER COLUMN changed_on SET NOT NULL;
CREATE INDEX envelope_recipients_changed ON envelope_recipients (kid, changed_on, object_id);
COMMENT ON COLUMN envelope_recipients.changed_on IS 'As envelopes.changed_on, where an index can find it by key. Never a day on which anyone fetched or opened it.';
