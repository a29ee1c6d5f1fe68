-- The schema of the first release, which six earlier migrations made step by step; a database that has those is taken to
-- have this one. From here on migrations are added beside it, never rewritten: a test holds this file to its hash.

CREATE TABLE installation (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE counters (
    scope TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL CHECK (value > 0)
);

CREATE TABLE idempotency_keys (
    actor TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    body_sha256 TEXT COLLATE "C" NOT NULL,
    status INTEGER,
    etag TEXT COLLATE "C",
    location TEXT COLLATE "C",
    body TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

CREATE TABLE agencies (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    parent_id TEXT COLLATE "C" REFERENCES agencies (id),
    path TEXT COLLATE "C" NOT NULL UNIQUE,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('national', 'province', 'city', 'county', 'township')),
    guide TEXT COLLATE "C" NOT NULL,
    document_prefix TEXT COLLATE "C" NOT NULL,
    reconsideration_organ TEXT COLLATE "C" NOT NULL,
    court TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE INDEX agencies_parent_id_idx ON agencies (parent_id, id);

CREATE TABLE units (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    name TEXT COLLATE "C" NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (agency_id, name)
);

CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    agency_id TEXT COLLATE "C" REFERENCES agencies (id),
    unit_id TEXT COLLATE "C" REFERENCES units (id),
    applicant TEXT COLLATE "C",
    administrator BOOLEAN NOT NULL,
    demo BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    credential_version BIGINT NOT NULL CHECK (credential_version > 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE INDEX users_agency_id_idx ON users (agency_id, id);

CREATE TABLE role_grants (
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('clerk', 'officer', 'handler', 'secrecy', 'legal', 'approver', 'supervisor')),
    granted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, agency_id, role)
);

CREATE INDEX role_grants_agency_id_idx ON role_grants (agency_id, role, user_id);

CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    secret TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    verify_until TIMESTAMP
);

CREATE TABLE refresh_tokens (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    family_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    issued_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    revoked_at TIMESTAMP
);

CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);

CREATE TABLE login_failures (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subject TEXT COLLATE "C" NOT NULL,
    failed_at TIMESTAMP NOT NULL
);

CREATE INDEX login_failures_subject_idx ON login_failures (subject, failed_at);
CREATE INDEX login_failures_failed_at_idx ON login_failures (failed_at);

CREATE TABLE admin_log (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor_id TEXT COLLATE "C" REFERENCES users (id),
    action TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    data TEXT COLLATE "C" NOT NULL
);

CREATE TABLE cases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('disclosure', 'correction')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('submitted', 'registered', 'amendment_pending', 'in_progress', 'in_review', 'in_approval', 'replied', 'delivered', 'closed', 'archived')),
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    intake_number TEXT COLLATE "C" NOT NULL UNIQUE,
    number TEXT COLLATE "C" UNIQUE,
    channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('in_person', 'registered_mail', 'ordinary_mail', 'fax', 'online')),
    arrived_on DATE NOT NULL,
    applicant_user_id TEXT COLLATE "C" REFERENCES users (id),
    applicant_key TEXT COLLATE "C" NOT NULL,
    applicant_kind TEXT COLLATE "C" NOT NULL CHECK (applicant_kind IN ('natural_person', 'business', 'research', 'public_benefit', 'legal_service', 'other_organisation')),
    applicant_name TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    received_on DATE,
    owner_id TEXT COLLATE "C" REFERENCES users (id),
    due_on DATE,
    suspended_until DATE,
    awaiting TEXT COLLATE "C" CHECK (awaiting IN ('amendment', 'payment')),
    missed_on DATE,
    stopped_on DATE,
    act_by DATE NOT NULL,
    awaits_secrecy BOOLEAN NOT NULL,
    awaits_legal BOOLEAN NOT NULL,
    awaits_approval BOOLEAN NOT NULL,
    served BOOLEAN NOT NULL,
    reached TEXT COLLATE "C" NOT NULL CHECK (reached IN ('intake', 'draft', 'legal')),
    late_entries INTEGER NOT NULL,
    outcome TEXT COLLATE "C",
    ended_on DATE,
    head_hash TEXT COLLATE "C" NOT NULL,
    query_code TEXT COLLATE "C" NOT NULL
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

-- Each working list has an index that gives its order; those without the agency serve who sees every agency. The lists of
-- what is to be confirmed, delivered and archived are one expression each, so that no planner takes their state for an index
-- of states.
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
CREATE INDEX cases_unconfirmed_idx ON cases (act_by, id) WHERE CASE WHEN state = 'submitted' THEN channel IN ('ordinary_mail', 'fax', 'online') ELSE FALSE END;
CREATE INDEX cases_agency_unconfirmed_idx ON cases (agency_id, act_by, id) WHERE CASE WHEN state = 'submitted' THEN channel IN ('ordinary_mail', 'fax', 'online') ELSE FALSE END;

CREATE TABLE case_events (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL CHECK (seq > 0),
    event TEXT COLLATE "C" NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    actor_id TEXT COLLATE "C" REFERENCES users (id),
    actor_role TEXT COLLATE "C",
    late_entry_reason TEXT COLLATE "C",
    data TEXT COLLATE "C" NOT NULL,
    text_hash TEXT COLLATE "C",
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE case_text (
    case_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    salt TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id, seq) REFERENCES case_events (case_id, seq)
);

CREATE TABLE case_assignments (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    assignment_id TEXT COLLATE "C" NOT NULL,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    is_open BOOLEAN NOT NULL,
    act_by DATE NOT NULL,
    PRIMARY KEY (case_id, assignment_id)
);

-- The cases of a unit in the order of the lists.
CREATE INDEX case_assignments_unit_idx ON case_assignments (unit_id, act_by, case_id);
CREATE INDEX case_assignments_open_idx ON case_assignments (unit_id, act_by, case_id) WHERE is_open;

CREATE TABLE case_remedies (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    remedy_id TEXT COLLATE "C" NOT NULL,
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('reconsideration', 'direct_suit', 'suit_after_reconsideration')),
    filed_on DATE NOT NULL,
    decided_on DATE,
    result TEXT COLLATE "C" CHECK (result IN ('upheld', 'corrected', 'other')),
    PRIMARY KEY (case_id, remedy_id)
);

CREATE INDEX case_remedies_agency_idx ON case_remedies (agency_id, filed_on);

CREATE TABLE blobs (
    sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    stored_at TIMESTAMP NOT NULL
);

CREATE INDEX blobs_stored_idx ON blobs (stored_at, sha256);

CREATE TABLE documents (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sha256 TEXT COLLATE "C" NOT NULL REFERENCES blobs (sha256),
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('identity', 'application', 'authorisation', 'evidence', 'search_result', 'reply', 'delivery_proof')),
    name TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    uploaded_by TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMP NOT NULL,
    case_id TEXT COLLATE "C" REFERENCES cases (id)
);

CREATE INDEX documents_sha256_idx ON documents (sha256);
CREATE INDEX documents_case_idx ON documents (case_id, id);
CREATE INDEX documents_unattached_idx ON documents (uploaded_by, uploaded_at) WHERE case_id IS NULL;
CREATE INDEX documents_forgotten_idx ON documents (uploaded_at) WHERE case_id IS NULL;

CREATE TABLE case_documents (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    document_id TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    PRIMARY KEY (case_id, document_id)
);

CREATE INDEX case_documents_document_idx ON case_documents (document_id, case_id);

-- Entries are numbered in the order in which cases came in; a search shows the newest first.
CREATE TABLE case_search (
    entry BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    digest TEXT COLLATE "C" NOT NULL,
    features TEXT COLLATE "C" NOT NULL,
    band_1 BIGINT,
    band_2 BIGINT,
    band_3 BIGINT,
    band_4 BIGINT,
    band_5 BIGINT,
    tokens TSVECTOR NOT NULL,
    UNIQUE (case_id)
) WITH (toast_tuple_target = 8160);

CREATE INDEX case_search_band_1_idx ON case_search (band_1, entry);
CREATE INDEX case_search_band_2_idx ON case_search (band_2, entry);
CREATE INDEX case_search_band_3_idx ON case_search (band_3, entry);
CREATE INDEX case_search_band_4_idx ON case_search (band_4, entry);
CREATE INDEX case_search_band_5_idx ON case_search (band_5, entry);
-- Additions wait in a list that every search reads; it stays short.
CREATE INDEX case_search_tokens_idx ON case_search USING GIN (tokens) WITH (gin_pending_list_limit = 128);
