//! What is printed.

mod docx;
pub mod instruments;
mod pdf;
mod previews;
mod receipt;
mod register;
mod templates;
