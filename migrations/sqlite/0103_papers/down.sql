DROP INDEX case_events_outside_idx;
ALTER TABLE case_events DROP COLUMN late_entry;

CREATE TABLE documents_0103 (
    id TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES blobs (sha256),
    purpose TEXT NOT NULL CHECK (purpose IN ('identity', 'application', 'authorisation', 'evidence', 'search_result', 'reply', 'delivery_proof')),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMP NOT NULL,
    case_id TEXT REFERENCES cases (id)
);
INSERT INTO documents_0103 SELECT id, sha256,
    CASE WHEN purpose IN ('notice', 'opinion', 'payment', 'decision', 'withdrawal', 'review', 'supplement', 'other') THEN 'evidence' ELSE purpose END,
    name, media_type, bytes, uploaded_by, uploaded_at, case_id FROM documents;
CREATE TABLE case_documents_0103 AS SELECT case_id, document_id FROM case_documents;
DROP TABLE case_documents;
DROP TABLE documents;
ALTER TABLE documents_0103 RENAME TO documents;

CREATE INDEX documents_sha256_idx ON documents (sha256);
CREATE INDEX documents_case_idx ON documents (case_id, id);
CREATE INDEX documents_unattached_idx ON documents (uploaded_by, uploaded_at) WHERE case_id IS NULL;
CREATE INDEX documents_forgotten_idx ON documents (uploaded_at) WHERE case_id IS NULL;

CREATE TABLE case_documents (
    case_id TEXT NOT NULL REFERENCES cases (id),
    document_id TEXT NOT NULL REFERENCES documents (id),
    PRIMARY KEY (case_id, document_id)
);
INSERT INTO case_documents SELECT case_id, document_id FROM case_documents_0103;
DROP TABLE case_documents_0103;

CREATE INDEX case_documents_document_idx ON case_documents (document_id, case_id);
