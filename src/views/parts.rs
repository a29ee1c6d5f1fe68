//! What the views of a case share: names in one line, what may be done, sub-processes, items, and the mask.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::case::sub::{SubProcess, SubStatus};
use crate::domain::case::unreadable::LOG_UNREADABLE;
use crate::domain::case::{Action, ActionOption};
use crate::domain::law::deadline::{ClockStatus, Report};
use crate::domain::law::refusal::Window;
use crate::domain::people::party::Mask;
use crate::domain::people::party_view::PartyView;
use crate::domain::reply::{Hint, Outcome, OutcomeCause, ReplyItem, SecrecyVerdict};
use crate::domain::words::ids::{AgencyId, UserId};
use crate::domain::words::language::Language;
use crate::error::Error;
use crate::service::desk::Desk;
use crate::service::opening::Unreadable;
use crate::service::sight::Seen;
use crate::store::agencies::{Agency, AgencyName};
use crate::store::cases::CaseRow;

/// An agency in one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgencyRef {
    pub id: AgencyId,
    #[schema(examples("CXFB"))]
    pub code: String,
    #[schema(examples("澄溪县人民政府办公室"))]
    pub name: String,
}

impl From<&Agency> for AgencyRef {
    fn from(agency: &Agency) -> Self {
        Self {
            id: agency.id,
            code: agency.code.clone(),
            name: agency.data.name.clone(),
        }
    }
}

impl From<&AgencyName> for AgencyRef {
    fn from(agency: &AgencyName) -> Self {
        Self {
            id: agency.id,
            code: agency.code.clone(),
            name: agency.name.clone(),
        }
    }
}

/// A person in one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonRef {
    pub id: UserId,
    pub name: String,
}

impl PersonRef {
    /// Somebody whom the case names.
    pub(super) fn of(id: UserId, seen: &Seen) -> Self {
        let name = seen.names.get(&id).map(|name| name.as_str().to_owned());
        Self {
            id,
            name: name.unwrap_or_default(),
        }
    }
}

/// What the person may do now, or why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionView {
    pub action: Action,
    #[schema(examples("登记收到"))]
    pub label: &'static str,
    pub allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
    /// The days on which the action is lawful.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    #[schema(examples("《条例》第三十条"))]
    pub article: &'static str,
    /// Fields of the action as the case fills them in, to be looked through and sent: of `review_formally` the checks, of
    /// `request_amendment` the defects in words for the applicant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"notified_on": "2026-03-10", "defects": ["未写明联系方式，请补充。"]}))]
    pub suggested: Option<Value>,
}

/// Why an action is not possible now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    #[schema(examples("amendment_notice_late"))]
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<&'static str>,
    #[schema(value_type = String)]
    pub detail: Cow<'static, str>,
}

pub(super) fn action_views(options: Vec<ActionOption>, language: Language) -> Vec<ActionView> {
    options
        .into_iter()
        .map(|option| ActionView {
            action: option.action,
            label: match language {
                Language::Chinese => option.action.label(),
                Language::English => option.action.label_en(),
            },
            allowed: option.refusal.is_none(),
            window: option.window,
            article: option.article,
            suggested: option.suggested,
            refusal: option.refusal.map(|refusal| RefusalView {
                code: refusal.code,
                article: refusal.article,
                detail: language.take(refusal.reason),
            }),
        })
        .collect()
}

/// A sub-process: `kind` tells which of its own fields follow.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubProcessView {
    #[schema(examples("consultation-7"))]
    pub id: String,
    /// `assignment`, `consultation`, `amendment_notice`, `secrecy_review`, `reasons_request`, `extension`, `fee_notice`,
    /// `remedy`, `remedy_void` or `correction`.
    #[schema(examples("consultation"))]
    pub kind: &'static str,
    pub status: SubStatus,
    pub opened_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    /// The third party of a consultation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyView>,
    /// The fields of its kind, such as `amount_yuan` of a fee notice.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub fields: serde_json::Map<String, Value>,
}

impl SubProcessView {
    pub(super) fn new(sub: &dyn SubProcess, mask: Mask, today: NaiveDate) -> Result<Self, Error> {
        let (status, closed_on) = sub.standing(today);
        let fields = match sub.fields().map_err(Error::internal)? {
            Value::Object(fields) => fields,
            _ => serde_json::Map::new(),
        };
        Ok(Self {
            id: sub.id(),
            kind: sub.kind(),
            status,
            opened_on: sub.opened_on(),
            due_on: sub.due_on(),
            closed_on,
            party: sub.party().map(|party| party.view(mask)),
            fields,
        })
    }
}

/// One item of the reply, with its secrecy verdict while it is a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    #[serde(flatten)]
    pub item: ReplyItem,
    #[schema(examples("予以公开"))]
    pub outcome_label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrecy_verdict: Option<SecrecyVerdict>,
    /// What a drafted item could say besides: its letter leaves the line out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
}

/// The version as entity tags and views carry it.
pub fn version(seen: &Seen) -> i64 {
    seen.sight.row.version
}

/// Why a case can only be looked at, and not completely.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogProblem {
    #[schema(examples("log_unreadable"))]
    pub code: &'static str,
    pub detail: String,
    pub detail_en: String,
}

impl LogProblem {
    pub(super) fn new(unreadable: Unreadable, applicant: bool) -> Self {
        let told = unreadable.told(applicant);
        Self {
            code: LOG_UNREADABLE,
            detail: told.zh.into_owned(),
            detail_en: told.en.into_owned(),
        }
    }

    pub(super) fn of(seen: &Seen) -> Option<Self> {
        let applicant = seen.sight.is_applicant();
        seen.unreadable.map(|unreadable| Self::new(unreadable, applicant))
    }
}

/// What the register says of the clock, where the log does not.
fn registered(row: &CaseRow, today: NaiveDate) -> Report {
    let status = match row.awaiting.as_deref() {
        _ if row.received_on.is_none() => ClockStatus::NotStarted,
        _ if row.stopped_on.is_some() => ClockStatus::Stopped,
        _ if row.is_suspended(today) => ClockStatus::Suspended,
        Some("payment") => ClockStatus::AwaitingPayment,
        Some(_) => ClockStatus::AwaitingAmendment,
        None => ClockStatus::Running,
    };
    let suspended = status == ClockStatus::Suspended;
    Report {
        status,
        due_on: row.due_on.filter(|_| !suspended),
        projected_due_on: row.due_on.filter(|_| suspended),
        missed_on: row.missed_on,
        ..Report::not_started()
    }
}

pub(super) fn report(seen: &Seen, desk: &Desk) -> Result<Report, Error> {
    if seen.unreadable.is_some() {
        return Ok(registered(&seen.sight.row, desk.today));
    }
    let report = seen.case.clock(&desk.law(), desk.today, false);
    match report {
        Ok(report) => {
            let report = report.unwrap_or_else(Report::not_started);
            let law = desk.law();
            let risks = seen.case.risks(&law, desk.today, &report);
            let notes = seen.case.notes(&law, desk.today, &report);
            Ok(Report { risks, ..report }.noting(notes))
        }
        Err(errors) => Err(Error::internal(format!(
            "the facts of case {} contradict each other: {errors:?}",
            seen.case.id()
        ))),
    }
}

/// What the case came to: of the reply that went out, or of the end without one.
pub(super) fn outcome(seen: &Seen) -> (Option<Outcome>, Option<OutcomeCause>) {
    let (data, row) = (seen.case.data(), &seen.sight.row);
    if seen.unreadable.is_some() {
        return (row.outcome().filter(|_| !row.state().is_open()), None);
    }
    match (&data.reply, data.endings.last()) {
        (Some(reply), _) => (Some(reply.outcome), reply.outcome_cause),
        (None, Some(ending)) if !data.state.is_open() => (Some(ending.outcome), ending.cause),
        _ => (None, None),
    }
}

pub(super) fn item_view(item: &ReplyItem, secrecy_verdict: Option<SecrecyVerdict>) -> ItemView {
    ItemView {
        outcome_label: item.outcome.label(),
        item: item.clone(),
        secrecy_verdict,
        hints: Vec::new(),
    }
}
