//! Rows of a paper, and how they fill pages: what stays together, what is left out at the head of a page, what is
//! repeated there.

use std::rc::Rc;

use super::lines::Line;
use super::shape::Paragraph;
use super::style::Style;
use super::tree::NodeId;

/// What is drawn.
#[derive(Debug)]
pub(super) enum Ink {
    /// A line of text; its base is the place of the item.
    Text { paragraph: Rc<Paragraph>, line: Line },
    /// Rectangles, filled: left, top, width, height.
    Boxes(Vec<[f32; 4]>),
    /// A dashed line to the right.
    Dashes(f32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Black,
    /// 红色 of 发文机关标志 and its rules.
    Red,
    /// What is still to be filled in.
    Grey,
}

/// What it is to a reader who does not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Text, whose glyphs know their elements.
    Text,
    Figure(NodeId),
    /// Rules and borders.
    Ornament,
    /// The head of a table, said once already.
    Repeated,
    PageNumber,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub x: f32,
    pub y: f32,
    pub ink: Rc<Ink>,
    pub colour: Colour,
    pub meaning: Meaning,
}

impl Item {
    pub fn text(x: f32, y: f32, paragraph: &Rc<Paragraph>, line: Line) -> Self {
        let ink = Ink::Text {
            paragraph: Rc::clone(paragraph),
            line,
        };
        Self::new(x, y, ink, Meaning::Text)
    }

    pub fn rule(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self::new(x, y, Ink::Boxes(vec![[0., 0., width, height]]), Meaning::Ornament)
    }

    pub fn new(x: f32, y: f32, ink: Ink, meaning: Meaning) -> Self {
        Self {
            x,
            y,
            ink: Rc::new(ink),
            colour: Colour::Black,
            meaning,
        }
    }

    pub fn coloured(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    fn moved(mut self, x: f32, y: f32) -> Self {
        self.x += x;
        self.y += y;
        self
    }
}

/// What stands side by side and is not parted by the end of a page.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub height: f32,
    /// Their places are those within the row.
    pub items: Vec<Item>,
    /// Stands on one page with the next.
    pub keeps: bool,
    /// White that is not wanted at the head of a page.
    pub blank: bool,
    /// Begins on a line of the grid.
    pub on_grid: bool,
    /// Begins a page.
    pub breaks: bool,
    /// Part of a table, but not its beginning.
    pub inside: Option<Rc<Frame>>,
    /// White between it and the border of the table where a page parts them; its own rules reach over it.
    pub gap: f32,
}

/// What a table draws where a page parts it.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its head, for the next page, and how high it is.
    pub head: Vec<Item>,
    pub head_height: f32,
    /// The border that closes it above and below.
    pub rule: Item,
}

/// Lays rows out on pages; the first page begins `start` below the top of the text area. Places become those on the page.
pub(super) fn paginate(rows: Vec<Row>, style: &Style, start: f32) -> Vec<Vec<Item>> {
    let mut pages = Pages {
        style,
        done: Vec::new(),
        rows: Vec::new(),
        extra: Vec::new(),
        y: start,
    };
    // Rows to come, the next one last.
    let mut coming: Vec<Row> = rows.into_iter().rev().collect();
    while let Some(row) = coming.pop() {
        pages.place(row, &mut coming);
    }
    pages.end();
    pages.done
}

/// What may be lost in adding up heights.
const TOLERANCE: f32 = 0.5;

struct Pages<'a> {
    style: &'a Style,
    done: Vec<Vec<Item>>,
    /// Rows of the page in hand, and where they stand.
    rows: Vec<(f32, Row)>,
    /// What stands on it besides: repeated heads and closing borders.
    extra: Vec<Item>,
    y: f32,
}

impl Pages<'_> {
    fn place(&mut self, mut row: Row, coming: &mut Vec<Row>) {
        if row.breaks {
            row.breaks = false;
            if !self.rows.is_empty() {
                self.end();
            }
        }
        if self.rows.is_empty() {
            if row.blank {
                return;
            }
            self.open_table(&row);
        }
        let y = if row.on_grid { self.on_grid() } else { self.y };
        if y + row.height > self.style.height + TOLERANCE && !self.rows.is_empty() {
            // White at the foot of a page is no reason to begin another.
            if row.blank && !row.keeps {
                return;
            }
            self.turn(row, coming);
            return;
        }
        self.y = y + row.height;
        self.rows.push((y, row));
    }

    /// The next line of the grid.
    fn on_grid(&self) -> f32 {
        let pitch = self.style.pitch;
        ((self.y - TOLERANCE) / pitch).ceil().max(0.) * pitch
    }

    /// Ends the page where it may end, before a row that has no room on it.
    fn turn(&mut self, row: Row, coming: &mut Vec<Row>) {
        let together = self.rows.iter().rev().take_while(|(_, row)| row.keeps).count();
        coming.push(row);
        // What would have to stay together but fills the page is parted after all.
        if together < self.rows.len() {
            let from = self.rows.len() - together;
            coming.extend(self.rows.split_off(from).into_iter().rev().map(|(_, row)| row));
        }
        let next = coming.iter().rev().find(|row| !row.blank);
        if let Some((row, frame)) = next.and_then(|row| Some((row, row.inside.as_ref()?))) {
            let bottom = self.rows.last().map_or(0., |(y, row)| y + row.height) + row.gap;
            self.extra.push(frame.rule.clone().moved(0., bottom));
        }
        self.end();
    }

    /// Goes on with a table at the head of a page.
    fn open_table(&mut self, row: &Row) {
        if let Some(frame) = &row.inside {
            let y = self.y;
            let head = frame.head.iter().chain([&frame.rule]).map(|item| {
                let mut item = item.clone().moved(0., y);
                item.meaning = match item.meaning {
                    Meaning::Text => Meaning::Repeated,
                    other => other,
                };
                item
            });
            self.extra.extend(head);
            self.y += frame.head_height + row.gap;
        }
    }

    fn end(&mut self) {
        let (left, top) = (self.style.left, self.style.top);
        let rows = self.rows.drain(..);
        let items = rows.flat_map(|(y, row)| row.items.into_iter().map(move |item| item.moved(0., y)));
        let items = std::mem::take(&mut self.extra).into_iter().chain(items);
        self.done.push(items.map(|item| item.moved(left, top)).collect());
        self.y = 0.;
    }
}
