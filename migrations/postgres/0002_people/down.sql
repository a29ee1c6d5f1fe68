DROP TABLE admin_log;
DROP TABLE login_failures;
DROP TABLE refresh_tokens;
DROP TABLE signing_keys;
DROP TABLE role_grants;
DROP TABLE users;
DROP TABLE units;
DROP TABLE agencies;
