//! Characters that are the same to a reader (同一字符): radicals, compatibility ideographs and private-use characters as PDFs
//! and old systems give them, full-width forms, letters with diacritics. One character is read as one, so that places in a
//! text are kept. What is stored stays as it was typed; whatever compares texts or people compares what is made here.

use std::sync::LazyLock;

/// The table with its sources and versions.
const TABLE: &str = include_str!("../../../config/characters/folding.csv");

/// Counts up when the table or [`fold`] changes: what is stored of folded texts, the search index, is then made anew.
pub const VERSION: u32 = 1;

/// Pairs in the order of the first character; the second is what is read in the end.
static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs: Vec<(char, char)> = pairs_of(TABLE).collect();
    pairs.sort_unstable();
    let end = |(from, to): &(char, char)| (*from, end_of_chain(&pairs, *to));
    pairs.iter().map(end).collect()
});

/// The lines of a table that hold a pair.
fn pairs_of(table: &str) -> impl Iterator<Item = (char, char)> {
    let character = |hex| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(','))
        .filter_map(move |(from, to)| character(from).zip(character(to)))
}

fn looked_up(pairs: &[(char, char)], c: char) -> Option<char> {
    let at = pairs.binary_search_by_key(&c, |(from, _)| *from).ok()?;
    pairs.get(at).map(|(_, to)| *to)
}

/// No chain of the table is longer than three; a circle ends here as well.
fn end_of_chain(pairs: &[(char, char)], c: char) -> char {
    (0..4).fold(c, |c, _| looked_up(pairs, c).unwrap_or(c))
}

/// The character in the form in which it is compared; capitals stay.
pub fn fold(c: char) -> char {
    match c {
        // Most of what is written; no character of the table lies there.
        '\0'..='\u{A7}' | '\u{3400}'..='\u{6235}' | '\u{6239}'..='\u{9750}' | '\u{9752}'..='\u{D7FF}' => c,
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c).saturating_sub(0xFEE0)).unwrap_or(c),
        _ => looked_up(&PAIRS, c).unwrap_or(c),
    }
}

/// Whether it is an ASCII character in its full-width form, or the space as wide as those.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3000}')
}

/// A name in the form in which people are compared: capitals, spaces and the dots between its parts tell nobody apart.
pub fn key_of_name(name: &str) -> String {
    let folded = name.chars().map(fold).flat_map(char::to_lowercase);
    let kept = folded.filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•' | '‧' | '・' | '.'));
    kept.collect()
}

/// A number of a case in the form in which it is stored: as people type it, it may have full-width characters, small letters,
/// spaces and dashes of any kind.
pub fn key_of_number(number: &str) -> String {
    let plain = |c: char| match fold(c) {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => '-',
        c => c.to_ascii_uppercase(),
    };
    number.chars().map(plain).filter(|c| !c.is_whitespace()).collect()
}

/// The text in the form in which it is compared, as long as it was.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}
