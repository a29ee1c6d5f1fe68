//! The instruments of a case as they are read: with their files, and to staff with the reply that is being drafted.

use super::desk::Desk;
use super::opening::open;
use super::sight::Sight;
use crate::domain::case::State;
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::error::Error;
use crate::store::Db;
use crate::store::documents::{DocumentRow, documents_find};
use crate::store::drafts::{DraftRow, draft_of_entry};
use crate::store::instruments::{FileRow, InstrumentRow, files_of, instrument_fetch, instruments_of_case};

/// The instruments of a case with what is known of their files.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    pub rows: Vec<InstrumentRow>,
    pub files: Vec<FileRow>,
    pub documents: Vec<DocumentRow>,
    /// The reply that is being drafted.
    pub draft: Option<DraftRow>,
}

impl Papers {
    /// The files of one of them; of a combined reply those that all share.
    pub fn files_of<'a>(&'a self, row: &InstrumentRow) -> impl Iterator<Item = (&'a FileRow, &'a DocumentRow)> {
        let own = row.same_as().unwrap_or(row.id());
        let files = self.files.iter().filter(move |file| file.instrument_id() == own);
        files.filter_map(|file| {
            let document = self
                .documents
                .iter()
                .find(|document| document.id() == file.document_id());
            Some((file, document?))
        })
    }

    /// How long the print of one of them is, where it is printed.
    pub fn pages(&self, row: &InstrumentRow) -> Option<u32> {
        let pages = self.files_of(row).find_map(|(file, _)| file.pages);
        pages.and_then(|pages| u32::try_from(pages).ok())
    }

    pub(super) fn of(db: &mut Db, rows: Vec<InstrumentRow>) -> Result<Self, Error> {
        let ids: Vec<InstrumentId> = rows.iter().map(|row| row.same_as().unwrap_or(row.id())).collect();
        let files = match ids.is_empty() {
            true => Vec::new(),
            false => files_of(db, &ids)?,
        };
        let documents = documents_find(db, files.iter().map(FileRow::document_id))?;
        Ok(Self {
            rows,
            files,
            documents,
            draft: None,
        })
    }
}

/// The instruments of the case in sight, in the order of its log; to the applicant those that went out to him.
///
/// # Errors
/// Failures of the database.
pub fn instruments(db: &mut Db, sight: &Sight) -> Result<Papers, Error> {
    let mut rows = instruments_of_case(db, sight.row.id())?;
    rows.retain(|row| !sight.is_applicant() || row.is_applicants());
    Papers::of(db, rows)
}

/// Those, and to staff the reply that is being drafted.
///
/// # Errors
/// Failures of the database.
pub fn instruments_and_draft(db: &mut Db, desk: &Desk, sight: &Sight) -> Result<Papers, Error> {
    let draft = present_draft(db, desk, sight)?;
    Ok(Papers {
        draft,
        ..instruments(db, sight)?
    })
}

/// Those that one entry of a case left.
///
/// # Errors
/// Failures of the database.
pub fn instruments_of_entry(db: &mut Db, case_id: CaseId, seq: i64) -> Result<Papers, Error> {
    let mut rows = instruments_of_case(db, case_id)?;
    rows.retain(|row| row.seq == seq);
    Papers::of(db, rows)
}

/// The instrument of a case in sight whose files are read: of a combined reply, the one that all of them share.
///
/// # Errors
/// `NotFound` for one of another case, or one that is not for the person.
pub fn instrument_in(db: &mut Db, sight: &Sight, id: InstrumentId) -> Result<InstrumentId, Error> {
    let row = instrument_fetch(db, id)?;
    let own = row.case_id() == sight.row.id() && (!sight.is_applicant() || row.is_applicants());
    match own {
        true => Ok(row.same_as().unwrap_or(id)),
        false => Err(Error::NotFound),
    }
}

/// The draft that the case has now, to its staff; none where nothing is drafted.
///
/// # Errors
/// Failures of the database.
pub fn present_draft(db: &mut Db, desk: &Desk, sight: &Sight) -> Result<Option<DraftRow>, Error> {
    let drafting = matches!(
        sight.row.state(),
        State::InProgress | State::InReview | State::InApproval
    );
    if sight.is_applicant() || !drafting {
        return Ok(None);
    }
    let opened = open(db, desk, &sight.row)?;
    match &opened.case.data().draft {
        Some(draft) => Ok(draft_of_entry(db, sight.row.id(), i64::from(draft.seq))?),
        None => Ok(None),
    }
}
