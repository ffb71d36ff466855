-- PostgreSQL counts its tables by itself, and keeps samples of what stands in them, in clear and in
-- a table that any dump of the files has (`pg_statistic`): a hundred values of each column, of rows
-- that may be gone since. So it held access hashes of withdrawn tips, instants of staff requests
-- and texts of deeds that were shredded. No sample is taken of anything that tells; of days,
-- states, key ids, and the ids by which two tables are joined it is, because a plan goes by them (a
-- list of a thousand tips read a table whole without), and they are counted anew every night.

-- What was sampled goes. Where the role may not delete there, one value or two of each column
-- stay: the database's administrator deletes them, see docs/deploy.md.
DO $$
BEGIN
    DELETE FROM pg_statistic WHERE starelid IN (
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
    );
EXCEPTION WHEN insufficient_privilege THEN
    SET LOCAL default_statistics_target = 1;
    ANALYZE tips, envelopes, envelope_recipients, envelope_chunks, uploads, upload_chunks,
            rotations, nonces, audit_leaves, campaign_points, partner_usage;
END $$;

ALTER TABLE agency_words
    ALTER word_id SET STATISTICS 0,
    ALTER referral_id SET STATISTICS 0,
    ALTER octets SET STATISTICS 0,
    ALTER fingerprint SET STATISTICS 0;
ALTER TABLE audit_cosignatures
    ALTER line SET STATISTICS 0;
ALTER TABLE audit_head
    ALTER peaks SET STATISTICS 0;
ALTER TABLE audit_key
    ALTER seed SET STATISTICS 0;
ALTER TABLE audit_leaves
    ALTER leaf_hash SET STATISTICS 0,
    ALTER nonce SET STATISTICS 0,
    ALTER event SET STATISTICS 0,
    ALTER directory SET STATISTICS 0;
ALTER TABLE audit_nodes
    ALTER hash SET STATISTICS 0;
ALTER TABLE campaign_points
    ALTER point_id SET STATISTICS 0,
    ALTER size_m SET STATISTICS 0,
    ALTER south_e7 SET STATISTICS 0,
    ALTER west_e7 SET STATISTICS 0,
    ALTER province SET STATISTICS 0;
ALTER TABLE challenges_spent
    ALTER digest SET STATISTICS 0,
    ALTER until_window SET STATISTICS 0;
ALTER TABLE deployment
    ALTER deployment_id SET STATISTICS 0,
    ALTER receipt_mint_key SET STATISTICS 0;
ALTER TABLE directories
    ALTER octets SET STATISTICS 0,
    ALTER digest SET STATISTICS 0;
ALTER TABLE done
    ALTER mark SET STATISTICS 0,
    ALTER done_on SET STATISTICS 0;
ALTER TABLE drafts
    ALTER draft_id SET STATISTICS 0,
    ALTER digest SET STATISTICS 0,
    ALTER head SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE envelope_chunks
    ALTER object_id SET STATISTICS 0,
    ALTER number SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE envelopes
    ALTER object_id SET STATISTICS 0,
    ALTER prefix SET STATISTICS 0,
    ALTER stanzas SET STATISTICS 0,
    ALTER payload SET STATISTICS 0,
    ALTER payload_bytes SET STATISTICS 0,
    ALTER fingerprint SET STATISTICS 0,
    ALTER follow_up_id SET STATISTICS 0,
    ALTER room SET STATISTICS 0,
    ALTER digest SET STATISTICS 0;
ALTER TABLE erasures
    ALTER hash SET STATISTICS 0;
ALTER TABLE nonces
    ALTER digest SET STATISTICS 0,
    ALTER expires_at SET STATISTICS 0;
ALTER TABLE page_outcomes
    ALTER told SET STATISTICS 0;
ALTER TABLE page_pictures
    ALTER sent_sha256 SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE page_versions
    ALTER told SET STATISTICS 0,
    ALTER digest SET STATISTICS 0,
    ALTER content SET STATISTICS 0,
    ALTER shown SET STATISTICS 0;
ALTER TABLE partner_usage
    ALTER name SET STATISTICS 0,
    ALTER used_on SET STATISTICS 0,
    ALTER used SET STATISTICS 0,
    ALTER minute SET STATISTICS 0,
    ALTER used_in_minute SET STATISTICS 0;
ALTER TABLE partners
    ALTER key_hash SET STATISTICS 0;
ALTER TABLE referral_acts
    ALTER referral_id SET STATISTICS 0,
    ALTER digest SET STATISTICS 0;
ALTER TABLE referral_answers
    ALTER answer_id SET STATISTICS 0,
    ALTER referral_id SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE referral_chunks
    ALTER referral_id SET STATISTICS 0,
    ALTER number SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE referrals
    ALTER referral_id SET STATISTICS 0,
    ALTER octets SET STATISTICS 0,
    ALTER sha256 SET STATISTICS 0;
ALTER TABLE rotations
    ALTER tip_id SET STATISTICS 0,
    ALTER number SET STATISTICS 0,
    ALTER bundle SET STATISTICS 0,
    ALTER notice SET STATISTICS 0,
    ALTER acceptance SET STATISTICS 0;
ALTER TABLE seconds
    ALTER act SET STATISTICS 0,
    ALTER subject SET STATISTICS 0,
    ALTER digest SET STATISTICS 0,
    ALTER officer SET STATISTICS 0,
    ALTER proposed_on SET STATISTICS 0;
ALTER TABLE tips
    ALTER tip_id SET STATISTICS 0,
    ALTER access_hash SET STATISTICS 0,
    ALTER bundle SET STATISTICS 0,
    ALTER bundle_hash SET STATISTICS 0,
    ALTER fingerprint SET STATISTICS 0,
    ALTER room SET STATISTICS 0,
    ALTER erasure_nonce SET STATISTICS 0;
ALTER TABLE upload_chunks
    ALTER upload_id SET STATISTICS 0,
    ALTER number SET STATISTICS 0,
    ALTER octets SET STATISTICS 0;
ALTER TABLE uploads
    ALTER upload_id SET STATISTICS 0,
    ALTER tip_id SET STATISTICS 0,
    ALTER progress SET STATISTICS 0,
    ALTER chunks SET STATISTICS 0,
    ALTER parked_bytes SET STATISTICS 0,
    ALTER answer SET STATISTICS 0,
    ALTER room SET STATISTICS 0;
ALTER TABLE webhook_deliveries
    ALTER event_id SET STATISTICS 0,
    ALTER endpoint_id SET STATISTICS 0,
    ALTER due_at SET STATISTICS 0;
ALTER TABLE webhook_endpoints
    ALTER endpoint_id SET STATISTICS 0,
    ALTER secret SET STATISTICS 0,
    ALTER previous_secret SET STATISTICS 0,
    ALTER secret_id SET STATISTICS 0,
    ALTER previous_id SET STATISTICS 0;
ALTER TABLE webhook_events
    ALTER event_id SET STATISTICS 0;
ALTER TABLE webhook_key
    ALTER seed SET STATISTICS 0,
    ALTER public_key SET STATISTICS 0;
