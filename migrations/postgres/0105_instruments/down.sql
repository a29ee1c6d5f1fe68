DROP TABLE instrument_gaps;
DROP TABLE templates;
DROP TABLE instrument_files;
DROP TABLE instruments;
ALTER TABLE case_events DROP COLUMN instruments;
