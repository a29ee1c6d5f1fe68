//! Titles of several lines: about equally long, and broken by sense (GB/T 9704-2012 7.3.1: 词意完整，排列对称，长短适宜).

use super::super::titles::words;
use super::characters::Kind;
use super::lines::{Line, breaks, set_plainly};
use super::shape::Paragraph;

/// More glyphs than any line of a title has, unless they have no width.
const LONGEST_LINE: usize = 400;

/// What it costs to break within a word, before a word that leans on what is before it, between characters of which
/// nothing is known, and to use a line at all; in squares of an em by which a line differs from the others.
const WITHIN_WORD: f32 = 60.;
const BEFORE_LEANING: f32 = 80.;
const UNKNOWN: f32 = 3.;
/// What is won by breaking before 关于, where the name of the organ ends.
const ABOUT: f32 = -15.;
const EACH_LINE: f32 = 12.;
/// Lines of the very same length make a block, where the standard wants a trapezium (梯形) or a lozenge.
const BLOCK: f32 = 0.5;

/// Breaks into lines of about equal length, none wider than `width`.
pub(super) fn balanced(paragraph: &Paragraph, width: f32) -> Vec<Line> {
    let count = paragraph.glyphs.len();
    let mut lines = Vec::new();
    let mut start = 0;
    let feeds = paragraph
        .glyphs
        .iter()
        .enumerate()
        .filter(|(_, glyph)| glyph.kind == Kind::Feed)
        .map(|(at, _)| at);
    for end in feeds.chain([count]) {
        if start < end {
            balance(paragraph, start, end, width, &mut lines);
        }
        start = end + 1;
    }
    if lines.is_empty() {
        lines.push(set_plainly(paragraph, 0..0));
    }
    lines
}

fn balance(paragraph: &Paragraph, start: usize, end: usize, width: f32, lines: &mut Vec<Line>) {
    let Some(glyphs) = paragraph.glyphs.get(start..end) else {
        return;
    };
    let total: f32 = glyphs.iter().map(|glyph| glyph.advance).sum();
    if total <= width {
        lines.push(set_plainly(paragraph, start..end));
        return;
    }
    let ideal = total / (total / (width * 0.92)).ceil();
    let costs = costs(paragraph, start, end);
    // Of the lines that end before each glyph: the cheapest cost, and where the last of them begins.
    let mut best: Vec<(f32, usize)> = vec![(0., 0)];
    for at in 1..=glyphs.len() {
        let mut length = 0.;
        let mut cheapest = (f32::INFINITY, at - 1);
        let before = glyphs.get(..at).unwrap_or_default().iter().enumerate();
        for (from, glyph) in before.rev().take(LONGEST_LINE) {
            length += glyph.advance;
            if length > width && from + 1 < at {
                break;
            }
            let Some((before, _)) = best.get(from) else { continue };
            let off = (length - ideal) / paragraph.size;
            let block = if off.abs() < 0.05 { BLOCK } else { 0. };
            let cost = before + off * off + block + EACH_LINE + costs.get(at).copied().unwrap_or(0.);
            if cost < cheapest.0 {
                cheapest = (cost, from);
            }
        }
        best.push(cheapest);
    }
    let mut ends = Vec::new();
    let mut at = glyphs.len();
    while at > 0 {
        ends.push(at);
        at = best.get(at).map_or(0, |(_, from)| (*from).min(at - 1));
    }
    let mut from = 0;
    for at in ends.into_iter().rev() {
        lines.push(set_plainly(paragraph, start + from..start + at));
        from = at;
    }
}

/// What it costs to break before each glyph.
fn costs(paragraph: &Paragraph, start: usize, end: usize) -> Vec<f32> {
    let allowed = breaks(&paragraph.glyphs);
    let glyphs = paragraph.glyphs.get(start..end).unwrap_or_default();
    let characters: Vec<char> = glyphs.iter().map(|glyph| glyph.character).collect();
    let mut costs: Vec<f32> = characters.iter().map(|_| UNKNOWN).collect();
    let mut at = 0;
    while at < characters.len() {
        let length = word(characters.get(at..).unwrap_or_default());
        if let (true, Some(inside)) = (length > 1, costs.get_mut(at + 1..at + length)) {
            inside.fill(WITHIN_WORD);
            // Beside a word one may break.
            for edge in [at, at + length] {
                if let Some(cost) = costs.get_mut(edge) {
                    *cost = cost.min(if edge == at { 0. } else { UNKNOWN / 2. });
                }
            }
        }
        at += length;
    }
    for (at, cost) in costs.iter_mut().enumerate() {
        if at > 0 && !allowed.get(start + at).copied().unwrap_or(true) {
            *cost = f32::MAX / 1e6;
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let leans = matches!(
            characters.get(at),
            Some('的' | '书' | '函' | '表' | '等' | '局' | '厅' | '室' | '委' | '县' | '市' | '区' | '州')
        );
        if let (true, Some(['关', '于'])) = (at > 0, characters.get(at..at + 2)) {
            *cost = ABOUT;
            continue;
        }
        let after_about = before == Some(&'于');
        if leans || after_about {
            *cost = cost.max(BEFORE_LEANING);
        }
    }
    // To end at the end costs nothing.
    costs.push(0.);
    costs
}

/// How many characters the word takes with which a text begins; 1 if none is known.
fn word(text: &[char]) -> usize {
    let fits = |word: &&str| word.chars().zip(text).filter(|(a, b)| a == *b).count() == word.chars().count();
    let found = words().filter(fits).map(|word| word.chars().count()).max();
    found.unwrap_or(1)
}
