//! Which case holds which document: rows that follow the log, and what an audit reads of it.

use std::collections::BTreeSet;

use diesel::dsl::{exists, not};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Deserialize;

use crate::domain::case::{Case, DocumentAttached, Event, LoggedEvent};
use crate::domain::document::mentioned_in;
use crate::domain::words::ids::{CaseId, DocumentId};
use crate::store::connection::Db;
use crate::store::documents::{NewDocument, blob_touch, document_attach, document_find, document_insert};
use crate::store::key::Key;
use crate::store::schema::{case_documents, case_events, documents, instrument_files};
use crate::store::{StoreError, Tx};

const CODE: &str = "document_attached";

fn document_id(document: &DocumentAttached) -> Result<DocumentId, StoreError> {
    let unreadable = |_| StoreError::Corrupt(format!("document id {}", document.id));
    document.id.parse().map_err(unreadable)
}

/// Makes the documents that these events speak of the case's.
///
/// # Errors
/// [`StoreError::Contended`] when another case took one of them at the same moment: begun again, the command is told so.
pub(super) fn attach(tx: &mut Tx<'_>, case_id: CaseId, events: &[LoggedEvent]) -> Result<(), StoreError> {
    for logged in events {
        let Event::DocumentAttached(document) = &logged.event else {
            continue;
        };
        let id = document_id(document)?;
        match document.from_case {
            None if !document_attach(tx, id, case_id)? => {
                return Err(StoreError::Contended(diesel::result::Error::RollbackTransaction));
            }
            // It has been held since a text of the log named it.
            Some(holder) if holder == case_id => {}
            _ => insert(tx, case_id, id)?,
        }
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, case_id: CaseId, document_id: DocumentId) -> Result<(), StoreError> {
    diesel::insert_into(case_documents::table)
        .values((
            case_documents::case_id.eq(Key(case_id)),
            case_documents::document_id.eq(Key(document_id)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Brings the rows of a case's documents into agreement with its log; returns whether anything changed.
///
/// # Errors
/// Failures of the database.
pub(super) fn documents_changed(tx: &mut Tx<'_>, case: &Case) -> Result<bool, StoreError> {
    let mut changed = false;
    let mut wanted = BTreeSet::new();
    let mut own = BTreeSet::new();
    for document in &case.data().documents {
        let id = document_id(document)?;
        wanted.insert(id);
        let holder = document.from_case.unwrap_or(case.id());
        if holder == case.id() {
            own.insert(id);
        }
        changed |= document_row_changed(tx, document, id, holder)?;
    }
    // The files of instruments are the case's beside its log.
    let made_here = exists(instrument_files::table.filter(instrument_files::document_id.eq(documents::id)));
    let claimed: Vec<Key<DocumentId>> = documents::table
        .filter(documents::case_id.eq(Key(case.id())))
        .filter(not(made_here))
        .order(documents::id)
        .select(documents::id)
        .load(&mut **tx)?;
    let mut others: Vec<DocumentId> = claimed.into_iter().map(|key| key.0).collect();
    others.retain(|id| !own.contains(id));
    if !others.is_empty() {
        // Earlier builds wrote an id into a text and told no more of the document.
        let mentioned = mentioned_by(case)?;
        wanted.extend(others.iter().filter(|id| mentioned.contains(id)));
        others.retain(|id| !mentioned.contains(id));
    }
    for id in others {
        diesel::update(documents::table.find(Key(id)))
            .set(documents::case_id.eq(None::<Key<CaseId>>))
            .execute(&mut **tx)?;
        changed = true;
    }
    let held: Vec<Key<DocumentId>> = case_documents::table
        .filter(case_documents::case_id.eq(Key(case.id())))
        .order(case_documents::document_id)
        .select(case_documents::document_id)
        .load(&mut **tx)?;
    if held.into_iter().map(|key| key.0).collect::<BTreeSet<_>>() != wanted {
        changed = true;
        diesel::delete(case_documents::table.filter(case_documents::case_id.eq(Key(case.id())))).execute(&mut **tx)?;
        for id in wanted {
            insert(tx, case.id(), id)?;
        }
    }
    Ok(changed)
}

/// The documents whose ids stand in the texts of the log.
fn mentioned_by(case: &Case) -> Result<BTreeSet<DocumentId>, StoreError> {
    let mut mentioned = BTreeSet::new();
    for logged in case.log() {
        let data = logged.event.data();
        let data = data.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        mentioned.extend(mentioned_in(&data).into_iter().map(|mention| mention.id));
    }
    Ok(mentioned)
}

/// The row of one document: made again where it is lost, and held by the case that took it first.
fn document_row_changed(
    tx: &mut Tx<'_>,
    document: &DocumentAttached,
    id: DocumentId,
    holder: CaseId,
) -> Result<bool, StoreError> {
    match document_find(tx, id)? {
        Some(row) if row.case_id() == Some(holder) => Ok(false),
        Some(_) => {
            diesel::update(documents::table.find(Key(id)))
                .set(documents::case_id.eq(Key(holder)))
                .execute(&mut **tx)?;
            Ok(true)
        }
        None => {
            blob_touch(tx, &document.sha256, document.bytes, document.uploaded_at)?;
            let new = NewDocument {
                id,
                sha256: &document.sha256,
                purpose: document.purpose,
                name: &document.name,
                media_type: document.media_type,
                bytes: document.bytes,
                uploaded_by: document.uploaded_by,
                uploaded_at: document.uploaded_at,
                case_id: Some(holder),
            };
            document_insert(tx, &new)?;
            Ok(true)
        }
    }
}

/// A content that the log of a case speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedContent {
    pub case_id: CaseId,
    pub seq: i64,
    pub sha256: String,
}

/// The part of the entry's data that an audit needs; a private name may be erased.
#[derive(Deserialize)]
struct Told {
    sha256: String,
    from_case: Option<CaseId>,
}

/// The contents that the logs of these cases speak of, each with the whole that took it first.
///
/// # Errors
/// [`StoreError::Log`].
pub(super) fn attached_contents(
    db: &mut Db,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<Vec<AttachedContent>, StoreError> {
    let cases: Vec<Key<CaseId>> = cases.into_iter().map(Key).collect();
    let told = case_events::case_id.eq_any(cases).and(case_events::event.eq(CODE));
    let rows: Vec<(Key<CaseId>, i64, String)> = case_events::table
        .filter(told)
        .order((case_events::case_id, case_events::seq))
        .select((case_events::case_id, case_events::seq, case_events::data))
        .load(db)?;
    let mut contents = Vec::new();
    for (case_id, seq, data) in rows {
        let told: Told = serde_json::from_str(&data).map_err(|error| StoreError::Log {
            case_id: case_id.0,
            seq,
            reason: error.to_string(),
        })?;
        if told.from_case.is_none() {
            contents.push(AttachedContent {
                case_id: case_id.0,
                seq,
                sha256: told.sha256,
            });
        }
    }
    Ok(contents)
}
