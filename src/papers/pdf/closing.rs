//! What closes a letter: the list of what is enclosed (附件说明), organ and day (落款).

use std::rc::Rc;

use super::super::model::DATE_BLANK;
use super::super::numerals::chinese_date;
use super::balance::balanced;
use super::compose::{Composer, Setting};
use super::flow::{Colour, Item, Row};
use super::lines::{Line, set_plainly};
use super::shape::{Paragraph, Piece};
use super::style::Style;
use super::tree::Element;
use crate::fonts::{FontError, Role};

/// How far the date stands from the right, and how near an organ with a long name may come, in characters (7.3.5.1).
const DATE_INDENT: f32 = 4.;
const ORGAN_INDENT: f32 = 2.;
/// Lines between text and organ: the seal covers organ and date, and reaches up to the line below the text.
const SEAL_LINES: usize = 2;

impl Composer<'_> {
    /// 附件说明 (7.3.4): numbered if there are several; a long name goes on below its own beginning.
    pub fn attachments(&mut self, names: &[String]) -> Result<(), FontError> {
        if names.is_empty() {
            return Ok(());
        }
        self.white(1);
        let size = self.style.size;
        let word = self.add(Element::Paragraph);
        let word = self.shape("附件：", Role::Body, size, word)?;
        let word_line = set_plainly(&word, 0..word.glyphs.len());
        let mut lead = Some((self.indent(), word_line.clone(), word));
        let left = self.indent() + word_line.width;
        let list = self.add(Element::List);
        for (number, name) in (1..).zip(names) {
            let item = self.tree.add(list, Element::ListItem);
            let mut leads: Vec<(f32, Line, Rc<Paragraph>)> = lead.take().into_iter().collect();
            let mut hang = left;
            if names.len() > 1 {
                let label = self.tree.add(item, Element::Label);
                let label = self.shape(&format!("{number}. "), Role::Body, size, label)?;
                let line = set_plainly(&label, 0..label.glyphs.len());
                hang += label.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
                leads.push((left, line, label));
            }
            let node = self.tree.add(item, Element::ListBody);
            let from = self.rows.len();
            let setting = Setting {
                rest: hang,
                ..self.body(hang)
            };
            self.set(
                &[Piece {
                    text: name,
                    role: Role::Body,
                    node,
                }],
                setting,
            )?;
            let base = Style::base(self.style.body());
            if let Some(row) = self.rows.get_mut(from) {
                let leads = leads
                    .into_iter()
                    .map(|(x, line, paragraph)| Item::text(x, base, &paragraph, line));
                row.items.splice(0..0, leads);
            }
        }
        Ok(())
    }

    /// 落款 (7.3.5.1): the date four characters from the right, the organ above its middle, with the text above them on
    /// the same page.
    pub fn signature(&mut self, organ: &str) -> Result<(), FontError> {
        let text = self.rows.iter().rposition(|row| !row.blank).filter(|_| !self.breaks);
        self.white(if self.is_letter() { SEAL_LINES } else { 1 });
        if let Some(text) = text {
            self.keep(text);
        }
        let (kind, width, cell) = (self.style.body(), self.style.width, self.style.cell);
        let day = self.dated.map(chinese_date);
        let colour = if day.is_some() { Colour::Black } else { Colour::Grey };
        let node = self.add(Element::Paragraph);
        let signer = self.shape(organ, Role::Body, kind.size, node)?;
        let room = width - (DATE_INDENT + ORGAN_INDENT) * cell;
        let lines = if organ.is_empty() {
            Vec::new()
        } else {
            balanced(&signer, room)
        };
        let node = self.add(Element::Paragraph);
        let date = self.shape(day.as_deref().unwrap_or(DATE_BLANK), Role::Body, kind.size, node)?;
        let date_line = set_plainly(&date, 0..date.glyphs.len());
        let widest = lines.iter().map(|line| line.width).fold(0., f32::max);
        let axis = (width - DATE_INDENT * cell - date_line.width / 2.).min(width - ORGAN_INDENT * cell - widest / 2.);
        let from = self.rows.len();
        let lines = lines.into_iter().map(|line| (Rc::clone(&signer), line, Colour::Black));
        for (paragraph, line, colour) in lines.chain([(date, date_line, colour)]) {
            let x = axis - line.width / 2.;
            self.push(Row {
                height: kind.pitch,
                items: vec![Item::text(x, Style::base(kind), &paragraph, line).coloured(colour)],
                on_grid: self.is_letter(),
                keeps: true,
                ..Row::default()
            });
        }
        // The date is the last of them.
        if let Some(last) = self.rows.get_mut(from..).and_then(<[Row]>::last_mut) {
            last.keeps = false;
        }
        self.white(1);
        Ok(())
    }
}
