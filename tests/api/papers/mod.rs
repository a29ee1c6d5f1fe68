//! What is printed.

mod archive;
mod delivery;
pub mod docx;
mod dossier;
mod drafts;
pub mod instruments;
mod pdf;
mod postings;
mod previews;
mod receipt;
mod register;
mod templates;
mod texts;
