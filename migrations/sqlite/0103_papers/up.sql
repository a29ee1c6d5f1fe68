-- Papers have more purposes, and an entry says how late it was and whose the delay is.

-- A condition of a column is changed by making the table anew, and before it the one that refers to it.
CREATE TABLE documents_0103 (
    id TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES blobs (sha256),
    purpose TEXT NOT NULL CHECK (purpose IN ('identity', 'application', 'authorisation', 'evidence', 'search_result', 'reply', 'delivery_proof', 'notice', 'opinion', 'payment', 'decision', 'withdrawal', 'review', 'supplement', 'other')),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMP NOT NULL,
    case_id TEXT REFERENCES cases (id)
);
INSERT INTO documents_0103 SELECT id, sha256, purpose, name, media_type, bytes, uploaded_by, uploaded_at, case_id FROM documents;
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

-- Earlier builds took an id in a text for a text: where the document is still there, the case holds it from now on.
CREATE TABLE texts_0103 AS SELECT t.case_id, e.recorded_at, lower(t.body) AS body
FROM case_events e JOIN case_text t ON t.case_id = e.case_id AND t.seq = e.seq
WHERE e.recorded_at >= (SELECT MIN(uploaded_at) FROM documents WHERE case_id IS NULL);
UPDATE documents SET case_id = (
    SELECT t.case_id FROM texts_0103 t WHERE t.recorded_at >= documents.uploaded_at AND instr(t.body, documents.id) > 0
    ORDER BY t.recorded_at, t.case_id LIMIT 1
) WHERE case_id IS NULL;
DROP TABLE texts_0103;
INSERT INTO case_documents SELECT d.case_id, d.id FROM documents d
WHERE d.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_documents h WHERE h.document_id = d.id);

ALTER TABLE case_events ADD COLUMN late_entry TEXT CHECK (late_entry IN ('inside', 'outside'));

CREATE INDEX case_events_outside_idx ON case_events (case_id) WHERE late_entry = 'outside';
