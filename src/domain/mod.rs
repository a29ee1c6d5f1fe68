//! The law as pure functions: no database, no network, no wall clock.

pub mod reply;
pub mod text;
