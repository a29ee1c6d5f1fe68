//! The law as pure functions: no database, no network, no wall clock.

pub mod access;
pub mod calendar;
pub mod coded;
pub mod deadline;
pub mod fee;
pub mod id_document;
pub mod ids;
pub mod json;
pub mod party;
pub mod refusal;
pub mod reply;
pub mod rules;
pub mod statistics;
pub mod text;
pub mod workflow;
