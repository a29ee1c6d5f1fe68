//! Use cases: the same from HTTP, from jobs and from the command line. Each change happens in one transaction.

pub mod admin_log;
pub mod agencies;
pub mod applicants;
pub mod approval;
pub mod archive;
pub mod auth;
pub mod backup;
pub mod cases;
pub mod desk;
pub mod directory;
pub mod documents;
pub mod dossier;
pub mod drafts;
pub mod first_account;
pub mod housekeeping;
pub mod idempotency;
pub mod identities;
pub mod instruments;
pub mod law;
pub mod lists;
mod made;
pub mod maintenance;
mod numbers;
pub mod opened;
pub mod opening;
pub mod papers;
pub mod paperwork;
pub mod people;
pub mod postings;
pub mod previews;
pub mod receipts;
pub mod register;
pub mod reports;
pub mod search;
pub mod seeding;
pub mod sight;
pub mod submissions;
pub mod templates;
pub mod wording;

/// What a use case works in: an open read, an open transaction. Whoever calls one holds it and hands it on.
pub use crate::store::{Db, Tx};
