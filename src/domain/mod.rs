//! The law as pure functions: no database, no network, no wall clock.

pub mod fee;
pub mod reply;
pub mod statistics;
pub mod text;
