CREATE TABLE installation (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counters (
    scope TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL CHECK (value > 0)
);

CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    target TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    status INTEGER,
    etag TEXT,
    location TEXT,
    body TEXT,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
