//! The law as pure functions: no database, no network, no wall clock.

pub mod coded;
pub mod refusal;
pub mod text;
