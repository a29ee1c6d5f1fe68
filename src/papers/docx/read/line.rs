//! What an edited file says, before it is made a paper again.

use super::super::control::Tag;
use super::super::model::{Run, Text};
use super::super::role::Role;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Piece {
    Paragraph(Line),
    Table(Grid),
    PageBreak,
}

/// A table: widths of its columns in twips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Grid {
    pub head: bool,
    pub widths: Vec<i32>,
    pub rows: Vec<Vec<Text>>,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Line {
    pub role: Option<Role>,
    pub outline: Option<u8>,
    pub fragments: Vec<Fragment>,
    pub pictures: usize,
}

/// What a piece of text is besides text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Mark {
    None,
    /// The number of a list or an item.
    Label,
    Control(Tag),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Fragment {
    Text { text: String, strong: bool, mark: Mark },
    PageBreak,
}

impl Fragment {
    pub fn text(text: String, strong: bool, mark: Mark) -> Self {
        Self::Text { text, strong, mark }
    }
}

impl Line {
    /// All of it.
    pub fn plain(&self) -> String {
        self.marked(|_| true)
    }

    /// Text with certain marks.
    pub fn marked(&self, wanted: impl Fn(Mark) -> bool) -> String {
        self.fragments
            .iter()
            .filter_map(|fragment| match fragment {
                Fragment::Text { text, mark, .. } if wanted(*mark) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Text with certain marks, equal weights joined.
    pub fn runs(&self, wanted: impl Fn(Mark) -> bool) -> Text {
        let mut runs: Text = Vec::new();
        for fragment in &self.fragments {
            let Fragment::Text { text, strong, mark } = fragment else {
                continue;
            };
            if text.is_empty() || !wanted(*mark) {
                continue;
            }
            match runs.last_mut() {
                Some(last) if last.strong == *strong => last.text.push_str(text),
                _ => runs.push(Run {
                    text: text.clone(),
                    strong: *strong,
                }),
            }
        }
        runs
    }

    pub fn holds(&self, tag: Tag) -> bool {
        self.fragments
            .iter()
            .any(|fragment| matches!(fragment, Fragment::Text { mark: Mark::Control(found), .. } if *found == tag))
    }

    pub fn is_blank(&self) -> bool {
        self.pictures == 0 && self.plain().trim().is_empty()
    }

    /// Cuts a paragraph where a page ends within it.
    pub fn split(mut self, out: &mut Vec<Piece>) {
        let broken = self.fragments.contains(&Fragment::PageBreak);
        if !broken {
            out.push(Piece::Paragraph(self));
            return;
        }
        let fragments = std::mem::take(&mut self.fragments);
        for (index, part) in fragments.split(|fragment| *fragment == Fragment::PageBreak).enumerate() {
            if index > 0 {
                out.push(Piece::PageBreak);
            }
            let line = Self {
                fragments: part.to_vec(),
                pictures: std::mem::take(&mut self.pictures),
                ..self.clone()
            };
            if !line.is_blank() {
                out.push(Piece::Paragraph(line));
            }
        }
    }
}

/// Paragraphs of a cell as lines of one text; a table within it row by row.
pub(super) fn flat(pieces: &[Piece]) -> Text {
    let mut lines: Vec<Text> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(line) => lines.push(line.runs(|_| true)),
            Piece::Table(grid) => lines.extend(grid.rows.iter().map(|row| joined(row, " "))),
            Piece::PageBreak => {}
        }
    }
    joined(&lines, "\n")
}

/// Texts one after the other, equal weights joined.
fn joined(texts: &[Text], between: &str) -> Text {
    let mut out: Text = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let separator = Run {
            text: between.to_owned(),
            strong: out.last().is_some_and(|run| run.strong),
        };
        for run in (index > 0).then_some(&separator).into_iter().chain(text) {
            match out.last_mut() {
                Some(last) if last.strong == run.strong => last.text.push_str(&run.text),
                _ => out.push(run.clone()),
            }
        }
    }
    out
}
