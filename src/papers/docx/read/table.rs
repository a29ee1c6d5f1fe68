//! Tables of an edited file, row by row.

use roxmltree::Node;

use super::super::model::{Run, Text};
use super::Finding;
use super::line::{Grid, Piece};
use super::open::{attribute, child, is_on, value, word};
use super::walk::Walk;

/// More columns than a sheet can hold are not made up for a cell that claims to span them.
const SPAN_MAX: usize = 64;

pub(super) fn read(walk: &mut Walk<'_>, node: Node<'_, '_>) -> Grid {
    let widths = child(node, "tblGrid")
        .into_iter()
        .flat_map(|grid| grid.children())
        .filter(|column| word(*column) == Some("gridCol"))
        .map(|column| {
            attribute(column, "w")
                .and_then(|width| width.parse().ok())
                .unwrap_or_default()
        })
        .collect();
    let mut grid = Grid {
        head: false,
        widths,
        rows: Vec::new(),
    };
    rows(walk, node, &mut grid);
    grid
}

fn rows(walk: &mut Walk<'_>, node: Node<'_, '_>, grid: &mut Grid) {
    for found in node.children().filter(Node::is_element) {
        match word(found) {
            Some("tr") => row(walk, found, grid),
            Some("sdt") => walk.within_control(found, |walk, content| rows(walk, content, grid)),
            Some("ins" | "moveTo" | "customXml") => rows(walk, found, grid),
            Some("tblPr") => found.descendants().filter_map(word).for_each(|name| walk.look(name)),
            Some(name) => walk.look(name),
            None => {}
        }
    }
}

fn row(walk: &mut Walk<'_>, node: Node<'_, '_>, grid: &mut Grid) {
    if let Some(properties) = child(node, "trPr") {
        properties.children().filter_map(word).for_each(|name| walk.look(name));
        let inserted = child(properties, "ins").is_some();
        let deleted = child(properties, "del").is_some();
        if inserted || deleted {
            walk.findings.insert(Finding::TrackedChanges);
        }
        if deleted {
            return;
        }
        if grid.rows.is_empty() {
            grid.head = is_on(properties, "tblHeader");
        }
    }
    let mut found = Vec::new();
    cells(walk, node, &mut found);
    let last = found.len().saturating_sub(1);
    let mut row = Vec::new();
    for (index, (text, span)) in found.into_iter().enumerate() {
        row.push(text);
        // The last cell of a short row takes the rest of the line in our model too.
        if index != last {
            row.extend(std::iter::repeat_n(Text::new(), span.saturating_sub(1)));
        }
    }
    grid.rows.push(row);
}

fn cells(walk: &mut Walk<'_>, node: Node<'_, '_>, out: &mut Vec<(Text, usize)>) {
    for found in node.children().filter(Node::is_element) {
        match word(found) {
            Some("tc") => {
                let properties = child(found, "tcPr");
                let span = properties
                    .and_then(|properties| value(properties, "gridSpan")?.parse().ok())
                    .unwrap_or(1);
                if let Some(properties) = properties {
                    properties.children().filter_map(word).for_each(|name| walk.look(name));
                }
                let mut pieces = Vec::new();
                walk.blocks(found, &mut pieces);
                out.push((flat(&pieces), span.min(SPAN_MAX)));
            }
            Some("sdt") => walk.within_control(found, |walk, content| cells(walk, content, out)),
            Some("ins" | "moveTo" | "customXml") => cells(walk, found, out),
            Some(name) => walk.look(name),
            None => {}
        }
    }
}

/// Paragraphs of a cell as lines of one text; a table within it row by row.
fn flat(pieces: &[Piece]) -> Text {
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
