-- What left an agency on a day: replies and notices by the entry that sent them, instruments by their day.
CREATE INDEX case_events_sent_idx ON case_events (occurred_on)
    WHERE event IN ('reply_issued', 'reply_dispatched', 'notice_resent');
CREATE INDEX instruments_day_idx ON instruments (agency_id, issued_on);
