-- What a front end asked to be noted in clear of a tip, and the points of campaigns that staff
-- approved. The second table knows nothing of the first, and no column of it may ever do.

ALTER TABLE tips ADD COLUMN about_kind text;
ALTER TABLE tips ADD COLUMN about_slug text;
ALTER TABLE tips ADD CONSTRAINT tips_about_check CHECK (
    (about_kind IS NULL) = (about_slug IS NULL)
    AND (about_kind IS NULL OR about_kind IN ('case', 'campaign')));
-- No text but the name of a page that was published can stand there.
ALTER TABLE tips ADD CONSTRAINT tips_about_is_public FOREIGN KEY (about_kind, about_slug)
    REFERENCES pages (kind, slug);
ALTER TABLE tips ADD CONSTRAINT tips_about_lives_check CHECK (
    access_hash IS NOT NULL OR about_kind IS NULL);
COMMENT ON COLUMN tips.about_kind IS 'Whether the tip answers a case or a campaign, only where the front end asked for that in clear; null otherwise, and in a tombstone. Never filled in by the server of itself.';
COMMENT ON COLUMN tips.about_slug IS 'Which one: the slug of a page that is public. Never a word of the tip''s, and never kept after burial.';

CREATE TABLE campaign_points (
    point_id bytea PRIMARY KEY CHECK (octet_length(point_id) = 16),
    page_id bytea NOT NULL REFERENCES pages,
    size_m integer NOT NULL CHECK (size_m IN (10, 100, 1000, 10000, 100000)),
    south_e7 integer NOT NULL,
    west_e7 integer NOT NULL,
    province text CHECK (province ~ '^[0-9]{2}$'),
    batch_on date NOT NULL CHECK (extract(isodow FROM batch_on) = 1),
    shown_size_m integer CHECK (shown_size_m >= size_m AND shown_size_m <= 100000),
    shown_on date CHECK (extract(isodow FROM shown_on) = 1),
    CHECK ((shown_size_m IS NULL) = (shown_on IS NULL)),
    CHECK (shown_on IS NULL OR shown_on >= batch_on)
);
CREATE INDEX campaign_points_of_a_page ON campaign_points (page_id, shown_on);
COMMENT ON TABLE campaign_points IS 'Cells that staff approved for a campaign''s map, one a point. They are shown in groups alone; none names a tip, an officer or a reporter.';
COMMENT ON COLUMN campaign_points.point_id IS '128 bits that look random to whoever cannot open the tip. Never a tip''s id, and never shown to the public.';
COMMENT ON COLUMN campaign_points.page_id IS 'The campaign.';
COMMENT ON COLUMN campaign_points.size_m IS 'How wide the cell is: no finer than the reporter chose, and than the campaign''s grid.';
COMMENT ON COLUMN campaign_points.south_e7 IS 'The cell''s southern edge in ten-millionths of a degree, snapped. Never a position within it.';
COMMENT ON COLUMN campaign_points.west_e7 IS 'The cell''s western edge, likewise.';
COMMENT ON COLUMN campaign_points.province IS 'Two digits, where the officer knew them: for the count of points that no cell shows. Never a finer code.';
COMMENT ON COLUMN campaign_points.batch_on IS 'The Monday from which it may be shown, one to three weeks after approval by chance. Never the day of approval or of the tip.';
COMMENT ON COLUMN campaign_points.shown_size_m IS 'The size of the cell in which its group is shown; null while it waits.';
COMMENT ON COLUMN campaign_points.shown_on IS 'The Monday on which its group came out. Never finer than the week.';
