//! Papers as office documents (DOCX): written for the editor of the office, read again when they come back edited.
//!
//! The PDF is the record, the DOCX the copy that can be edited. Three places of it are content controls, by which an
//! edited draft is known again: the number and the day, which only issue gives, and the remedy, whose wording the law
//! fixes. Written by hand, for the order of elements and the language decide whether Word opens a file without repair.

use super::codes::CodeError;
use super::model;

mod body;
mod check;
mod control;
mod fill;
mod frame;
mod package;
mod paper;
mod picture;
mod read;
mod role;
mod sheet;
mod styles;
mod table;
mod title;
mod xml;

pub use check::{Fault, check};
pub use control::Tag;
pub use fill::fill;
pub use package::write;
pub use paper::to_paper;
pub use read::{Edited, Finding, Limits, read};

/// Why a document cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("the archive cannot be written or read")]
    Archive(#[from] zip::result::ZipError),
    #[error("a part is no XML that is read")]
    Xml(#[from] roxmltree::Error),
    #[error("no office document")]
    NoDocx,
    #[error("larger than an instrument can be")]
    TooLarge,
    #[error("nested deeper than an instrument can be")]
    TooDeep,
    #[error("two programs could read the archive differently")]
    Ambiguous,
    #[error("the control {} is missing", .0.value())]
    NoControl(Tag),
}

/// Width of a day in half characters, about: seven digits and three characters.
const DATE_WIDTH: i32 = 13;
