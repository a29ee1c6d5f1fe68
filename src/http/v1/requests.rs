//! Requests, the applicant's side of an application: submitting online, following, answering.

use actix_web::{get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::cases::{ActionBody, Sent, act};
use super::search::SearchPage;
use crate::domain::case::Submission;
use crate::domain::case::submission::Description;
use crate::domain::case::submission::{Channel, Form, Route};
use crate::domain::people::access::{Actor, Role};
use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, CaseId};
use crate::error::Error;
use crate::http::actor::path_id;
use crate::http::etag::IfMatch;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::page::{List, Page};
use crate::http::problem::{ActionProblems, CreateProblems, Language, PublicQueryProblems, ReadProblems};
use crate::http::query::RawQuery;
use crate::service::applicants::{own_profile, require_applicant};
use crate::service::desk::Desk;
use crate::service::lists;
use crate::service::search::request_search;
use crate::service::sight::{self, Side, look, own_sight};
use crate::service::submissions::submit_as;
use crate::site::Site;
use crate::telemetry;
use crate::views::lines::RequestLine;
use crate::views::request::{RequestView, TrackView};
use crate::views::version;

/// An application made online. A purpose is never asked for (Art 27).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    pub kind: CaseKind,
    pub agency_id: AgencyId,
    pub description: Description,
    pub form: Form,
    pub route: Route,
    #[serde(default)]
    #[schema(max_items = 500)]
    pub document_ids: Vec<String>,
    pub accessibility_needs: Option<String>,
}

impl RequestBody {
    fn submission(self, actor: &Actor, applicant: Applicant, desk: &Desk) -> Submission {
        Submission {
            kind: self.kind,
            agency_id: self.agency_id,
            channel: Channel::Online,
            arrived_on: desk.today,
            intake_number: String::new(),
            applicant,
            applicant_user_id: Some(actor.user_id),
            filled_by_agency: false,
            read_back: None,
            description: Some(self.description),
            form: Some(self.form),
            route: Some(self.route),
            document_ids: self.document_ids,
            accessibility_needs: self.accessibility_needs,
            split_from: None,
        }
    }
}

/// Submits an application online; answers with the query code, which is told only here.
#[utoipa::path(
    tag = "requests", request_body = RequestBody, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = RequestView, headers(("ETag" = String), ("Location" = String))), CreateProblems)
)]
#[post("/requests")]
pub async fn request_submit(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let idempotency = key.bind(actor.user_id.to_string(), &body)?;
    let desk = site.desk();
    // Read before the turn to write comes; refused in its place among the checks.
    let mut read = Some(body.json());
    site.write(move |tx| {
        let answer = idempotency.run(tx, desk.now, |tx| {
            let applicant = own_profile(tx, &actor)?;
            let body: RequestBody = read.take().unwrap_or_else(|| body.json())?;
            let (role, submission) = (Role::Applicant, body.submission(&actor, applicant, &desk));
            let code = |id| idempotency.query_code(id);
            let submitted = submit_as(tx, &desk, &actor, role, submission, code)?;
            let view = RequestView::new(&submitted.seen, &desk, language)?;
            let answer = Answer::created(&view, Some(view.version), format!("/api/v1/requests/{}", view.id))?;
            Ok(answer.telling("query_code", submitted.query_code.reveal()))
        })?;
        idempotency.tell_again(answer)
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    /// Words of number, intake number, title, features or name, all of which must be found; words of letters and digits by
    /// their beginning. With it the newest entry comes first and each request tells where it was found.
    #[param(max_length = 100, example = "征收补偿")]
    q: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The person's own requests, or those of them that a search finds, newest first.
#[utoipa::path(tag = "requests", params(RequestQuery), responses((status = 200, body = List<RequestLine>), ReadProblems))]
#[get("/requests")]
pub async fn request_list(
    site: web::Data<Site>,
    actor: Actor,
    query: RawQuery,
) -> Result<web::Json<List<RequestLine>>, Error> {
    require_applicant(&actor)?;
    let query: RequestQuery = query.parse()?;
    let today = site.desk().today;
    if let Some(q) = query.q {
        let page = SearchPage::new(&q, query.cursor.as_deref(), query.limit)?;
        let search = page.search();
        let hits = site.read(move |db| request_search(db, actor.user_id, &search)).await?;
        let list = page.finish(hits, |hit, highlights| RequestLine::found(hit, today, highlights))?;
        return Ok(web::Json(list));
    }
    let page = Page::<CaseId>::new(query.cursor.as_deref(), query.limit)?;
    let (before, limit) = (page.after, page.fetch_limit());
    let rows = site
        .read(move |db| lists::request_list(db, &actor, before, limit))
        .await?;
    let page = page.finish(rows, |row| row.id())?;
    Ok(web::Json(page.map(|row| RequestLine::new(row, today))))
}

/// One of the person's own requests: five steps, the due date, what can be done.
#[utoipa::path(
    tag = "requests", params(("id" = CaseId, Path, description = "request")),
    responses((status = 200, body = RequestView, headers(("ETag" = String))), ReadProblems)
)]
#[get("/requests/{id}")]
pub async fn request_show(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    id: web::Path<String>,
) -> Result<Answer, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let desk = site.desk();
    site.look(move |db| {
        let sight = own_sight(db, &actor, id)?;
        let seen = look(db, &desk, sight)?;
        let view = RequestView::new(&seen, &desk, language)?;
        Answer::ok(&view, Some(view.version))
    })
    .await
}

/// Takes an action on one's own request.
#[utoipa::path(
    tag = "requests", request_body = ActionBody,
    params(("id" = CaseId, Path, description = "request"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = RequestView, headers(("ETag" = String))), ActionProblems)
)]
#[post("/requests/{id}/actions")]
pub async fn request_act(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    id: web::Path<String>,
    if_match: IfMatch,
    key: IdempotencyKey,
    body: Body,
) -> Result<Answer, Error> {
    let sent = Sent {
        id,
        if_match,
        key,
        body,
    };
    act(site, actor, sent, Side::Applicant, move |seen, desk| {
        Answer::ok(&RequestView::new(seen, desk, language)?, Some(version(seen)))
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrackQuery {
    /// The intake number or the case number.
    #[param(example = "CXFB-2026-S00012")]
    number: Option<String>,
    /// The query code told at submission.
    #[param(example = "7KXM4WRP9A")]
    code: Option<String>,
}

/// A number or code that cannot be one is answered as a wrong one; only other parameters are named.
fn ill_formed_pair(error: Error) -> Error {
    match &error {
        Error::Fields(errors)
            if errors
                .iter()
                .all(|field| matches!(field.pointer.as_str(), "?number" | "?code")) =>
        {
            Error::NotFound
        }
        _ => error,
    }
}

/// Follows a case with its number and query code, without signing in; a wrong or ill-formed pair is 404.
#[utoipa::path(
    tag = "requests", security(()), params(TrackQuery), responses((status = 200, body = TrackView), PublicQueryProblems)
)]
#[get("/track")]
pub async fn track(site: web::Data<Site>, query: RawQuery) -> Result<web::Json<TrackView>, Error> {
    let desk = site.desk();
    let TrackQuery { number, code } = query.parse().map_err(ill_formed_pair)?;
    let (number, code) = (number.unwrap_or_default(), code.unwrap_or_default());
    site.read(move |db| {
        let tracked = sight::track(db, &desk, &number, &code)?;
        Ok(web::Json(TrackView::new(&tracked, &desk)))
    })
    .await
}
