//! What is printed.

mod archive;
mod docx;
mod dossier;
pub mod instruments;
mod pdf;
mod previews;
mod receipt;
mod register;
mod templates;
