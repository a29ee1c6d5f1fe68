//! Cases, the agency's side of an application: entering, listing, looking, acting.

mod action;
mod bulk;
mod dossier;
pub mod drafts;
pub mod instruments;
mod people;
pub mod receipt;
mod similar;

pub use action::ActionBody;
pub use bulk::case_act_on_many;
pub use dossier::case_dossier;
pub use people::case_people;
pub use similar::case_similar;

use actix_web::{get, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::search::SearchPage;
use crate::domain::case::Queue;
use crate::domain::case::check::{LAST_DATE, beyond_calendar};
use crate::domain::case::submission::{Channel, Form, ReadBack, Route, StatedDescription};
use crate::domain::case::{State, Submission};
use crate::domain::law::deadline::Report;
use crate::domain::people::access::{Actor, Role};
use crate::domain::people::party::Applicant;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{AgencyId, CaseId, UnitId, UserId};
use crate::domain::words::text::FieldError;
use crate::error::Error;
use crate::http::actor::{Caller, path_id};
use crate::http::etag::IfMatch;
use crate::http::idempotency::{Answer, IdempotencyKey};
use crate::http::json::Body;
use crate::http::page::{List, Page};
use crate::http::problem::{ActionProblems, CreateProblems, Language, ReadProblems};
use crate::http::query::RawQuery;
use crate::service::cases::{self, Asked};
use crate::service::desk::Desk;
use crate::service::lists::{self, ActKey, CaseFilter, list_days};
use crate::service::search::{case_search, index_is_incomplete};
use crate::service::sight::{Seen, Side, entries, look_in_directory, look_whole, sight_from, staff_sight};
use crate::service::submissions::{require_clerk, submit_as};
use crate::site::Site;
use crate::telemetry;
use crate::views::case::CaseView;
use crate::views::event::EventView;
use crate::views::lines::CaseLine;
use crate::views::version;

/// An application on paper, by fax, oral or relayed from another channel, entered by a clerk as it is: the day, the channel
/// and either its words or its scan are enough; what the letter leaves out or has wrong are its defects (Arts 29, 30).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "channel": "registered_mail", "arrived_on": "2026-03-10",
    "applicant": {
        "kind": "natural_person", "name": "陈明远", "address": "江临市澄溪县城关镇文昌路12号",
        "id_document": {"kind": "resident_id", "number": "11010519491231002X"}
    },
    "description": {"title": "关于某地块征收补偿方案的信息", "features": "2025年批准的某地块土地征收补偿安置方案全文"},
    "form": "paper", "route": "mail"
}))]
pub struct CaseBody {
    #[serde(default)]
    #[schema(default = "disclosure")]
    pub kind: CaseKind,
    /// The clerk's own agency when left out.
    pub agency_id: Option<AgencyId>,
    pub channel: Channel,
    /// The day it arrived; may lie in the past.
    pub arrived_on: NaiveDate,
    /// As far as the letter states it.
    pub applicant: Option<Applicant>,
    /// The agency filled in the form for an applicant who cannot write (Art 29).
    #[serde(default)]
    pub filled_by_agency: bool,
    pub read_back: Option<ReadBack>,
    /// Needed where `document_ids` does not name the scan of the letter.
    pub description: Option<StatedDescription>,
    pub form: Option<Form>,
    pub route: Option<Route>,
    /// The letter and what came with it.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub document_ids: Vec<String>,
    pub accessibility_needs: Option<String>,
}

impl CaseBody {
    /// The application, to the clerk's own agency where none is named.
    fn submission(self, clerk: &Actor) -> Result<Submission, Error> {
        let agency_id = self.agency_id.or(clerk.agency_id);
        Ok(Submission {
            kind: self.kind,
            agency_id: agency_id.ok_or_else(|| Error::field(FieldError::missing("/agency_id")))?,
            channel: self.channel,
            arrived_on: self.arrived_on,
            intake_number: String::new(),
            applicant: self.applicant.unwrap_or_default(),
            applicant_user_id: None,
            filled_by_agency: self.filled_by_agency,
            read_back: self.read_back,
            description: self.description.and_then(StatedDescription::description),
            form: self.form,
            route: self.route,
            document_ids: self.document_ids,
            accessibility_needs: self.accessibility_needs,
            split_from: None,
        })
    }
}

/// Enters an application that reached the agency; answers with the query code, which is told only here.
#[utoipa::path(
    tag = "cases", request_body = CaseBody, params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CaseView, headers(("ETag" = String), ("Location" = String))), CreateProblems)
)]
#[post("/cases")]
pub async fn case_submit(
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
            require_clerk(&actor)?;
            let body: CaseBody = read.take().unwrap_or_else(|| body.json())?;
            let (role, submission) = (Role::Clerk, body.submission(&actor)?);
            let code = |id| idempotency.query_code(id);
            let submitted = submit_as(tx, &desk, &actor, role, submission, code)?;
            let view = CaseView::new(&submitted.seen, &desk, language)?;
            let answer = Answer::created(&view, Some(view.version), format!("/api/v1/cases/{}", view.id))?;
            Ok(answer.telling("query_code", submitted.query_code.reveal()))
        })?;
        idempotency.tell_again(answer)
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    /// A working list; `all` when left out.
    queue: Option<Queue>,
    state: Option<State>,
    kind: Option<CaseKind>,
    agency_id: Option<AgencyId>,
    /// Cases that were ever assigned to this unit.
    unit_id: Option<UnitId>,
    owner_id: Option<UserId>,
    /// Unanswered cases due before this day.
    due_before: Option<NaiveDate>,
    /// Only cases with a fact from outside that was entered late; in the queue `late_entries` instead of those with a step
    /// of the agency's own.
    #[serde(default)]
    #[param(nullable = false)]
    outside: bool,
    received_from: Option<NaiveDate>,
    received_to: Option<NaiveDate>,
    /// Words of number, intake number, title, features or applicant's name, all of which must be found; words of letters
    /// and digits by their beginning. With it the newest entry comes first and each case tells where it was found.
    #[param(max_length = 100, example = "征收补偿")]
    q: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl CaseQuery {
    fn filter(&self, actor: &Actor) -> CaseFilter {
        CaseFilter {
            queue: self.queue,
            state: self.state,
            kind: self.kind,
            agency_id: self.agency_id,
            unit_id: self.unit_id,
            owner_id: self.owner_id,
            due_before: self.due_before,
            outside: self.outside,
            received_from: self.received_from,
            received_to: self.received_to,
            me: Some(actor.user_id),
            my_unit: actor.unit_id,
        }
    }
}

/// The cases that the person may see, by the day on which someone must act; those that a search finds, newest first.
#[utoipa::path(tag = "cases", params(CaseQuery), responses((status = 200, body = List<CaseLine>), ReadProblems))]
#[get("/cases")]
pub async fn case_list(
    site: web::Data<Site>,
    caller: Caller,
    query: RawQuery,
) -> Result<web::Json<List<CaseLine>>, Error> {
    let desk = site.desk();
    site.read(move |db| {
        let actor = caller.actor(db)?;
        let query: CaseQuery = query.parse()?;
        let filter = query.filter(&actor);
        let days = list_days(&desk);
        let today = days.today;
        if let Some(q) = query.q {
            let page = SearchPage::new(&q, query.cursor.as_deref(), query.limit)?;
            let hits = case_search(db, &actor, &filter, days, &page.search())?;
            let mut list = page.finish(hits, |hit, highlights| CaseLine::found(hit, today, highlights))?;
            list.incomplete = index_is_incomplete(db)?;
            return Ok(web::Json(list));
        }
        let page = Page::<ActKey>::new(query.cursor.as_deref(), query.limit)?;
        let rows = lists::case_list(db, &actor, &filter, days, page.after, page.fetch_limit())?;
        let page = page.finish(rows, |row| row.act_key())?;
        Ok(web::Json(page.map(|row| CaseLine::new(row, today))))
    })
    .await
}

/// One case with its clock as of today and what the person may do.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case")),
    responses((status = 200, body = CaseView, headers(("ETag" = String))), ReadProblems)
)]
#[get("/cases/{id}")]
pub async fn case_show(
    site: web::Data<Site>,
    caller: Caller,
    language: Language,
    id: web::Path<String>,
) -> Result<Answer, Error> {
    let desk = site.desk();
    site.look(move |db| {
        let (actor, directory) = caller.actor_in_directory(db)?;
        let id: CaseId = path_id(&id)?;
        telemetry::record_case(&id.to_string());
        let sight = staff_sight(db, &actor, id)?;
        let seen = look_in_directory(db, &desk, sight, &directory)?;
        let view = CaseView::new(&seen, &desk, language)?;
        Answer::ok(&view, Some(view.version))
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// The log of a case: dated facts with their hash chain.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case"), EventQuery),
    responses((status = 200, body = List<EventView>), ReadProblems)
)]
#[get("/cases/{id}/events")]
pub async fn case_events(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<List<EventView>>, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let list = site
        .snapshot(move |db| {
            let sight = staff_sight(db, &actor, id)?;
            let query: EventQuery = query.parse()?;
            let page = Page::<i64>::new(query.cursor.as_deref(), query.limit)?;
            let rows = entries(db, &sight, page.after.unwrap_or(0), page.fetch_limit())?;
            let mask = sight.mask();
            let events: Result<_, Error> = rows.into_iter().map(|entry| EventView::new(entry, mask)).collect();
            page.finish(events?, |event: &EventView| event.seq)
        })
        .await?;
    Ok(web::Json(list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClockQuery {
    /// The day on which to read the clock, today when left out; in the past, later facts are left out.
    as_of: Option<NaiveDate>,
    /// Whether to list every day with its number or the reason why it does not count.
    #[serde(default)]
    explain: bool,
}

/// The clock of a case, day by day when asked.
#[utoipa::path(
    tag = "cases", params(("id" = CaseId, Path, description = "case"), ClockQuery),
    responses((status = 200, body = Report), ReadProblems)
)]
#[get("/cases/{id}/clock")]
pub async fn case_clock(
    site: web::Data<Site>,
    actor: Actor,
    id: web::Path<String>,
    query: RawQuery,
) -> Result<web::Json<Report>, Error> {
    let id: CaseId = path_id(&id)?;
    telemetry::record_case(&id.to_string());
    let desk = site.desk();
    site.read(move |db| {
        let sight = staff_sight(db, &actor, id)?;
        let ClockQuery { as_of, explain } = query.parse()?;
        let as_of = as_of.unwrap_or(desk.today);
        if as_of > LAST_DATE {
            return Err(Error::field(beyond_calendar("?as_of")));
        }
        let seen = look_whole(db, &desk, sight)?;
        let law = desk.law();
        let report = seen.case.clock(&law, as_of, explain).map_err(Error::Fields)?;
        let report = report.unwrap_or_else(Report::not_started);
        let risks = seen.case.risks(&law, as_of, &report);
        let notes = seen.case.notes(&law, as_of, &report);
        Ok(web::Json(Report { risks, ..report }.noting(notes)))
    })
    .await
}

/// Takes an action on a case.
#[utoipa::path(
    tag = "cases", request_body = ActionBody,
    params(("id" = CaseId, Path, description = "case"), ("If-Match" = String, Header), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = CaseView, headers(("ETag" = String))), ActionProblems)
)]
#[post("/cases/{id}/actions")]
pub async fn case_act(
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
    act(site, actor, sent, Side::Agency, move |seen, desk| {
        Answer::ok(&CaseView::new(seen, desk, language)?, Some(version(seen)))
    })
    .await
}

/// An action as it was sent.
pub(super) struct Sent {
    pub id: web::Path<String>,
    pub if_match: IfMatch,
    pub key: IdempotencyKey,
    pub body: Body,
}

/// Takes an action in the order of checks that the contract fixes: existence and access, stored answer, version, and
/// then what the service checks (role, fields, workflow).
pub(super) async fn act(
    site: web::Data<Site>,
    actor: Actor,
    sent: Sent,
    side: Side,
    answer: impl Fn(&Seen, &Desk) -> Result<Answer, Error> + Send + 'static,
) -> Result<Answer, Error> {
    let id: CaseId = path_id(&sent.id)?;
    telemetry::record_case(&id.to_string());
    let idempotency = sent.key.bind(actor.user_id.to_string(), &sent.body)?;
    let (if_match, body) = (sent.if_match, sent.body);
    let desk = site.desk();
    let read = move || body.value().and_then(Asked::read);
    // Read before the turn to write comes; refused in its place among the checks.
    let first = read();
    let issues = first.as_ref().is_ok_and(Asked::issues_letters);
    let mut first = Some(first);
    let answer = site
        .write(move |tx| {
            let sight = sight_from(tx, &actor, side, id)?;
            idempotency.run(tx, desk.now, |tx| {
                if_match.check(sight.row.version)?;
                let asked = first.take().unwrap_or_else(&read)?;
                let seen = cases::act(tx, &desk, &actor, sight.clone(), asked)?;
                answer(&seen, &desk)
            })
        })
        .await?;
    match answer.version().filter(|_| issues) {
        Some(seq) => Ok(answer.telling("instruments", instruments::made(&site, id, seq).await)),
        None => Ok(answer),
    }
}
