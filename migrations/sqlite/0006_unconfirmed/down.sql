DROP INDEX cases_agency_unconfirmed_idx;
DROP INDEX cases_unconfirmed_idx;
