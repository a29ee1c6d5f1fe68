ALTER TABLE instruments DROP COLUMN worded;
DROP INDEX instruments_same_idx;
DROP INDEX instruments_number_key;
CREATE UNIQUE INDEX instruments_number_key ON instruments (agency_id, series, year, ordinal);
DROP INDEX instruments_day_idx;
DROP INDEX case_events_corrected_idx;
DROP INDEX case_events_sent_idx;
