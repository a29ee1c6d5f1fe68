//! Where lines break and how their glyphs stand in them (禁则 of GB/T 15834-2011 5.1, 挤进 and 推出, justification).

use std::ops::Range;

use super::characters::{Kind, never_ends, never_starts, sticks, white};
use super::shape::{Glyph, Paragraph};

/// The widest gap between two characters, in em: readers of PDF take a wider one for a blank.
const WIDEST_GAP: f32 = 0.095;
/// A line that would need gaps so many times as wide stays as it is.
const RAGGED: f32 = 2.;
/// How many marks that may not begin a line are taken back into the line before.
const MOST_SQUEEZED: usize = 3;
/// What may be lost in adding up widths, in points.
const TOLERANCE: f32 = 0.01;

/// Glyphs that stand in a line, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Places in [`Paragraph::glyphs`]. Blanks at the end belong to it, but take no room.
    pub range: Range<usize>,
    /// Where each of them begins, in points from the beginning of the line.
    pub places: Vec<f32>,
    /// To the end of the last glyph that is seen.
    pub width: f32,
}

/// The room for the lines of a paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub first: f32,
    pub rest: f32,
    /// Whether lines are stretched and squeezed to their full width.
    pub justified: bool,
}

/// Breaks a paragraph into lines. There is always one, if need be an empty one.
pub(super) fn break_lines(paragraph: &Paragraph, measure: Measure) -> Vec<Line> {
    let glyphs = &paragraph.glyphs;
    let breaks = breaks(glyphs);
    let breaker = Breaker {
        paragraph,
        breaks: &breaks,
        measure,
    };
    let mut lines = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let width = if lines.is_empty() { measure.first } else { measure.rest };
        let (end, next, last) = breaker.line(start, width);
        lines.push(breaker.set(start..end, width, last));
        start = next;
    }
    if lines.is_empty() {
        lines.push(breaker.set(0..0, measure.first, true));
    }
    lines
}

/// Sets glyphs one beside the other as they are.
pub(super) fn set_plainly(paragraph: &Paragraph, range: Range<usize>) -> Line {
    let mut at = 0.;
    let mut width = 0.;
    let mut places = Vec::with_capacity(range.len());
    for glyph in paragraph.glyphs.get(range.clone()).unwrap_or_default() {
        places.push(at);
        at += glyph.advance;
        if glyph.kind != Kind::Blank {
            width = at;
        }
    }
    Line { range, places, width }
}

/// Before which glyphs a line may break.
pub(super) fn breaks(glyphs: &[Glyph]) -> Vec<bool> {
    let addresses = addresses(glyphs);
    let mut found = vec![false; glyphs.len()];
    for (at, pair) in glyphs.windows(2).enumerate() {
        let ([before, after], Some(may)) = (pair, found.get_mut(at + 1)) else {
            continue;
        };
        let in_address = addresses.get(at).copied().unwrap_or(false);
        let ahead = at
            .checked_sub(1)
            .and_then(|at| glyphs.get(at))
            .map(|glyph| glyph.character);
        *may = may_break(before, after) || in_address && parts_address(ahead, before.character, after.character);
    }
    found
}

fn may_break(before: &Glyph, after: &Glyph) -> bool {
    match (before.kind, after.kind) {
        (_, Kind::Mark | Kind::Blank | Kind::FixedBlank) | (Kind::FixedBlank, _) => false,
        // Before a line feed the line ends anyway.
        (Kind::Feed, _) | (_, Kind::Feed) => true,
        (Kind::Blank, _) => !never_starts(after.character),
        _ => {
            !never_starts(after.character)
                && !never_ends(before.character)
                && !sticks(before.character, after.character)
        }
    }
}

/// Which glyphs stand in an address of the web, which may be cut after its strokes; what else is in Latin letters,
/// such as an address of mail, a telephone or a number, may not.
fn addresses(glyphs: &[Glyph]) -> Vec<bool> {
    let mut found = Vec::with_capacity(glyphs.len());
    for run in glyphs.chunk_by(|before, after| (before.kind == Kind::Narrow) == (after.kind == Kind::Narrow)) {
        let text: String = run.iter().map(|glyph| glyph.character).collect();
        let is_address = text.contains("://") || text.starts_with("www.");
        found.extend(run.iter().map(|_| is_address));
    }
    found
}

fn parts_address(ahead: Option<char>, before: char, after: char) -> bool {
    let parts = matches!(before, '?' | '&') || before == '/' && ahead != Some('/');
    parts && after != '/' && !never_starts(after) && !after.is_whitespace()
}

struct Breaker<'a> {
    paragraph: &'a Paragraph,
    breaks: &'a [bool],
    measure: Measure,
}

impl Breaker<'_> {
    fn glyphs(&self, range: Range<usize>) -> &[Glyph] {
        self.paragraph.glyphs.get(range).unwrap_or_default()
    }

    fn may_break(&self, at: usize) -> bool {
        at >= self.breaks.len() || self.breaks.get(at).copied().unwrap_or(false)
    }

    /// Where the line that begins at a glyph ends, where the next begins, and whether it is the last of its kind.
    fn line(&self, start: usize, width: f32) -> (usize, usize, bool) {
        let count = self.paragraph.glyphs.len();
        let mut at = 0.;
        for (end, glyph) in self.paragraph.glyphs.iter().enumerate().skip(start) {
            if glyph.kind == Kind::Feed {
                return (end, end + 1, true);
            }
            at += glyph.advance;
            if at > width + TOLERANCE && glyph.kind != Kind::Blank && end > start {
                let end = self
                    .squeezed(start, end, width)
                    .unwrap_or_else(|| self.pushed(start, end));
                // What a squeezed line takes in may be all that is left.
                let feed = self
                    .glyphs(end..count)
                    .first()
                    .is_some_and(|glyph| glyph.kind == Kind::Feed);
                return (end, if feed { end + 1 } else { end }, end == count || feed);
            }
        }
        (count, count, true)
    }

    /// 挤进: marks that may not begin the next line go into this one, if its marks can give way enough.
    fn squeezed(&self, start: usize, over: usize, width: f32) -> Option<usize> {
        let first = self.glyphs(over..over + 1).first()?;
        if !self.measure.justified || !never_starts(first.character) || self.may_break(over) {
            return None;
        }
        let end = (over + 1..=over + MOST_SQUEEZED).find(|end| self.may_break(*end))?;
        let line = self.glyphs(start..end);
        let natural: f32 = line.iter().map(|glyph| glyph.advance).sum();
        let give: f32 = line.iter().map(|glyph| self.give(glyph)).sum();
        (natural - give <= width).then_some(end)
    }

    /// 推出: the line ends at the last place where it may; what is longer than a line by itself is cut.
    fn pushed(&self, start: usize, over: usize) -> usize {
        let allowed = (start + 1..=over).rev().find(|at| self.may_break(*at));
        if let Some(at) = allowed
            && !self.is_longer_than_line(at)
        {
            return at;
        }
        let decent = (allowed.unwrap_or(start) + 1..=over).rev().find(|at| {
            let pair = self.glyphs(at.saturating_sub(1)..*at + 1);
            matches!(pair, [before, after] if after.kind != Kind::Mark
                && !matches!(after.kind, Kind::Blank | Kind::FixedBlank)
                && !never_starts(after.character) && !never_ends(before.character))
        });
        decent.or(allowed).unwrap_or_else(|| over.max(start + 1))
    }

    /// Whether what follows up to the next break does not fit into a line of its own.
    fn is_longer_than_line(&self, from: usize) -> bool {
        let mut at = 0.;
        for (place, glyph) in self.paragraph.glyphs.iter().enumerate().skip(from) {
            if place > from && self.may_break(place) || glyph.kind == Kind::Blank {
                return false;
            }
            at += glyph.advance;
            if at > self.measure.rest + TOLERANCE {
                return true;
            }
        }
        false
    }

    fn give(&self, glyph: &Glyph) -> f32 {
        let (left, right) = white(glyph.character);
        // A mark of Latin width, or one that is not on the grid, has no white of its own.
        if glyph.kind == Kind::Wide {
            (left + right) * self.paragraph.size
        } else {
            0.
        }
    }

    fn set(&self, range: Range<usize>, width: f32, last: bool) -> Line {
        let line = set_plainly(self.paragraph, range.clone());
        if !self.measure.justified {
            return line;
        }
        if line.width > width {
            return self.tighten(line, width);
        }
        if last { line } else { self.stretch(line, width) }
    }

    /// Takes from the white of marks what a line is too wide: first at its end, where it is not missed.
    fn tighten(&self, mut line: Line, width: f32) -> Line {
        let glyphs = self.glyphs(line.range.clone());
        let seen = seen(glyphs);
        let mut too_wide = line.width - width;
        let at_end = seen
            .last()
            .map_or(0., |glyph| white(glyph.character).1 * self.paragraph.size);
        let at_end = if seen.last().is_some_and(|glyph| glyph.kind == Kind::Wide) {
            at_end.min(too_wide)
        } else {
            0.
        };
        too_wide -= at_end;
        let others = seen.get(..seen.len().saturating_sub(1)).unwrap_or_default();
        let give: f32 = others.iter().map(|glyph| self.give(glyph)).sum();
        let share = if give > 0. { (too_wide / give).clamp(0., 1.) } else { 0. };
        let mut taken = 0.;
        for (place, glyph) in line.places.iter_mut().zip(glyphs) {
            let (left, _) = white(glyph.character);
            let give = self.give(glyph);
            let before = if left > 0. { give * share } else { 0. };
            *place -= taken + before;
            taken += give * share;
        }
        line.width = width;
        line
    }

    /// Spreads what a line lacks over the gaps between its characters; none of them is put between two letters.
    fn stretch(&self, mut line: Line, width: f32) -> Line {
        let glyphs = self.glyphs(line.range.clone());
        let seen = seen(glyphs);
        let gaps: Vec<bool> = seen.windows(2).map(is_gap).collect();
        let count = gaps.iter().filter(|gap| **gap).count();
        let Some(count) = u16::try_from(count).ok().filter(|count| *count > 0) else {
            return line;
        };
        let widest = WIDEST_GAP * self.paragraph.size;
        let wanted = (width - line.width) / f32::from(count);
        // A line that stays far from its end is not made to look better by being loose as well.
        if wanted > RAGGED * widest {
            return line;
        }
        let gap = wanted.min(widest);
        let mut added = 0.;
        let steps = gaps.into_iter().chain(std::iter::repeat(false));
        for (place, step) in line.places.iter_mut().skip(1).zip(steps) {
            if step {
                added += gap;
            }
            *place += added;
        }
        line.width += added;
        line
    }
}

/// Glyphs without the blanks at their end.
fn seen(glyphs: &[Glyph]) -> &[Glyph] {
    let end = glyphs
        .iter()
        .rposition(|glyph| glyph.kind != Kind::Blank)
        .map_or(0, |at| at + 1);
    glyphs.get(..end).unwrap_or_default()
}

fn is_gap(pair: &[Glyph]) -> bool {
    let [before, after] = pair else { return false };
    let is_narrow = |kind| matches!(kind, Kind::Narrow | Kind::Mark | Kind::FixedBlank);
    after.kind != Kind::Mark && !(is_narrow(before.kind) && is_narrow(after.kind))
}
