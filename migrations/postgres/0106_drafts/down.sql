ALTER TABLE instruments DROP COLUMN differs_from_draft;
ALTER TABLE instruments DROP COLUMN edited_document_id;
DROP TABLE draft_papers;
