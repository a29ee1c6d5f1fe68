//! Drafts of replies as they were put into words. A version is added with the entry of the log that made it, and its text
//! never changes.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

use super::connection::Db;
use super::key::Key;
use super::schema::draft_papers;
use super::sql::Code;
use super::{StoreError, Tx};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::reply::RemedyClass;
use crate::domain::words::ids::{CaseId, DocumentId, InstrumentId};

/// A version of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DraftRow {
    _case_id: Key<CaseId>,
    /// The entry of the log that made it.
    pub seq: i64,
    instrument_id: Key<InstrumentId>,
    /// From 1, counted since the drafting of this reply began.
    pub version: i32,
    code: Code<InstrumentCode>,
    remedy: Code<RemedyClass>,
    /// The version of its template, 0 for the one that comes with the program.
    pub template_version: Option<i32>,
    /// JSON text of the facts and of the paper, its number and its day blank.
    pub frozen: String,
    document_id: Option<Key<DocumentId>>,
    /// JSON text: what is wrong with an edited file, so that it cannot be issued.
    pub faults: String,
}

impl DraftRow {
    /// The letter that the draft becomes.
    pub fn instrument_id(&self) -> InstrumentId {
        self.instrument_id.0
    }

    pub fn code(&self) -> InstrumentCode {
        self.code.0
    }

    pub fn remedy(&self) -> RemedyClass {
        self.remedy.0
    }

    /// The file that the office edited; none of what was drafted here.
    pub fn document_id(&self) -> Option<DocumentId> {
        self.document_id.map(|key| key.0)
    }
}

/// A version to be added.
#[derive(Debug, Clone)]
pub struct NewDraft {
    pub case_id: CaseId,
    pub seq: i64,
    pub instrument_id: InstrumentId,
    pub version: i32,
    pub code: InstrumentCode,
    pub remedy: RemedyClass,
    pub template_version: Option<i32>,
    pub frozen: String,
    pub document_id: Option<DocumentId>,
    pub faults: String,
}

/// Adds a version.
///
/// # Errors
/// Failures of the database.
pub fn draft_insert(tx: &mut Tx<'_>, new: &NewDraft) -> Result<(), StoreError> {
    diesel::insert_into(draft_papers::table)
        .values((
            draft_papers::case_id.eq(Key(new.case_id)),
            draft_papers::seq.eq(new.seq),
            draft_papers::instrument_id.eq(Key(new.instrument_id)),
            draft_papers::version.eq(new.version),
            draft_papers::code.eq(Code(new.code)),
            draft_papers::remedy.eq(Code(new.remedy)),
            draft_papers::template_version.eq(new.template_version),
            draft_papers::frozen.eq(&new.frozen),
            draft_papers::document_id.eq(new.document_id.map(Key)),
            draft_papers::faults.eq(&new.faults),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The version that an entry made; none of one from before drafts were kept.
///
/// # Errors
/// Failures of the database.
pub fn draft_of_entry(db: &mut Db, case_id: CaseId, seq: i64) -> Result<Option<DraftRow>, StoreError> {
    Ok(draft_papers::table
        .find((Key(case_id), seq))
        .get_result(db)
        .optional()?)
}

/// The versions of a letter that left and was taken back become those of another one.
///
/// # Errors
/// Failures of the database.
pub fn drafts_move(tx: &mut Tx<'_>, case_id: CaseId, from: InstrumentId, to: InstrumentId) -> Result<(), StoreError> {
    let of_letter = draft_papers::table
        .filter(draft_papers::case_id.eq(Key(case_id)))
        .filter(draft_papers::instrument_id.eq(Key(from)));
    diesel::update(of_letter)
        .set(draft_papers::instrument_id.eq(Key(to)))
        .execute(&mut **tx)?;
    Ok(())
}

/// The newest version that a case has, of whichever drafting.
///
/// # Errors
/// Failures of the database.
pub fn draft_newest(db: &mut Db, case_id: CaseId) -> Result<Option<DraftRow>, StoreError> {
    let newest = draft_papers::table
        .filter(draft_papers::case_id.eq(Key(case_id)))
        .order(draft_papers::seq.desc());
    Ok(newest.first(db).optional()?)
}

/// The versions of a letter in their order; none of what was never drafted here.
///
/// # Errors
/// Failures of the database.
pub fn drafts_of(db: &mut Db, case_id: CaseId, id: InstrumentId) -> Result<Vec<DraftRow>, StoreError> {
    Ok(draft_papers::table
        .filter(draft_papers::case_id.eq(Key(case_id)))
        .filter(draft_papers::instrument_id.eq(Key(id)))
        .order(draft_papers::seq)
        .load(db)?)
}
