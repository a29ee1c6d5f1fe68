//! The people of a case: who applies and who acts for them, and as whom they are known.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::PersonRef;
use crate::domain::case::people::{PersonOfCase, PersonRole};

/// Somebody whom the application names.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOfCaseView {
    /// The place among the people of the case, from 0.
    #[schema(examples(0))]
    pub index: usize,
    /// Null while nobody has looked who it is.
    #[schema(examples("01997000-0000-7000-8000-000000000001"))]
    pub person_id: Option<String>,
    /// Null where the application does not state it.
    pub name: Option<String>,
    pub role: PersonRole,
    #[schema(examples("申请人"))]
    pub role_label: &'static str,
    /// Who found out that it is this person; null while nobody has.
    pub verified: Option<VerificationView>,
    /// Whom else it may be.
    pub candidates: Vec<CandidateView>,
}

/// How somebody was found to be who he says.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationView {
    pub by: PersonRef,
    pub on: NaiveDate,
    #[schema(examples("original_seen"))]
    pub means: String,
}

/// Somebody known who may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateView {
    #[schema(examples("01997000-0000-7000-8000-000000000001"))]
    pub person_id: String,
    #[schema(examples("姓名和出生日期相同"))]
    pub why: String,
}

impl From<PersonOfCase<'_>> for PersonOfCaseView {
    fn from(person: PersonOfCase<'_>) -> Self {
        Self {
            index: person.index,
            person_id: None,
            name: person.name.map(str::to_owned),
            role: person.role,
            role_label: person.role.label(),
            verified: None,
            candidates: Vec::new(),
        }
    }
}
