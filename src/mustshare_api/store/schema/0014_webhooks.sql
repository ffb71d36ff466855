-- What partners are told by webhook. Events are about what is public, or what staff did with an
-- agency; no row here names a tip or a reporter, and an event has a day, no instant. What does
-- have one is the next attempt at a receiver that failed.

CREATE TABLE webhook_key (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    seed bytea NOT NULL CHECK (octet_length(seed) = 32),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32)
);
COMMENT ON TABLE webhook_key IS 'The key under which webhooks are signed. Whoever has it can tell a partner something in our name, and nothing else.';
COMMENT ON COLUMN webhook_key.only_row IS 'Always true. Never a second key.';
COMMENT ON COLUMN webhook_key.seed IS 'Ed25519. Never used for anything but webhooks, and never read by the serving process.';
COMMENT ON COLUMN webhook_key.public_key IS 'Its public half, for everybody.';

CREATE TABLE webhook_endpoints (
    endpoint_id bytea PRIMARY KEY CHECK (octet_length(endpoint_id) = 16),
    partner text NOT NULL REFERENCES partners (name) ON DELETE CASCADE,
    url text NOT NULL CHECK (url LIKE 'https://%' AND length(url) <= 512),
    types text[] NOT NULL,
    secret bytea NOT NULL CHECK (octet_length(secret) = 32),
    previous_secret bytea CHECK (octet_length(previous_secret) = 32),
    previous_until date,
    added_on date NOT NULL,
    disabled_on date,
    disabled_for text CHECK (disabled_for IN ('gone', 'exhausted')),
    UNIQUE (partner, url),
    CHECK ((disabled_on IS NULL) = (disabled_for IS NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
COMMENT ON TABLE webhook_endpoints IS 'Where partners want to be told. By agreement with an operator, never by what anybody sends.';
COMMENT ON COLUMN webhook_endpoints.endpoint_id IS 'Random. Never shown to anybody.';
COMMENT ON COLUMN webhook_endpoints.partner IS 'Whose it is. Never a reporter''s.';
COMMENT ON COLUMN webhook_endpoints.url IS 'The partner''s own address, checked. Never followed anywhere else.';
COMMENT ON COLUMN webhook_endpoints.types IS 'What it wants to be told. Never a filter on tips: none is told of any.';
COMMENT ON COLUMN webhook_endpoints.secret IS 'Shared with the partner, in clear, as HMAC needs it. Never used for anything else.';
COMMENT ON COLUMN webhook_endpoints.previous_secret IS 'The one before, while both sign. Never more than one.';
COMMENT ON COLUMN webhook_endpoints.previous_until IS 'The Bangkok day after which it is gone.';
COMMENT ON COLUMN webhook_endpoints.added_on IS 'A Bangkok day. Agreements are no secret, but a day is enough.';
COMMENT ON COLUMN webhook_endpoints.disabled_on IS 'The Bangkok day since which nothing is sent to it. Never an instant.';
COMMENT ON COLUMN webhook_endpoints.disabled_for IS 'It said 410, or failed through a whole schedule. Never what it answered.';

CREATE TABLE webhook_events (
    event_id bytea PRIMARY KEY CHECK (octet_length(event_id) = 16),
    type text NOT NULL CHECK (type IN (
        'case.published', 'case.corrected', 'campaign.published', 'outcome.published',
        'referral.sent', 'referral.answered'
    )),
    about text NOT NULL CHECK (about ~ '^[a-z0-9][a-z0-9_-]{0,127}$'),
    partner text REFERENCES partners (name) ON DELETE CASCADE,
    happened_on date NOT NULL,
    CHECK ((partner IS NOT NULL) = (type LIKE 'referral.%'))
);
CREATE INDEX webhook_events_by_day ON webhook_events (happened_on);
COMMENT ON TABLE webhook_events IS 'What there is to tell, written with what it tells of; gone after 30 days.';
COMMENT ON COLUMN webhook_events.event_id IS 'Random: the header webhook-id. Never serial.';
COMMENT ON COLUMN webhook_events.type IS 'From a closed list, in which there is no tip.';
COMMENT ON COLUMN webhook_events.about IS 'The slug of what is public, or the id of a referral. Never a tip''s.';
COMMENT ON COLUMN webhook_events.partner IS 'Whom alone it is for; NULL for what is public.';
COMMENT ON COLUMN webhook_events.happened_on IS 'A Bangkok day. Never an instant: a referral is a step on a tip.';

CREATE TABLE webhook_deliveries (
    event_id bytea NOT NULL REFERENCES webhook_events ON DELETE CASCADE,
    endpoint_id bytea NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 10),
    due_at timestamptz,
    outcome text CHECK (outcome IN ('delivered', 'failed')),
    PRIMARY KEY (event_id, endpoint_id),
    CHECK ((due_at IS NULL) = (outcome IS NOT NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE webhook_deliveries IS 'One event for one endpoint, until it was taken. Never what was answered.';
COMMENT ON COLUMN webhook_deliveries.event_id IS 'What is told.';
COMMENT ON COLUMN webhook_deliveries.endpoint_id IS 'Whom.';
COMMENT ON COLUMN webhook_deliveries.attempts IS 'How often it was tried in this round.';
COMMENT ON COLUMN webhook_deliveries.due_at IS 'When to try next: at first the midnight before, later a receiver''s own failures decide. Never when something happened here; NULL once it is over.';
COMMENT ON COLUMN webhook_deliveries.outcome IS 'How it ended; NULL while it is under way.';
