//! Words for people: bilingual messages, field errors, and the checks that every text from outside passes.
//!
//! Chinese is the language of the procedure; English stands beside it for integrators (`Accept-Language: en`).

use std::borrow::Cow;

/// One message in Chinese and English. Says what is wrong and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Bilingual {
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One field of a request that is impossible by itself, whatever the state of the case (HTTP 422).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request body, such as `/facts/3/on`.
    pub pointer: String,
    pub detail: Bilingual,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: Bilingual::new(zh, en),
        }
    }

    /// A required field that is absent or empty.
    pub fn missing(pointer: impl Into<String>) -> Self {
        Self::new(pointer, "此项必填。", "This field is required.")
    }
}

/// Goes on where nothing is wrong.
///
/// # Errors
/// What is wrong.
pub fn none_wrong<E: From<Vec<FieldError>>>(errors: Vec<FieldError>) -> Result<(), E> {
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}

/// Checks a text from outside: not blank, at most `max` characters, no control characters but line breaks and tabs.
pub fn check_text(pointer: &str, text: &str, max: usize, errors: &mut Vec<FieldError>) {
    if text.trim().is_empty() {
        errors.push(FieldError::missing(pointer));
        return;
    }
    check_optional_text(pointer, text, max, errors);
}

/// As [`check_text`], for a text that is shown on one line: no line breaks and tabs either.
pub fn check_line(pointer: &str, text: &str, max: usize, errors: &mut Vec<FieldError>) {
    let before = errors.len();
    check_text(pointer, text, max, errors);
    let broken = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}');
    if errors.len() == before && text.contains(broken) {
        errors.push(FieldError::new(
            pointer,
            "此项应写在一行之内，请删除换行和制表符。",
            "This is shown on one line; remove line breaks and tabs.",
        ));
    }
}

/// As [`check_line`], for a text that is kept as somebody else wrote it: it may be missing or blank.
pub fn check_stated(pointer: &str, text: Option<&String>, max: usize, errors: &mut Vec<FieldError>) {
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        check_line(pointer, text, max, errors);
    }
}

/// As [`check_text`], but the text may be empty.
pub fn check_optional_text(pointer: &str, text: &str, max: usize, errors: &mut Vec<FieldError>) {
    let length = text.chars().count();
    if length > max {
        errors.push(FieldError::new(
            pointer,
            format!("此项最多 {max} 个字符，现有 {length} 个，请缩短。"),
            format!("At most {max} characters; this has {length}. Shorten it."),
        ));
    }
    if text
        .chars()
        .any(|c| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || is_invisible_format(c))
    {
        errors.push(FieldError::new(
            pointer,
            "此项含有控制字符或不可见的方向控制符，请删除后重新提交。",
            "Contains control or invisible direction characters; remove them and send again.",
        ));
    }
}

/// A text as it is kept: without marks of direction, which word processors put around Uyghur and Arabic words and which
/// nobody sees. Whatever comes in from outside passes here once, where it is read.
pub fn without_marks(mut text: String) -> String {
    if text.contains(is_invisible_format) {
        text.retain(|c| !is_invisible_format(c));
    }
    text
}

/// The bidirectional controls of Unicode, which make a text read differently from what is stored, and the byte order mark.
fn is_invisible_format(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A character of a private use area: it stands for nothing but in the font of the computer where it was typed.
pub fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}
