//! Tables: columns by shares of the line, cells that wrap, rows that go on over pages below their repeated head.

use std::rc::Rc;

use super::super::model::Text;
use super::compose::Composer;
use super::flow::{Frame, Item, Row};
use super::lines::{Line, Measure, break_lines};
use super::shape::Paragraph;
use super::style::{Style, Type, float};
use super::tree::{Element, NodeId};
use crate::fonts::{FontError, Role};

/// Width of the rules, and white between them and the text, in points.
const RULE: f32 = 0.5;
const PADDING: f32 = 4.;
/// White above and below a table.
const WHITE: f32 = 6.;
/// A row that is higher than this part of a page is parted rather than moved.
const PARTED_FROM: f32 = 0.5;
/// A head that is higher than this part of a page is not repeated.
const REPEATED_TO: f32 = 0.3;

/// A cell that is broken into lines.
struct Cell {
    left: f32,
    width: f32,
    paragraph: Rc<Paragraph>,
    lines: Vec<Line>,
    centred: bool,
}

pub(super) fn table(
    composer: &mut Composer<'_>,
    has_head: bool,
    widths: &[u16],
    rows: &[Vec<Text>],
) -> Result<(), FontError> {
    let columns = columns(widths, rows, composer.style.width);
    if columns.is_empty() {
        return Ok(());
    }
    let element = composer.add(Element::Table);
    let rule = Item::rule(0., -RULE / 2., composer.style.width, RULE);
    white(composer);
    let mut frame = Rc::new(Frame {
        head: Vec::new(),
        head_height: 0.,
        rule: rule.clone(),
    });
    for (at, cells) in rows.iter().enumerate() {
        let is_head = has_head && at == 0;
        let cells = shape(composer, element, is_head, cells, &columns)?;
        let mut parts = part(composer, &cells, &columns);
        if let Some(first) = parts.first_mut().filter(|_| at == 0) {
            first.items.insert(0, rule.clone());
        }
        if is_head {
            let height: f32 = parts.iter().map(|row| row.height).sum();
            if parts.len() == 1 && height < REPEATED_TO * composer.style.height {
                let head = parts.iter().flat_map(|row| row.items.iter().cloned()).collect();
                frame = Rc::new(Frame {
                    head,
                    head_height: height,
                    rule: rule.clone(),
                });
                for row in &mut parts {
                    row.keeps = true;
                }
            }
        }
        for (place, mut row) in parts.into_iter().enumerate() {
            row.inside = (at > 0 || place > 0).then(|| Rc::clone(&frame));
            composer.push(row);
        }
    }
    white(composer);
    Ok(())
}

/// Space, so that a table and the text do not cling to each other.
fn white(composer: &mut Composer<'_>) {
    composer.push(Row {
        height: WHITE,
        blank: true,
        ..Row::default()
    });
}

/// Left edge and width of each column.
fn columns(widths: &[u16], rows: &[Vec<Text>], room: f32) -> Vec<(f32, f32)> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    // A column without a share has an average one.
    let given: Vec<f32> = widths
        .iter()
        .take(count)
        .map(|width| f32::from(*width))
        .filter(|width| *width > 0.)
        .collect();
    let usual = if given.is_empty() {
        1.
    } else {
        given.iter().sum::<f32>() / float(given.len())
    };
    let share = |at: usize| {
        widths
            .get(at)
            .filter(|width| **width > 0)
            .map_or(usual, |width| f32::from(*width))
    };
    let total: f32 = (0..count).map(share).sum();
    let mut left = 0.;
    let column = |at| {
        let width = room * share(at) / total;
        left += width;
        (left - width, width)
    };
    (0..count).map(column).collect()
}

fn shape(
    composer: &mut Composer<'_>,
    table: NodeId,
    is_head: bool,
    cells: &[Text],
    columns: &[(f32, f32)],
) -> Result<Vec<Cell>, FontError> {
    let size = composer.style.table.size;
    let row = composer.tree.add(table, Element::Row);
    let none = Text::new();
    let cells = cells.iter().chain(std::iter::repeat(&none));
    let mut shaped = Vec::new();
    for (text, (left, width)) in cells.zip(columns) {
        let node = composer
            .tree
            .add(row, if is_head { Element::Head } else { Element::Cell });
        let role = if is_head { Role::Sans } else { Role::Body };
        let pieces = Composer::pieces(text, role, node);
        let paragraph = Rc::new(composer.shaper.shape(&pieces, size, size)?);
        let room = (width - 2. * PADDING).max(size);
        let measure = Measure {
            first: room,
            rest: room,
            justified: false,
        };
        shaped.push(Cell {
            left: *left,
            width: *width,
            lines: break_lines(&paragraph, measure),
            paragraph,
            centred: is_head,
        });
    }
    Ok(shaped)
}

/// The rows of which a row is made: itself, or its lines one by one if it is too high to be moved as a whole.
fn part(composer: &Composer<'_>, cells: &[Cell], columns: &[(f32, f32)]) -> Vec<Row> {
    let kind = composer.style.table;
    let count = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    let height = float(count) * kind.pitch + 2. * PADDING;
    if height <= PARTED_FROM * composer.style.height {
        let items = cells.iter().flat_map(|cell| {
            let lines = cell.lines.iter().enumerate();
            let top = (height - float(cell.lines.len()) * kind.pitch) / 2.;
            lines.map(move |(at, line)| words(cell, line, top + float(at) * kind.pitch, kind))
        });
        return vec![bordered(items.collect(), height, columns, true, 0.)];
    }
    let parts = (0..count).map(|at| {
        let (first, last) = (at == 0, at + 1 == count);
        let above = if first { PADDING } else { 0. };
        let height = kind.pitch + above + if last { PADDING } else { 0. };
        let items = cells
            .iter()
            .filter_map(|cell| Some(words(cell, cell.lines.get(at)?, above, kind)));
        bordered(items.collect(), height, columns, last, if first { 0. } else { PADDING })
    });
    parts.collect()
}

fn words(cell: &Cell, line: &Line, top: f32, kind: Type) -> Item {
    let room = cell.width - 2. * PADDING;
    let white = if cell.centred {
        (room - line.width).max(0.) / 2.
    } else {
        0.
    };
    Item::text(
        cell.left + PADDING + white,
        top + Style::base(kind),
        &cell.paragraph,
        line.clone(),
    )
}

/// A row with the rules beside its cells, and below it where it ends; `gap` if it goes on from one before.
fn bordered(mut items: Vec<Item>, height: f32, columns: &[(f32, f32)], ends: bool, gap: f32) -> Row {
    let edges = columns.iter().map(|(left, _)| *left);
    let width = columns.last().map_or(0., |(left, width)| left + width);
    let below = if ends { 0. } else { PADDING };
    let (top, length) = (-gap - RULE / 2., gap + height + below + RULE);
    items.extend(
        edges
            .chain([width])
            .map(|x| Item::rule(x - RULE / 2., top, RULE, length)),
    );
    if ends {
        items.push(Item::rule(0., height - RULE / 2., width, RULE));
    }
    Row {
        height,
        items,
        gap,
        ..Row::default()
    }
}
