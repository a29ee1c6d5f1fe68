//! The instruments of a case (文书): what there is, their files, and trying one out before its action.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::chain::chain;
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::FileFormat;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::json::Body;
use crate::http::problem::{PaperPreviewProblems, PaperProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::http::v1::documents::{content_sent, opened};
use crate::http::v1::templates::paper_sent;
use crate::service::drafts::{Readable, readable};
use crate::service::opened::Read;
use crate::service::papers::instruments_and_draft;
use crate::service::paperwork::{file_of, papers_of_entry};
use crate::service::previews::{Tried, preview};
use crate::service::sight::{Side, sight_from};
use crate::site::Site;
use crate::telemetry;
use crate::views::instrument::{InstrumentList, InstrumentView};

/// The instruments that an entry of a case left, with their files, for the answer to its action. What could not be made is
/// logged, and made later: the action is done.
pub async fn views(site: &Site, case_id: CaseId, seq: i64) -> Vec<InstrumentView> {
    let (blobs, printer, now) = (site.documents.clone(), site.printer.clone(), site.clock.now());
    let papers = site
        .block(move |store| papers_of_entry(store, &blobs, &printer, now, case_id, seq))
        .await;
    match papers {
        Ok((papers, unprinted)) => InstrumentList::told(papers, &unprinted),
        Err(error) => {
            tracing::error!(case = %case_id, error = %chain(&error), "the instruments of an action cannot be read");
            Vec::new()
        }
    }
}

/// As [`views`], as a field of an answer.
pub async fn made(site: &Site, case_id: CaseId, seq: i64) -> Value {
    serde_json::to_value(views(site, case_id, seq).await).unwrap_or_default()
}

/// The instruments of a case, in the order of its log.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, body = InstrumentList), ReadProblems)
)]
#[get("/cases/{id}/instruments")]
pub async fn case_instruments(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<web::Json<InstrumentList>, Error> {
    list(site, actor, &id, Side::Agency).await
}

/// The instruments that went out to oneself.
#[utoipa::path(
    tag = "requests", params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, body = InstrumentList), ReadProblems)
)]
#[get("/requests/{id}/instruments")]
pub async fn request_instruments(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<web::Json<InstrumentList>, Error> {
    list(site, actor, &id, Side::Applicant).await
}

async fn list(site: web::Data<Site>, actor: Actor, id: &str, side: Side) -> Result<web::Json<InstrumentList>, Error> {
    let id: CaseId = path_id(id)?;
    telemetry::record_case(&id.to_string());
    let desk = site.desk();
    let papers = site
        .snapshot(move |db| {
            let sight = sight_from(db, &actor, side, id)?;
            instruments_and_draft(db, &desk, &sight)
        })
        .await?;
    Ok(web::Json(match side {
        Side::Agency => InstrumentList::new(papers),
        Side::Applicant => InstrumentList::for_applicant(papers),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContentQuery {
    /// The print (`pdf`), the file to edit (`docx`), or the scan of what was made on paper (`scan`).
    format: FileFormat,
}

/// An instrument as a file; a print that was never asked for is made now.
#[utoipa::path(
    tag = "cases",
    params(
        ("id" = CaseId, Path, description = "case"), ("iid" = InstrumentId, Path, description = "instrument"), ContentQuery,
        ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)
    ),
    responses(
        (status = 200, description = "文书 · the instrument", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Disposition" = String), ("Accept-Ranges" = String))),
        (status = 206, description = "部分内容 · the part asked for", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Range" = String))),
        (status = 304, description = "内容未变 · the client has it"),
        PaperProblems
    )
)]
#[get("/cases/{id}/instruments/{iid}/content")]
pub async fn case_instrument_content(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    content(site, actor, path, query, request, Side::Agency).await
}

/// An instrument that went out to oneself, as a file.
#[utoipa::path(
    tag = "requests",
    params(
        ("id" = CaseId, Path, description = "request"), ("iid" = InstrumentId, Path, description = "instrument"), ContentQuery,
        ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)
    ),
    responses(
        (status = 200, description = "文书 · the instrument", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Disposition" = String), ("Accept-Ranges" = String))),
        (status = 206, description = "部分内容 · the part asked for", content_type = "*/*",
            body = Vec<u8>, headers(("ETag" = String), ("Content-Range" = String))),
        (status = 304, description = "内容未变 · the client has it"),
        PaperProblems
    )
)]
#[get("/requests/{id}/instruments/{iid}/content")]
pub async fn request_instrument_content(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    content(site, actor, path, query, request, Side::Applicant).await
}

async fn content(
    site: web::Data<Site>,
    actor: Actor,
    path: web::Path<(String, String)>,
    query: RawQuery,
    request: HttpRequest,
    side: Side,
) -> Result<HttpResponse, Error> {
    let (case_id, id) = path.into_inner();
    let (case_id, id): (CaseId, InstrumentId) = (path_id(&case_id)?, path_id(&id)?);
    telemetry::record_case(&case_id.to_string());
    let reader = actor.clone();
    let readable = site
        .snapshot(move |db| {
            let sight = sight_from(db, &reader, side, case_id)?;
            let ContentQuery { format } = query.parse()?;
            Ok((readable(db, &sight, id, format)?, format))
        })
        .await?;
    let (instrument, format) = match readable {
        (Readable::Instrument(id), format) => (id, format),
        (Readable::Document(row), _) => return content_sent(&site, &row, &request).await,
        (Readable::Draft(paper), format) => return paper_sent(&site, *paper, format).await,
    };
    let (blobs, printer, now) = (site.documents.clone(), site.printer.clone(), site.clock.now());
    let row = site
        .block(move |store| file_of(store, &blobs, &printer, now, instrument, format))
        .await?;
    let answer = content_sent(&site, &row, &request).await?;
    opened(&site, actor, Read::Instrument(instrument), &answer).await;
    Ok(answer)
}

/// An instrument to try out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "D04", "format": "pdf",
    "fields": {"notified_on": "2026-03-12", "defects": ["未附身份证明，请补充提供身份证明。"]}
}))]
pub struct PreviewBody {
    pub code: InstrumentCode,
    pub format: FileFormat,
    /// The fields of the action that issues it; of a reply those of `draft_reply`, or the present draft when left out.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Map<String, Value>>,
}

/// An instrument as it would be printed, with a watermark and without a number. Changes nothing.
#[utoipa::path(
    tag = "cases", request_body = PreviewBody, params(("id" = CaseId, Path, description = "case")),
    responses(
        (status = 200, description = "预览 · the preview", content_type = "*/*", body = Vec<u8>), PaperPreviewProblems
    )
)]
#[post("/cases/{id}/instruments/preview")]
pub async fn instrument_preview(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let desk = site.desk();
    let format = body.json::<PreviewBody>().map(|body| body.format);
    let paper = site
        .write(move |tx| {
            let sight = sight_from(tx, &actor, Side::Agency, id)?;
            let PreviewBody { code, fields, .. } = body.json()?;
            preview(tx, &desk, &actor, &sight, &Tried { code, fields })
        })
        .await?;
    paper_sent(&site, paper, format?).await
}
