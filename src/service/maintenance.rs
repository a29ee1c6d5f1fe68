//! What operators do with all cases at once: make every projection from the log again, and verify every log with the
//! contents it speaks of.
//!
//! Page by page, one transaction each, so that both run beside the service.

use crate::documents::{Blobs, Integrity};
use crate::domain::words::ids::CaseId;
use crate::error::Error;
use crate::service::law::LawBook;
use crate::store::cases::log::BadEntry;
use crate::store::cases::rebuild::{audit_page, rebuild_page};
use crate::store::cases::{CaseRow, case_row};
use crate::store::{Store, StoreError};

/// What a rebuild did.
#[derive(Debug, Clone, Default)]
pub struct RebuildSummary {
    pub cases: u64,
    /// The cases whose projection differed from the log and was put right.
    pub changed: Vec<CaseName>,
}

/// A case as operators speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseName {
    pub id: CaseId,
    /// The case number, before receipt the intake number.
    pub number: String,
}

impl From<CaseRow> for CaseName {
    fn from(row: CaseRow) -> Self {
        Self {
            id: row.id(),
            number: row.number.unwrap_or(row.intake_number),
        }
    }
}

/// Makes all projections from the logs.
///
/// # Errors
/// A log that cannot be read, which the audit names; failures of the database.
pub fn rebuild(store: &Store, book: &LawBook) -> Result<RebuildSummary, Error> {
    let mut summary = RebuildSummary::default();
    let mut after = None;
    loop {
        let (page, names) = store.write(|tx| {
            let page = rebuild_page(tx, &book.law(), after)?;
            let mut names = Vec::new();
            for id in &page.changed {
                names.push(CaseName::from(case_row(tx, *id)?));
            }
            Ok::<_, StoreError>((page, names))
        })?;
        summary.cases = summary.cases.saturating_add(page.cases);
        summary.changed.extend(names);
        match page.last {
            Some(last) => after = Some(last),
            None => return Ok(summary),
        }
    }
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditVerdict {
    Sound { cases: u64, documents: u64 },
    Broken { case: CaseName, entry: BadEntry },
}

/// Verifies the chains of all cases up to the first bad entry, that each can be read, and reads every content that they speak of again.
///
/// # Errors
/// Failures of the database and of the store of contents.
pub fn audit(store: &Store, book: &LawBook, blobs: &Blobs) -> Result<AuditVerdict, Error> {
    let mut cases: u64 = 0;
    let mut documents: u64 = 0;
    let mut after = None;
    loop {
        let (page, bad) = store.at_one_moment().read(|db| {
            let page = audit_page(db, &book.law(), after)?;
            let bad = match &page.bad {
                Some(entry) => Some((CaseName::from(case_row(db, entry.case_id)?), entry.clone())),
                None => None,
            };
            Ok::<_, StoreError>((page, bad))
        })?;
        cases = cases.saturating_add(page.cases);
        if let Some((case, entry)) = bad {
            return Ok(AuditVerdict::Broken { case, entry });
        }
        for content in &page.contents {
            documents = documents.saturating_add(1);
            if let Some(reason) = content_fault(blobs, &content.sha256)? {
                let entry = BadEntry {
                    case_id: content.case_id,
                    seq: content.seq,
                    reason: reason.into(),
                };
                let case = store.read(|db| Ok::<_, StoreError>(CaseName::from(case_row(db, content.case_id)?)))?;
                return Ok(AuditVerdict::Broken { case, entry });
            }
        }
        match page.last {
            Some(last) => after = Some(last),
            None => return Ok(AuditVerdict::Sound { cases, documents }),
        }
    }
}

fn content_fault(blobs: &Blobs, sha256: &str) -> Result<Option<&'static str>, Error> {
    Ok(match blobs.verify(sha256)? {
        Integrity::Intact => None,
        Integrity::Missing => Some("the content of its document is missing"),
        Integrity::Changed => Some("the content of its document was changed"),
    })
}
