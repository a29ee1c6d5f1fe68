//! The outcomes as reference data: what each is called, rests on, needs and prints.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::outcome::{CaseKind, Group, Outcome, OutcomeCause, RequiredField};
use super::remedy::RemedyClass;
use crate::domain::instrument::code::InstrumentCode;

/// One outcome as the reference lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeReference {
    pub outcome: Outcome,
    pub case_kind: CaseKind,
    /// Row of table 三.
    pub row: Option<&'static str>,
    pub label: &'static str,
    pub label_en: &'static str,
    pub group: Group,
    pub group_label: &'static str,
    pub articles: &'static [&'static str],
    /// Whether an item of a reply may give it.
    pub given_for_item: bool,
    pub required: &'static [RequiredField],
    /// Code of the letter without a cause.
    pub document_kind: Option<InstrumentCode>,
    pub remedy_class: RemedyClass,
    pub causes: Vec<CauseReference>,
}

/// One cause of an outcome as the reference lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseReference {
    pub cause: OutcomeCause,
    pub label: &'static str,
    pub label_en: &'static str,
    pub given_for_item: bool,
    pub document_kind: Option<InstrumentCode>,
}

/// Every outcome with what it needs and prints, as the law stands on the given day.
pub fn outcome_reference(on: NaiveDate) -> Vec<OutcomeReference> {
    Outcome::ALL
        .iter()
        .copied()
        .map(|outcome| OutcomeReference {
            outcome,
            case_kind: outcome.case_kind(),
            row: outcome.row(),
            label: outcome.label(),
            label_en: outcome.label_en(),
            group: outcome.group(),
            group_label: outcome.group().label(),
            articles: outcome.articles(),
            given_for_item: outcome.given_for_item(outcome.case_kind()),
            required: outcome.required_fields(),
            document_kind: outcome.document_kind(None),
            remedy_class: outcome.remedy_class(on),
            causes: outcome
                .causes()
                .map(|cause| CauseReference {
                    cause,
                    label: cause.label(),
                    label_en: cause.label_en(),
                    given_for_item: cause.given_for_item(),
                    document_kind: outcome.document_kind(Some(cause)),
                })
                .collect(),
        })
        .collect()
}
