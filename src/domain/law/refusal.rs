//! Why the workflow says no: always with a code, the article, what would make it lawful, and the legal window.

use crate::domain::case::Action;
use crate::domain::words::text::{Bilingual, FieldError};
use chrono::NaiveDate;

/// The days on which an action is lawful, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Window {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// An action that exists for the person but is not lawful now (HTTP 409).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable machine code, such as `amendment_notice_late`.
    pub code: &'static str,
    /// The article the refusal rests on, in Chinese, such as `《条例》第三十条`.
    pub article: Option<&'static str>,
    /// What forbids it and what to do instead.
    pub reason: Bilingual,
    pub window: Option<Window>,
    /// What the same person may do now.
    pub allowed_actions: Vec<Action>,
}

impl Refusal {
    pub fn new(
        code: &'static str,
        article: Option<&'static str>,
        zh: impl Into<std::borrow::Cow<'static, str>>,
        en: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        Self {
            code,
            article,
            reason: Bilingual::new(zh, en),
            window: None,
            allowed_actions: Vec::new(),
        }
    }

    pub fn within(mut self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        self.window = Some(Window { from, to });
        self
    }
}

/// Every way a command ends without events, in the order in which the checks are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// None of the person's roles has this action (HTTP 403).
    Forbidden,
    /// Fields that are impossible by themselves (HTTP 422).
    Fields(Vec<FieldError>),
    /// State, guard, legal window, once-only or separation of persons forbids it (HTTP 409).
    Refused(Box<Refusal>),
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Vec<FieldError>> for Rejection {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Fields(errors)
    }
}

impl From<FieldError> for Rejection {
    fn from(error: FieldError) -> Self {
        Self::Fields(vec![error])
    }
}
