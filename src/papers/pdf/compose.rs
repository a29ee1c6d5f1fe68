//! From the blocks of a paper to rows: how each stands on the grid, and what stays with what.

use std::rc::Rc;

use chrono::NaiveDate;

use super::super::model::{Layout, NUMBER_BLANK, Number, Run, Text};
use super::balance::balanced;
use super::draw::clean;
use super::flow::{Colour, Item, Row};
use super::lines::{Measure, break_lines};
use super::shape::{Paragraph, Piece, Shaper};
use super::style::{Style, Type};
use super::tree::{Element, NodeId, Tree};
use crate::fonts::{FontError, Role};

/// Rows of a paper as they come about.
pub(super) struct Composer<'a> {
    pub shaper: Shaper<'a>,
    pub tree: Tree,
    pub style: Style,
    pub rows: Vec<Row>,
    /// The list to which the item before belongs.
    pub list: Option<NodeId>,
    /// Whether the next row begins a page.
    pub breaks: bool,
    pub dated: Option<NaiveDate>,
}

/// How lines of a paragraph stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub kind: Type,
    /// White before the first line, and before the others, in points.
    pub first: f32,
    pub rest: f32,
    pub colour: Colour,
}

impl Composer<'_> {
    pub fn add(&mut self, element: Element) -> NodeId {
        self.tree.add(Tree::ROOT, element)
    }

    pub fn push(&mut self, mut row: Row) {
        row.breaks |= std::mem::take(&mut self.breaks);
        self.rows.push(row);
    }

    /// White lines, which are left out where a page ends.
    pub fn white(&mut self, lines: usize) {
        for _ in 0..lines {
            self.push(Row {
                height: self.style.pitch,
                blank: true,
                on_grid: self.is_letter(),
                ..Row::default()
            });
        }
    }

    pub fn is_letter(&self) -> bool {
        self.style.layout == Layout::Letter
    }

    /// Shapes text of one role for the text area.
    pub fn shape(&mut self, text: &str, role: Role, size: f32, node: NodeId) -> Result<Rc<Paragraph>, FontError> {
        let cell = if size == self.style.size { self.style.cell } else { size };
        Ok(Rc::new(self.shaper.shape(&[Piece { text, role, node }], size, cell)?))
    }

    /// Runs as pieces of one element, the strong ones in 黑体.
    pub fn pieces(text: &Text, role: Role, node: NodeId) -> Vec<Piece<'_>> {
        let role = |strong| if strong { Role::Sans } else { role };
        let pieces = text.iter().map(|Run { text, strong }| Piece {
            text,
            role: role(*strong),
            node,
        });
        pieces.collect()
    }

    /// Rows of a justified paragraph.
    pub fn set(&mut self, pieces: &[Piece<'_>], setting: Setting) -> Result<(), FontError> {
        let Setting {
            kind,
            first,
            rest,
            colour,
        } = setting;
        let on_grid = kind.size == self.style.size;
        let cell = if on_grid { self.style.cell } else { kind.size };
        let paragraph = Rc::new(self.shaper.shape(pieces, kind.size, cell)?);
        let measure = Measure {
            first: self.style.width - first,
            rest: self.style.width - rest,
            justified: true,
        };
        for (at, line) in break_lines(&paragraph, measure).into_iter().enumerate() {
            let x = if at == 0 { first } else { rest };
            self.push(Row {
                height: kind.pitch,
                items: vec![Item::text(x, Style::base(kind), &paragraph, line).coloured(colour)],
                on_grid: on_grid && self.is_letter(),
                ..Row::default()
            });
        }
        Ok(())
    }

    pub fn body(&self, first: f32) -> Setting {
        Setting {
            kind: self.style.body(),
            first,
            rest: 0.,
            colour: Colour::Black,
        }
    }

    /// Two characters, by which paragraphs are indented.
    pub fn indent(&self) -> f32 {
        2. * self.style.cell
    }

    pub fn plain(&mut self, text: &str, first: f32) -> Result<(), FontError> {
        let node = self.add(Element::Paragraph);
        let role = Role::Body;
        self.set(&[Piece { text, role, node }], self.body(first))
    }

    pub fn paragraph(&mut self, text: &Text) -> Result<(), FontError> {
        let node = self.add(Element::Paragraph);
        let setting = self.body(self.indent());
        self.set(&Self::pieces(text, Role::Body, node), setting)
    }

    pub fn heading(&mut self, level: u8, text: &Text) -> Result<(), FontError> {
        let words: String = text.iter().map(|run| run.text.as_str()).collect();
        // The title is the heading above all others.
        let node = self.add(Element::Heading(level.clamp(1, 5) + 1, clean(&words)));
        let role = if level <= 1 { Role::Sans } else { Role::Kai };
        let from = self.rows.len();
        let setting = self.body(self.indent());
        self.set(&Self::pieces(text, role, node), setting)?;
        self.keep(from);
        Ok(())
    }

    /// Keeps all rows from one on with what follows.
    pub fn keep(&mut self, from: usize) {
        for row in self.rows.iter_mut().skip(from) {
            row.keeps = true;
        }
    }

    pub fn title(&mut self, text: &str) -> Result<(), FontError> {
        let from = self.rows.len();
        let node = self.add(Element::Heading(1, clean(text)));
        let kind = self.style.title;
        let paragraph = self.shape(text, Role::Title, kind.size, node)?;
        for line in balanced(&paragraph, self.style.width) {
            let x = (self.style.width - line.width) / 2.;
            self.push(Row {
                height: kind.pitch,
                items: vec![Item::text(x, Style::base(kind), &paragraph, line)],
                on_grid: self.is_letter(),
                ..Row::default()
            });
        }
        self.white(1);
        self.keep(from);
        Ok(())
    }

    pub fn item(&mut self, label: &str, text: &Text) -> Result<(), FontError> {
        let list = match self.list {
            Some(list) => list,
            None => self.add(Element::List),
        };
        self.list = Some(list);
        let item = self.tree.add(list, Element::ListItem);
        let name = self.tree.add(item, Element::Label);
        let body = self.tree.add(item, Element::ListBody);
        let mut pieces = vec![Piece {
            text: label,
            role: Role::Body,
            node: name,
        }];
        // A Chinese bracket has white of its own, a point has none.
        if label.ends_with(|character: char| character.is_ascii()) {
            pieces.push(Piece {
                text: " ",
                role: Role::Body,
                node: name,
            });
        }
        pieces.extend(Self::pieces(text, Role::Body, body));
        self.set(&pieces, self.body(self.indent()))
    }

    pub fn note(&mut self, text: &Text) -> Result<(), FontError> {
        let node = self.add(Element::Paragraph);
        let setting = Setting {
            kind: self.style.note,
            ..self.body(0.)
        };
        self.set(&Self::pieces(text, Role::Body, node), setting)
    }

    /// The number of a paper, and its colour; none if it bears none.
    pub fn number(number: &Number) -> Option<(&str, Colour)> {
        match number {
            Number::None => None,
            Number::Blank => Some((NUMBER_BLANK, Colour::Grey)),
            Number::Is(number) => Some((number, Colour::Black)),
        }
    }
}
