//! Documents and the contents they name.
//!
//! A row in `blobs` stands for a content from before it is stored until after it is deleted, so that nothing is ever in
//! the store without a row. Whoever stores or deletes a content holds its row: [`blob_touch`] and [`blob_forget`].

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not, select};
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

use super::connection::Db;
use super::fixed::{OneOf, fixed, on_either, update};
use super::key::Key;
use super::schema::{blobs, case_documents, documents};
use super::sql::{Code, Instant};
use super::{StoreError, Tx};
use crate::domain::document::{MediaType, Purpose};
use crate::domain::words::ids::{CaseId, DocumentId, UserId};

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DocumentRow {
    id: Key<DocumentId>,
    pub sha256: String,
    purpose: Code<Purpose>,
    pub name: String,
    media_type: Code<MediaType>,
    bytes: i64,
    uploaded_by: Key<UserId>,
    uploaded_at: Instant,
    case_id: Option<Key<CaseId>>,
}

/// A document to be stored.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    pub id: DocumentId,
    pub sha256: &'a str,
    pub purpose: Purpose,
    pub name: &'a str,
    pub media_type: MediaType,
    pub bytes: u64,
    pub uploaded_by: UserId,
    pub uploaded_at: DateTime<Utc>,
    pub case_id: Option<CaseId>,
}

impl DocumentRow {
    pub fn id(&self) -> DocumentId {
        self.id.0
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose.0
    }

    pub fn media_type(&self) -> MediaType {
        self.media_type.0
    }

    pub fn bytes(&self) -> u64 {
        u64::try_from(self.bytes).unwrap_or_default()
    }

    pub fn uploaded_by(&self) -> UserId {
        self.uploaded_by.0
    }

    pub fn uploaded_at(&self) -> DateTime<Utc> {
        self.uploaded_at.utc()
    }

    /// The case that holds it; after a split the whole.
    pub fn case_id(&self) -> Option<CaseId> {
        self.case_id.map(|key| key.0)
    }
}

fn stored_bytes(bytes: u64) -> Result<i64, StoreError> {
    i64::try_from(bytes).map_err(|_| StoreError::Corrupt("a length beyond 63 bits".to_owned()))
}

/// Makes sure that the content has a row, says that it is wanted now, and holds the row until the transaction ends.
///
/// # Errors
/// Failures of the database.
pub fn blob_touch(tx: &mut Tx<'_>, sha256: &str, bytes: u64, now: DateTime<Utc>) -> Result<(), StoreError> {
    // One text for both databases; diesel's builder has no upsert on the connection enum.
    let touch = diesel::sql_query(
        "INSERT INTO blobs (sha256, bytes, stored_at) VALUES ($1, $2, $3) \
         ON CONFLICT (sha256) DO UPDATE SET stored_at = excluded.stored_at",
    )
    .bind::<Text, _>(sha256)
    .bind::<BigInt, _>(stored_bytes(bytes)?)
    .bind::<Timestamp, _>(Instant::from(now));
    on_either!(&mut **tx, c => fixed!(touch).run(c))?;
    Ok(())
}

/// Whether a document names the content: then it takes no further room.
///
/// # Errors
/// Failures of the database.
pub fn blob_is_used(db: &mut Db, sha256: &str) -> Result<bool, StoreError> {
    Ok(select(exists(documents::table.filter(documents::sha256.eq(sha256)))).get_result(db)?)
}

/// Contents that no document names and nobody wanted since `before`.
///
/// # Errors
/// Failures of the database.
pub fn blobs_unused(db: &mut Db, before: DateTime<Utc>, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(blobs::table
        .filter(blobs::stored_at.lt(Instant::from(before)))
        .filter(not(exists(
            documents::table.filter(documents::sha256.eq(blobs::sha256)),
        )))
        .order(blobs::sha256)
        .limit(limit)
        .select(blobs::sha256)
        .load(db)?)
}

/// Deletes the row of a content that is still unused, and holds it until the transaction ends; returns whether it was.
///
/// # Errors
/// Failures of the database.
pub fn blob_forget(tx: &mut Tx<'_>, sha256: &str, before: DateTime<Utc>) -> Result<bool, StoreError> {
    let stale = blobs::table
        .filter(blobs::sha256.eq(sha256))
        .filter(blobs::stored_at.lt(Instant::from(before)));
    // Waits for an upload that holds the row. What that upload added is seen only by a statement that begins afterwards.
    let held = diesel::update(stale)
        .set(blobs::stored_at.eq(blobs::stored_at))
        .execute(&mut **tx)?;
    if held == 0 {
        return Ok(false);
    }
    let unused = not(exists(documents::table.filter(documents::sha256.eq(blobs::sha256))));
    let deleted = diesel::delete(blobs::table.filter(blobs::sha256.eq(sha256)).filter(unused)).execute(&mut **tx)?;
    Ok(deleted > 0)
}

/// Adds a document; its content has a row.
///
/// # Errors
/// Failures of the database.
pub fn document_insert(tx: &mut Tx<'_>, new: &NewDocument<'_>) -> Result<(), StoreError> {
    diesel::insert_into(documents::table)
        .values((
            documents::id.eq(Key(new.id)),
            documents::sha256.eq(new.sha256),
            documents::purpose.eq(Code(new.purpose)),
            documents::name.eq(new.name),
            documents::media_type.eq(Code(new.media_type)),
            documents::bytes.eq(stored_bytes(new.bytes)?),
            documents::uploaded_by.eq(Key(new.uploaded_by)),
            documents::uploaded_at.eq(Instant::from(new.uploaded_at)),
            documents::case_id.eq(new.case_id.map(Key)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A document.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn document_fetch(db: &mut Db, id: DocumentId) -> Result<DocumentRow, StoreError> {
    Ok(documents::table.find(Key(id)).get_result(db)?)
}

/// A document, if there is one.
///
/// # Errors
/// Failures of the database.
pub fn document_find(db: &mut Db, id: DocumentId) -> Result<Option<DocumentRow>, StoreError> {
    Ok(documents::table.find(Key(id)).get_result(db).optional()?)
}

/// Those of these documents that there are, read at once.
///
/// # Errors
/// Failures of the database.
pub fn documents_find(db: &mut Db, ids: impl IntoIterator<Item = DocumentId>) -> Result<Vec<DocumentRow>, StoreError> {
    let ids: Vec<Key<DocumentId>> = ids.into_iter().map(Key).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match db {
        Db::Postgres(c) => documents::table.filter(documents::id.eq_any(ids)).load(c)?,
        Db::Sqlite(c) => documents::table.filter(OneOf::new("id", ids)).load(c)?,
    })
}

/// The cases that hold a document: one, and after a split its parts.
///
/// # Errors
/// Failures of the database.
pub fn document_cases(db: &mut Db, id: DocumentId) -> Result<Vec<CaseId>, StoreError> {
    let cases: Vec<Key<CaseId>> = case_documents::table
        .filter(case_documents::document_id.eq(Key(id)))
        .order(case_documents::case_id)
        .select(case_documents::case_id)
        .load(db)?;
    Ok(cases.into_iter().map(|key| key.0).collect())
}

/// Makes a document one of a case if no case holds it; returns whether that was so.
///
/// # Errors
/// Failures of the database.
pub fn document_attach(tx: &mut Tx<'_>, id: DocumentId, case_id: CaseId) -> Result<bool, StoreError> {
    let free = documents::id.eq(Key(id)).and(documents::case_id.is_null());
    let attached = update(documents::table, documents::case_id.eq(Key(case_id)), free);
    Ok(on_either!(&mut **tx, c => fixed!(attached).execute(c))? > 0)
}

/// Deletes a document if no case holds it; returns whether it did.
///
/// # Errors
/// Failures of the database.
pub fn document_delete(tx: &mut Tx<'_>, id: DocumentId) -> Result<bool, StoreError> {
    let deleted =
        diesel::delete(documents::table.find(Key(id)).filter(documents::case_id.is_null())).execute(&mut **tx)?;
    Ok(deleted > 0)
}

/// Deletes documents uploaded before `before` that no case holds; returns how many.
///
/// # Errors
/// Failures of the database.
pub fn documents_forget(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        documents::table
            .filter(documents::case_id.is_null())
            .filter(documents::uploaded_at.lt(Instant::from(before))),
    )
    .execute(&mut **tx)?)
}

/// Bytes of a person's documents that no case holds.
///
/// # Errors
/// Failures of the database.
pub fn unattached_bytes(db: &mut Db, user_id: UserId) -> Result<u64, StoreError> {
    let total: i64 = documents::table
        .filter(documents::uploaded_by.eq(Key(user_id)))
        .filter(documents::case_id.is_null())
        .select(diesel::dsl::sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS BIGINT)"))
        .get_result(db)?;
    Ok(u64::try_from(total).unwrap_or_default())
}
