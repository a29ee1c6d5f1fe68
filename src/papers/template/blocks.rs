//! From the Markdown that a template makes to the blocks of a paper.
//!
//! A heading of the first level is the title, of the second 一、, of the third （一）; a paragraph right after the title that
//! ends with a full-width colon names the addressee; a numbered list is numbered items; a table is a table; a rule is
//! nothing that a paper has. A paragraph that is a piece and nothing else stands for that piece.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::marks::{CLOSE, Fault, OPEN, PIECE, Part};
use crate::papers::facts::Piece;
use crate::papers::model::{Block, Run, Text};

/// Marks where the source begins a new line within a paragraph.
const SOFT: char = '\u{FDD3}';

/// Reads what a template made; `values` are put where their marks stand.
///
/// # Errors
/// Markdown that a paper has no block for.
pub(super) fn parts(text: &str, values: &[String]) -> Result<Vec<Part>, Vec<Fault>> {
    let mut reader = Reader {
        values,
        text,
        parts: Vec::new(),
        faults: Vec::new(),
        runs: Vec::new(),
        strong: false,
        lists: Vec::new(),
        table: None,
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, range);
    }
    match reader.faults.is_empty() {
        true => Ok(reader.parts),
        false => Err(reader.faults),
    }
}

struct Table {
    widths: Vec<u16>,
    rows: Vec<Vec<Text>>,
}

struct Reader<'a> {
    values: &'a [String],
    text: &'a str,
    parts: Vec<Part>,
    faults: Vec<Fault>,
    /// What is being read, with its marks.
    runs: Text,
    strong: bool,
    /// The next number of each list that is open.
    lists: Vec<u64>,
    table: Option<Table>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.push(&text),
            Event::SoftBreak => self.push(&SOFT.to_string()),
            Event::HardBreak => self.push("\n"),
            Event::Start(Tag::Strong) => self.strong = true,
            Event::End(TagEnd::Strong) => self.strong = false,
            Event::Start(Tag::List(Some(first))) => {
                self.loose_text();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::TableCell | Tag::TableRow) => {}
            Event::End(TagEnd::Paragraph) => self.paragraph(range),
            Event::End(TagEnd::Item) => {
                self.loose_text();
                if let Some(next) = self.lists.last_mut() {
                    *next = next.saturating_add(1);
                }
            }
            Event::End(TagEnd::Heading(level)) => self.heading(level, range),
            Event::Start(Tag::Table(columns)) => {
                self.table = Some(Table {
                    widths: columns.iter().map(|_| 1).collect(),
                    rows: Vec::new(),
                });
            }
            Event::Start(Tag::TableHead) | Event::End(TagEnd::TableRow | TagEnd::TableHead) => {}
            Event::End(TagEnd::TableCell) => self.cell(),
            Event::End(TagEnd::Table) => self.end_table(),
            other => self.unknown(&other, range),
        }
    }

    fn unknown(&mut self, event: &Event<'_>, range: Range<usize>) {
        let (zh, en) = match event {
            Event::Start(Tag::List(None)) => ("不带编号的列表", "a list without numbers"),
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => ("斜体", "emphasis"),
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => ("代码（行首四个以上空格、反引号）", "code"),
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => ("HTML 标签", "HTML"),
            Event::Start(Tag::Link { .. }) => ("超链接", "a link"),
            Event::Start(Tag::Image { .. }) => ("图片", "a picture"),
            Event::Start(Tag::BlockQuote(_)) => ("引用（行首的 >）", "a quotation"),
            Event::Rule => ("分隔线", "a rule"),
            _ => return,
        };
        self.fault(
            range,
            format!("文书中不能有{zh}，请改用段落、标题、编号列表或者表格。"),
            format!("A paper has no place for {en}."),
        );
    }

    fn fault(&mut self, range: Range<usize>, zh: impl Into<String>, en: impl Into<String>) {
        let before = self.text.get(..range.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
        self.faults.push(Fault::new(u32::try_from(line).ok(), zh, en));
    }

    fn push(&mut self, text: &str) {
        let strong = self.strong;
        match self.runs.last_mut() {
            Some(run) if run.strong == strong => run.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.to_owned(),
                strong,
            }),
        }
    }

    /// What was read, with its values in place.
    fn take(&mut self) -> Text {
        let runs = std::mem::take(&mut self.runs);
        let put = runs.into_iter().map(|run| Run {
            text: joined(&filled(&run.text, self.values)),
            ..run
        });
        put.filter(|run| !run.text.is_empty()).collect()
    }

    /// The text of an item that is no paragraph of its own.
    fn loose_text(&mut self) {
        if !self.runs.is_empty() {
            let text = self.take();
            self.item(text);
        }
    }

    fn item(&mut self, text: Text) {
        let (depth, number) = (self.lists.len(), self.lists.last().copied().unwrap_or(1));
        let label = match depth {
            0 | 1 => format!("{number}."),
            _ => format!("（{number}）"),
        };
        if !text.is_empty() {
            self.parts.push(Part::Block(Block::Item { label, text }));
        }
    }

    fn paragraph(&mut self, range: Range<usize>) {
        if let Some(piece) = self.piece(&range) {
            self.parts.push(Part::Piece(piece));
            return;
        }
        let text = self.take();
        if text.is_empty() {
            return;
        }
        if !self.lists.is_empty() {
            return self.item(text);
        }
        let after_title = matches!(self.parts.last(), Some(Part::Block(Block::Title { .. })));
        let block = match plain(&text) {
            whole if after_title && whole.ends_with('：') => Block::Addressee { text: whole },
            _ => Block::Paragraph { text },
        };
        self.parts.push(Part::Block(block));
    }

    /// A piece, where the paragraph is one; beside other text it is a fault.
    fn piece(&mut self, range: &Range<usize>) -> Option<Piece> {
        let whole: String = self.runs.iter().map(|run| run.text.as_str()).collect();
        if !whole.contains(PIECE) {
            return None;
        }
        let name = whole.trim().trim_matches(PIECE);
        if let Some(piece) = Piece::of_name(name) {
            self.runs.clear();
            return Some(piece);
        }
        let names = Piece::ALL.iter().find(|(_, name, _)| whole.contains(name));
        let name = names.map_or("", |(_, name, _)| name);
        self.runs.clear();
        self.fault(
            range.clone(),
            format!("“{name}”应当单独成段，前后各空一行。"),
            format!("`{name}` stands in a paragraph of its own."),
        );
        Some(Piece::PageBreak)
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let text = self.take();
        let block = match level {
            HeadingLevel::H1 => Block::Title { text: plain(&text) },
            HeadingLevel::H2 => Block::Heading { level: 1, text },
            HeadingLevel::H3 => Block::Heading { level: 2, text },
            _ => {
                let zh = "标题最多三级（#、##、###）。";
                return self.fault(range, zh, "There are three levels of headings.");
            }
        };
        self.parts.push(Part::Block(block));
    }

    fn cell(&mut self) {
        let text = self.take();
        let Some(table) = &mut self.table else { return };
        let columns = table.widths.len();
        match table.rows.last_mut() {
            Some(row) if row.len() < columns => row.push(text),
            _ => table.rows.push(vec![text]),
        }
    }

    fn end_table(&mut self) {
        let Some(Table { widths, rows }) = self.table.take() else {
            return;
        };
        let widths = (0..widths.len()).map(|column| share(&rows, column)).collect();
        // A table whose head is empty has none.
        let head = rows.first().is_some_and(|row| row.iter().any(|cell| !cell.is_empty()));
        let rows = if head { rows } else { rows.into_iter().skip(1).collect() };
        self.parts.push(Part::Block(Block::Table { head, widths, rows }));
    }
}

/// The share of the line that a column takes: by its longest cell, within bounds.
fn share(rows: &[Vec<Text>], column: usize) -> u16 {
    let cells = rows.iter().filter_map(|row| row.get(column));
    let longest = cells.map(|cell| plain(cell).chars().count()).max().unwrap_or_default();
    u16::try_from(longest.clamp(4, 24)).unwrap_or(4)
}

fn plain(text: &Text) -> String {
    text.iter().map(|run| run.text.as_str()).collect()
}

/// Puts the values where their marks stand; a value that was captured on the way may hold marks itself.
fn filled(text: &str, values: &[String]) -> String {
    let mut whole = text.to_owned();
    for _ in 0..4 {
        if !whole.contains(OPEN) {
            break;
        }
        let mut filled = String::new();
        let mut rest = whole.as_str();
        while let Some((before, after)) = rest.split_once(OPEN) {
            filled.push_str(before);
            let (number, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
            let value = number.parse().ok().and_then(|place: usize| values.get(place));
            filled.push_str(value.map_or("", String::as_str));
            rest = behind;
        }
        filled.push_str(rest);
        whole = filled;
    }
    whole.replace([OPEN, CLOSE, PIECE], "")
}

/// Lines of the source run on: between Chinese characters without a blank.
fn joined(text: &str) -> String {
    let mut whole = String::new();
    let mut pieces = text.split(SOFT);
    if let Some(first) = pieces.next() {
        whole.push_str(first);
    }
    for piece in pieces {
        let (last, next) = (whole.chars().last(), piece.chars().next());
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(last) && latin(next) {
            whole.push(' ');
        }
        whole.push_str(piece);
    }
    whole
}
