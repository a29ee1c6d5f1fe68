//! Documents: keeping what was uploaded, finding it again for those who may read it, and giving it to a case.
//!
//! What arrives is first a file of its own, then a content in the store, then a row: a crash between them leaves
//! something that [`super::housekeeping`] clears away, never a row without its content.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::desk::Desk;
use super::opening::open;
use super::sight::{Seen, sight};
use crate::documents::{Blobs, Spooled};
use crate::domain::case::papers::Paper;
use crate::domain::case::{CaseData, DocumentAttached, Instruction, Submission};
use crate::domain::document::{Mention, NAMED_MAX, Purpose, mentioned_in, no_document, too_many};
use crate::domain::people::access::{Actor, Holding, Visibility, may_read_document};
use crate::domain::people::party::Mask;
use crate::domain::words::ids::{CaseId, DocumentId};
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::random;
pub use crate::store::documents::DocumentRow;
use crate::store::documents::{
    NewDocument, blob_is_used, blob_touch, document_cases, document_delete, document_fetch, document_insert,
    documents_find, unattached_bytes,
};
use crate::store::instruments::{InstrumentRow, instrument_of_document};
use crate::store::{Db, Store, Tx};

/// Whether the person may upload for this purpose.
///
/// # Errors
/// `Forbidden` for people who neither apply nor work on cases; `Fields` for a purpose that is the agency's.
pub fn check_uploader(actor: &Actor, purpose: Option<Purpose>) -> Result<(), Error> {
    if !actor.applicant && !actor.is_staff() {
        return Err(Error::Forbidden {
            detail: Bilingual::new(
                "上传文件需要申请人身份，或者办理案件的角色。",
                "Uploading needs an applicant's profile or a role in the handling of cases.",
            ),
        });
    }
    match purpose {
        Some(purpose) if !purpose.is_applicants() && !actor.is_staff() => {
            Err(Error::field(Purpose::not_applicants("/purpose")))
        }
        _ => Ok(()),
    }
}

/// What one person may have uploaded that no case holds.
fn check_quota(db: &mut Db, actor: &Actor, bytes: u64, quota: u64) -> Result<(), Error> {
    if unattached_bytes(db, actor.user_id)?.saturating_add(bytes) > quota {
        return Err(Error::QuotaExceeded { quota });
    }
    Ok(())
}

/// Puts the content of an upload into the store. No transaction is open while it is copied.
///
/// # Errors
/// `QuotaExceeded`; `Unavailable` when the store takes nothing now.
pub fn content_keep(
    store: &Store,
    blobs: &Blobs,
    now: DateTime<Utc>,
    actor: &Actor,
    file: &Spooled,
    quota: u64,
) -> Result<(), Error> {
    store.write(|tx| {
        // A content that is there takes no more room, and the answer to a repeated request must not hang on it.
        if !blob_is_used(tx, &file.sha256)? {
            check_quota(tx, actor, file.bytes, quota)?;
        }
        // The row comes first: clean-up looks for contents by their rows.
        Ok::<_, Error>(blob_touch(tx, &file.sha256, file.bytes, now)?)
    })?;
    Ok(blobs.put(&file.sha256, file.file(), file.bytes)?)
}

/// Adds a document whose content was kept before.
///
/// Clean-up may have deleted the content in between. It deletes only while it holds the row of the content, as this
/// transaction does from here on: what is there now stays, and what is not is put there again.
///
/// # Errors
/// `QuotaExceeded`; failures of the store and of the database.
pub fn document_add(
    tx: &mut Tx<'_>,
    blobs: &Blobs,
    now: DateTime<Utc>,
    actor: &Actor,
    purpose: Purpose,
    file: &Spooled,
    quota: u64,
) -> Result<DocumentRow, Error> {
    blob_touch(tx, &file.sha256, file.bytes, now)?;
    blobs.put(&file.sha256, file.file(), file.bytes)?;
    check_quota(tx, actor, file.bytes, quota)?;
    let new = NewDocument {
        id: random::id(now),
        sha256: &file.sha256,
        purpose,
        name: &file.name,
        media_type: file.media_type,
        bytes: file.bytes,
        uploaded_by: actor.user_id,
        uploaded_at: now,
        case_id: None,
    };
    document_insert(tx, &new)?;
    Ok(document_fetch(tx, new.id)?)
}

/// A document that the person may read.
///
/// # Errors
/// `NotFound` when there is none, or it is not for this person.
pub fn document_sight(db: &mut Db, desk: &Desk, actor: &Actor, id: DocumentId) -> Result<DocumentRow, Error> {
    let row = document_fetch(db, id)?;
    if let Some(instrument) = instrument_of_document(db, id)? {
        return match instrument_sight(db, actor, &instrument)? {
            true => Ok(row),
            false => Err(Error::NotFound),
        };
    }
    let mut held_by: Vec<(Visibility, bool)> = Vec::new();
    for case_id in document_cases(db, id)? {
        held_by.push(holding(db, desk, actor, case_id, id)?);
    }
    let held_by = held_by.iter().map(|(visibility, released)| Holding {
        visibility,
        released: *released,
    });
    if may_read_document(actor.user_id, row.uploaded_by(), row.purpose(), held_by) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// Whether the person may read an instrument: whoever works on its case, and the applicant what went out to him.
///
/// # Errors
/// Failures of the database.
pub fn instrument_sight(db: &mut Db, actor: &Actor, instrument: &InstrumentRow) -> Result<bool, Error> {
    match sight(db, actor, instrument.case_id()) {
        Ok(sight) => Ok(!sight.is_applicant() || instrument.is_applicants()),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a case that holds the document is to the person. Only for the applicant it matters what was released.
fn holding(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    case_id: CaseId,
    id: DocumentId,
) -> Result<(Visibility, bool), Error> {
    let sight = match sight(db, actor, case_id) {
        Ok(sight) => sight,
        Err(Error::NotFound) => return Ok((Visibility::None, false)),
        Err(error) => return Err(error),
    };
    let released = sight.is_applicant()
        && open(db, desk, &sight.row)?
            .case
            .data()
            .released
            .contains(&id.to_string());
    Ok((sight.visibility, released))
}

/// The papers of a case that the person in front of it may read, in the order in which they came.
pub fn readable(seen: &Seen) -> Vec<Paper<'_>> {
    let Some(user_id) = seen.sight.user_id() else {
        return Vec::new();
    };
    let released = &seen.case.data().released;
    let mut papers = seen.case.papers();
    papers.retain(|Paper { document, .. }| {
        let holding = Holding {
            visibility: &seen.sight.visibility,
            released: released.contains(&document.id),
        };
        may_read_document(user_id, document.uploaded_by, document.purpose, [holding])
    });
    papers
}

/// Deletes a document of one's own that no case holds.
///
/// # Errors
/// `NotFound`; `Conflict` when a case holds it.
pub fn document_discard(tx: &mut Tx<'_>, desk: &Desk, actor: &Actor, id: DocumentId) -> Result<(), Error> {
    document_sight(tx, desk, actor, id)?;
    if document_delete(tx, id)? {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "document_attached",
        detail: Bilingual::new(
            "这份文件已成为案件材料，不能删除；放错的请由承办人员在案件中说明。",
            "A case holds this document; it cannot be deleted.",
        ),
    })
}

/// What a body names, where documents are named and in its texts.
#[derive(Debug, Default)]
pub struct Named {
    documents: Vec<(String, String)>,
    mentions: Vec<Mention>,
}

impl Named {
    /// The documents that an application names.
    ///
    /// # Errors
    /// More than [`NAMED_MAX`].
    pub fn in_submission(submission: &Submission) -> Result<Self, FieldError> {
        let ids = &submission.document_ids;
        if ids.len() > NAMED_MAX {
            return Err(too_many("/document_ids", ids.len()));
        }
        let ids = ids.iter().enumerate();
        let named = ids.map(|(index, id)| (format!("/document_ids/{index}"), id.clone()));
        let applicant = submission.applicant.documents();
        let applicant = applicant.map(|(pointer, id)| (format!("/applicant{pointer}"), id.to_string()));
        let documents: Vec<_> = named.chain(applicant).collect();
        let mut mentions = mentioned_in(&serde_json::to_value(submission).unwrap_or_default());
        mentions.retain(|mention| documents.iter().all(|(pointer, _)| *pointer != mention.pointer));
        Ok(Self { documents, mentions })
    }

    /// The documents that an action names.
    pub fn in_action(instruction: &Instruction) -> Self {
        let named = instruction.named_documents().into_iter();
        Self {
            documents: named.map(|(pointer, id)| (pointer, id.clone())).collect(),
            mentions: instruction.mentions(),
        }
    }
}

/// What a person may name among the documents that a body names.
#[derive(Debug, Default)]
pub struct Attachable {
    /// Held by the case already, or free to be taken by it.
    pub known: BTreeSet<String>,
    /// Those that the case takes with this body, each once.
    pub attached: Vec<DocumentAttached>,
    /// One error for every name that stands for nothing.
    pub missing: Vec<FieldError>,
    /// One error for every text that is the id of a document which this person cannot give to the case.
    pub out_of_reach: Vec<FieldError>,
}

/// Finds the documents that a command or an application (`case` is `None`) names: those of the case, and those that this
/// person may give to it. An id in a text that no document has is a text.
///
/// # Errors
/// `Fields` when the case would hold more than its quota.
pub fn attachable(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    case: Option<&CaseData>,
    named: Named,
) -> Result<Attachable, Error> {
    let Named { documents, mentions } = named;
    let held = |id: &str| case.is_some_and(|case| case.holds(id));
    let named = documents.iter().filter(|(_, id)| !held(id));
    // An id counts only in its written form, in which it is compared later.
    let ids = named.filter_map(|(_, id)| id.parse().ok().filter(|parsed: &DocumentId| parsed.to_string() == *id));
    let ids: BTreeSet<DocumentId> = ids.chain(mentions.iter().map(|mention| mention.id)).collect();
    let rows = documents_find(db, ids)?.into_iter();
    let mut taking = Taking {
        found: Attachable::default(),
        others: rows.map(|row| (row.id().to_string(), row)).collect(),
        bytes: case.map_or(0, |case| case.documents.iter().map(|document| document.bytes).sum()),
        quota: desk.case_quota_bytes,
    };
    for (pointer, id) in documents {
        if held(&id) {
            taking.found.known.insert(id);
            continue;
        }
        let row = taking.others.get(&id);
        let may = match row {
            Some(row) => may_give(actor, row) || is_colleagues(db, actor, row)?,
            None => false,
        };
        if !may || !taking.takes(&pointer, &id)? {
            taking.found.missing.push(no_document(pointer));
        }
    }
    for Mention { pointer, id, alone } in mentions {
        let id = id.to_string();
        let stays = |row: &DocumentRow| row.case_id().is_some() && !alone;
        let may = taking.others.get(&id).is_some_and(|row| may_give(actor, row));
        if held(&id) || may && taking.takes(&pointer, &id)? || taking.others.get(&id).is_none_or(stays) {
            continue;
        }
        taking.found.out_of_reach.push(no_document(pointer));
    }
    Ok(taking.found)
}

/// A case taking the documents that somebody gives to it.
struct Taking {
    found: Attachable,
    /// Those that are named and that the case does not hold.
    others: BTreeMap<String, DocumentRow>,
    bytes: u64,
    quota: u64,
}

impl Taking {
    /// Takes a document, if there is one under this id.
    fn takes(&mut self, pointer: &str, id: &str) -> Result<bool, Error> {
        if self.found.known.contains(id) {
            return Ok(true);
        }
        let Some(row) = self.others.get(id) else {
            return Ok(false);
        };
        self.bytes = self.bytes.saturating_add(row.bytes());
        if self.bytes > self.quota {
            return Err(Error::field(over_quota(pointer, self.quota)));
        }
        self.found.known.insert(id.to_owned());
        self.found.attached.push(DocumentAttached {
            id: id.to_owned(),
            purpose: row.purpose(),
            media_type: row.media_type(),
            bytes: row.bytes(),
            uploaded_by: row.uploaded_by(),
            uploaded_at: row.uploaded_at(),
            sha256: row.sha256.clone(),
            name: row.name.clone(),
            from_case: row.case_id(),
        });
        Ok(true)
    }
}

/// Whether the document is this person's to give to a case: an upload that no case holds, an authorisation, which an agent
/// shows again with each application, and what staff scanned: one list of the post office proves many deliveries.
fn may_give(actor: &Actor, row: &DocumentRow) -> bool {
    let again = row.purpose() == Purpose::Authorisation || actor.is_staff();
    row.uploaded_by() == actor.user_id && (row.case_id().is_none() || again)
}

/// Whether a case holds the document on which the person works as clerk or officer: one paper answers several applications,
/// whoever scanned it.
fn is_colleagues(db: &mut Db, actor: &Actor, row: &DocumentRow) -> Result<bool, Error> {
    let Some(holder) = row.case_id() else {
        return Ok(false);
    };
    match sight(db, actor, holder) {
        Ok(sight) => Ok(!sight.is_applicant() && sight.mask() == Mask::ContactClear),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn over_quota(pointer: &str, quota: u64) -> FieldError {
    let megabytes = quota / (1024 * 1024);
    FieldError::new(
        pointer,
        format!("本案的文件合计不能超过 {megabytes} MB。请压缩文件，或者只提交必要的文件。"),
        format!("The documents of a case may have {megabytes} MB together; compress them or name fewer."),
    )
}
