//! An edited file as it was read.

use std::collections::BTreeSet;

use super::line::Piece;

/// What an edited file holds besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// Changes that nobody has accepted or rejected. What was inserted is read as text, what was deleted is not.
    TrackedChanges,
    Comments,
    /// Programs.
    Macros,
    /// Objects of other programs, and whole documents within the document.
    EmbeddedObjects,
    /// Pictures, templates and texts that are fetched from elsewhere when the file is opened.
    ExternalContent,
    /// Links to click on; programs make them of every address by themselves.
    Hyperlinks,
    /// Text that would not be printed.
    HiddenText,
    /// Footnotes and endnotes, which the paper cannot hold.
    Notes,
    Equations,
    /// Signs of faces of symbols, which other faces do not have.
    Symbols,
    /// Texts in frames; they are read after the paragraph at which they stand.
    TextBoxes,
}

/// An edited file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Text of every control of the number, in reading order: none when it is missing, two when it is doubled.
    pub number: Vec<String>,
    /// The same of the day.
    pub date: Vec<String>,
    /// The same of the remedy; its paragraphs are one as long as nothing stands between them.
    pub remedy: Vec<String>,
    /// The whole text, a line for a paragraph and for a row of a table.
    pub text: String,
    pub findings: BTreeSet<Finding>,
    /// How many pictures stand in the text.
    pub pictures: usize,
    pub(in super::super) pieces: Vec<Piece>,
}
