//! What is printed.

pub mod instruments;
mod previews;
mod receipt;
mod templates;
