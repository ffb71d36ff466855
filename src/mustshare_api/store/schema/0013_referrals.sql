-- What officers hand to agencies, and what agencies say of it. No row here names a tip: which tip
-- a referral is of stands in sealed objects alone (the docket, and what staff write among
-- themselves). What is referred is an age file that only the agency and officers open; what an
-- agency says is sealed to officers before it is stored.

CREATE TABLE agencies (
    name text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$'),
    title_th text NOT NULL CHECK (length(title_th) BETWEEN 1 AND 200),
    title_en text NOT NULL CHECK (length(title_en) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (kind IN ('anti_corruption', 'audit', 'inspection', 'ministry', 'local_government', 'media', 'other')),
    version integer NOT NULL CHECK (version > 0)
);
COMMENT ON TABLE agencies IS 'What officers wrote of those to whom tips are referred. Public knowledge; never a person.';
COMMENT ON COLUMN agencies.name IS 'As the signed directory lists the agency. Never a person''s name.';
COMMENT ON COLUMN agencies.title_th IS 'What the agency is called in Thai. Never whom to ask for there.';
COMMENT ON COLUMN agencies.title_en IS 'The same in English.';
COMMENT ON COLUMN agencies.kind IS 'Of a closed list. Never how much it is trusted.';
COMMENT ON COLUMN agencies.version IS 'How often it was written. Never by whom.';

CREATE TABLE referrals (
    referral_id bytea PRIMARY KEY CHECK (octet_length(referral_id) = 16),
    agency text NOT NULL CHECK (agency ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$'),
    state text NOT NULL CHECK (state IN ('proposed', 'sent', 'fetched', 'acknowledged', 'asked', 'answered', 'concluded', 'taken_back')),
    version integer NOT NULL CHECK (version > 0),
    octets bigint NOT NULL CHECK (octets > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    sent_on date,
    changed_on date NOT NULL
);
CREATE INDEX referrals_of_agency ON referrals (agency, referral_id);
COMMENT ON TABLE referrals IS 'One age file for one agency, and how far it has come. Never of which tip.';
COMMENT ON COLUMN referrals.referral_id IS 'Random, made by the officer who proposed it. Never derived from a tip.';
COMMENT ON COLUMN referrals.agency IS 'The directory''s name of the agency.';
COMMENT ON COLUMN referrals.state IS 'Never what came of it: an outcome is sealed, and only that there is one is seen.';
COMMENT ON COLUMN referrals.version IS 'How often it was changed by somebody who wrote. Never an instant.';
COMMENT ON COLUMN referrals.octets IS 'Length of the age file, whose content was padded before.';
COMMENT ON COLUMN referrals.sha256 IS 'Of the age file, which is sealed anew each time. Never of what is in it.';
COMMENT ON COLUMN referrals.sent_on IS 'The Bangkok day of the second officer''s confirmation; null before. Never an instant.';
COMMENT ON COLUMN referrals.changed_on IS 'The Bangkok day of the last change. Never an instant.';

CREATE TABLE referral_chunks (
    referral_id bytea NOT NULL REFERENCES referrals ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number integer NOT NULL CHECK (number >= 0),
    octets bytea NOT NULL CHECK (octet_length(octets) BETWEEN 1 AND 262144),
    PRIMARY KEY (referral_id, number)
);
ALTER TABLE referral_chunks ALTER COLUMN octets SET STORAGE EXTERNAL;
COMMENT ON TABLE referral_chunks IS 'The age file in pieces. Gone once the referral is concluded or taken back.';
COMMENT ON COLUMN referral_chunks.referral_id IS 'The referral.';
COMMENT ON COLUMN referral_chunks.number IS 'Which piece, from 0.';
COMMENT ON COLUMN referral_chunks.octets IS 'Sealed to the agency and to officers. Never anything in clear.';

CREATE TABLE referral_answers (
    answer_id bytea PRIMARY KEY CHECK (octet_length(answer_id) = 16),
    referral_id bytea NOT NULL REFERENCES referrals ON DELETE CASCADE,
    octets bytea NOT NULL CHECK (octet_length(octets) BETWEEN 1 AND 131072),
    received_on date NOT NULL
);
CREATE INDEX referral_answers_of ON referral_answers (referral_id, answer_id);
COMMENT ON TABLE referral_answers IS 'What an officer answered an agency: a short age file.';
COMMENT ON COLUMN referral_answers.answer_id IS 'Random, made by its officer.';
COMMENT ON COLUMN referral_answers.referral_id IS 'The referral.';
COMMENT ON COLUMN referral_answers.octets IS 'Sealed to the agency. Never anything in clear.';
COMMENT ON COLUMN referral_answers.received_on IS 'A Bangkok day, not an instant.';

CREATE TABLE agency_words (
    word_id bytea PRIMARY KEY CHECK (octet_length(word_id) = 16),
    referral_id bytea NOT NULL REFERENCES referrals ON DELETE CASCADE,
    sort text NOT NULL CHECK (sort IN ('question', 'outcome')),
    octets bytea NOT NULL,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    received_on date NOT NULL
);
CREATE INDEX agency_words_of ON agency_words (referral_id, word_id);
COMMENT ON TABLE agency_words IS 'What an agency asked or reported, sealed to officers (kind 9). Never in clear.';
COMMENT ON COLUMN agency_words.word_id IS 'Random, made by the agency, so that a retry is the same word.';
COMMENT ON COLUMN agency_words.referral_id IS 'The referral.';
COMMENT ON COLUMN agency_words.sort IS 'Whether it asks or reports. Never what.';
COMMENT ON COLUMN agency_words.octets IS 'The sealed object.';
COMMENT ON COLUMN agency_words.fingerprint IS 'SHA-256 of what was sent, in which 128 random bits stand: nobody can test a guess of the words against it.';
COMMENT ON COLUMN agency_words.received_on IS 'A Bangkok day, not an instant.';

-- One docket a tip: the last one is all there is.
CREATE UNIQUE INDEX envelopes_one_docket ON envelopes (tip_id) WHERE kind = 7;
