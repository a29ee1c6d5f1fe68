DROP INDEX instruments_day_idx;
DROP INDEX case_events_sent_idx;
