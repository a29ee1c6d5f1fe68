DROP INDEX case_events_outside_idx;
ALTER TABLE case_events DROP COLUMN late_entry;

UPDATE documents SET purpose = 'evidence' WHERE purpose IN ('notice', 'opinion', 'payment', 'decision', 'withdrawal', 'review', 'supplement', 'other');
ALTER TABLE documents DROP CONSTRAINT documents_purpose_check;
ALTER TABLE documents ADD CONSTRAINT documents_purpose_check CHECK (purpose IN ('identity', 'application', 'authorisation', 'evidence', 'search_result', 'reply', 'delivery_proof'));
