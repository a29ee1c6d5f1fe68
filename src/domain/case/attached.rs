//! The documents of a case (归入案卷).

use crate::domain::document::{MediaType, Purpose};
use crate::domain::words::ids::{CaseId, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A document became one of the case (归入案卷): told before the entry that names it, so that the chain of hashes
/// covers its content. `from_case` is set where another case held it first: the whole of a part, or one that shows the same
/// paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentAttached {
    pub id: String,
    pub purpose: Purpose,
    pub media_type: MediaType,
    pub bytes: u64,
    pub sha256: String,
    pub name: String,
    pub uploaded_by: UserId,
    pub uploaded_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_case: Option<CaseId>,
}
