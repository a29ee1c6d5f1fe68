//! The receipt (登记回执) as a page to print, for the agency and for the applicant.
//!
//! Reading it changes nothing; with the query code it is asked for by POST, because a code must not stand in an
//! address, which is logged on its way.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::mask;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::{CaseId, QueryCode};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::json::Body;
use crate::http::problem::{QueryCodeProblems, ReadProblems};
use crate::papers::{self, Holder, Page};
use crate::service::sight::{Sight, check_query_code, look, own_sight, staff_sight};
use crate::site::Site;
use crate::store::Db;
use crate::store::agencies::agency_fetch;
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
pub async fn case_receipt(state: web::Data<Site>, actor: Actor, id: web::Path<String>) -> Result<HttpResponse, Error> {
    page(state, actor, &id, None, staff_sight).await
}

/// The receipt of a case to print, with the query code that the applicant was told. Changes nothing.
#[utoipa::path(
    tag = "cases", request_body = QueryCodeBody, params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), QueryCodeProblems)
)]
#[post("/cases/{id}/receipt")]
pub async fn case_receipt_with_code(
    state: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    body: Body,
) -> Result<HttpResponse, Error> {
    page(state, actor, &id, Some(body), staff_sight).await
}

/// The receipt of one's own request to print, without its query code.
#[utoipa::path(
    tag = "requests", params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), ReadProblems)
)]
#[get("/requests/{id}/receipt")]
pub async fn request_receipt(
    state: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    page(state, actor, &id, None, own_sight).await
}

/// The receipt of one's own request to print, with the query code told at submission. Changes nothing.
#[utoipa::path(
    tag = "requests", request_body = QueryCodeBody, params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, description = "HTML, A4", content_type = "text/html", body = String), QueryCodeProblems)
)]
#[post("/requests/{id}/receipt")]
pub async fn request_receipt_with_code(
    state: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    body: Body,
) -> Result<HttpResponse, Error> {
    page(state, actor, &id, Some(body), own_sight).await
}

async fn page(
    state: web::Data<Site>,
    actor: Actor,
    id: &str,
    body: Option<Body>,
    sight: fn(&mut Db, &Actor, CaseId) -> Result<Sight, Error>,
) -> Result<HttpResponse, Error> {
    let id: CaseId = path_id(id)?;
    telemetry::record_case(&id.to_string());
    let (desk, config) = (state.desk(), state.config.clone());
    let page = state
        .snapshot(move |db| {
            let sight = sight(db, &actor, id)?;
            let query_code = body.as_ref().map(|body| held_code(body, &sight)).transpose()?;
            let holder = Holder {
                mask: mask(&sight.visibility),
                public_url: &config.server.public_url,
                query_code: query_code.as_ref(),
                today: desk.today,
            };
            let seen = look(db, &desk, sight)?;
            let law = desk.law();
            let report = seen.case.clock(&law, desk.today, false).map_err(Error::Fields)?;
            let agency = agency_fetch(db, seen.sight.agency.id)?;
            papers::receipt(&seen.case, &agency.data, report.as_ref(), &law, holder).map_err(Error::internal)
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
