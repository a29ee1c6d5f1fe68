//! Texts that are blank, too long or hold control characters.

use gongkai::domain::words::text::*;

#[test]
fn blank_long_and_control_texts_are_named() {
    for (text, count) in [
        ("正文", 0),
        ("  ", 1),
        ("一二三四五六", 1),
        ("a\u{0}b", 1),
        ("行\n二", 0),
    ] {
        let mut errors = Vec::new();
        check_text("/x", text, 5, &mut errors);
        assert_eq!(errors.len(), count, "{text:?}");
    }
}
