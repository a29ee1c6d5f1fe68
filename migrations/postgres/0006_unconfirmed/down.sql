DROP INDEX cases_agency_unconfirmed_idx;
DROP INDEX cases_unconfirmed_idx;
CREATE INDEX case_search_agency_idx ON case_search (agency_id, entry);
