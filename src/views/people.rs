//! The people of a case: who applies and who acts for them, and as whom they are known.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::PersonRef;
use crate::domain::case::identities::IdentityMeans;
use crate::domain::case::people::PersonRole;
use crate::domain::words::ids::{CaseId, PersonId};
use crate::service::identities::{Candidate, PersonOfCase, Verification};

/// Somebody whom the application names.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOfCaseView {
    /// The place among the people of the case, from 0.
    #[schema(examples(0))]
    pub index: usize,
    /// The same in every case of the agency of which it was found out that it is the same person's.
    pub person_id: PersonId,
    /// Null where the application does not state it.
    pub name: Option<String>,
    pub role: PersonRole,
    #[schema(examples("申请人"))]
    pub role_label: &'static str,
    /// Who found out that it is this person; null while nobody has.
    pub verified: Option<VerificationView>,
    /// Who in other cases of the agency may be the same and does not count as that; first verify who it is
    /// (`verify_identity`), then find, on papers, that they are one (`join_persons`). Only clerks and officers see them.
    pub candidates: Vec<CandidateView>,
    /// The application among those that the agency received from this person in the same month, for fees; only of who applies,
    /// in a received case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_month: Option<InMonthView>,
}

/// How somebody was found to be who he says.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerificationView {
    pub by: Option<PersonRef>,
    pub on: NaiveDate,
    pub means: IdentityMeans,
    #[schema(examples("核对证件原件"))]
    pub means_label: &'static str,
}

/// Somebody known who may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateView {
    pub person_id: PersonId,
    #[schema(examples("姓名相同，证件不同"))]
    pub why: &'static str,
    /// Whether somebody looked at this person's document.
    pub verified: bool,
    /// The newest of the cases, at most 20.
    pub cases: Vec<CandidateCaseView>,
}

/// A case of a candidate.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateCaseView {
    pub id: CaseId,
    /// The case number; before receipt the intake number.
    #[schema(examples("CXFB-2026-00012"))]
    pub number: String,
}

/// The place of an application in its month (国办函〔2020〕109号 Art 4).
#[derive(Debug, Serialize, ToSchema)]
pub struct InMonthView {
    /// From 1, of those that are known to be this person's.
    #[schema(examples(11))]
    pub ordinal: u32,
    /// Earlier ones of the candidates, which do not count while nothing was found out.
    #[schema(examples(0))]
    pub not_counted: u32,
}

impl From<PersonOfCase> for PersonOfCaseView {
    fn from(person: PersonOfCase) -> Self {
        Self {
            index: person.index,
            person_id: person.person_id,
            name: person.name,
            role: person.role,
            role_label: person.role.label(),
            verified: person.verified.map(VerificationView::from),
            candidates: person.candidates.into_iter().map(CandidateView::from).collect(),
            in_month: person.in_month.map(|month| InMonthView {
                ordinal: month.ordinal,
                not_counted: month.look_alikes,
            }),
        }
    }
}

impl From<Verification> for VerificationView {
    fn from(verified: Verification) -> Self {
        Self {
            by: verified.by.map(|(id, name)| PersonRef { id, name }),
            on: verified.on,
            means: verified.means,
            means_label: verified.means.label(),
        }
    }
}

impl From<Candidate> for CandidateView {
    fn from(candidate: Candidate) -> Self {
        let cases = candidate.cases.into_iter();
        Self {
            person_id: candidate.person_id,
            why: match (candidate.same_document, candidate.verified) {
                (true, true) => "证件相同，本件尚未核验",
                (true, false) => "证件号码相同，均未核验",
                (false, true) => "姓名相同，证件不同",
                (false, false) => "姓名相同，对方尚未核验",
            },
            verified: candidate.verified,
            cases: cases.map(|(id, number)| CandidateCaseView { id, number }).collect(),
        }
    }
}
