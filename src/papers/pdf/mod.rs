//! Papers as PDF/A-2b with their structure (GB/T 9704-2012): the record of an instrument, the same bytes whenever it is
//! written again.
//!
//! `shape` turns text into glyphs of the installed fonts, `lines` breaks them, `compose` makes rows of blocks, `flow`
//! makes pages of rows, `draw` writes the file. What is missing is known before anything is drawn.

mod balance;
mod bars;
mod characters;
mod closing;
mod compose;
mod draw;
mod file;
mod flow;
mod head;
mod layout;
mod lines;
mod marks;
mod shape;
mod style;
mod table;
mod tree;

#[cfg(test)]
mod tests;

pub use file::{Pdf, PdfError};
pub use shape::MissingGlyph;

use super::model::Paper;
use crate::fonts::{FontError, Fonts};

/// Which characters of a paper no face has: what [`write()`] would refuse it for.
///
/// # Errors
/// No font at all, or a font file that is gone or broken.
pub fn missing(paper: &Paper, fonts: &Fonts) -> Result<Vec<MissingGlyph>, FontError> {
    match layout::lay_out(paper, fonts) {
        Ok(_) => Ok(Vec::new()),
        Err(PdfError::Missing(missing)) => Ok(missing),
        Err(PdfError::Font(error)) => Err(error),
        // Codes are checked where they are made; they have no glyphs.
        Err(PdfError::Code(_) | PdfError::Writer(_)) => Ok(Vec::new()),
    }
}

/// Writes a paper.
///
/// # Errors
/// Characters that no face has, fonts that cannot be read, a code that cannot be made.
pub fn write(paper: &Paper, fonts: &Fonts) -> Result<Pdf, PdfError> {
    draw::draw(paper, layout::lay_out(paper, fonts)?)
}
