//! What comes of writing a paper: a file, or why there is none.

use super::super::codes::CodeError;
use super::shape::MissingGlyph;
use crate::fonts::FontError;

/// A file, and how many pages it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// Why a paper cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// No face has these characters: a paper with a gap in a name must not leave the house.
    #[error("no font has {}", list(.0))]
    Missing(Vec<MissingGlyph>),
    #[error(transparent)]
    Font(#[from] FontError),
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("the PDF cannot be written: {0}")]
    Writer(String),
}

fn list(missing: &[MissingGlyph]) -> String {
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    missing.join(", ")
}
