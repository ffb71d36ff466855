-- A partner keeps its own webhooks, with its own key. The process that takes its word resolves no
-- name, so an address is believed only once a test was taken there: sent by the other process, to
-- where the name leads, if that is the Internet.

ALTER TABLE webhook_endpoints
    ADD COLUMN proven boolean NOT NULL DEFAULT true,
    ADD COLUMN secret_id bytea CHECK (octet_length(secret_id) = 16),
    ADD COLUMN previous_id bytea CHECK (octet_length(previous_id) = 16),
    ADD COLUMN tested_on date,
    ADD COLUMN test_status smallint CHECK (test_status BETWEEN 100 AND 599),
    ADD COLUMN test_why text CHECK (test_why ~ '^webhook\.[a-z_]{1,40}$');
COMMENT ON COLUMN webhook_endpoints.endpoint_id IS 'Random, made by whoever set it up. Never serial.';
COMMENT ON COLUMN webhook_endpoints.proven IS 'An operator looked the address over, or a test was taken there. Nothing else is sent to one that is not.';
COMMENT ON COLUMN webhook_endpoints.secret_id IS 'Made up by the partner for the secret in force, so that a lost answer can be had again. Never listed.';
COMMENT ON COLUMN webhook_endpoints.previous_id IS 'The same of the secret before, so that a late request does not bring it back.';
COMMENT ON COLUMN webhook_endpoints.tested_on IS 'The Bangkok day of the last test. Never an instant.';
COMMENT ON COLUMN webhook_endpoints.test_status IS 'What the partner''s own host answered to it, by number. Never a word of the answer.';
COMMENT ON COLUMN webhook_endpoints.test_why IS 'Why nothing was answered, from a closed list of codes.';

ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_type_check;
ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_check;
ALTER TABLE webhook_events
    ADD CONSTRAINT webhook_events_type_check CHECK (type IN (
        'case.published', 'case.corrected', 'campaign.published', 'outcome.published',
        'referral.sent', 'referral.answered', 'webhook.test'
    )),
    ADD CONSTRAINT webhook_events_check CHECK (
        (partner IS NOT NULL) = (type LIKE 'referral.%' OR type = 'webhook.test')
    );

ALTER TABLE partners
    ADD COLUMN webhooks_changed_on date,
    ADD COLUMN webhook_changes smallint NOT NULL DEFAULT 0 CHECK (webhook_changes >= 0);
COMMENT ON COLUMN partners.webhooks_changed_on IS 'The Bangkok day on which the partner last changed a webhook of its own. Never an instant.';
COMMENT ON COLUMN partners.webhook_changes IS 'How often it did on that day, so that one key cannot fill the audit log. Never a history.';
