-- Entries are numbered in the order in which cases came in; a search shows the newest first. The number is a column: an
-- implicit one would change when the file is compacted.
CREATE TABLE case_search (
    entry INTEGER NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    digest TEXT NOT NULL,
    features TEXT NOT NULL,
    band_1 BIGINT,
    band_2 BIGINT,
    band_3 BIGINT,
    band_4 BIGINT,
    band_5 BIGINT,
    UNIQUE (case_id)
);

CREATE INDEX case_search_band_1_idx ON case_search (band_1, entry);
CREATE INDEX case_search_band_2_idx ON case_search (band_2, entry);
CREATE INDEX case_search_band_3_idx ON case_search (band_3, entry);
CREATE INDEX case_search_band_4_idx ON case_search (band_4, entry);
CREATE INDEX case_search_band_5_idx ON case_search (band_5, entry);

-- Words come separated by spaces and are taken as they are; the row number is the entry.
CREATE VIRTUAL TABLE case_fts USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = 'none', tokenize = "ascii tokenchars '-'"
);

-- Each working list has an index that gives its order; those without the agency serve who sees every agency. The lists of
-- what is to be delivered and archived are one expression each, so that no planner takes their state for an index of states.
CREATE INDEX cases_act_by_idx ON cases (act_by, id);
CREATE INDEX cases_state_idx ON cases (state, act_by, id);
CREATE INDEX cases_due_idx ON cases (act_by, id) WHERE stopped_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX cases_suspended_idx ON cases (act_by, id) WHERE suspended_until IS NOT NULL;
CREATE INDEX cases_awaiting_idx ON cases (act_by, id) WHERE awaiting IS NOT NULL;
CREATE INDEX cases_secrecy_idx ON cases (act_by, id) WHERE awaits_secrecy;
CREATE INDEX cases_legal_idx ON cases (act_by, id) WHERE awaits_legal;
CREATE INDEX cases_approval_idx ON cases (act_by, id) WHERE awaits_approval;
CREATE INDEX cases_late_idx ON cases (act_by, id) WHERE late_entries > 0;
CREATE INDEX cases_deliver_idx ON cases (act_by, id) WHERE CASE WHEN state = 'replied' THEN NOT served ELSE FALSE END;
CREATE INDEX cases_archive_idx ON cases (act_by, id) WHERE CASE WHEN state IN ('delivered', 'closed') THEN TRUE WHEN state = 'replied' THEN served ELSE FALSE END;
CREATE INDEX cases_agency_deliver_idx ON cases (agency_id, act_by, id) WHERE CASE WHEN state = 'replied' THEN NOT served ELSE FALSE END;
CREATE INDEX cases_agency_archive_idx ON cases (agency_id, act_by, id) WHERE CASE WHEN state IN ('delivered', 'closed') THEN TRUE WHEN state = 'replied' THEN served ELSE FALSE END;
CREATE INDEX cases_mine_idx ON cases (owner_id, act_by, id) WHERE state <> 'archived';

-- The cases of a unit in the order of the lists.
CREATE TABLE case_assignments_ordered (
    case_id TEXT NOT NULL REFERENCES cases (id),
    assignment_id TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    is_open BOOLEAN NOT NULL,
    act_by DATE NOT NULL,
    PRIMARY KEY (case_id, assignment_id)
);
INSERT INTO case_assignments_ordered
    SELECT a.case_id, a.assignment_id, a.unit_id, a.is_open, c.act_by FROM case_assignments a JOIN cases c ON c.id = a.case_id;
DROP TABLE case_assignments;
ALTER TABLE case_assignments_ordered RENAME TO case_assignments;
CREATE INDEX case_assignments_unit_idx ON case_assignments (unit_id, act_by, case_id);
CREATE INDEX case_assignments_open_idx ON case_assignments (unit_id, act_by, case_id) WHERE is_open;
