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
