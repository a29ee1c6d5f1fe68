//! The catalogue of refusals is whole: whatever a topic declares stands in it, and says in both languages what to do.

use std::collections::BTreeSet;
use std::path::Path;

use gongkai::domain::case::refusals;

/// The refusals and conditions that the topics declare, by the codes and the Chinese words that stand in their source.
fn declared() -> BTreeSet<(String, String)> {
    let topics = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/case");
    let mut codes = BTreeSet::new();
    for file in std::fs::read_dir(topics).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for (opening, place) in [("reasons! {", 0), ("guards! {", 1)] {
            for block in text.split(opening).skip(1) {
                let block = block.split("\n}\n").next().unwrap();
                let mut lines = block.lines().peekable();
                while let Some(head) = lines.next() {
                    if !head.starts_with("    ") || !head.as_bytes()[4].is_ascii_uppercase() {
                        continue;
                    }
                    let words = lines.peek().expect("a head has words").trim().trim_matches([',', '"']);
                    let code = head.split('"').nth(2 * place + 1).expect("a head has a code");
                    codes.insert((code.to_owned(), words.to_owned()));
                }
            }
        }
    }
    codes
}

#[test]
fn the_catalogue_holds_what_the_topics_declare() {
    let listed: BTreeSet<_> = refusals::all()
        .map(|reason| (reason.code.to_owned(), reason.zh.to_owned()))
        .collect();
    let declared = declared();
    assert!(declared.len() > 50, "the search finds no refusals any more: {declared:?}");
    let missing: Vec<_> = declared.difference(&listed).collect();
    assert!(missing.is_empty(), "enter in OTHERS of domain/case/refusals.rs, or a condition in GUARDS of table.rs: {missing:#?}");
}

#[test]
fn each_speaks_both_languages() {
    for reason in refusals::all() {
        assert!(!reason.zh.is_empty() && !reason.en.is_empty(), "{}", reason.code);
        assert!(!reason.en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", reason.en);
    }
}
