//! 保管期限 (Art 45; 档案法实施条例 19): the classes that come with the program, and those of an agency's own table, which its
//! archive approved.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::words::codes::codes;
use crate::domain::words::text::{FieldError, check_line};

codes! {
    /// Retention class of the closed file (保管期限).
    pub enum Retention {
        Permanent "permanent" "永久",
        ThirtyYears "30y" "30 年",
        TenYears "10y" "10 年",
    }
}

/// Longest code, in characters.
const CODE_MAX: usize = 20;
/// Longest name, in characters.
const LABEL_MAX: usize = 50;
/// No table knows a longer time that ends.
const YEARS_MAX: u32 = 100;

/// 保管期限 of an agency's own table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRetention {
    /// Lower-case letters, digits and `_`.
    #[schema(max_length = 20, examples("15y"))]
    pub code: String,
    #[schema(max_length = 50, examples("15 年"))]
    pub label: String,
    /// Left out where it is kept for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100, examples(15))]
    pub years: Option<u32>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub permanent: bool,
}

/// The retention of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionClass {
    pub code: String,
    pub label: String,
    /// None where it is kept for ever.
    pub years: Option<u32>,
}

impl From<Retention> for RetentionClass {
    fn from(shipped: Retention) -> Self {
        Self {
            code: shipped.code().to_owned(),
            label: shipped.label().to_owned(),
            years: match shipped {
                Retention::Permanent => None,
                Retention::ThirtyYears => Some(30),
                Retention::TenYears => Some(10),
            },
        }
    }
}

impl From<OwnRetention> for RetentionClass {
    fn from(own: OwnRetention) -> Self {
        Self {
            code: own.code,
            label: own.label,
            years: own.years,
        }
    }
}

impl RetentionClass {
    /// As 档号 write it (DA/T 13): Y for ever, D30 for thirty years.
    pub fn archival_code(&self) -> String {
        match self.years {
            None => "Y".to_owned(),
            Some(years) => format!("D{years}"),
        }
    }
}

/// A code that neither the program nor the agency has.
pub fn no_retention(own: &[OwnRetention]) -> FieldError {
    let shipped = Retention::ALL.iter().map(|one| (one.code(), one.label()));
    let own = own.iter().map(|one| (one.code.as_str(), one.label.as_str()));
    let known: Vec<(&str, &str)> = shipped.chain(own).collect();
    let zh: Vec<String> = known.iter().map(|(code, label)| format!("{code}（{label}）")).collect();
    let en: Vec<&str> = known.iter().map(|(code, _)| *code).collect();
    FieldError::new(
        "/retention",
        format!(
            "本机关没有这一保管期限，请从以下各项中选择：{}。需要增加的，由管理员在机关设置（settings.retentions）中登记。",
            zh.join("、")
        ),
        format!("The agency knows no such retention; it has {}.", en.join(", ")),
    )
}

/// Adds what is impossible about the retention table of an agency.
pub fn check_retentions(base: &str, own: &[OwnRetention], errors: &mut Vec<FieldError>) {
    for (index, one) in own.iter().enumerate() {
        let at = |field: &str| format!("{base}/{index}/{field}");
        let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if one.code.is_empty() || one.code.len() > CODE_MAX || !one.code.chars().all(shape) {
            errors.push(FieldError::new(
                at("code"),
                "保管期限的代码由小写字母、数字和下划线组成，最长 20 个字符。",
                "The code has lower-case letters, digits and underscores, at most 20.",
            ));
        }
        let shipped = Retention::ALL.iter().any(|known| known.code() == one.code);
        if shipped || own.iter().take(index).any(|earlier| earlier.code == one.code) {
            errors.push(FieldError::new(
                at("code"),
                "该保管期限代码已有，请勿重复。",
                "There is a retention with this code already.",
            ));
        }
        check_line(&at("label"), &one.label, LABEL_MAX, errors);
        let sound = match (one.years, one.permanent) {
            (Some(years), false) => (1..=YEARS_MAX).contains(&years),
            (None, permanent) => permanent,
            (Some(_), true) => false,
        };
        if !sound {
            errors.push(FieldError::new(
                at("years"),
                "请填写保管年数（1 至 100 年），或者写明永久（permanent），两者只填一项。",
                "Give the years (1 to 100) or `permanent`, not both.",
            ));
        }
    }
}
