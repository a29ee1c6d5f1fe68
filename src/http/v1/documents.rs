//! Documents: uploading, looking, fetching the content, taking back what no case holds yet.
//!
//! A document never changes, so it has no version: its content's entity tag is the SHA-256.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use futures_util::TryStreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::chain::chain;
use crate::domain::document::Purpose;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::DocumentId;
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::download::{Wanted, attachment, wanted};
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::problem::{DeleteProblems, DownloadProblems, HttpError, ReadProblems, UploadProblems};
use crate::http::upload::upload_form;
use crate::service::documents::{
    DocumentRow, check_uploader, content_keep, document_add, document_discard as discard, document_sight,
};
use crate::service::opened::{Read, openings, record_openings};
use crate::site::Site;
use crate::views::document::DocumentView;

/// A form with a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentForm {
    /// The file with its name; the type is decided by the content.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    #[allow(dead_code, reason = "describes the form, which is read as a stream")]
    file: Vec<u8>,
    #[allow(dead_code, reason = "describes the form, which is read as a stream")]
    purpose: Purpose,
}

/// Uploads a file.
///
/// An application or an action names it within 48 hours; until then only the person who uploaded it can read it.
#[utoipa::path(
    tag = "documents", request_body(content = DocumentForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = DocumentView, headers(("Location" = String))), UploadProblems)
)]
#[post("/documents")]
pub async fn document_upload(
    site: web::Data<Site>,
    actor: Actor,
    key: IdempotencyKey,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<Answer, Error> {
    check_uploader(&actor, None)?;
    let form = upload_form(&site, &request, payload).await?;
    check_uploader(&actor, Some(form.purpose))?;
    let (purpose, file) = (form.purpose, Arc::new(form.file));
    let told = format!("{}\n{}\n{}", purpose.code(), file.name, file.sha256);
    let idempotency = key.bind_hash(actor.user_id.to_string(), hex::encode(Sha256::digest(told)))?;
    let (now, quota) = (site.clock.now(), site.config.documents.unattached_quota_bytes);
    let (blobs, uploader, kept) = (site.documents.clone(), actor.clone(), file.clone());
    site.block(move |store| content_keep(store, &blobs, now, &uploader, &kept, quota))
        .await?;
    let blobs = site.documents.clone();
    site.write(move |tx| {
        idempotency.run(tx, now, |tx| {
            let row = document_add(tx, &blobs, now, &actor, purpose, &file, quota)?;
            let location = format!("/api/v1/documents/{}", row.id());
            Answer::created(&DocumentView::from(&row), None, location)
        })
    })
    .await
}

/// What is known of a document without its content.
#[utoipa::path(
    tag = "documents", params(("id" = DocumentId, Path, description = "document")),
    responses((status = 200, body = DocumentView), ReadProblems)
)]
#[get("/documents/{id}")]
pub async fn document_show(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<web::Json<DocumentView>, Error> {
    let id: DocumentId = path_id(&id)?;
    let desk = site.desk();
    site.snapshot(move |db| {
        let row = document_sight(db, &desk, &actor, id)?;
        Ok(web::Json(DocumentView::from(&row)))
    })
    .await
}

/// The content of a document, byte for byte as it was uploaded; a part of it with `Range`.
#[utoipa::path(
    tag = "documents",
    params(
        ("id" = DocumentId, Path, description = "document"),
        ("Range" = Option<String>, Header),
        ("If-Range" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)
    ),
    responses(
        (status = 200, description = "全部内容 · the whole content in the media type of the document", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Disposition" = String), ("Accept-Ranges" = String))),
        (status = 206, description = "部分内容 · the part asked for", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Range" = String))),
        (status = 304, description = "内容未变 · the client has it"),
        DownloadProblems
    )
)]
#[get("/documents/{id}/content")]
pub async fn document_content(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id: DocumentId = path_id(&id)?;
    let (desk, reader) = (site.desk(), actor.clone());
    let row = site.snapshot(move |db| document_sight(db, &desk, &reader, id)).await?;
    let answer = content_sent(&site, &row, &request).await?;
    opened(&site, actor, Read::Document(id), &answer).await;
    Ok(answer)
}

/// Records that an applicant opened the reply. What was read was read: a failure to record it is told to the log, and the next
/// opening is the first.
pub(super) async fn opened(site: &Site, actor: Actor, read: Read, answer: &HttpResponse) {
    if !answer.status().is_success() {
        return;
    }
    let (desk, reader) = (site.desk(), actor.clone());
    let awaiting = site.snapshot(move |db| openings(db, &desk, &reader, read)).await;
    let recorded = match awaiting {
        Ok(awaiting) if awaiting.is_empty() => return,
        Ok(_) => {
            let desk = site.desk();
            site.write(move |tx| record_openings(tx, &desk, &actor, read)).await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = recorded {
        tracing::warn!(error = %chain(&error), "that a reply was opened is not recorded");
    }
}

/// The content of a document as the request wants it.
pub(super) async fn content_sent(site: &Site, row: &DocumentRow, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let etag = format!("\"{}\"", row.sha256);
    match wanted(request.headers(), &etag, row.bytes()) {
        Wanted::Nothing => Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            .finish()),
        Wanted::Beyond => Err(HttpError::RangeNotSatisfiable { size: row.bytes() }.into()),
        Wanted::Whole => sent(site, row, etag, None).await,
        Wanted::Part(range) => sent(site, row, etag, Some(range)).await,
    }
}

/// The answer with a content, read from the store while it is sent.
async fn sent(
    site: &Site,
    row: &DocumentRow,
    etag: String,
    part: Option<std::ops::Range<u64>>,
) -> Result<HttpResponse, Error> {
    let id = row.id();
    let range = part.clone().unwrap_or(0..row.bytes());
    let length = range.end.saturating_sub(range.start);
    let content = site
        .documents
        .read(&row.sha256, range.clone())
        .await
        .inspect_err(|error| {
            tracing::error!(document = %id, error = %chain(error), "a content cannot be read");
        })?;
    let content = content.inspect_err(move |error| {
        tracing::error!(document = %id, error = %chain(error), "a content broke off while it was sent");
    });
    let mut answer = match part {
        Some(_) => HttpResponse::PartialContent(),
        None => HttpResponse::Ok(),
    };
    if part.is_some() {
        let shown = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), row.bytes());
        answer.insert_header((header::CONTENT_RANGE, shown));
    }
    Ok(answer
        .insert_header((header::CONTENT_TYPE, row.media_type().code()))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&row.name)))
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // The bytes are those of the entity tag and of the range: nothing on the way may compress them.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(SizedStream::new(length, content)))
}

/// Deletes a document of one's own that no case holds yet.
#[utoipa::path(
    tag = "documents", params(("id" = DocumentId, Path, description = "document")),
    responses((status = 204, description = "已删除 · deleted"), DeleteProblems)
)]
#[delete("/documents/{id}")]
pub async fn document_discard(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let id: DocumentId = path_id(&id)?;
    let desk = site.desk();
    site.write(move |tx| discard(tx, &desk, &actor, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
