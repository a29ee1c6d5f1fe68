-- Papers have more purposes, and an entry says how late it was and whose the delay is.

ALTER TABLE documents DROP CONSTRAINT documents_purpose_check;
ALTER TABLE documents ADD CONSTRAINT documents_purpose_check CHECK (purpose IN ('identity', 'application', 'authorisation', 'evidence', 'search_result', 'reply', 'delivery_proof', 'notice', 'opinion', 'payment', 'decision', 'withdrawal', 'review', 'supplement', 'other'));

-- Earlier builds took an id in a text for a text: where the document is still there, the case holds it from now on.
CREATE TABLE texts_0103 AS SELECT t.case_id, e.recorded_at, lower(t.body) AS body
FROM case_events e JOIN case_text t ON t.case_id = e.case_id AND t.seq = e.seq
WHERE e.recorded_at >= (SELECT MIN(uploaded_at) FROM documents WHERE case_id IS NULL);
UPDATE documents SET case_id = (
    SELECT t.case_id FROM texts_0103 t WHERE t.recorded_at >= documents.uploaded_at AND position(documents.id IN t.body) > 0
    ORDER BY t.recorded_at, t.case_id LIMIT 1
) WHERE case_id IS NULL;
DROP TABLE texts_0103;
INSERT INTO case_documents SELECT d.case_id, d.id FROM documents d
WHERE d.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_documents h WHERE h.document_id = d.id);

ALTER TABLE case_events ADD COLUMN late_entry TEXT COLLATE "C" CHECK (late_entry IN ('inside', 'outside'));

CREATE INDEX case_events_outside_idx ON case_events (case_id) WHERE late_entry = 'outside';
