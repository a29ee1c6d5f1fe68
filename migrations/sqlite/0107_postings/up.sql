-- What left an agency on a day: replies and notices by the entry that sent them, numbered instruments by their day.
CREATE INDEX case_events_sent_idx ON case_events (occurred_on)
    WHERE event IN ('reply_issued', 'reply_dispatched', 'notice_resent');
-- Where a day was put right, the entry does not tell it.
CREATE INDEX case_events_corrected_idx ON case_events (case_id) WHERE event = 'correction_confirmed';
CREATE INDEX instruments_day_idx ON instruments (agency_id, issued_on) WHERE number IS NOT NULL;

-- Most instruments that stay in the file, and every receipt, take no number: they need no place in the register.
DROP INDEX instruments_number_key;
CREATE UNIQUE INDEX instruments_number_key ON instruments (agency_id, series, year, ordinal) WHERE ordinal IS NOT NULL;
-- One paper may answer several applications.
CREATE INDEX instruments_same_idx ON instruments (same_as) WHERE same_as IS NOT NULL;
-- A receipt is worded when it is first asked for; the log holds the hash of its facts.
ALTER TABLE instruments ADD COLUMN worded TEXT;
