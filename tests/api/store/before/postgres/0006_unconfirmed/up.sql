-- Applications that both sides have to confirm; as with the other working lists, one expression that no planner takes for
-- an index of states.
CREATE INDEX cases_unconfirmed_idx ON cases (act_by, id) WHERE CASE WHEN state = 'submitted' THEN channel IN ('ordinary_mail', 'fax', 'online') ELSE FALSE END;
CREATE INDEX cases_agency_unconfirmed_idx ON cases (agency_id, act_by, id) WHERE CASE WHEN state = 'submitted' THEN channel IN ('ordinary_mail', 'fax', 'online') ELSE FALSE END;

-- A search asks for slices of entries, not for the entries of an agency.
DROP INDEX case_search_agency_idx;
