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
use crate::domain::case::{CaseData, Command, DocumentAttached, Submission};
use crate::domain::document::{Purpose, no_document};
use crate::domain::people::access::{Actor, Holding, Visibility, may_read_document};
use crate::domain::words::ids::{CaseId, DocumentId};
use crate::domain::words::text::{Bilingual, FieldError};
use crate::error::Error;
use crate::random;
pub use crate::store::documents::DocumentRow;
use crate::store::documents::{
    NewDocument, blob_is_used, blob_touch, document_cases, document_delete, document_fetch, document_insert,
    documents_find, unattached_bytes,
};
use crate::store::{Db, Store, StoreError, Tx};

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
        Some(purpose) if !purpose.is_applicants() && !actor.is_staff() => Err(Error::field(FieldError::new(
            "/purpose",
            "申请人上传的文件，用途请选择身份证明、申请书、授权委托书或者证明材料。",
            "Applicants upload with the purpose identity, application, authorisation or evidence.",
        ))),
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

/// The documents of a case that the person in front of it may read, in the order in which they came.
pub fn readable(seen: &Seen) -> Vec<&DocumentAttached> {
    let data = seen.case.data();
    let Some(user_id) = seen.sight.user_id() else {
        return Vec::new();
    };
    data.documents
        .iter()
        .filter(|document| {
            let holding = Holding {
                visibility: &seen.sight.visibility,
                released: data.released.contains(&document.id),
            };
            may_read_document(user_id, document.uploaded_by, document.purpose, [holding])
        })
        .collect()
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

/// Most documents that one body may name.
pub const NAMED_MAX: usize = 500;

fn too_many(pointer: &str, count: usize) -> FieldError {
    FieldError::new(
        pointer,
        format!("一次最多列出 {NAMED_MAX} 份文件，现有 {count} 份。请合并文件，或者分次提交。"),
        format!("At most {NAMED_MAX} documents at once; there are {count}. Join files, or hand in the others later."),
    )
}

/// The documents that an application names.
///
/// # Errors
/// More than [`NAMED_MAX`].
pub fn named_in(submission: &Submission) -> Result<Vec<(String, String)>, FieldError> {
    let ids = &submission.document_ids;
    if ids.len() > NAMED_MAX {
        return Err(too_many("/document_ids", ids.len()));
    }
    let ids = ids.iter().enumerate();
    let named = ids.map(|(index, id)| (format!("/document_ids/{index}"), id.clone()));
    let agent = submission.applicant.agent.as_ref().map(|agent| {
        (
            "/applicant/agent/authorisation_document_id".to_owned(),
            agent.authorisation_document_id.to_string(),
        )
    });
    Ok(named.chain(agent).collect())
}

/// The documents that a command names.
///
/// # Errors
/// `Fields` for more than [`NAMED_MAX`].
pub fn named_by(command: &Command) -> Result<Vec<(String, &String)>, Error> {
    let named = command.named_documents();
    if named.len() <= NAMED_MAX {
        return Ok(named);
    }
    let pointer = match command {
        Command::DraftReply(_) => "/items",
        _ => "/document_ids",
    };
    Err(Error::field(too_many(pointer, named.len())))
}

/// What a person may name among the documents that a command names.
#[derive(Debug, Default)]
pub struct Attachable {
    /// Held by the case already, or free to be taken by it.
    pub known: BTreeSet<String>,
    /// Those that the case takes with this command, each once.
    pub attached: Vec<DocumentAttached>,
    /// One error for every name that stands for nothing.
    pub missing: Vec<FieldError>,
}

/// Finds the documents that a command or an application (`case` is `None`) names: those of the case, and those that this
/// person uploaded and no case holds.
///
/// # Errors
/// `Fields` when the case would hold more than its quota.
pub fn attachable<S: AsRef<str>>(
    db: &mut Db,
    desk: &Desk,
    actor: &Actor,
    case: Option<&CaseData>,
    named: Vec<(String, S)>,
) -> Result<Attachable, Error> {
    let mut found = Attachable::default();
    let held = |id: &str| case.is_some_and(|case| case.holds(id));
    let others = named.iter().map(|(_, id)| id.as_ref()).filter(|id| !held(id));
    let mut free = free_documents(db, actor, others)?;
    let mut bytes = case.map_or(0, |case| {
        case.documents.iter().map(|document| document.bytes).sum::<u64>()
    });
    for (pointer, id) in named {
        let id = id.as_ref();
        if found.known.contains(id) {
            continue;
        }
        if held(id) {
            found.known.insert(id.to_owned());
            continue;
        }
        let Some(row) = free.remove(id) else {
            found.missing.push(no_document(pointer));
            continue;
        };
        bytes = bytes.saturating_add(row.bytes());
        if bytes > desk.case_quota_bytes {
            return Err(Error::field(over_quota(pointer, desk.case_quota_bytes)));
        }
        found.known.insert(id.to_owned());
        let from_case = row.case_id();
        found.attached.push(DocumentAttached {
            id: id.to_owned(),
            purpose: row.purpose(),
            media_type: row.media_type(),
            bytes: row.bytes(),
            uploaded_by: row.uploaded_by(),
            uploaded_at: row.uploaded_at(),
            sha256: row.sha256,
            name: row.name,
            from_case,
        });
    }
    Ok(found)
}

/// Documents that this person uploaded and may give to a case: those that no case holds, and authorisations, which an
/// agent shows again with each application. An id counts only in its written form, in which it is compared later.
fn free_documents<'a>(
    db: &mut Db,
    actor: &Actor,
    named: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, DocumentRow>, StoreError> {
    let ids: BTreeSet<DocumentId> = named
        .filter_map(|id| id.parse().ok().filter(|parsed: &DocumentId| parsed.to_string() == id))
        .collect();
    let free = |row: &DocumentRow| row.case_id().is_none() || row.purpose() == Purpose::Authorisation;
    Ok(documents_find(db, ids)?
        .into_iter()
        .filter(|row| row.uploaded_by() == actor.user_id && free(row))
        .map(|row| (row.id().to_string(), row))
        .collect())
}

fn over_quota(pointer: String, quota: u64) -> FieldError {
    let megabytes = quota / (1024 * 1024);
    FieldError::new(
        pointer,
        format!("本案的文件合计不能超过 {megabytes} MB。请压缩文件，或者只提交必要的文件。"),
        format!("The documents of a case may have {megabytes} MB together; compress them or name fewer."),
    )
}
