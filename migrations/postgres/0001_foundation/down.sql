DROP TABLE idempotency_keys;
DROP TABLE counters;
DROP TABLE installation;
