//! What is searched for and how hits are shown.

use gongkai::domain::search::query::*;

#[test]
fn a_long_text_is_shown_around_its_first_hits() {
    let long = format!("{}城北{}城北", "一".repeat(50), "二".repeat(100));
    let query = SearchQuery::parse("城北").unwrap();
    let text = SearchText {
        number: None,
        intake_number: "CXFB-2026-S00001",
        title: "关于城北",
        features: &long,
        applicant_name: "林晓月",
    };
    let shown = query.highlights(&text);
    let fields: Vec<_> = shown
        .iter()
        .map(|highlight| (highlight.field, highlight.ranges.clone()))
        .collect();
    assert_eq!(
        fields,
        [
            (SearchField::Title, vec![[2, 4]]),
            (SearchField::Features, vec![[20, 22]])
        ]
    );
    let features = shown.last().unwrap();
    assert_eq!(features.text.chars().count(), FRAGMENT_MAX);
    assert_eq!(features.text.chars().skip(20).take(2).collect::<String>(), "城北");
    // At the end of a text the fragment is as long, and begins earlier.
    let late = format!("{}城北", "一".repeat(200));
    let highlights = query.highlights(&SearchText {
        features: &late,
        title: "补偿方案",
        ..text
    });
    let highlight = highlights.first().unwrap();
    assert_eq!(
        (highlight.text.chars().count(), highlight.ranges.clone()),
        (80, vec![[78, 80]])
    );
}

#[test]
fn a_search_without_words_is_refused() {
    for q in ["", " ", "，。", "%", "\u{7}", &"长".repeat(101)] {
        assert_eq!(SearchQuery::parse(q).unwrap_err()[0].pointer, "?q", "{q}");
    }
}
