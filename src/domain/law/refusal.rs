//! Why the workflow says no: always with a code, the article, what would make it lawful, and the legal window.

use crate::domain::case::catalog::Action;
use crate::domain::words::text::{Bilingual, FieldError};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::fmt::{Display, Write};

/// The days on which an action is lawful, both ends included; an open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Window {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// One way in which the law says no, by itself: what stands in the catalogue. `{name}` in its texts is the place of what
/// only the case knows, such as a day; [`Reason::with`] fills it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Stable machine code, such as `amendment_notice_late`.
    pub code: &'static str,
    /// The article it rests on, in Chinese, such as `《条例》第三十条`; empty where none is named.
    pub article: &'static str,
    /// What forbids it and what to do instead.
    pub zh: &'static str,
    pub en: &'static str,
}

/// Declares refusals: name of the constant, code, article, and the words in Chinese and English.
macro_rules! reasons {
    ($($(#[$meta:meta])* $constant:ident $code:literal, $article:literal, $zh:literal, $en:literal;)*) => {$(
        $(#[$meta])*
        pub const $constant: $crate::domain::law::refusal::Reason =
            $crate::domain::law::refusal::Reason { code: $code, article: $article, zh: $zh, en: $en };
    )*};
}
pub(crate) use reasons;

impl Reason {
    /// The refusal with the places of its texts filled in.
    pub fn with(&self, places: &[(&str, &dyn Display)]) -> Refusal {
        Refusal {
            code: self.code,
            article: (!self.article.is_empty()).then_some(self.article),
            reason: Bilingual::new(fill(self.zh, places), fill(self.en, places)),
            window: None,
            allowed_actions: Vec::new(),
        }
    }
}

/// A text with its places filled in. One that is not given stays as it is, for a test to find.
fn fill(text: &'static str, places: &[(&str, &dyn Display)]) -> Cow<'static, str> {
    if !text.contains('{') {
        return Cow::Borrowed(text);
    }
    let mut rest = text;
    let mut filled = String::with_capacity(2 * text.len());
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, place)| Some((before, place.split_once('}')?)))
    {
        filled.push_str(before);
        // Writing into a text cannot fail.
        let _ = match places.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => write!(filled, "{value}"),
            None => write!(filled, "{{{name}}}"),
        };
        rest = after;
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

impl From<&Reason> for Refusal {
    fn from(reason: &Reason) -> Self {
        reason.with(&[])
    }
}

impl From<&Reason> for Rejection {
    fn from(reason: &Reason) -> Self {
        Refusal::from(reason).into()
    }
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
    /// The same, saying which days are lawful.
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
