//! Who takes part: applicants and third parties, agencies and their people, and what each may see and do.

pub mod access;
pub mod account;
pub mod agency;
pub mod contact;
pub mod id_document;
pub mod party;
pub mod party_view;
pub mod profile;
