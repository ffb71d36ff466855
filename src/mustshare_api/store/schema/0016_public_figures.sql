-- What the public plane reads without walking over every page: outcomes as things of their own,
-- the days on which a campaign takes tips, counts of pages by year; and a count of referrals by
-- year, which goes on when the referrals themselves are deleted.

ALTER TABLE page_versions ADD COLUMN opens_on date;
ALTER TABLE page_versions ADD COLUMN closes_on date;
COMMENT ON COLUMN page_versions.opens_on IS 'The first day on which a campaign takes tips, as its page says; null for other pages. Never when a tip came.';
COMMENT ON COLUMN page_versions.closes_on IS 'The last day on which a campaign takes tips; null for none. Never when a tip came.';
UPDATE page_versions AS v
SET opens_on = (convert_from(v.shown, 'UTF8')::jsonb ->> 'opens_on')::date,
    closes_on = (convert_from(v.shown, 'UTF8')::jsonb ->> 'closes_on')::date
FROM pages WHERE pages.page_id = v.page_id AND pages.kind = 'campaign' AND v.shown IS NOT NULL;

CREATE TABLE page_outcomes (
    page_id bytea NOT NULL REFERENCES pages,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    published_on date NOT NULL,
    changed_on date NOT NULL,
    told bytea,
    PRIMARY KEY (page_id, name)
);
CREATE INDEX page_outcomes_newest ON page_outcomes (published_on, page_id, name)
    WHERE told IS NOT NULL;
COMMENT ON TABLE page_outcomes IS 'What came of a published case, as the case says: public. Never what an agency wrote of a referral, which is sealed.';
COMMENT ON COLUMN page_outcomes.page_id IS 'The case.';
COMMENT ON COLUMN page_outcomes.name IS 'Its name within the case, as officers published it. Never given to another one.';
COMMENT ON COLUMN page_outcomes.published_on IS 'The Bangkok day of the version that first told it. Public.';
COMMENT ON COLUMN page_outcomes.changed_on IS 'The Bangkok day of the version that last changed it. Public, and never an instant.';
COMMENT ON COLUMN page_outcomes.told IS 'The public JSON; null while the page is hidden or tells it no more, and once it is erased.';

CREATE TABLE page_totals (
    kind text NOT NULL CHECK (kind IN ('case', 'campaign', 'article', 'outcome')),
    year integer NOT NULL CHECK (year BETWEEN 1900 AND 9999),
    state text NOT NULL CHECK (state ~ '^[a-z_]{1,32}$'),
    pages bigint NOT NULL CHECK (pages >= 0),
    PRIMARY KEY (kind, year, state)
);
COMMENT ON TABLE page_totals IS 'How many pages and outcomes were ever shown, so that nobody counts them anew. Public.';
COMMENT ON COLUMN page_totals.kind IS 'Of what. Never of tips.';
COMMENT ON COLUMN page_totals.year IS 'The year of publication.';
COMMENT ON COLUMN page_totals.state IS 'Where the matter of the page stands; of outcomes always known. Never the state of a tip.';
COMMENT ON COLUMN page_totals.pages IS 'How many. Never which.';
INSERT INTO page_totals (kind, year, state, pages)
SELECT kind, extract(year FROM published_on)::integer, state, count(*)
FROM pages WHERE shown_version > 0 GROUP BY 1, 2, 3;

-- A case that was concluded before outcomes had a place of their own has one: that it was.
INSERT INTO page_outcomes (page_id, name, published_on, changed_on, told)
SELECT pages.page_id, 'concluded', first.happened_on, pages.changed_on,
       convert_to(jsonb_build_object(
           'slug', pages.slug, 'title', held.page -> 'title', 'name', 'concluded', 'on', NULL,
           'text', held.page -> 'summary', 'agency', NULL)::text, 'UTF8')
FROM pages
JOIN page_versions AS v ON v.page_id = pages.page_id AND v.version = pages.shown_version
CROSS JOIN LATERAL (SELECT convert_from(v.shown, 'UTF8')::jsonb AS page) AS held
CROSS JOIN LATERAL (
    SELECT min(happened_on) AS happened_on FROM page_versions AS w
    WHERE w.page_id = pages.page_id AND w.state = 'concluded') AS first
WHERE pages.kind = 'case' AND pages.state = 'concluded' AND v.shown IS NOT NULL;
INSERT INTO page_totals (kind, year, state, pages)
SELECT 'outcome', extract(year FROM published_on)::integer, 'known', count(*)
FROM page_outcomes GROUP BY 2;

CREATE TABLE referral_totals (
    year integer PRIMARY KEY CHECK (year BETWEEN 1900 AND 9999),
    sent bigint NOT NULL CHECK (sent >= 0)
);
COMMENT ON TABLE referral_totals IS 'How many referrals were sent in a year, also once they are deleted. Never told before the year is over, and then once.';
COMMENT ON COLUMN referral_totals.year IS 'The year of the second officer''s confirmation. Never a month or a day.';
COMMENT ON COLUMN referral_totals.sent IS 'How many. Never which, to whom, or of which tip.';
INSERT INTO referral_totals (year, sent)
SELECT extract(year FROM sent_on)::integer, count(*)
FROM referrals WHERE sent_on IS NOT NULL GROUP BY 1;

-- The cells of every map at once, without a look at the points themselves.
CREATE INDEX campaign_points_shown
    ON campaign_points (page_id, shown_size_m, south_e7, west_e7, shown_on)
    WHERE shown_on IS NOT NULL;
