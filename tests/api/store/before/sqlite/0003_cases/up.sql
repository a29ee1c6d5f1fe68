CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL CHECK (kind IN ('disclosure', 'correction')),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'registered', 'amendment_pending', 'in_progress', 'in_review', 'in_approval', 'replied', 'delivered', 'closed', 'archived')),
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    intake_number TEXT NOT NULL UNIQUE,
    number TEXT UNIQUE,
    channel TEXT NOT NULL CHECK (channel IN ('in_person', 'registered_mail', 'ordinary_mail', 'fax', 'online')),
    arrived_on DATE NOT NULL,
    applicant_user_id TEXT REFERENCES users (id),
    applicant_key TEXT NOT NULL,
    applicant_kind TEXT NOT NULL CHECK (applicant_kind IN ('natural_person', 'business', 'research', 'public_benefit', 'legal_service', 'other_organisation')),
    applicant_name TEXT NOT NULL,
    title TEXT NOT NULL,
    received_on DATE,
    owner_id TEXT REFERENCES users (id),
    due_on DATE,
    suspended_until DATE,
    awaiting TEXT CHECK (awaiting IN ('amendment', 'payment')),
    missed_on DATE,
    stopped_on DATE,
    act_by DATE NOT NULL,
    awaits_secrecy BOOLEAN NOT NULL,
    awaits_legal BOOLEAN NOT NULL,
    awaits_approval BOOLEAN NOT NULL,
    served BOOLEAN NOT NULL,
    reached TEXT NOT NULL CHECK (reached IN ('intake', 'draft', 'legal')),
    late_entries INTEGER NOT NULL,
    outcome TEXT,
    ended_on DATE,
    head_hash TEXT NOT NULL,
    query_code TEXT NOT NULL
);

CREATE INDEX cases_agency_act_by_idx ON cases (agency_id, act_by, id);
CREATE INDEX cases_agency_id_idx ON cases (agency_id, id);
CREATE INDEX cases_agency_state_idx ON cases (agency_id, state, act_by, id);
CREATE INDEX cases_owner_idx ON cases (owner_id, act_by, id);
CREATE INDEX cases_agency_due_idx ON cases (agency_id, act_by, id) WHERE stopped_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX cases_agency_suspended_idx ON cases (agency_id, act_by, id) WHERE suspended_until IS NOT NULL;
CREATE INDEX cases_agency_awaiting_idx ON cases (agency_id, act_by, id) WHERE awaiting IS NOT NULL;
CREATE INDEX cases_agency_secrecy_idx ON cases (agency_id, act_by, id) WHERE awaits_secrecy;
CREATE INDEX cases_agency_legal_idx ON cases (agency_id, act_by, id) WHERE awaits_legal;
CREATE INDEX cases_agency_approval_idx ON cases (agency_id, act_by, id) WHERE awaits_approval;
CREATE INDEX cases_agency_late_idx ON cases (agency_id, act_by, id) WHERE late_entries > 0;
CREATE INDEX cases_agency_received_idx ON cases (agency_id, received_on, ended_on, kind, applicant_kind, outcome);
CREATE INDEX cases_applicant_user_idx ON cases (applicant_user_id, id);
CREATE INDEX cases_applicant_key_idx ON cases (applicant_key, agency_id, received_on);

CREATE TABLE case_events (
    case_id TEXT NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL CHECK (seq > 0),
    event TEXT NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    actor_id TEXT REFERENCES users (id),
    actor_role TEXT,
    late_entry_reason TEXT,
    data TEXT NOT NULL,
    text_hash TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE case_text (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    salt TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id, seq) REFERENCES case_events (case_id, seq)
);

CREATE TABLE case_assignments (
    case_id TEXT NOT NULL REFERENCES cases (id),
    assignment_id TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    is_open BOOLEAN NOT NULL,
    PRIMARY KEY (case_id, assignment_id)
);

CREATE INDEX case_assignments_unit_idx ON case_assignments (unit_id, is_open, case_id);

CREATE TABLE case_remedies (
    case_id TEXT NOT NULL REFERENCES cases (id),
    remedy_id TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN ('reconsideration', 'direct_suit', 'suit_after_reconsideration')),
    filed_on DATE NOT NULL,
    decided_on DATE,
    result TEXT CHECK (result IN ('upheld', 'corrected', 'other')),
    PRIMARY KEY (case_id, remedy_id)
);

CREATE INDEX case_remedies_agency_idx ON case_remedies (agency_id, filed_on);
