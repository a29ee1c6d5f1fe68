//! Lines of a title: about equal in length, none shorter than the one below it, no word cut where it can be helped.
//!
//! The lines are made by indents on both sides, not by breaks: the text stays one piece for whoever edits or reads it.

use super::super::titles::words;
use super::sheet::half_width;
use super::xml::Indent;

/// Width of a title's character in twips: 22 points.
const CHARACTER: i32 = 440;

/// Indents under which a title falls into good lines on a text of this width in twips; `None` when it needs but one line
/// or has breaks of its own.
pub(super) fn indent(title: &str, width: i32) -> Option<Indent> {
    if title.contains('\n') {
        return None;
    }
    let room = width / CHARACTER;
    let half = half_width(title);
    let whole = half / 2 + half % 2;
    if room < 2 || whole <= room {
        return None;
    }
    let lines = whole / room + i32::from(whole % room != 0);
    let least = whole / lines + i32::from(whole % lines != 0);
    // As many lines in every case: the widest line is tried up to three characters more than the least.
    let best = (least..=room.min(least.saturating_add(3))).min_by_key(|size| cuts(title, *size))?;
    // A fifth of a character more, lest rounding in a program throws the last one out.
    let free = width - best * CHARACTER - CHARACTER / 5;
    let side = (free / 2).max(0);
    Some(Indent {
        left: side,
        right: side,
        ..Indent::default()
    })
}

/// How many words lines of so many characters cut.
fn cuts(title: &str, size: i32) -> usize {
    let mut found = 0;
    let mut used = 0;
    for (at, character) in title.char_indices() {
        let wide = if character.is_ascii() { 1 } else { 2 };
        if used + wide > 2 * size {
            used = 0;
            found += usize::from(cuts_word(title, at));
        }
        used += wide;
    }
    found
}

fn cuts_word(title: &str, at: usize) -> bool {
    let closing = title.get(at..).and_then(|rest| rest.chars().next());
    words().any(|word| {
        title
            .match_indices(word)
            .any(|(start, found)| start < at && at < start + found.len())
    }) || closing.is_some_and(|character| "）》〉」』】”’、，。：；的".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_titles_stand_in_one_line() {
        assert!(indent("政府信息公开申请告知书", 8849).is_none());
        assert!(indent("关于某事\n的告知书", 8849).is_none());
    }

    #[test]
    fn no_word_is_cut_where_another_break_is_near() {
        // 22 characters: 11 to 13 would cut 政府信息.
        let title = "云溪县自然资源局关于政府信息公开申请的告知书";
        assert_eq!(cuts(title, 11), 1);
        assert_eq!(cuts(title, 12), 1);
        assert_eq!(cuts(title, 14), 0);
        let found = indent(title, 8849).unwrap();
        assert_eq!(found.left, (8849 - 14 * 440 - 88) / 2);
    }

    #[test]
    fn long_titles_without_a_word_are_lines_all_the_same() {
        assert!(indent(&"字".repeat(200), 8849).is_some());
    }
}
