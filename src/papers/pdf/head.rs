//! The head of the first page: of letters the organ, its rules and the number (信函格式, GB/T 9704-2012 10.1), of forms
//! the number alone.

use std::rc::Rc;

use super::super::model::Paper;
use super::balance::balanced;
use super::compose::Composer;
use super::flow::{Colour, Item};
use super::lines::{Measure, break_lines};
use super::style::{ASCENT, PAGE_HEIGHT, PAGE_WIDTH, Style, millimetres};
use super::tree::Element;
use crate::fonts::{FontError, Role};

/// 发文机关标志: its upper edge from that of the page, and the rule from its lower edge, in millimetres.
const ORGAN_TOP: f32 = 30.;
const BELOW_ORGAN: f32 = 4.;
/// How large it is if the name is short, and how small it becomes before it takes two lines.
const ORGAN_LARGEST: f32 = 38.;
const ORGAN_SMALLEST: f32 = 25.;
const ORGAN_HALVED: f32 = 28.;
/// The red rules: their length, and how far the lower one is from the foot of the page, in millimetres.
const RULE_LENGTH: f32 = 170.;
const RULE_FOOT: f32 = 20.;
/// A rule is a thick and a thin line, in points.
const THICK: f32 = 2.;
const THIN: f32 = 0.7;
const BETWEEN: f32 = 1.3;
/// White between the rule and the number, in heights of 3号.
const ABOVE_NUMBER: f32 = 7. / 8.;
/// Lines between what stands above the title and the title.
const ABOVE_TITLE: f32 = 2.;

/// What stands on the first page above the text.
pub(super) struct Head {
    /// At their places on the page.
    pub items: Vec<Item>,
    /// Where the text begins, from the top of the text area.
    pub below: f32,
}

pub(super) fn head(composer: &mut Composer<'_>, paper: &Paper) -> Result<Head, FontError> {
    if composer.is_letter() {
        letter(composer, paper)
    } else {
        form(composer, paper)
    }
}

fn letter(composer: &mut Composer<'_>, paper: &Paper) -> Result<Head, FontError> {
    let style = composer.style;
    let mut items = Vec::new();
    let bottom = organ(composer, &paper.organ, &mut items)?;
    let rule = bottom + millimetres(BELOW_ORGAN);
    let left = (PAGE_WIDTH - millimetres(RULE_LENGTH)) / 2.;
    let foot = PAGE_HEIGHT - millimetres(RULE_FOOT);
    // Thick over thin at the head, thin over thick at the foot.
    for (y, height) in [
        (rule, THICK),
        (rule + THICK + BETWEEN, THIN),
        (foot - THICK - BETWEEN - THIN, THIN),
        (foot - THICK, THICK),
    ] {
        items.push(Item::rule(left, y, millimetres(RULE_LENGTH), height).coloured(Colour::Red));
    }
    let mut bottom = rule + THICK + BETWEEN + THIN;
    if let Some((text, colour)) = Composer::number(&paper.number) {
        let top = bottom + ABOVE_NUMBER * style.size;
        bottom = number(composer, text, colour, top, &mut items)?;
    }
    // The first line of the grid whose characters are two lines below, or nearly so.
    let lead = (style.pitch - style.title.size) / 2.;
    let title = bottom + ABOVE_TITLE * style.pitch - lead - style.top;
    let below = (title / style.pitch - 0.35).ceil().max(0.) * style.pitch;
    Ok(Head { items, below })
}

/// The name of the organ, as large as it may be; where it ends.
fn organ(composer: &mut Composer<'_>, name: &str, items: &mut Vec<Item>) -> Result<f32, FontError> {
    let width = composer.style.width;
    let node = composer.add(Element::Paragraph);
    let role = Role::Title;
    let natural = composer.shape(name, role, ORGAN_LARGEST, node)?;
    let length: f32 = natural.glyphs.iter().map(|glyph| glyph.advance).sum();
    let fitting = ORGAN_LARGEST * (width / length.max(1.)).min(1.);
    let mut size = if fitting < ORGAN_SMALLEST {
        ORGAN_HALVED
    } else {
        fitting
    };
    let mut paragraph = composer.shape(name, role, size, node)?;
    // A hair wider, so that what was made to fit does fit.
    let mut lines = balanced(&paragraph, width + 0.5);
    if lines.len() > 2 {
        size = (ORGAN_HALVED * 1.8 * width / (length * ORGAN_HALVED / ORGAN_LARGEST)).clamp(12., ORGAN_HALVED);
        paragraph = composer.shape(name, role, size, node)?;
        lines = balanced(&paragraph, width + 0.5);
    }
    let mut y = millimetres(ORGAN_TOP);
    for line in lines {
        let x = (PAGE_WIDTH - line.width) / 2.;
        items.push(Item::text(x, y + ASCENT * size, &paragraph, line).coloured(Colour::Red));
        y += size * 1.15;
    }
    Ok(y - size * 0.15)
}

/// The number, flush right; where it ends.
fn number(
    composer: &mut Composer<'_>,
    text: &str,
    colour: Colour,
    top: f32,
    items: &mut Vec<Item>,
) -> Result<f32, FontError> {
    let Style {
        size,
        width,
        left,
        pitch,
        ..
    } = composer.style;
    let node = composer.add(Element::Paragraph);
    let paragraph = composer.shape(text, Role::Body, size, node)?;
    let measure = Measure {
        first: width,
        rest: width,
        justified: false,
    };
    let mut y = top;
    for line in break_lines(&paragraph, measure) {
        let x = left + width - line.width;
        items.push(Item::text(x, y + ASCENT * size, &Rc::clone(&paragraph), line).coloured(colour));
        y += pitch;
    }
    Ok(y - pitch + size)
}

fn form(composer: &mut Composer<'_>, paper: &Paper) -> Result<Head, FontError> {
    let mut items = Vec::new();
    let Some((text, colour)) = Composer::number(&paper.number) else {
        return Ok(Head { items, below: 0. });
    };
    let Style { top, pitch, .. } = composer.style;
    let bottom = number(composer, text, colour, top, &mut items)?;
    Ok(Head {
        items,
        below: bottom - top + pitch,
    })
}
