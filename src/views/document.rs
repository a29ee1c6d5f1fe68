//! A document without its content.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::PersonRef;
use crate::domain::case::papers::Paper;
use crate::domain::civil_date;
use crate::domain::document::Purpose;
use crate::domain::words::ids::UserId;
use crate::service::sight::Seen;
use crate::store::documents::DocumentRow;

/// A document without its content.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    #[schema(value_type = String, format = "uuid", examples("01997000-0000-7000-8000-000000000001"))]
    pub id: String,
    #[schema(examples("申请书.pdf"))]
    pub name: String,
    #[schema(examples("application/pdf"))]
    pub media_type: &'static str,
    #[schema(examples(52431))]
    pub bytes: u64,
    #[schema(examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))]
    pub sha256: String,
    pub purpose: Purpose,
    pub uploaded_on: NaiveDate,
    /// Who gave it to the case; only among the papers of a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_by: Option<PersonRef>,
    /// The day on which the case took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_on: Option<NaiveDate>,
    /// The entry of the log with which it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u32>,
}

impl From<&DocumentRow> for DocumentView {
    fn from(row: &DocumentRow) -> Self {
        Self {
            id: row.id().to_string(),
            name: row.name.clone(),
            media_type: row.media_type().code(),
            bytes: row.bytes(),
            sha256: row.sha256.clone(),
            purpose: row.purpose(),
            uploaded_on: civil_date(row.uploaded_at()),
            added_by: None,
            added_on: None,
            seq: None,
        }
    }
}

impl DocumentView {
    /// A paper of a case. An applicant is not told who of the agency entered it.
    pub(super) fn of(paper: &Paper<'_>, seen: &Seen) -> Self {
        let document = paper.document;
        let shown = |id: &UserId| !seen.sight.is_applicant() || seen.sight.user_id() == Some(*id);
        let added_by = paper.added_by.filter(shown);
        Self {
            id: document.id.clone(),
            name: document.name.clone(),
            media_type: document.media_type.code(),
            bytes: document.bytes,
            sha256: document.sha256.clone(),
            purpose: paper.purpose,
            uploaded_on: civil_date(document.uploaded_at),
            added_by: added_by.map(|id| PersonRef::of(id, seen)),
            added_on: Some(paper.added_on),
            seq: Some(paper.seq),
        }
    }
}
