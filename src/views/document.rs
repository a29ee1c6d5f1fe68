//! A document without its content.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::DocumentAttached;
use crate::domain::civil_date;
use crate::domain::document::Purpose;
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
        }
    }
}

impl From<&DocumentAttached> for DocumentView {
    fn from(document: &DocumentAttached) -> Self {
        Self {
            id: document.id.clone(),
            name: document.name.clone(),
            media_type: document.media_type.code(),
            bytes: document.bytes,
            sha256: document.sha256.clone(),
            purpose: document.purpose,
            uploaded_on: civil_date(document.uploaded_at),
        }
    }
}
