-- Who applies is known by what was found out, not by a number that somebody wrote; and a case that was reopened after the
-- year that counts it says so.

CREATE TABLE case_people (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    slot INTEGER NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    shown BOOLEAN NOT NULL,
    known BOOLEAN NOT NULL,
    verified BOOLEAN NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    document_digest TEXT COLLATE "C" NOT NULL,
    born_on DATE,
    PRIMARY KEY (case_id, slot, person_id)
);

CREATE INDEX case_people_person_idx ON case_people (person_id, case_id);
CREATE INDEX case_people_name_idx ON case_people (name_key, agency_id);
CREATE INDEX case_people_document_idx ON case_people (document_digest, agency_id);

-- Applications from one account count at once; names and documents follow with the words of the search.
INSERT INTO case_people (case_id, slot, person_id, agency_id, shown, known, verified, name_key, document_digest, born_on)
SELECT id, 0, applicant_user_id, agency_id, TRUE, TRUE, FALSE, '', '', NULL FROM cases WHERE applicant_user_id IS NOT NULL;

DROP INDEX cases_applicant_key_idx;
ALTER TABLE cases DROP COLUMN applicant_key;
ALTER TABLE cases ADD COLUMN reopened_on DATE;

CREATE INDEX cases_reopened_idx ON cases (agency_id, ended_on) WHERE reopened_on IS NOT NULL;
