//! The receipt (登记回执) as a page to print, for the agency and for the applicant.
//!
//! Reading it changes nothing; with the query code it is asked for by POST, because a code must not stand in an
//! address, which is logged on its way.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, QueryCode};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::json::Body;
use crate::http::problem::{QueryCodeProblems, ReadProblems};
use crate::papers::Page;
use crate::service::receipts::receipt;
use crate::service::sight::{Side, Sight, check_query_code, sight_from};
use crate::site::Site;
use crate::telemetry;

/// The query code that was told at submission.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryCodeBody {
    /// In either case, with or without spaces and hyphens.
    #[schema(examples("7KXM4WRP9A"), max_length = 40)]
    pub query_code: String,
}

/// The receipt of a case to print, without its query code.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), ReadProblems)
)]
#[get("/cases/{id}/receipt")]
pub async fn case_receipt(site: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<HttpResponse, Error> {
    page(site, actor, &id, None, Side::Agency).await
}

/// The receipt of a case to print, with the query code that the applicant was told. Changes nothing.
#[utoipa::path(
    tag = "cases", request_body = QueryCodeBody, params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), QueryCodeProblems)
)]
#[post("/cases/{id}/receipt")]
pub async fn case_receipt_with_code(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    body: Body,
) -> Result<HttpResponse, Error> {
    page(site, actor, &id, Some(body), Side::Agency).await
}

/// The receipt of one's own request to print, without its query code.
#[utoipa::path(
    tag = "requests", params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), ReadProblems)
)]
#[get("/requests/{id}/receipt")]
pub async fn request_receipt(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    page(site, actor, &id, None, Side::Applicant).await
}

/// The receipt of one's own request to print, with the query code told at submission. Changes nothing.
#[utoipa::path(
    tag = "requests", request_body = QueryCodeBody, params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), QueryCodeProblems)
)]
#[post("/requests/{id}/receipt")]
pub async fn request_receipt_with_code(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    body: Body,
) -> Result<HttpResponse, Error> {
    page(site, actor, &id, Some(body), Side::Applicant).await
}

async fn page(
    site: web::Data<Site>,
    actor: Actor,
    id: &str,
    body: Option<Body>,
    side: Side,
) -> Result<HttpResponse, Error> {
    let id: CaseId = path_id(id)?;
    telemetry::record_case(&id.to_string());
    let (desk, config) = (site.desk(), site.config.clone());
    let page = site
        .snapshot(move |db| {
            let sight = sight_from(db, &actor, side, id)?;
            let query_code = body.as_ref().map(|body| held_code(body, &sight)).transpose()?;
            receipt(db, &desk, sight, query_code.as_ref(), &config.server.public_url)
        })
        .await?;
    Ok(html(page))
}

fn held_code(body: &Body, sight: &Sight) -> Result<QueryCode, Error> {
    let body: QueryCodeBody = body.json()?;
    check_query_code(sight, &body.query_code)
}

fn html(page: Page) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, page.policy))
        .body(page.html)
}
