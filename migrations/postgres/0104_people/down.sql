DROP INDEX cases_reopened_idx;
ALTER TABLE cases DROP COLUMN reopened_on;
ALTER TABLE cases ADD COLUMN applicant_key TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX cases_applicant_key_idx ON cases (applicant_key, agency_id, received_on);
DROP TABLE case_people;
