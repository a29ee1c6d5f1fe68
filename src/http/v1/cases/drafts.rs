//! The draft of a reply: its versions, what changed between them, and bringing back an edited file.

use std::sync::Arc;

use actix_web::{HttpRequest, get, put, web};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::domain::document::Purpose;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::etag::IfMatch;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::problem::{DraftProblems, Language, ReadProblems};
use crate::http::query::RawQuery;
use crate::http::upload::draft_form;
use crate::service::approval::{Brought, faults_of};
use crate::service::documents::{check_uploader, content_keep, document_add};
use crate::service::drafts::{draft_bring, draft_in_sight, edited_read, texts, versions_told};
use crate::service::sight::{Side, sight_from};
use crate::site::Site;
use crate::telemetry;
use crate::views::draft::{DraftBrought, DraftComparison, DraftVersionList};

/// A form with the edited file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftUploadForm {
    /// The draft as the service gave it (`content?format=docx`), edited.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    #[allow(dead_code, reason = "describes the form, which is read as a stream")]
    file: Vec<u8>,
    /// What was changed.
    #[schema(max_length = 500)]
    #[allow(dead_code, reason = "describes the form, which is read as a stream")]
    note: Option<String>,
}

/// Brings an edited draft back as its next version.
///
/// The places for number and date and the remedies are looked at: what is missing, doubled or changed is told in `faults`, and
/// keeps the reply from being issued until a version without faults takes its place.
#[utoipa::path(
    tag = "cases", request_body(content = DraftUploadForm, content_type = "multipart/form-data"),
    params(
        ("id" = CaseId, Path, description = "case"), ("iid" = InstrumentId, Path, description = "instrument"),
        ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = DraftBrought, headers(("ETag" = String))), DraftProblems)
)]
#[put("/cases/{id}/instruments/{iid}/draft")]
#[allow(clippy::too_many_arguments, reason = "each is taken from the request")]
pub async fn instrument_draft_bring(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    path: web::Path<(String, String)>,
    if_match: IfMatch,
    key: IdempotencyKey,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<Answer, Error> {
    let (case_id, id) = path.into_inner();
    let (case_id, id): (CaseId, InstrumentId) = (path_id(&case_id)?, path_id(&id)?);
    telemetry::record_case(&case_id.to_string());
    // Nobody sends a file for what is not theirs to change.
    let reader = actor.clone();
    site.snapshot(move |db| sight_from(db, &reader, Side::Agency, case_id))
        .await?;
    check_uploader(&actor, Some(Purpose::Reply))?;
    if_match.version()?;
    let form = draft_form(&site, &request, payload).await?;
    let (note, file) = (form.note, Arc::new(form.file));
    let told = format!(
        "{case_id}\n{id}\n{}\n{}",
        file.sha256,
        note.as_deref().unwrap_or_default()
    );
    let idempotency = key.bind_hash(actor.user_id.to_string(), hex::encode(Sha256::digest(told)))?;
    let (desk, quota) = (site.desk(), site.config.documents.unattached_quota_bytes);
    let (blobs, uploader, kept, now) = (site.documents.clone(), actor.clone(), file.clone(), desk.now);
    let edited = site
        .block(move |store| {
            let edited = edited_read(&kept)?;
            content_keep(store, &blobs, now, &uploader, &kept, quota)?;
            Ok(Arc::new(edited))
        })
        .await?;
    let blobs = site.documents.clone();
    site.write(move |tx| {
        let sight = sight_from(tx, &actor, Side::Agency, case_id)?;
        idempotency.run(tx, desk.now, |tx| {
            if_match.check(sight.row.version)?;
            draft_in_sight(tx, &desk, &sight, id)?;
            let document = document_add(tx, &blobs, desk.now, &actor, Purpose::Reply, &file, quota)?;
            let brought = Brought {
                document_id: document.id(),
                edited: edited.clone(),
            };
            let (seen, row) = draft_bring(tx, &desk, &actor, sight.clone(), brought, note.as_deref())?;
            let version = seen.sight.row.version;
            let view = DraftBrought::new(&row, version, faults_of(&row)?, language);
            Answer::ok(&view, Some(version))
        })
    })
    .await
}

/// The versions of the draft of a letter, oldest first: who made each, when, and what is wrong with it.
#[utoipa::path(
    tag = "cases",
    params(("id" = CaseId, Path, description = "case"), ("iid" = InstrumentId, Path, description = "instrument")),
    responses((status = 200, body = DraftVersionList), ReadProblems)
)]
#[get("/cases/{id}/instruments/{iid}/versions")]
pub async fn instrument_versions(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    path: web::Path<(String, String)>,
) -> Result<web::Json<DraftVersionList>, Error> {
    let (case_id, id) = path.into_inner();
    let (case_id, id): (CaseId, InstrumentId) = (path_id(&case_id)?, path_id(&id)?);
    telemetry::record_case(&case_id.to_string());
    let desk = site.desk();
    site.snapshot(move |db| {
        let sight = sight_from(db, &actor, Side::Agency, case_id)?;
        let versions = versions_told(db, &desk, &sight, id)?;
        Ok(web::Json(DraftVersionList::new(versions, language)))
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// The version that is laid beside the other.
    #[param(minimum = 1, example = 1)]
    from: i32,
    /// When left out the letter that left, or the newest version.
    #[param(minimum = 1, example = 2)]
    to: Option<i32>,
}

/// What changed between two versions of a draft, line by line.
#[utoipa::path(
    tag = "cases",
    params(
        ("id" = CaseId, Path, description = "case"), ("iid" = InstrumentId, Path, description = "instrument"), CompareQuery
    ),
    responses((status = 200, body = DraftComparison), ReadProblems)
)]
#[get("/cases/{id}/instruments/{iid}/compare")]
pub async fn instrument_compare(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
) -> Result<web::Json<DraftComparison>, Error> {
    let (case_id, id) = path.into_inner();
    let (case_id, id): (CaseId, InstrumentId) = (path_id(&case_id)?, path_id(&id)?);
    telemetry::record_case(&case_id.to_string());
    site.snapshot(move |db| {
        let sight = sight_from(db, &actor, Side::Agency, case_id)?;
        let CompareQuery { from, to } = query.parse()?;
        let (from, to) = texts(db, &sight, id, from, to)?;
        Ok(web::Json(DraftComparison::new(&from, &to)))
    })
    .await
}
