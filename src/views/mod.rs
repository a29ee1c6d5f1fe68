//! What a person may see: of a case, a list line, an event, an account. Masking, language and labels are decided here, and
//! the same views are written as JSON, put into pages and printed.
//!
//! A view is made from what a use case gave ([`crate::service`]); it asks nothing itself.

pub mod admin;
pub mod agency;
pub mod case;
pub mod document;
pub mod dossier;
pub mod draft;
pub mod event;
pub mod instrument;
pub mod lines;
mod parts;
pub mod people;
pub mod person;
pub mod posting;
pub mod register;
pub mod report;
pub mod request;
pub mod review;
pub mod template;
pub mod workflow;

pub use parts::version;
