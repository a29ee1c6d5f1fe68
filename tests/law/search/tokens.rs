//! The words of a text and of a query.

use proptest::prelude::*;

use gongkai::domain::search::tokens::*;

fn list(text: &str) -> String {
    tokens(text).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_text_has_its_words() {
    for (text, expected) in [
        ("关于规划", "于规 关于 划 规划"),
        ("局", "局"),
        ("2026年5月", "2026 5 年 月"),
        ("CXFB-2026-S00012", "2026-s00012 cxfb-2026-s00012 s00012"),
        ("CXFB-2026-00012", "00012 12 2026-00012 cxfb-2026-00012"),
        ("2026-05-01", "01 05-01 1 2026-05-01 5-01"),
        ("０５ ＡＢＣ", "05 5 abc"),
        ("000", "000"),
        ("买买提·吐尔逊", "买买 买提 吐尔 尔逊 提吐 逊"),
        ("国办函〔2020〕109号", "109 2020 函 办函 号 国办"),
        ("a - b --c d-", "a b c d"),
        ("，。！ ", ""),
        ("𠮷野", "野 𠮷野"),
        ("a-b-c-d-e", "a-b-c-d b-c-d-e c-d-e d-e e"),
        ("O'Neill", "neill oneill"),
        ("Jean-d’Arc-1", "1 arc-1 darc-1 jean-darc-1"),
        ("‘城北’的 'abc' 80's 5'10", "10 5 80 abc s 北 城北 的"),
        ("⼀号⾦库", "一号 号金 库 金库"),
        ("Nguye\u{302}\u{303}n Nguyễn", "nguyen"),
        ("葛\u{E0100}西", "葛西 西"),
        ("王\u{E000}", "王\u{E000} \u{E000}"),
    ] {
        assert_eq!(list(text), expected, "{text}");
    }
    assert_eq!(tokens(&"x".repeat(500)), [("x".repeat(WORD_MAX))].into());
}

#[test]
fn a_search_finds_what_it_names() {
    let text = "关于城北地块（2025年）征收补偿方案的信息，见 CXFB-2026-00012 号 GB/T 9704";
    for (query, hit) in [
        ("城北", true),
        ("城北地块", true),
        ("城", true),
        ("息", true),
        ("北城", false),
        ("城北 方案", true),
        ("城北 耕地", false),
        ("２０２５", true),
        ("cxfb", true),
        ("CXFB-2026-000", true),
        ("2026-00012", true),
        ("12", true),
        ("00012", true),
        ("0012", false),
        ("cxfb-00012", false),
        ("gb t", true),
        ("970", true),
        ("704", false),
        ("⽅案", true),
        ("⼟地", false),
    ] {
        let terms = terms(query);
        let words = tokens(text);
        assert_eq!(terms.iter().all(|term| term.matches(&words)), hit, "{query}");
        let places = terms.iter().all(|term| !found(text, &[term.clone()].into()).is_empty());
        assert_eq!(places, hit, "{query}");
    }
    assert!(terms(" ，%-").is_empty());
}

#[test]
fn places_are_counted_in_characters_of_the_text() {
    for (text, query, expected) in [
        ("关于城北地块", "城北地", vec![[2, 5]]),
        ("城北与城南", "城", vec![[0, 1], [3, 4]]),
        ("编号ＣＸ-００12", "12", vec![[7, 9]]),
        ("编号CX-0012号", "cx-00", vec![[2, 7]]),
        ("买买提·吐尔逊", "提吐", vec![[2, 5]]),
        ("见O’Neill的信", "oneill", vec![[1, 8]]),
        ("见O’Neill的信", "nei", vec![[3, 6]]),
        ("关于⾼速", "高速", vec![[2, 4]]),
    ] {
        assert_eq!(found(text, &terms(query)), expected, "{query} in {text}");
    }
}

#[test]
fn short_beginnings_are_indexed() {
    let indexed = |text: &str| with_beginnings(tokens(text)).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(indexed("关于2026年"), "2- 20- 202- 2026 2026- 于- 关- 关于 年-");
    assert_eq!(indexed("a-b"), "a- a-- a-b a-b- b b-");
}

proptest! {
    /// An index finds what a comparison word by word finds.
    #[test]
    fn an_index_answers_for_every_term(text in "[0-2ab关于号 -]{0,24}", query in "[0-2ab关于号 -]{0,8}") {
        let words = tokens(&text);
        let index = with_beginnings(words.clone());
        for term in terms(&query) {
            let found = match term.lookup() {
                Lookup::Word(word) => index.contains(&word),
                Lookup::Beginning(text) => index.iter().any(|word| word.starts_with(&text)),
            };
            prop_assert_eq!(found, term.matches(&words), "{:?} in {:?}", term, index);
        }
    }

    /// Whatever part of a text without breaks is asked for, the text is found.
    #[test]
    fn every_part_of_a_text_is_found(text in "[关于城北地块信息Ａ局]{1,20}", from in 0usize..20, length in 1usize..8) {
        let part: String = text.chars().skip(from).take(length).collect();
        let words = tokens(&text);
        // A word of letters is found from its beginning only.
        prop_assume!(!part.contains('Ａ'));
        for term in terms(&part) {
            prop_assert!(term.matches(&words), "{part} in {text}: {term:?}");
        }
    }

    #[test]
    fn any_text_can_be_indexed_and_finds_itself(text in "\\PC{0,60}") {
        let words = tokens(&text);
        prop_assert!(words.iter().all(|word| !word.is_empty() && word.chars().count() <= WORD_MAX));
        // Beside letters and digits of every script: marks and unassigned places among the ideographs.
        let ideographic = |c: char| matches!(c, '\u{3005}'..='\u{318F}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}');
        prop_assert!(words.iter().all(|word| word.chars().all(|c| c == '-' || c.is_alphanumeric() || ideographic(c))));
        for term in terms(&text) {
            prop_assert!(term.matches(&words), "{term:?}");
            prop_assert!(!found(&text, &[term].into()).is_empty());
        }
    }
}
