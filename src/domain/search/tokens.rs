//! Words of a text: what is indexed, what is searched for, and where a word stands in the text.
//!
//! Chinese is written without spaces, so that a run of Chinese characters gives every pair of neighbours and its last
//! character alone: two characters find a text exactly, one finds it as the beginning of a pair. Words of letters and
//! digits stay whole and are found by their beginning; words joined by hyphens, as in a case number, are found from any
//! of their parts on. An apostrophe inside a word is left out, and the word is found from the letter behind it on as well:
//! `O'Neill` by `oneill` and by `neill`. Characters that are the same to a reader and capitals are folded, one to one
//! ([`folding`]), so that positions are kept. An index holds the short beginnings as words of their own
//! ([`with_beginnings`]).

use std::collections::BTreeSet;

use crate::domain::words::folding;

/// Longest word that is told apart from longer ones, in characters; a word of an index has an upper limit.
pub const WORD_MAX: usize = 64;
/// How many words joined by hyphens are indexed as one.
const JOINED_MAX: usize = 4;

/// Longest beginning of a word of letters and digits that is a word of the index by itself, in characters; of Chinese,
/// every character is. Thousands of words of an index begin with 20: to read the lists of all of them for one search
/// would take long.
const BEGINNING_MAX: usize = 4;
/// Ends such a beginning in the index; no word so short ends so.
const BEGINNING: char = '-';

/// A folded character and its place in the text, counted in characters.
type Mark = (usize, char);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Word,
    /// Joins words of letters and digits.
    Hyphen,
    /// Is left out between letters, and a break elsewhere: quotation marks look the same.
    Apostrophe,
    /// Stands inside a name or a word without ending it, such as the dot in 买买提·吐尔逊, an accent behind its letter, or
    /// a mark that chooses the form of a character.
    Silent,
    Break,
}

/// One character in the form in which it is compared.
fn fold(c: char) -> char {
    let same = match c {
        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
        _ => folding::fold(c),
    };
    let mut lower = same.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => same,
    }
}

fn class(c: char) -> Class {
    match c {
        '-' => Class::Hyphen,
        '\'' | '`' | '\u{B4}' | '\u{2BB}' | '\u{2BC}' | '\u{2018}' | '\u{2019}' | '\u{2032}' => Class::Apostrophe,
        '\u{B7}'
        | '\u{2022}'
        | '\u{2027}'
        | '\u{30FB}'
        | '\u{200B}'..='\u{200F}'
        | '\u{AD}'
        | '\u{61C}'
        | '\u{2060}' => Class::Silent,
        // Accents by themselves; marks that choose a form: Mongolian, of any character, of ideographs.
        '\u{300}'..='\u{36F}' | '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            Class::Silent
        }
        // Ideographs with their extensions, 〇, 々, kana, bopomofo, hangul; private use: who made a character up may look
        // for it.
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30FA}'
        | '\u{30FC}'..='\u{318F}'
        | '\u{31A0}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{E000}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}'
        | '\u{F0000}'..='\u{10FFFD}' => Class::Han,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Break,
    }
}

/// A part of a text without a break.
#[derive(Debug)]
enum Run {
    Han(Vec<Mark>),
    /// Words joined by hyphens; where each begins, and where an apostrophe was left out.
    Words {
        marks: Vec<Mark>,
        starts: Vec<usize>,
        inner: Vec<usize>,
    },
}

/// What stood behind the last character of a word and may join it to the next.
#[derive(Debug, Clone, Copy)]
enum Joint {
    Nothing,
    Hyphen(Mark),
    Apostrophe,
}

impl Run {
    /// The words under which this part is indexed.
    fn indexed(&self) -> Vec<&[Mark]> {
        match self {
            Self::Han(marks) => {
                let last = marks.len().saturating_sub(1);
                marks.windows(2).chain(marks.get(last..)).collect()
            }
            Self::Words { marks, starts, inner } => {
                let mut words = Vec::new();
                for (index, start) in starts.iter().enumerate() {
                    let word = joined(marks, starts, index);
                    words.push(shortened(word));
                    let end = starts.get(index + 1).map_or(marks.len(), |next| next.saturating_sub(1));
                    let behind = inner.iter().filter(|at| (*start..end).contains(*at));
                    words.extend(behind.map(|at| shortened(word.get(at.saturating_sub(*start)..).unwrap_or_default())));
                    let own = marks.get(*start..end).unwrap_or_default();
                    let zeros = own.iter().take_while(|(_, c)| *c == '0').count();
                    if zeros > 0 && zeros < own.len() && own.iter().all(|(_, c)| c.is_ascii_digit()) {
                        words.push(shortened(word.get(zeros..).unwrap_or_default()));
                    }
                }
                words
            }
        }
    }
}

/// Up to [`JOINED_MAX`] words from the one with this index on.
fn joined<'a>(marks: &'a [Mark], starts: &[usize], index: usize) -> &'a [Mark] {
    let start = starts.get(index).copied().unwrap_or_default();
    let end = starts
        .get(index + JOINED_MAX)
        .map_or(marks.len(), |next| next.saturating_sub(1));
    marks.get(start..end).unwrap_or_default()
}

fn shortened(word: &[Mark]) -> &[Mark] {
    word.get(..WORD_MAX).unwrap_or(word)
}

fn text_of(word: &[Mark]) -> String {
    word.iter().map(|(_, c)| *c).collect()
}

/// Letters only are joined by an apostrophe: it also stands for feet, and for years and quotations.
fn is_letter(c: char) -> bool {
    class(c) == Class::Word && !c.is_numeric()
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    // What the next character may be added to.
    let mut open = false;
    let mut joint = Joint::Nothing;
    for (at, original) in text.chars().enumerate() {
        let c = fold(original);
        match class(c) {
            Class::Silent => {}
            Class::Break => open = false,
            joining @ (Class::Hyphen | Class::Apostrophe) => match (runs.last(), joint) {
                (Some(Run::Words { .. }), Joint::Nothing) if open && joining == Class::Hyphen => {
                    joint = Joint::Hyphen((at, c));
                }
                (Some(Run::Words { marks, .. }), Joint::Nothing)
                    if open && marks.last().is_some_and(|(_, last)| is_letter(*last)) =>
                {
                    joint = Joint::Apostrophe;
                }
                _ => open = false,
            },
            Class::Han => {
                match runs.last_mut() {
                    Some(Run::Han(marks)) if open => marks.push((at, c)),
                    _ => runs.push(Run::Han(vec![(at, c)])),
                }
                open = true;
                joint = Joint::Nothing;
            }
            Class::Word => {
                open &= is_letter(c) || !matches!(joint, Joint::Apostrophe);
                match runs.last_mut() {
                    Some(Run::Words { marks, starts, inner }) if open => {
                        match joint {
                            Joint::Hyphen(hyphen) => {
                                marks.push(hyphen);
                                starts.push(marks.len());
                            }
                            Joint::Apostrophe => inner.push(marks.len()),
                            Joint::Nothing => {}
                        }
                        marks.push((at, c));
                    }
                    _ => runs.push(Run::Words {
                        marks: vec![(at, c)],
                        starts: vec![0],
                        inner: Vec::new(),
                    }),
                }
                open = true;
                joint = Joint::Nothing;
            }
        }
        if !open {
            joint = Joint::Nothing;
        }
    }
    runs
}

/// The words under which a text is indexed, each once.
///
/// `关于2026年` gives `关于`, `于`, `2026`, `年`; `CXFB-2026-00012` gives `cxfb-2026-00012`, `2026-00012`, `00012`, `12`.
pub fn tokens(text: &str) -> BTreeSet<String> {
    let runs = runs(text);
    runs.iter().flat_map(Run::indexed).map(text_of).collect()
}

/// How long the beginnings of a word are that have a word of their own in an index.
fn beginning_max(word: &str) -> usize {
    match word.chars().next().map(class) {
        Some(Class::Han) => 1,
        _ => BEGINNING_MAX,
    }
}

/// What an index holds for these words of a text: the words, and their short beginnings. A single Chinese character is
/// only ever asked for as a beginning.
pub fn with_beginnings(words: BTreeSet<String>) -> BTreeSet<String> {
    let mut indexed = BTreeSet::new();
    for word in words {
        let ends = word.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
        let short = ends.take(beginning_max(&word)).filter_map(|end| word.get(..end));
        indexed.extend(short.map(|short| format!("{short}{BEGINNING}")));
        let single = word.chars().count() == 1 && beginning_max(&word) == 1;
        if !single {
            indexed.insert(word);
        }
    }
    indexed
}

/// What of an index answers for a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    Word(String),
    /// All words that begin so.
    Beginning(String),
}

/// What a text must hold to be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// This word.
    Word(String),
    /// A word that begins so.
    Prefix(String),
}

impl Term {
    /// How an index made of [`with_beginnings`] is asked for it.
    pub fn lookup(&self) -> Lookup {
        match self {
            Self::Word(word) => Lookup::Word(word.clone()),
            Self::Prefix(text) if text.chars().count() <= beginning_max(text) => {
                Lookup::Word(format!("{text}{BEGINNING}"))
            }
            Self::Prefix(text) => Lookup::Beginning(text.clone()),
        }
    }

    /// How many characters of an indexed word this matches, counted from its beginning.
    fn matched(&self, word: &[Mark]) -> Option<usize> {
        let (text, whole) = match self {
            Self::Word(text) => (text, true),
            Self::Prefix(text) => (text, false),
        };
        let length = text.chars().count();
        let same = text.chars().eq(word.iter().take(length).map(|(_, c)| *c));
        (same && (!whole || word.len() == length)).then_some(length)
    }

    /// Whether one of the words of a text is meant.
    pub fn matches(&self, words: &BTreeSet<String>) -> bool {
        match self {
            Self::Word(text) => words.contains(text),
            Self::Prefix(text) => words
                .range(text.clone()..)
                .next()
                .is_some_and(|word| word.starts_with(text.as_str())),
        }
    }
}

/// What is searched for; all of it must be found. Empty when the text holds neither letters nor digits.
pub fn terms(text: &str) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    for run in runs(text) {
        match &run {
            Run::Han(marks) if marks.len() == 1 => {
                terms.insert(Term::Prefix(text_of(marks)));
            }
            Run::Han(marks) => terms.extend(marks.windows(2).map(|pair| Term::Word(text_of(pair)))),
            Run::Words { marks, starts, .. } => {
                let last = starts.len().saturating_sub(JOINED_MAX);
                for index in 0..=last {
                    terms.insert(Term::Prefix(text_of(shortened(joined(marks, starts, index)))));
                }
            }
        }
    }
    terms
}

/// Where the terms stand in a text: ranges of characters, in order, those that touch made one.
pub fn found(text: &str, terms: &BTreeSet<Term>) -> Vec<[usize; 2]> {
    let runs = runs(text);
    let mut ranges: Vec<[usize; 2]> = Vec::new();
    for word in runs.iter().flat_map(Run::indexed) {
        for term in terms {
            let Some(length) = term.matched(word) else { continue };
            let mut places = word.iter().take(length).map(|(at, _)| *at);
            if let Some(first) = places.next() {
                ranges.push([first, places.next_back().unwrap_or(first).saturating_add(1)]);
            }
        }
    }
    ranges.sort_unstable();
    let mut merged: Vec<[usize; 2]> = Vec::new();
    for [start, end] in ranges {
        match merged.last_mut() {
            Some([_, last]) if start <= *last => *last = end.max(*last),
            _ => merged.push([start, end]),
        }
    }
    merged
}
