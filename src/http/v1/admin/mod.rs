//! What administrators of the installation change: agencies, units, people, signing keys; and the log of it.

pub mod agencies;
pub mod keys;
pub mod users;
