-- What an officer had done lately, so that a repetition is told so; and what the public was shown
-- of each version of a page, and until when that version says it is kept.

CREATE TABLE done (
    mark bytea PRIMARY KEY CHECK (octet_length(mark) = 32),
    done_on date NOT NULL
);
CREATE INDEX done_by_day ON done (done_on);
COMMENT ON TABLE done IS 'What officers had done within a week, to know a request whose answer was lost. Nothing of reporters'', and nothing that the audit log does not hold for good.';
COMMENT ON COLUMN done.mark IS 'SHA-256 of the officer''s name, the act, what it is about and exactly what was asked for. Never any of these in clear.';
COMMENT ON COLUMN done.done_on IS 'The Bangkok day of the act; a week later the row goes. Never an instant.';

ALTER TABLE page_versions ADD COLUMN retain_until date;
ALTER TABLE page_versions ADD COLUMN was_public boolean NOT NULL DEFAULT false;
UPDATE page_versions AS v SET retain_until = p.retain_until
FROM pages AS p WHERE p.page_id = v.page_id AND p.version = v.version;
UPDATE page_versions AS v SET was_public = true
FROM pages AS p WHERE p.page_id = v.page_id AND v.version <= p.shown_version;
COMMENT ON COLUMN page_versions.retain_until IS 'Until when the version itself says that it is kept; in force once the public is shown it.';
COMMENT ON COLUMN page_versions.was_public IS 'Whether the public is told that it was. Never true of a correction that was hidden before it was whole.';
