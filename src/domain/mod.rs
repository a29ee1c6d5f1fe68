//! The law as pure functions: no database, no network, no wall clock.

pub mod access;
pub mod account;
pub mod agency;
pub mod coded;
pub mod id_document;
pub mod ids;
pub mod party;
pub mod refusal;
pub mod text;
