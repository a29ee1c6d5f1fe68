//! Finding cases (检索): which texts of a case are searched, what is asked for, and what of it is shown.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::search::tokens::{Term, found, terms, tokens};
use crate::domain::words::codes::codes;
use crate::domain::words::text::{FieldError, check_text, none_wrong};

/// Longest search, in characters.
pub const QUERY_MAX: usize = 100;
/// Longest fragment shown of a text, in characters.
pub const FRAGMENT_MAX: usize = 80;
/// How much of a text is shown before the first hit, in characters.
const BEFORE_HIT: usize = 20;

codes! {
    /// A text of a case that is searched.
    pub enum SearchField {
        Number "number" "案件编号",
        IntakeNumber "intake_number" "登记编号",
        Title "title" "标题",
        Features "features" "内容描述",
        ApplicantName "applicant_name" "申请人",
    }
}

/// The texts of a case that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchText<'a> {
    pub number: Option<&'a str>,
    pub intake_number: &'a str,
    pub title: &'a str,
    pub features: &'a str,
    pub applicant_name: &'a str,
}

impl<'a> SearchText<'a> {
    /// Every text with the field it belongs to, in the order in which they are shown.
    pub fn fields(&self) -> impl Iterator<Item = (SearchField, &'a str)> {
        let number = self.number.map(|number| (SearchField::Number, number));
        number.into_iter().chain([
            (SearchField::IntakeNumber, self.intake_number),
            (SearchField::Title, self.title),
            (SearchField::Features, self.features),
            (SearchField::ApplicantName, self.applicant_name),
        ])
    }

    /// The words under which the case is found.
    pub fn tokens(&self) -> BTreeSet<String> {
        self.fields().flat_map(|(_, text)| tokens(text)).collect()
    }

    /// The words of what is asked for: what makes two applications alike, whoever sends them.
    pub fn content(&self) -> BTreeSet<String> {
        let mut words = tokens(self.title);
        words.extend(tokens(self.features));
        words
    }
}

/// What is asked for: all of its terms must be found, in whichever fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    terms: BTreeSet<Term>,
}

impl SearchQuery {
    /// Reads the query parameter `q`.
    ///
    /// # Errors
    /// A text that is too long, holds control characters, or holds neither letters nor digits.
    pub fn parse(q: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        check_text("?q", q, QUERY_MAX, &mut errors);
        let terms = terms(q);
        if errors.is_empty() && terms.is_empty() {
            errors.push(FieldError::new(
                "?q",
                "检索词中没有文字、字母或数字，请至少输入一个。",
                "The search holds neither letters nor digits; give at least one.",
            ));
        }
        none_wrong(errors).map(|()| Self { terms })
    }

    pub fn terms(&self) -> &BTreeSet<Term> {
        &self.terms
    }

    /// Whether a case is found: the same question as the indexes', for few cases.
    pub fn matches(&self, text: &SearchText<'_>) -> bool {
        let words = text.tokens();
        self.terms.iter().all(|term| term.matches(&words))
    }

    /// The fields in which something was found, each with the part of the text around the first hits.
    pub fn highlights(&self, text: &SearchText<'_>) -> Vec<Highlight> {
        text.fields()
            .filter_map(|(field, text)| {
                let ranges = found(text, &self.terms);
                (!ranges.is_empty()).then(|| Highlight::new(field, text, &ranges))
            })
            .collect()
    }
}

/// Where a search was found in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Highlight {
    pub field: SearchField,
    /// At most 80 characters of the text, around the first hits.
    #[schema(examples("关于城北地块征收补偿方案的信息"))]
    pub text: String,
    /// Beginning and end of each hit, in characters of `text`.
    #[schema(value_type = Vec<Vec<u32>>, examples(2))]
    pub ranges: Vec<[usize; 2]>,
}

impl Highlight {
    fn new(field: SearchField, text: &str, ranges: &[[usize; 2]]) -> Self {
        let length = text.chars().count();
        let first = ranges.first().map_or(0, |[start, _]| *start);
        let start = if length <= FRAGMENT_MAX {
            0
        } else {
            first
                .saturating_sub(BEFORE_HIT)
                .min(length.saturating_sub(FRAGMENT_MAX))
        };
        let end = start.saturating_add(FRAGMENT_MAX).min(length);
        Self {
            field,
            text: text.chars().skip(start).take(FRAGMENT_MAX).collect(),
            ranges: ranges
                .iter()
                .filter(|[from, _]| *from < end)
                .map(|[from, to]| [from.saturating_sub(start), (*to).min(end).saturating_sub(start)])
                .collect(),
        }
    }
}
