//! Drafts of replies (答复稿): each version is put into words with the entry that made it, so that whoever reviews and signs reads
//! what will leave. An office may edit the file in its own word processor and bring it back as the next version.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::approval::{Brought, DraftFault, faults_of};
use super::cases::{Asked, act};
use super::desk::Desk;
use super::directory::names_read;
use super::opening::open;
use super::papers::{instrument_in, present_draft};
use super::sight::{Seen, Sight};
use super::wording::paper_of;
use crate::documents::Spooled;
use crate::domain::case::Event;
use crate::domain::document::MediaType;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{InstrumentId, UserId};
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::papers::docx::{self, Edited, Limits};
use crate::papers::model::Paper;
use crate::store::documents::{DocumentRow, document_fetch};
use crate::store::drafts::{DraftRow, draft_newest, drafts_of};
use crate::store::instruments::{InstrumentRow, instrument_fetch};
use crate::store::{Db, StoreError, Tx};

/// Reads an edited file.
///
/// # Errors
/// `Fields` for what is no DOCX that a draft can be taken from; `StorageFull`, `Unavailable`.
pub fn edited_read(file: &Spooled) -> Result<Edited, Error> {
    let limits = Limits::default();
    let small = usize::try_from(file.bytes).is_ok_and(|bytes| bytes <= limits.file);
    let bytes = match small && file.media_type == MediaType::Docx {
        true => file.read_whole().map_err(Error::storage)?,
        false => Vec::new(),
    };
    docx::read(&bytes, limits).map_err(|error| {
        Error::field(FieldError::new(
            "/file",
            "这不是可以读取的 DOCX 文件，或者内容过大。请用 Word、WPS 或者 LibreOffice 打开系统给出的答复稿，修改后另存为 DOCX 再上传。",
            format!("No DOCX that a draft can be read from ({error}). Edit the file that the service gave, and save it as DOCX."),
        ))
    })
}

/// Takes an edited file as the newest version of the draft.
///
/// # Errors
/// Those of the action `edit_draft`.
pub fn draft_bring(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actor: &Actor,
    sight: Sight,
    brought: Brought,
    note: Option<&str>,
) -> Result<(Seen, DraftRow), Error> {
    let mut body = Map::new();
    body.insert("action".to_owned(), json!("edit_draft"));
    body.insert("document_id".to_owned(), json!(brought.document_id.to_string()));
    if let Some(note) = note {
        body.insert("note".to_owned(), json!(note));
    }
    let asked = Asked::read(Value::Object(body))?.with_edited(brought);
    let seen = act(tx, desk, actor, sight, asked)?;
    let row = draft_newest(tx, seen.case.id())?.ok_or_else(|| Error::internal("a version that was not kept"))?;
    Ok((seen, row))
}

/// Whether a letter is the draft of the case in sight: what is brought back belongs to it.
///
/// # Errors
/// `NotFound` for what was never drafted here, and where another draft took its place.
pub fn draft_in_sight(db: &mut Db, desk: &Desk, sight: &Sight, id: InstrumentId) -> Result<(), Error> {
    versions(db, sight, id)?;
    match present_draft(db, desk, sight)? {
        Some(present) if present.instrument_id() != id => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// A version with what its entry tells.
#[derive(Debug)]
pub struct VersionTold {
    pub row: DraftRow,
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub by: Option<(UserId, Arc<String>)>,
    pub note: Option<String>,
    pub faults: Vec<DraftFault>,
}

/// The versions of a letter as its reviewers see them: who made each, when, and what is wrong with it.
///
/// # Errors
/// Those of [`versions`].
pub fn versions_told(db: &mut Db, desk: &Desk, sight: &Sight, id: InstrumentId) -> Result<Vec<VersionTold>, Error> {
    let (rows, _) = versions(db, sight, id)?;
    let case = open(db, desk, &sight.row)?.case;
    let entry_of = |row: &DraftRow| case.log().iter().find(|logged| i64::from(logged.seq) == row.seq);
    let authors = rows.iter().filter_map(|row| entry_of(row)?.author.user_id);
    let names = names_read(db, authors.collect())?;
    let mut told = Vec::new();
    for row in rows {
        let Some(entry) = entry_of(&row) else {
            continue;
        };
        let by = entry.author.user_id;
        told.push(VersionTold {
            on: entry.occurred_on,
            at: entry.recorded_at,
            by: by.and_then(|id| Some((id, names.get(&id)?.clone()))),
            note: match &entry.event {
                Event::DraftEdited(edited) => edited.note.clone(),
                _ => None,
            },
            faults: faults_of(&row)?,
            row,
        });
    }
    Ok(told)
}

/// The versions of a letter of the case in sight, and the letter where it left.
///
/// # Errors
/// `NotFound` for what was never drafted here, and for applicants.
pub fn versions(db: &mut Db, sight: &Sight, id: InstrumentId) -> Result<(Vec<DraftRow>, Option<InstrumentRow>), Error> {
    if sight.is_applicant() {
        return Err(Error::NotFound);
    }
    let rows = drafts_of(db, sight.row.id(), id)?;
    let issued = match instrument_fetch(db, id) {
        Err(StoreError::NotFound) => None,
        row => Some(row?),
    };
    match rows.is_empty() {
        true => Err(Error::NotFound),
        false => Ok((rows, issued)),
    }
}

/// What there is to read of a letter.
#[derive(Debug)]
pub enum Readable {
    /// What was issued.
    Instrument(InstrumentId),
    /// The file of a draft as it was brought back.
    Document(Box<DocumentRow>),
    /// A draft, number and day blank.
    Draft(Box<Paper>),
}

/// A letter of the case in sight: the one that was issued, or the newest version of its draft.
///
/// # Errors
/// `NotFound` for one of another case, and for a draft to applicants.
pub fn readable(db: &mut Db, sight: &Sight, id: InstrumentId, format: FileFormat) -> Result<Readable, Error> {
    match instrument_in(db, sight, id) {
        Err(Error::NotFound) => {}
        found => return found.map(Readable::Instrument),
    }
    let (rows, _) = versions(db, sight, id)?;
    let newest = rows.last().ok_or(Error::NotFound)?;
    match newest.document_id() {
        Some(document) if format == FileFormat::Docx => Ok(Readable::Document(Box::new(document_fetch(db, document)?))),
        _ => Ok(Readable::Draft(Box::new(paper_of(&newest.frozen)?))),
    }
}

/// The texts of two versions, line by line; without `to` that which left, or the newest.
///
/// # Errors
/// `NotFound`; `Fields` for a version that there is not.
pub fn texts(
    db: &mut Db,
    sight: &Sight,
    id: InstrumentId,
    from: i32,
    to: Option<i32>,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let (rows, issued) = versions(db, sight, id)?;
    let version = |field: &'static str, wanted: i32| {
        let row = rows.iter().find(|row| row.version == wanted);
        row.ok_or_else(|| {
            let last = rows.last().map_or(0, |row| row.version);
            let first = rows.first().map_or(0, |row| row.version);
            Error::field(FieldError::new(
                field,
                format!("没有这一稿，现有第{first}稿至第{last}稿。"),
                format!("There is no such version; there are {first} to {last}."),
            ))
        })
    };
    let from = paper_of(&version("?from", from)?.frozen)?.lines();
    let frozen = issued.and_then(|row| row.frozen);
    let to = match (to, &frozen, rows.last()) {
        (Some(wanted), ..) => paper_of(&version("?to", wanted)?.frozen)?,
        (None, Some(frozen), _) => paper_of(frozen)?,
        (None, None, Some(newest)) => paper_of(&newest.frozen)?,
        (None, None, None) => return Err(Error::NotFound),
    };
    Ok((from, to.lines()))
}
