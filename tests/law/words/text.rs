//! Texts that are blank, too long or hold control characters.

use gongkai::domain::words::text::*;

#[test]
fn marks_of_direction_are_left_out_and_what_is_written_stays() {
    let marks =
        "\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{200E}\u{200F}\u{61C}\u{FEFF}";
    for text in [
        "ئابدۇرېھىم ئابدۇللا",
        "བསྟན་འཛིན།",
        "ᠪᠠᠶᠠᠷ",
        "ꀀꀁ",
        "𬀩𠮷",
        "Nguyễn O'Neill",
        "名·字",
        "می‌خواهم",
        "行\n二\t栏",
    ] {
        assert_eq!(without_marks(text.to_owned()), text);
        let marked: String = text.chars().flat_map(|c| marks.chars().chain([c])).collect();
        assert_eq!(without_marks(marked + marks), text);
    }
}

#[test]
fn private_use_is_what_no_standard_has() {
    for c in ['\u{E000}', '\u{E863}', '\u{F8FF}', '\u{F0000}', '\u{10FFFD}'] {
        assert!(is_private_use(c), "{c:?}");
    }
    for c in ['林', '\u{D7FF}', '\u{F900}', '\u{EFFFF}', '\u{20000}', '\u{FFFFE}', '·'] {
        assert!(!is_private_use(c), "{c:?}");
    }
}

#[test]
fn what_is_kept_as_stated_may_be_blank_but_not_long_or_broken() {
    for (text, count) in [
        (None, 0),
        (Some(""), 0),
        (Some("   "), 0),
        (Some("不详"), 0),
        (Some("一二三四五六"), 1),
        (Some("a\u{7}"), 1),
        (Some("a\r\nb"), 1),
    ] {
        let mut errors = Vec::new();
        check_stated("/x", text.map(str::to_owned).as_ref(), 5, &mut errors);
        assert_eq!(errors.len(), count, "{text:?}");
    }
}

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
