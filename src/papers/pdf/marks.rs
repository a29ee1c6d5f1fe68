//! What stands on pages beside their text: codes, the line along which a slip is cut off, page numbers, watermarks.

use super::super::codes;
use super::bars::{Boxes, boxes};
use super::compose::Composer;
use super::draw::clean;
use super::file::PdfError;
use super::flow::{Ink, Item, Meaning, Row};
use super::lines::{Line, Measure, break_lines, set_plainly};
use super::shape::{Paragraph, Piece};
use super::style::{PAGE_HEIGHT, Style, millimetres};
use super::tree::{Element, Tree};
use crate::fonts::{FontError, Role};

/// The size of watermarks, if they are short enough for the diagonal of the page.
const WATERMARK: f32 = 130.;

impl Composer<'_> {
    /// 裁切线: a dashed line with a word in it.
    pub fn cut_line(&mut self, text: &str) -> Result<(), FontError> {
        let kind = self.style.note;
        let node = self.add(Element::Paragraph);
        let word = self.shape(text, Role::Body, kind.size, node)?;
        let full = self.style.width;
        let measure = Measure {
            first: full,
            rest: full,
            justified: false,
        };
        // A word, so that what goes on is not worth a second line.
        let Some(line) = break_lines(&word, measure).into_iter().next() else {
            return Ok(());
        };
        let gap = if line.width > 0. { kind.size } else { 0. };
        let side = ((full - line.width) / 2. - gap).max(0.);
        let middle = kind.pitch;
        let dashes = |x| Item::new(x, middle, Ink::Dashes(side), Meaning::Ornament);
        let x = (full - line.width) / 2.;
        let base = middle + 0.36 * kind.size;
        let items = vec![dashes(0.), dashes(full - side), Item::text(x, base, &word, line)];
        self.push(Row {
            height: 2. * kind.pitch,
            items,
            keeps: true,
            ..Row::default()
        });
        Ok(())
    }

    /// The bars at the left, the QR code at the right, and what they hold below the bars.
    pub fn codes(&mut self, barcode: Option<&str>, qr: Option<&str>, caption: Option<&str>) -> Result<(), PdfError> {
        // The number stands below its bars already.
        let caption = caption.filter(|caption| Some(*caption) != barcode);
        let gap = millimetres(6.);
        let full = self.style.width;
        let square = qr.map(codes::qr).transpose()?.map(|code| boxes(&code, full));
        let room = full - square.as_ref().map_or(0., |square| square.width + gap);
        let bars = barcode.map(codes::code128).transpose()?.map(|code| boxes(&code, room));
        let mut items = Vec::new();
        let mut height: f32 = 0.;
        if let (Some(bars), Some(text)) = (bars, barcode) {
            height = bars.height;
            let width = bars.width;
            items.push(self.figure(bars, 0., format!("条形码：{}", clean(text))));
            height += self.below(text, (0., width), true, height, &mut items)?;
        }
        if let (Some(square), Some(text)) = (square, qr) {
            // Alone it stands at the left, and its words beside it.
            let alone = barcode.is_none();
            let left = if alone { 0. } else { full - square.width };
            let words = if alone { square.width + gap / 2. } else { 0. };
            let (side, words) = (square.height, (words, room));
            items.push(self.figure(square, left, format!("二维码：{}", clean(text))));
            height += if alone { gap / 2. } else { self.style.note.size / 2. };
            if let Some(caption) = caption {
                height += self.below(caption, words, false, height, &mut items)?;
            }
            height += self.below(text, words, false, height, &mut items)?;
            height = height.max(side);
        } else if let Some(caption) = caption {
            height += self.below(caption, (0., full), false, height, &mut items)?;
        }
        self.push(Row {
            height: height + gap / 2.,
            items,
            ..Row::default()
        });
        Ok(())
    }

    fn figure(&mut self, code: Boxes, x: f32, words: String) -> Item {
        let node = self.add(Element::Figure(words));
        Item::new(x, 0., Ink::Boxes(code.dark), Meaning::Figure(node))
    }

    /// Small words of codes; how high they are.
    fn below(
        &mut self,
        text: &str,
        (left, width): (f32, f32),
        centred: bool,
        top: f32,
        items: &mut Vec<Item>,
    ) -> Result<f32, FontError> {
        let kind = self.style.note;
        let node = self.add(Element::Paragraph);
        let paragraph = self.shape(text, Role::Body, kind.size, node)?;
        let measure = Measure {
            first: width,
            rest: width,
            justified: false,
        };
        let mut y = top;
        for line in break_lines(&paragraph, measure) {
            let x = if centred {
                left + (width - line.width).max(0.) / 2.
            } else {
                left
            };
            items.push(Item::text(x, y + Style::base(kind), &paragraph, line));
            y += kind.pitch;
        }
        Ok(y - top)
    }

    /// 页码 (7.5): from the second page on letters, where there are several on forms; one character from the outer edge.
    pub fn folio(&mut self, number: usize, count: usize) -> Result<Option<Item>, FontError> {
        if count < 2 || self.is_letter() && number == 1 {
            return Ok(None);
        }
        let size = self.style.folio;
        let text = format!("— {number} —");
        let paragraph = self.shape(&text, Role::Body, size, Tree::ROOT)?;
        let line = set_plainly(&paragraph, 0..paragraph.glyphs.len());
        let Style {
            left,
            top,
            width,
            height,
            ..
        } = self.style;
        let x = match (self.is_letter(), number % 2) {
            (false, _) => (width - line.width) / 2.,
            (true, 0) => size,
            (true, _) => width - size - line.width,
        };
        // The dash, a third of the size above the base, lies 7 mm below the text.
        let y = (top + height + millimetres(7.) + 0.36 * size).min(PAGE_HEIGHT - size);
        let mut item = Item::text(left + x, y, &paragraph, line);
        item.meaning = Meaning::PageNumber;
        Ok(Some(item))
    }

    /// What is written across every page.
    pub fn watermark(&mut self, text: &str) -> Result<Option<(Paragraph, Line)>, FontError> {
        let role = Role::Sans;
        let piece = Piece {
            text,
            role,
            node: Tree::ROOT,
        };
        let wide = self.shaper.shape(&[piece], WATERMARK, WATERMARK)?;
        let width: f32 = wide.glyphs.iter().map(|glyph| glyph.advance).sum();
        let size = WATERMARK * (0.8 * PAGE_HEIGHT / width.max(1.)).min(1.);
        let paragraph = self.shaper.shape(&[piece], size, size)?;
        let line = set_plainly(&paragraph, 0..paragraph.glyphs.len());
        Ok((width > 0.).then_some((paragraph, line)))
    }
}
