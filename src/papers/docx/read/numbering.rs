//! Labels of lists: Word keeps the rules, not the labels; the paper needs the labels (ECMA-376 part 1, 17.9).

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node};

use super::open::{attribute, child, is_on, value, word};

const LEVELS: usize = 9;

#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    format: String,
    /// `%1.` and the like.
    text: String,
    /// Numbers of other levels in it are Arabic.
    arabic: bool,
}

type Levels = HashMap<usize, Level>;

/// A list: the pattern it follows, and where it departs from it.
#[derive(Debug, Default)]
struct List {
    pattern: String,
    starts: HashMap<usize, u32>,
    levels: Levels,
}

/// The lists of a file, and how far they have been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    patterns: HashMap<String, Levels>,
    lists: HashMap<String, List>,
    /// Lists of one pattern go on counting.
    counted: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<(String, usize)>,
}

impl Numbering {
    pub fn read(document: &Document<'_>) -> Self {
        let mut numbering = Self::default();
        for node in document.root_element().children() {
            match word(node) {
                Some("abstractNum") => {
                    let id = attribute(node, "abstractNumId").unwrap_or_default().to_owned();
                    numbering.patterns.insert(id, levels(node));
                }
                Some("num") => {
                    let id = attribute(node, "numId").unwrap_or_default().to_owned();
                    numbering.lists.insert(id, list(node));
                }
                _ => {}
            }
        }
        numbering
    }

    /// Counts a paragraph of a list and gives its label; `None` for a list that is not there, such as 0, which says
    /// that a paragraph leaves the list of its style.
    pub fn next(&mut self, list_id: &str, level: usize) -> Option<String> {
        let list = self.lists.get(list_id)?;
        let pattern = self.patterns.get(&list.pattern)?;
        let rule = |level: usize| list.levels.get(&level).or_else(|| pattern.get(&level));
        let own = rule(level)?;
        let counts = self.counted.entry(list.pattern.clone()).or_default();
        let restart = list
            .starts
            .get(&level)
            .filter(|_| self.begun.insert((list_id.to_owned(), level)));
        let count = counts.get_mut(level)?;
        *count = match (restart, *count) {
            (Some(start), _) => Some(*start),
            (None, None) => Some(list.starts.get(&level).copied().unwrap_or(own.start)),
            (None, Some(count)) => Some(count.saturating_add(1)),
        };
        for below in counts.iter_mut().skip(level + 1) {
            *below = None;
        }
        if own.format == "bullet" {
            return Some(bullet(&own.text));
        }
        let mut label = String::new();
        let mut characters = own.text.chars().peekable();
        while let Some(character) = characters.next() {
            let other = (character == '%')
                .then(|| characters.peek().and_then(|digit| digit.to_digit(10)))
                .flatten()
                .and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
            let Some(other) = other else {
                label.push(character);
                continue;
            };
            characters.next();
            let start = rule(other).map_or(1, |rule| rule.start);
            let count = counts.get(other).copied().flatten().unwrap_or(start);
            let format = rule(other).map_or("decimal", |rule| rule.format.as_str());
            let format = if own.arabic && other != level {
                "decimal"
            } else {
                format
            };
            label.push_str(&formatted(count, format));
        }
        Some(label)
    }
}

fn levels(node: Node<'_, '_>) -> Levels {
    node.children()
        .filter(|child| word(*child) == Some("lvl"))
        .filter_map(|child| Some((attribute(child, "ilvl")?.parse().ok()?, level(child))))
        .filter(|(level, _)| *level < LEVELS)
        .collect()
}

fn level(node: Node<'_, '_>) -> Level {
    Level {
        start: value(node, "start").and_then(|start| start.parse().ok()).unwrap_or(1),
        format: value(node, "numFmt").unwrap_or("decimal").to_owned(),
        text: value(node, "lvlText").unwrap_or_default().to_owned(),
        arabic: is_on(node, "isLgl"),
    }
}

fn list(node: Node<'_, '_>) -> List {
    let mut list = List {
        pattern: value(node, "abstractNumId").unwrap_or_default().to_owned(),
        ..List::default()
    };
    for over in node.children().filter(|child| word(*child) == Some("lvlOverride")) {
        let Some(at) = attribute(over, "ilvl").and_then(|level| level.parse().ok()) else {
            continue;
        };
        if let Some(start) = value(over, "startOverride").and_then(|start| start.parse().ok()) {
            list.starts.insert(at, start);
        }
        if let Some(found) = child(over, "lvl") {
            list.levels.insert(at, level(found));
        }
    }
    list
}

/// Bullets stand in faces of symbols, at places that mean nothing in another face.
fn bullet(text: &str) -> String {
    match text.chars().next() {
        Some(sign) if !('\u{E000}'..='\u{F8FF}').contains(&sign) && !sign.is_ascii_alphanumeric() => sign.to_string(),
        _ => "•".to_owned(),
    }
}

fn formatted(count: u32, format: &str) -> String {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => chinese(count, "〇一二三四五六七八九", "十百千"),
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            chinese(count, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
        }
        "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => digits(count, "〇一二三四五六七八九"),
        "decimalFullWidth" | "decimalFullWidth2" => digits(count, "０１２３４５６７８９"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => from_one(count, '①', 20),
        "decimalEnclosedFullstop" => from_one(count, '⒈', 20),
        "decimalEnclosedParen" => from_one(count, '⑴', 20),
        "decimalZero" => format!("{count:02}"),
        "lowerLetter" => letters(count),
        "upperLetter" => letters(count).to_uppercase(),
        "lowerRoman" => roman(count),
        "upperRoman" => roman(count).to_uppercase(),
        "none" => String::new(),
        _ => count.to_string(),
    }
}

fn digits(count: u32, signs: &str) -> String {
    count
        .to_string()
        .chars()
        .filter_map(|digit| signs.chars().nth(usize::try_from(digit.to_digit(10)?).ok()?))
        .collect()
}

/// Up to 9999; 十 without 一 before it at the beginning.
fn chinese(count: u32, signs: &str, units: &str) -> String {
    if count == 0 || count > 9_999 {
        return digits(count, signs);
    }
    let sign = |digit: u32| usize::try_from(digit).ok().and_then(|at| signs.chars().nth(at));
    let mut out = String::new();
    let mut gap = false;
    for (place, unit) in [
        (1_000, units.chars().nth(2)),
        (100, units.chars().nth(1)),
        (10, units.chars().next()),
        (1, None),
    ] {
        let digit = count / place % 10;
        if digit == 0 {
            gap |= !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('零');
        }
        let leading_ten = place == 10 && digit == 1 && out.is_empty() && unit == Some('十');
        if !leading_ten {
            out.extend(sign(digit));
        }
        out.extend(unit);
    }
    out
}

/// Signs that follow one another in Unicode.
fn from_one(count: u32, first: char, most: u32) -> String {
    (1..=most)
        .contains(&count)
        .then(|| char::from_u32(u32::from(first) + count - 1))
        .flatten()
        .map_or_else(|| count.to_string(), String::from)
}

/// a to z, then aa to zz, as Word counts.
fn letters(count: u32) -> String {
    let Some(index) = count.checked_sub(1) else {
        return String::new();
    };
    let letter = from_one(index % 26 + 1, 'a', 26);
    let times = usize::try_from(index / 26).unwrap_or_default().min(20) + 1;
    letter.repeat(times)
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1_000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = count.min(9_999);
    let mut out = String::new();
    for (worth, sign) in SIGNS {
        while rest >= worth {
            rest -= worth;
            out.push_str(sign);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        for (count, format, expected) in [
            (1, "chineseCounting", "一"),
            (10, "chineseCountingThousand", "十"),
            (12, "japaneseCounting", "十二"),
            (20, "chineseCounting", "二十"),
            (105, "chineseCountingThousand", "一百零五"),
            (110, "chineseCountingThousand", "一百一十"),
            (1_010, "chineseCountingThousand", "一千零一十"),
            (11, "chineseLegalSimplified", "壹拾壹"),
            (3, "decimalEnclosedCircle", "③"),
            (21, "decimalEnclosedCircle", "21"),
            (12, "decimalFullWidth", "１２"),
            (27, "lowerLetter", "aa"),
            (4, "upperRoman", "IV"),
            (7, "unknown", "7"),
        ] {
            assert_eq!(formatted(count, format), expected, "{count} as {format}");
        }
    }

    #[test]
    fn lists_count_and_begin_again() {
        let xml = r#"<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
            <w:abstractNum w:abstractNumId="0">
              <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
              <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
              <w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
            </w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
          </w:numbering>"#;
        let document = Document::parse(xml).unwrap();
        let mut numbering = Numbering::read(&document);
        let mut next = |list: &str, level| numbering.next(list, level).unwrap_or_default();
        assert_eq!(next("1", 0), "一、");
        assert_eq!(next("1", 1), "1.1");
        assert_eq!(next("1", 1), "1.2");
        assert_eq!(next("1", 0), "二、");
        assert_eq!(next("1", 1), "2.1");
        assert_eq!(next("1", 2), "•");
        assert_eq!(next("2", 0), "一、");
        assert_eq!(next("2", 0), "二、");
        assert_eq!(next("0", 0), "");
    }
}
