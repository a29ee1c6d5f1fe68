//! A lawful "no": why an action cannot be taken now, by which article, and what would make it lawful.

use chrono::NaiveDate;

use super::text::Bilingual;

/// 不予办理 of an action in the present state of a case (HTTP 409).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, machine-readable reason in lower snake case.
    pub code: &'static str,
    /// The article that forbids it, such as `第三十条`.
    pub article: Option<&'static str>,
    pub reason: Bilingual,
    /// What the person can do instead.
    pub remedy: Option<Bilingual>,
    /// The days on which the action is, was or will be possible.
    pub window: Option<Window>,
    /// Codes of the actions that are open to the person now.
    pub allowed_actions: Vec<String>,
}

/// A span of civil days, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}
