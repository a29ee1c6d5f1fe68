DROP TABLE case_remedies;
DROP TABLE case_assignments;
DROP TABLE case_text;
DROP TABLE case_events;
DROP TABLE cases;
