//! The law as pure functions: no database, no network, no wall clock.

pub mod access;
pub mod id_document;
pub mod ids;
pub mod party;
pub mod text;
