//! Use cases: the same from HTTP, from jobs and from the command line. Each change happens in one transaction.

pub mod admin_log;
pub mod agencies;
pub mod auth;
pub mod backup;
pub mod cases;
pub mod directory;
pub mod documents;
pub mod first_account;
pub mod housekeeping;
pub mod law;
pub mod maintenance;
pub mod people;
pub mod reports;
pub mod search;
pub mod sight;
