//! One action on many cases: a transaction a case, so that what is refused in one holds up no other.

use actix_web::http::Uri;
use actix_web::rt::task::JoinHandle;
use actix_web::{HttpRequest, post, rt, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, VecDeque};
use utoipa::ToSchema;

use super::instruments;
use crate::domain::case::Action;
use crate::domain::instrument::catalog::issues_letters;
use crate::domain::people::access::Actor;
use crate::domain::words::ids::CaseId;
use crate::domain::words::text::{FieldError, none_wrong};
use crate::error::Error;
use crate::http::idempotency::{Answer, Idempotency, IdempotencyKey};
use crate::http::json::Body;
use crate::http::problem::{BulkProblems, Language, Problem, ProblemField, status_of};
use crate::service::cases::{self, Asked};
use crate::service::sight::{Side, sight_from};
use crate::site::Site;
use crate::views::instrument::InstrumentView;

/// Most cases of one request.
const CASES_MAX: usize = 1_000;
/// How many cases have their files made at once: each print takes some ten megabytes while it is made.
const PRINTING_MAX: usize = 2;

/// An action with its fields, and the cases it is taken on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    pub action: Action,
    /// The fields of the action, as one case takes them.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    #[schema(min_items = 1, max_items = 1000)]
    pub cases: Vec<BulkCase>,
    /// Whether it is only tried: nothing is kept then.
    #[serde(default)]
    pub dry_run: bool,
}

/// A case with the version that was seen.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkCase {
    pub id: CaseId,
    pub version: i64,
}

/// What came of the action in each case, in the order of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkAnswer {
    pub items: Vec<BulkItem>,
}

/// What came of it in one case.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkItem {
    pub id: CaseId,
    /// Whether it is done; when only tried, whether it would be.
    pub done: bool,
    /// The version of the case afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The instruments that it left in the case, with their numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<InstrumentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<BulkRefusal>,
}

/// Why it is not done in a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRefusal {
    #[schema(examples("stale_version"))]
    pub code: String,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// Only tried: the transaction is taken back with its result.
#[derive(Debug, thiserror::Error)]
#[error("tried only")]
struct Tried(i64);

/// Takes an action on many cases, each in a transaction of its own.
///
/// Sent again under the same key, what was done stays done.
#[utoipa::path(
    tag = "cases", request_body = BulkBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BulkAnswer), BulkProblems)
)]
#[post("/cases/actions")]
pub async fn case_act_on_many(
    site: web::Data<Site>,
    actor: Actor,
    language: Language,
    request: HttpRequest,
    key: IdempotencyKey,
    body: Body,
) -> Result<web::Json<BulkAnswer>, Error> {
    let asked: BulkBody = body.json()?;
    let action = asked.body();
    check(&asked, &action)?;
    let idempotency = key.bind(actor.user_id.to_string(), &body)?;
    // What is only tried leaves nothing that a repetition could find.
    let idempotency = if asked.dry_run {
        Idempotency::none()
    } else {
        idempotency
    };
    let issues = !asked.dry_run && issues_letters(asked.action);
    let mut items = Vec::with_capacity(asked.cases.len());
    let mut printing = Printing::default();
    for case in asked.cases {
        let done = act_on(&site, &actor, case, &action, &idempotency, asked.dry_run).await;
        if let (true, Ok(version)) = (issues, &done) {
            printing.begin(&site, items.len(), case.id, *version, &mut items).await;
        }
        items.push(item(case.id, done, language, request.uri())?);
    }
    printing.end(&mut items).await;
    Ok(web::Json(BulkAnswer { items }))
}

/// Files of cases that are done, made while the next ones are acted on.
#[derive(Default)]
struct Printing(VecDeque<(usize, JoinHandle<Vec<InstrumentView>>)>);

impl Printing {
    async fn begin(&mut self, site: &web::Data<Site>, place: usize, id: CaseId, seq: i64, items: &mut [BulkItem]) {
        if self.0.len() >= PRINTING_MAX {
            self.next(items).await;
        }
        let site = site.clone();
        let task = rt::spawn(async move { instruments::views(&site, id, seq).await });
        self.0.push_back((place, task));
    }

    async fn next(&mut self, items: &mut [BulkItem]) {
        if let Some((place, task)) = self.0.pop_front()
            && let (Ok(views), Some(item)) = (task.await, items.get_mut(place))
        {
            item.instruments = views;
        }
    }

    async fn end(mut self, items: &mut [BulkItem]) {
        while !self.0.is_empty() {
            self.next(items).await;
        }
    }
}

impl BulkBody {
    /// The body as one case takes it.
    fn body(&self) -> Value {
        let mut fields = self.fields.clone();
        fields.insert("action".to_owned(), Value::from(self.action.code()));
        Value::Object(fields)
    }
}

/// What is wrong whatever the cases are.
fn check(asked: &BulkBody, action: &Value) -> Result<(), Error> {
    let mut errors = Vec::new();
    let cases = asked.cases.len();
    if cases == 0 || cases > CASES_MAX {
        errors.push(FieldError::new(
            "/cases",
            format!("一次办理 1 至 {CASES_MAX} 件，现有 {cases} 件。"),
            format!("Between 1 and {CASES_MAX} cases at once; there are {cases}."),
        ));
    }
    let mut seen = BTreeSet::new();
    for (place, case) in asked.cases.iter().take(CASES_MAX).enumerate() {
        if !seen.insert(case.id) {
            errors.push(FieldError::new(
                format!("/cases/{place}/id"),
                "同一案件只能列出一次。",
                "Each case is named once.",
            ));
        }
    }
    let wrong = Asked::read(action.clone())?.wrong_fields();
    errors.extend(wrong.into_iter().map(|error| FieldError {
        pointer: format!("/fields{}", error.pointer),
        ..error
    }));
    none_wrong(errors)
}

async fn act_on(
    site: &web::Data<Site>,
    actor: &Actor,
    case: BulkCase,
    action: &Value,
    idempotency: &Idempotency,
    dry_run: bool,
) -> Result<i64, Error> {
    let desk = site.desk();
    let (actor, action) = (actor.clone(), action.clone());
    let idempotency = idempotency.part(&case.id.to_string());
    let result = site
        .write(move |tx| {
            let sight = sight_from(tx, &actor, Side::Agency, case.id)?;
            let answer = idempotency.run(tx, desk.now, |tx| {
                let current_version = sight.row.version;
                if current_version != case.version {
                    return Err(Error::Stale { current_version });
                }
                let seen = cases::act(tx, &desk, &actor, sight.clone(), Asked::read(action.clone())?)?;
                let version = seen.sight.row.version;
                match dry_run {
                    true => Err(Error::Caller(Box::new(Tried(version)))),
                    false => Answer::ok(&version, None),
                }
            })?;
            answer.read::<i64>()
        })
        .await;
    match result {
        Err(Error::Caller(source)) => match source.downcast::<Tried>() {
            Ok(tried) => Ok(tried.0),
            Err(source) => Err(Error::Caller(source)),
        },
        other => other,
    }
}

/// # Errors
/// What is wrong with the service and not with the case.
fn item(id: CaseId, done: Result<i64, Error>, language: Language, uri: &Uri) -> Result<BulkItem, Error> {
    match done {
        Ok(version) => Ok(BulkItem {
            id,
            done: true,
            version: Some(version),
            instruments: Vec::new(),
            refusal: None,
        }),
        Err(error) if status_of(&error).is_client_error() => {
            let problem = Problem::new(&error, language, uri);
            Ok(BulkItem {
                id,
                done: false,
                version: None,
                instruments: Vec::new(),
                refusal: Some(BulkRefusal {
                    code: problem.code,
                    detail: problem.detail,
                    article: problem.article,
                    errors: problem.errors,
                }),
            })
        }
        Err(error) => Err(error),
    }
}
