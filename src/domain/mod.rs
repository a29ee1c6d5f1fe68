//! The law as pure functions: no database, no network, no wall clock.

pub mod calendar;
pub mod deadline;
pub mod rules;
pub mod text;
