-- What the public may read, and what staff write before that. The first four tables hold what was
-- published and nothing else; none of them names a tip, a reporter, an object or a receipt, and
-- no column of theirs may ever refer to a table that does. The fifth is ciphertext of staff's.

CREATE TABLE pages (
    page_id bytea PRIMARY KEY CHECK (octet_length(page_id) = 16),
    kind text NOT NULL CHECK (kind IN ('case', 'campaign', 'article')),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    version integer NOT NULL CHECK (version > 0),
    shown_version integer NOT NULL CHECK (shown_version BETWEEN 0 AND version),
    state text NOT NULL CHECK (state ~ '^[a-z_]{1,32}$'),
    published_on date NOT NULL,
    changed_on date NOT NULL,
    retain_until date,
    UNIQUE (kind, slug)
);
CREATE INDEX pages_due ON pages (retain_until) WHERE retain_until IS NOT NULL;
COMMENT ON TABLE pages IS 'One row a case, campaign or article that was ever published. It stays when a page is taken down, so that its slug never names another.';
COMMENT ON COLUMN pages.page_id IS 'Random, 128 bits, made by whoever wrote the first draft. Never a tip''s id.';
COMMENT ON COLUMN pages.kind IS 'What it is a page of. Never anything about who sent a tip for it.';
COMMENT ON COLUMN pages.slug IS 'Its name in public paths. Never changed and never given to another page.';
COMMENT ON COLUMN pages.version IS 'The newest version, also while its pictures are awaited. Never a count of tips.';
COMMENT ON COLUMN pages.shown_version IS 'The version that the public is shown; 0 before the first is whole.';
COMMENT ON COLUMN pages.state IS 'Where the matter stands, as the page itself says. Never the state of a tip.';
COMMENT ON COLUMN pages.published_on IS 'The Bangkok day of the first version. Public.';
COMMENT ON COLUMN pages.changed_on IS 'The Bangkok day of the newest version. Public, and never an instant.';
COMMENT ON COLUMN pages.retain_until IS 'The first Bangkok day on which its contents are deleted; null for none.';

CREATE TABLE page_versions (
    page_id bytea NOT NULL REFERENCES pages,
    version integer NOT NULL CHECK (version > 0),
    act text NOT NULL CHECK (act IN ('published', 'corrected', 'taken_down', 'erased')),
    happened_on date NOT NULL,
    told bytea NOT NULL,
    digest bytea CHECK (octet_length(digest) = 32),
    content bytea,
    shown bytea,
    state text NOT NULL CHECK (state ~ '^[a-z_]{1,32}$'),
    tags text[] NOT NULL,
    pictures bytea[] NOT NULL,
    PRIMARY KEY (page_id, version)
);
COMMENT ON TABLE page_versions IS 'Every version of a page: its publication, corrections and takedown. The public is told that each was, when and why; only the newest is shown.';
COMMENT ON COLUMN page_versions.page_id IS 'The page.';
COMMENT ON COLUMN page_versions.version IS 'Its number, from 1.';
COMMENT ON COLUMN page_versions.act IS 'What this version was.';
COMMENT ON COLUMN page_versions.happened_on IS 'A Bangkok day, public. Never an instant: it would tell when two officers worked.';
COMMENT ON COLUMN page_versions.told IS 'JSON: what changed and why, in two languages. Public for good, so never what was taken away.';
COMMENT ON COLUMN page_versions.digest IS 'SHA-256 of the content that two officers signed for. Null where there was none.';
COMMENT ON COLUMN page_versions.content IS 'What was published, octet by octet; null once erased. Older ones are for staff alone.';
COMMENT ON COLUMN page_versions.shown IS 'The public answer made from the content; null once erased.';
COMMENT ON COLUMN page_versions.state IS 'Where the matter stood, as the content says. Never the state of a tip.';
COMMENT ON COLUMN page_versions.tags IS 'What lists are filtered by, from the content alone. Never a word of a tip''s.';
COMMENT ON COLUMN page_versions.pictures IS 'Ids and SHA-256 of the pictures that the content names, 48 octets each.';

CREATE TABLE page_tags (
    kind text NOT NULL,
    tag text NOT NULL,
    published_on date NOT NULL,
    page_id bytea NOT NULL REFERENCES pages,
    PRIMARY KEY (kind, tag, published_on, page_id)
);
CREATE INDEX page_tags_of_a_page ON page_tags (page_id);
COMMENT ON TABLE page_tags IS 'The pages that lists show, once for each thing that a list is filtered by; the empty tag is all of them.';
COMMENT ON COLUMN page_tags.kind IS 'As that of the page.';
COMMENT ON COLUMN page_tags.tag IS 'Such as state:open or place:10. Never a word of a tip''s.';
COMMENT ON COLUMN page_tags.published_on IS 'As that of the page: lists are in this order.';
COMMENT ON COLUMN page_tags.page_id IS 'The page.';

CREATE TABLE page_pictures (
    page_id bytea NOT NULL REFERENCES pages,
    picture_id bytea NOT NULL CHECK (octet_length(picture_id) = 16),
    sent_sha256 bytea NOT NULL CHECK (octet_length(sent_sha256) = 32),
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    octets bytea NOT NULL,
    PRIMARY KEY (page_id, picture_id)
);
ALTER TABLE page_pictures ALTER COLUMN octets SET STORAGE EXTERNAL;
COMMENT ON TABLE page_pictures IS 'Pictures of what was published: stripped by staff, and once more on arrival.';
COMMENT ON COLUMN page_pictures.page_id IS 'The page.';
COMMENT ON COLUMN page_pictures.picture_id IS 'Random, 128 bits. Never the id of an attachment: it would join a page to a tip.';
COMMENT ON COLUMN page_pictures.sent_sha256 IS 'Of the octets that two officers signed for, not of those that are served.';
COMMENT ON COLUMN page_pictures.media_type IS 'Of what is served.';
COMMENT ON COLUMN page_pictures.octets IS 'What came out of the stripper. Never a picture as somebody sent it.';

CREATE TABLE plane (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    generation bigint NOT NULL
);
INSERT INTO plane (generation) VALUES (1);
COMMENT ON TABLE plane IS 'One row by which every process notices that what the public is shown has changed.';
COMMENT ON COLUMN plane.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN plane.generation IS 'One more at every change of what is public. Never touched by a tip.';

CREATE TABLE drafts (
    draft_id bytea PRIMARY KEY CHECK (octet_length(draft_id) = 16),
    version integer NOT NULL CHECK (version > 0),
    changed_on date NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    head bytea NOT NULL,
    octets bytea NOT NULL
);
ALTER TABLE drafts ALTER COLUMN head SET STORAGE EXTERNAL;
ALTER TABLE drafts ALTER COLUMN octets SET STORAGE EXTERNAL;
COMMENT ON TABLE drafts IS 'What staff write before everybody may read it, sealed to officers. The server opens none.';
COMMENT ON COLUMN drafts.draft_id IS 'The id that the page gets once it is published. Random.';
COMMENT ON COLUMN drafts.version IS 'How often it was replaced. Never kept once the draft is dropped.';
COMMENT ON COLUMN drafts.changed_on IS 'A Bangkok day, of staff''s work alone.';
COMMENT ON COLUMN drafts.digest IS 'SHA-256 of the octets, to know a retry. They are ciphertext, so it confirms no guess.';
COMMENT ON COLUMN drafts.head IS 'Prefix and stanzas: which keys it is sealed to.';
COMMENT ON COLUMN drafts.octets IS 'The whole envelope. Never content in clear, and never what kind of page it is.';

CREATE TABLE plane_figures (
    period text PRIMARY KEY CHECK (period ~ '^[0-9]{4}(-[0-9]{2})?$'),
    names text[] NOT NULL,
    counts bigint[] NOT NULL
);
COMMENT ON TABLE plane_figures IS 'Counts of tips that the public is told, made safe before they were written. One row a finished month or year, written once.';
COMMENT ON COLUMN plane_figures.period IS 'A year, or a month. Never finer.';
COMMENT ON COLUMN plane_figures.names IS 'What is counted.';
COMMENT ON COLUMN plane_figures.counts IS 'How many, null where it is withheld. Never changed afterwards: two editions could be subtracted.';
