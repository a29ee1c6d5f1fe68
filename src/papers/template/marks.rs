//! What the reading, the filling and the blocks of templates share.

use minijinja::syntax::SyntaxConfig;

use crate::domain::words::text::Bilingual;
use crate::papers::facts::Piece;
use crate::papers::model::Block;

/// What is wrong with a template, and in which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1; none where it is about the whole.
    pub line: Option<u32>,
    pub reason: Bilingual,
}

impl Fault {
    pub fn new(line: Option<u32>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            line,
            reason: Bilingual::new(zh.into(), en.into()),
        }
    }
}

/// A part of what a template makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Block(Block),
    /// Something that the letter is put together with.
    Piece(Piece),
}

/// Marks around the place of a value: no characters of any text (Unicode 23.7).
pub(super) const OPEN: char = '\u{FDD0}';
pub(super) const CLOSE: char = '\u{FDD1}';
/// Marks around the name of a piece.
pub(super) const PIECE: char = '\u{FDD2}';

pub(super) fn is_nonchar(c: char) -> bool {
    let code = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// A line with nothing but a tag leaves no line behind.
pub(super) fn syntax() -> SyntaxConfig {
    let built = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    built.unwrap_or_default()
}
