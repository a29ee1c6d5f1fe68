//! An edited draft as a paper again, so that the PDF says what the office wrote.
//!
//! Styles decide what a paragraph is; what has no style of ours is a paragraph. Nothing that was written is left out:
//! text beside a control, too, becomes a paragraph.

use super::check::folded;
use super::control::Tag;
use super::model::{Block, Paper, Text};
use super::read::{Edited, Grid, Line, Mark, Piece};
use super::role::Role;
use super::sheet::Sheet;
use super::table::columns;

/// The edited text as blocks; everything that is not text, such as number, day and codes, is that of `paper`.
#[must_use]
pub fn to_paper(edited: &Edited, paper: &Paper) -> Paper {
    let mut reader = Reader {
        paper,
        codes: paper.blocks.iter().filter(|block| matches!(block, Block::Codes { .. })),
        blocks: Vec::new(),
        page_break: false,
        last: None,
    };
    for piece in &edited.pieces {
        match piece {
            Piece::Paragraph(line) => reader.line(line),
            Piece::Table(grid) => reader.table(grid),
            Piece::PageBreak => reader.page_break = true,
        }
    }
    Paper {
        blocks: reader.blocks,
        ..paper.clone()
    }
}

struct Reader<'a, C> {
    paper: &'a Paper,
    codes: C,
    blocks: Vec<Block>,
    /// A page ends before the next block; at the beginning and at the end no page is left empty.
    page_break: bool,
    /// The role of the paragraph before, when nothing stands between.
    last: Option<Role>,
}

impl<'a, C: Iterator<Item = &'a Block>> Reader<'a, C> {
    fn push(&mut self, block: Block) {
        if std::mem::take(&mut self.page_break) && !self.blocks.is_empty() {
            self.blocks.push(Block::PageBreak);
        }
        self.blocks.push(block);
    }

    fn table(&mut self, grid: &Grid) {
        self.last = None;
        let most = grid.rows.iter().map(Vec::len).max().unwrap_or_default();
        if most == 0 {
            return;
        }
        self.push(Block::Table {
            head: grid.head,
            widths: widths(grid, most, self.paper),
            rows: grid.rows.clone(),
        });
    }

    fn line(&mut self, line: &Line) {
        if line.is_blank() {
            return;
        }
        let role = role(line);
        let last = self.last.replace(role);
        match role {
            Role::Number => self.beside(line, Tag::Number),
            Role::Date => {
                self.sign();
                self.beside(line, Tag::Date);
            }
            Role::Remedy => self.remedy(line),
            Role::Title => self.push(Block::Title { text: trimmed(line) }),
            Role::Heading1 | Role::Heading2 => {
                let level = if role == Role::Heading1 { 1 } else { 2 };
                self.push(Block::Heading {
                    level,
                    text: text(line),
                });
            }
            Role::Addressee => self.push(Block::Addressee { text: trimmed(line) }),
            Role::Item => self.item(line),
            Role::Attachments => self.attachments(line, last),
            Role::Signature => self.signature(line, last),
            Role::Note => self.push(Block::Note { text: text(line) }),
            Role::CutLine => self.push(Block::CutLine { text: trimmed(line) }),
            Role::Codes => {
                if let Some(codes) = self.codes.next() {
                    self.push(codes.clone());
                }
                self.paragraph(text(line));
            }
            // Printed with the codes; without them it would be about nothing.
            Role::CodesCaption => {}
            Role::Body | Role::Cell | Role::Organ | Role::PageNumber | Role::Gap => self.paragraph(text(line)),
        }
    }

    fn paragraph(&mut self, text: Text) {
        if !text.is_empty() {
            self.push(Block::Paragraph { text });
        }
    }

    /// What somebody wrote beside a control that the system fills.
    fn beside(&mut self, line: &Line, tag: Tag) {
        self.paragraph(ends_trimmed(line.runs(|mark| mark != Mark::Control(tag))));
    }

    fn remedy(&mut self, line: &Line) {
        let text = text(line);
        match self.blocks.last_mut() {
            Some(Block::Remedy { paragraphs }) => paragraphs.push(text),
            _ => self.push(Block::Remedy { paragraphs: vec![text] }),
        }
    }

    fn item(&mut self, line: &Line) {
        let mut label = line.marked(|mark| mark == Mark::Label).trim().to_owned();
        let mut text = ends_trimmed(line.runs(|mark| mark != Mark::Label));
        if label.is_empty()
            && let Some(first) = text.first_mut()
        {
            let (found, rest) = split_label(&first.text);
            (label, first.text) = (found.to_owned(), rest.to_owned());
            text.retain(|run| !run.text.is_empty());
        }
        if label.is_empty() {
            self.paragraph(text);
        } else {
            self.push(Block::Item { label, text });
        }
    }

    fn attachments(&mut self, line: &Line, last: Option<Role>) {
        let goes_on = last == Some(Role::Attachments);
        for (index, name) in line.plain().lines().enumerate() {
            let name = name.trim();
            let name = name
                .strip_prefix("附件：")
                .or_else(|| name.strip_prefix("附件:"))
                .unwrap_or(name)
                .trim();
            if name.is_empty() {
                continue;
            }
            match self.blocks.last_mut() {
                Some(Block::Attachments { names }) if goes_on || index > 0 => {
                    // A number before a name is one only among several.
                    if let [only] = names.as_mut_slice() {
                        *only = split_arabic(only).to_owned();
                    }
                    names.push(split_arabic(name).to_owned());
                }
                _ => self.push(Block::Attachments {
                    names: vec![name.to_owned()],
                }),
            }
        }
    }

    fn signature(&mut self, line: &Line, last: Option<Role>) {
        let organ = trimmed(line);
        match self.blocks.last_mut() {
            Some(Block::Signature { organ: above }) if last == Some(Role::Signature) => {
                above.push('\n');
                above.push_str(&organ);
            }
            _ => self.push(Block::Signature { organ }),
        }
    }

    /// A day belongs to a signature, even if the style of the organ's line was lost.
    fn sign(&mut self) {
        let expected = self.paper.blocks.iter().rev().find_map(|block| match block {
            Block::Signature { organ } => Some(organ.clone()),
            _ => None,
        });
        let organ = expected.unwrap_or_else(|| self.paper.organ.clone());
        match self.blocks.last() {
            Some(Block::Signature { .. }) => {}
            Some(Block::Paragraph { text }) if folded(&plain(text)) == folded(&organ) => {
                self.blocks.pop();
                self.push(Block::Signature { organ });
            }
            _ => self.push(Block::Signature { organ }),
        }
    }
}

/// What a paragraph is: by its control, by its style, by the level that it has in the outline.
fn role(line: &Line) -> Role {
    for (tag, role) in [
        (Tag::Remedy, Role::Remedy),
        (Tag::Number, Role::Number),
        (Tag::Date, Role::Date),
    ] {
        if line.holds(tag) {
            return role;
        }
    }
    let labelled = !line.marked(|mark| mark == Mark::Label).trim().is_empty();
    match (line.role, line.outline) {
        // Without its control a number or a day is but text.
        (Some(Role::Number | Role::Date) | None, None | Some(9..)) if labelled => Role::Item,
        (Some(Role::Body), _) if labelled => Role::Item,
        (Some(Role::Number | Role::Date), _) => Role::Body,
        (Some(role), _) => role,
        (None, Some(0)) => Role::Heading1,
        (None, Some(1..=8)) => Role::Heading2,
        (None, _) => Role::Body,
    }
}

fn plain(text: &Text) -> String {
    text.iter().map(|run| run.text.as_str()).collect()
}

fn text(line: &Line) -> Text {
    ends_trimmed(line.runs(|_| true))
}

fn trimmed(line: &Line) -> String {
    line.plain().trim().to_owned()
}

/// Without blanks at both ends: many indent by blanks what the paper indents by itself.
fn ends_trimmed(mut text: Text) -> Text {
    let is_blank = |character: char| matches!(character, ' ' | '\t' | '\u{3000}' | '\u{A0}');
    if let Some(first) = text.first_mut() {
        first.text = first.text.trim_start_matches(is_blank).to_owned();
    }
    if let Some(last) = text.last_mut() {
        last.text = last.text.trim_end_matches(is_blank).to_owned();
    }
    text.retain(|run| !run.text.is_empty());
    text
}

/// The label at the beginning of a text: `1.`, `（1）`, `1、`, `①`, `一、`; nothing if there is none.
fn split_label(text: &str) -> (&str, &str) {
    let is_number = |part: &str| {
        (1..=4).contains(&part.chars().count())
            && part
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "〇零一二三四五六七八九十".contains(character))
    };
    let first = text.chars().next();
    if first.is_some_and(|character| ('①'..='⑳').contains(&character)) {
        return text.split_at(first.map_or(0, char::len_utf8));
    }
    let (open, close): (&str, &[char]) = match first {
        Some('（' | '(') => (first.map_or("", |c| if c == '(' { "(" } else { "（" }), &['）', ')']),
        _ => ("", &['.', '．', '、']),
    };
    let inner = text.strip_prefix(open).unwrap_or(text);
    match inner.find(close) {
        Some(at) if inner.get(..at).is_some_and(is_number) => {
            let closing = inner
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            text.split_at(open.len() + at + closing)
        }
        _ => ("", text),
    }
}

/// A name of an attachment without its Arabic number.
fn split_arabic(name: &str) -> &str {
    let (label, rest) = split_label(name);
    let numbered = label.starts_with(|character: char| character.is_ascii_digit());
    if numbered { rest.trim_start() } else { name }
}

/// Shares of the columns: those of the paper's own table if nobody moved them, else the widths themselves.
fn widths(grid: &Grid, count: usize, paper: &Paper) -> Vec<u16> {
    let width = Sheet::of(paper.layout).text_width();
    let near = |left: i32, right: i32| (left - right).abs() <= 20;
    let own = paper.blocks.iter().find_map(|block| match block {
        Block::Table { widths, rows, .. } => {
            let most = rows.iter().map(Vec::len).max().unwrap_or_default();
            let columns = columns(widths, most, width);
            let same = columns.len() == grid.widths.len();
            let equal = same
                && columns
                    .iter()
                    .zip(&grid.widths)
                    .all(|(left, right)| near(*left, *right));
            equal.then(|| widths.clone())
        }
        _ => None,
    });
    own.unwrap_or_else(|| {
        let given = grid.widths.iter().take(count);
        given.map(|width| u16::try_from(*width).unwrap_or(1).max(1)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_cut_off() {
        for (text, label) in [
            ("1.《公告》", "1."),
            ("（1）其中", "（1）"),
            ("(a)其中", "(a)"),
            ("12、附图", "12、"),
            ("③其他", "③"),
            ("（二）其他", "（二）"),
            ("2023年度的公告，共3页。", ""),
            ("（云政征公〔2023〕7号）公告", ""),
            ("根据条例、细则", ""),
            ("", ""),
        ] {
            assert_eq!(split_label(text).0, label, "{text}");
        }
    }
}
