//! 发文字号: the numbers of instruments, `机关代字〔2026〕12号`. The ordinals are gap-free in each series of an agency and year;
//! the year is that of the day of issue, so that a December paper entered in January continues December's series.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::InstrumentCode;
use crate::domain::words::text::FieldError;

/// How a number is written where the agency says nothing else (GB/T 9704-2012 7.2.5).
pub const PATTERN: &str = "{代字}〔{年}〕{号}号";

/// The series of what no other series takes.
pub const MAIN: &str = "main";

/// 编号规则: a series of numbers of an agency, and which instruments take theirs from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// A name of the series: lower-case letters, digits and `_`. What is counted under a name goes on being counted under it.
    #[schema(max_length = 30, examples("refusals"))]
    pub series: String,
    /// 机关代字 of this series; that of the agency when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 30, examples("云政公开不予"))]
    pub prefix: Option<String>,
    /// With `{代字}`, `{年}`, `{号}` (the ordinal) and `{案号}` (the number of the application); without `{号}` no ordinal is
    /// taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, examples("{代字}〔{年}〕{号}号"))]
    pub pattern: Option<String>,
    /// Which instruments take their numbers from it; empty for all that no other series names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<InstrumentCode>,
}

/// What the number of an instrument is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<'a> {
    pub series: &'a str,
    prefix: &'a str,
    pattern: &'a str,
}

/// The rule for an instrument among those of an agency with this 机关代字.
pub fn rule_for<'a>(series: &'a [Series], document_prefix: &'a str, code: InstrumentCode) -> Rule<'a> {
    let named = series.iter().find(|one| one.instruments.contains(&code));
    let found = named.or_else(|| series.iter().find(|one| one.instruments.is_empty()));
    Rule {
        series: found.map_or(MAIN, |one| &one.series),
        prefix: found.and_then(|one| one.prefix.as_deref()).unwrap_or(document_prefix),
        pattern: found.and_then(|one| one.pattern.as_deref()).unwrap_or(PATTERN),
    }
}

impl Rule<'_> {
    /// Whether it counts.
    pub fn takes_ordinal(&self) -> bool {
        self.pattern.contains("{号}")
    }

    pub fn number(&self, year: i32, ordinal: i64, case_number: &str) -> String {
        self.pattern
            .replace("{代字}", self.prefix)
            .replace("{年}", &year.to_string())
            .replace("{号}", &ordinal.to_string())
            .replace("{案号}", case_number)
    }
}

/// Adds what is impossible about the series of an agency.
pub fn check_series(base: &str, series: &[Series], errors: &mut Vec<FieldError>) {
    for (index, one) in series.iter().enumerate() {
        let at = |field: &str| format!("{base}/{index}/{field}");
        let named = one
            .series
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !named || one.series.is_empty() || one.series.len() > 30 {
            errors.push(FieldError::new(
                at("series"),
                "编号序列的名称由小写字母、数字和下划线组成，最长 30 个字符。",
                "The name of a series has lower-case letters, digits and underscores, at most 30.",
            ));
        }
        let earlier = || series.iter().take(index);
        if earlier().any(|other| other.series == one.series) {
            errors.push(FieldError::new(
                at("series"),
                "该编号序列已列出，请勿重复。",
                "This series is listed twice.",
            ));
        }
        if one.instruments.is_empty() && earlier().any(|other| other.instruments.is_empty()) {
            errors.push(FieldError::new(
                at("instruments"),
                "只能有一个序列不列文书（用于其余各种文书），请为其中一个列明文书。",
                "Only one series may name no instruments; list those of one of them.",
            ));
        }
        for (place, code) in one.instruments.iter().enumerate() {
            let listed = one.instruments.iter().take(place).any(|other| other == code);
            if listed || earlier().any(|other| other.instruments.contains(code)) {
                errors.push(FieldError::new(
                    at(&format!("instruments/{place}")),
                    format!("文书 {} 已列入另一处，一种文书只能有一个编号序列。", code.code()),
                    format!("{} is listed elsewhere; an instrument has one series.", code.code()),
                ));
            }
        }
        check_pattern(&at("pattern"), one.pattern.as_deref().unwrap_or(PATTERN), errors);
        if one
            .prefix
            .as_ref()
            .is_some_and(|prefix| prefix.trim().is_empty() || prefix.chars().count() > 30)
        {
            errors.push(FieldError::new(
                at("prefix"),
                "机关代字为 1 至 30 个字。",
                "The prefix has 1 to 30 characters.",
            ));
        }
    }
}

/// A pattern tells numbers apart: it counts within a year it names, or it is that of the application.
fn check_pattern(pointer: &str, pattern: &str, errors: &mut Vec<FieldError>) {
    let counts = pattern.contains("{号}") && pattern.contains("{年}");
    let known = ["{代字}", "{年}", "{号}", "{案号}"];
    let rest = known
        .iter()
        .fold(pattern.to_owned(), |rest, name| rest.replace(name, ""));
    if pattern.chars().count() > 60 || rest.contains(['{', '}']) || rest.chars().any(char::is_control) {
        errors.push(FieldError::new(
            pointer,
            "编号样式最长 60 个字，只能使用 {代字}、{年}、{号}、{案号} 四种占位。",
            "A pattern has at most 60 characters and knows {代字}, {年}, {号} and {案号} only.",
        ));
    } else if !counts && !pattern.contains("{案号}") {
        errors.push(FieldError::new(
            pointer,
            "编号样式须同时含 {年} 和 {号}，或者含 {案号}，否则不同文书会编成同一个号。",
            "A pattern holds {年} and {号}, or {案号}; otherwise different papers would have one number.",
        ));
    }
}
