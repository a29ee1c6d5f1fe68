//! How a case is shown to its agency, with the parts that other views share.

mod event;
mod request;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::case::fields::{Description, Retention};
use crate::domain::case::state::{Channel, Form, ReadBack, Route, SubDetail, SubProcess, SubStatus};
use crate::domain::case::{Action, ActionOption, Event, State};
use crate::domain::law::deadline::Report;
use crate::domain::law::refusal::Window;
use crate::domain::people::access::Visibility;
use crate::domain::people::party::{ApplicantKind, ApplicantView, Mask, PartyView};
use crate::domain::reply::{CaseKind, Outcome, OutcomeCause, ReplyItem};
use crate::domain::search::query::Highlight;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::error::Error;
use crate::http::problem::Language;
use crate::http::v1::documents::DocumentView;
use crate::service::cases::Desk;
use crate::service::documents::readable;
use crate::service::sight::Seen;
use crate::store::agencies::{Agency, AgencyName};
use crate::store::cases::CaseRow;

pub use event::EventView;
pub use request::{RequestLine, RequestView, TrackView};

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
}

/// Why an action is not possible now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    #[schema(examples("amendment_notice_late"))]
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<&'static str>,
    pub detail: String,
}

fn action_views(options: Vec<ActionOption>, language: Language) -> Vec<ActionView> {
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
            refusal: option.refusal.map(|refusal| RefusalView {
                code: refusal.code,
                article: refusal.article,
                detail: language.pick(&refusal.reason),
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
    /// `remedy` or `correction`.
    #[schema(examples("consultation"))]
    pub kind: String,
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
    /// A consultation that nobody answered by its last day is silent (Arts 32, 34).
    fn new(sub: &SubProcess, mask: Mask, today: NaiveDate) -> Result<Self, Error> {
        let silent = sub.is_open()
            && matches!(sub.detail, SubDetail::Consultation { .. })
            && sub.due_on.is_some_and(|due_on| due_on < today);
        let party = match &sub.detail {
            SubDetail::Consultation { party, .. } => party.as_ref().map(|party| party.view(mask)),
            _ => None,
        };
        let mut fields = match serde_json::to_value(&sub.detail).map_err(Error::internal)? {
            Value::Object(fields) => fields,
            _ => serde_json::Map::new(),
        };
        let kind = fields.remove("kind").and_then(|kind| kind.as_str().map(str::to_owned));
        Ok(Self {
            id: sub.id.clone(),
            kind: kind.unwrap_or_default(),
            status: if silent { SubStatus::Silent } else { sub.status },
            opened_on: sub.opened_on,
            due_on: sub.due_on,
            closed_on: if silent { sub.due_on } else { sub.closed_on },
            party,
            fields,
        })
    }
}

/// A case as its agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    pub id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub number: Option<String>,
    #[schema(examples("CXFB-2026-S00012"))]
    pub intake_number: String,
    /// Told once, in the answer to the submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("7KXM4WRP9A"))]
    pub query_code: Option<String>,
    pub version: i64,
    pub kind: CaseKind,
    pub state: State,
    #[schema(examples("办理中"))]
    pub state_label: &'static str,
    pub channel: Channel,
    pub arrived_on: NaiveDate,
    pub agency: AgencyRef,
    /// 专人负责: from registration to archive.
    pub owner: Option<PersonRef>,
    pub applicant: ApplicantView,
    pub filled_by_agency: bool,
    pub read_back: Option<ReadBack>,
    pub description: Description,
    pub form: Form,
    pub route: Route,
    pub accessibility_needs: Option<String>,
    pub received_on: Option<NaiveDate>,
    pub rule_set: Option<String>,
    /// As of today, without the list of days.
    pub clock: Report,
    /// The items of the reply, or of its draft.
    pub items: Vec<ItemView>,
    pub outcome: Option<Outcome>,
    pub outcome_label: Option<&'static str>,
    pub outcome_cause: Option<OutcomeCause>,
    pub retention: Option<Retention>,
    pub split_from: Option<CaseId>,
    /// The cases that the other parts became.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split_into: Vec<String>,
    /// Newest last; ended ones stay.
    pub sub_processes: Vec<SubProcessView>,
    /// What the case holds, in the order in which it came.
    pub documents: Vec<DocumentView>,
    /// What the person who asks may do, in the order of the procedure.
    pub actions: Vec<ActionView>,
}

/// One item of the reply, with its secrecy verdict while it is a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    #[serde(flatten)]
    pub item: ReplyItem,
    #[schema(examples("予以公开"))]
    pub outcome_label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrecy_verdict: Option<crate::domain::reply::SecrecyVerdict>,
}

/// The version as entity tags and views carry it.
pub fn version(seen: &Seen) -> i64 {
    i64::from(seen.case.version())
}

fn report(seen: &Seen, desk: &Desk) -> Result<Report, Error> {
    let report = seen.case.clock(&desk.law(), desk.today, false);
    match report {
        Ok(report) => Ok(report.unwrap_or_else(Report::not_started)),
        Err(errors) => Err(Error::internal(format!(
            "the facts of case {} contradict each other: {errors:?}",
            seen.case.id()
        ))),
    }
}

/// What the case came to: of the reply that went out, or of the end without one.
fn outcome(seen: &Seen) -> (Option<Outcome>, Option<OutcomeCause>) {
    let data = seen.case.data();
    match (&data.reply, data.endings.last()) {
        (Some(reply), _) => (Some(reply.outcome), reply.outcome_cause),
        (None, Some(ending)) if !data.state.is_open() => (Some(ending.outcome), ending.cause),
        _ => (None, None),
    }
}

impl CaseView {
    /// The case for the person in whose sight it is.
    ///
    /// # Errors
    /// Only when stored facts contradict each other.
    pub fn new(seen: &Seen, desk: &Desk, language: Language) -> Result<Self, Error> {
        let data = seen.case.data();
        let mask = mask(&seen.sight.visibility);
        let (outcome, outcome_cause) = outcome(seen);
        let items = match (&data.reply, &data.draft) {
            (Some(reply), _) => reply.items.iter().map(|item| item_view(item, None)).collect(),
            (None, Some(draft)) => draft
                .items
                .iter()
                .zip(&draft.verdicts)
                .map(|(item, verdict)| item_view(item, *verdict))
                .collect(),
            (None, None) => Vec::new(),
        };
        let sub_processes: Result<_, Error> = data
            .subs
            .iter()
            .map(|sub| SubProcessView::new(sub, mask, desk.today))
            .collect();
        Ok(Self {
            id: seen.case.id(),
            number: data.number.clone(),
            intake_number: data.submission.intake_number.clone(),
            // The answer to the submission adds it: a stored answer must not hold it.
            query_code: None,
            version: version(seen),
            kind: data.submission.kind,
            state: data.state,
            state_label: data.state.label(),
            channel: data.submission.channel,
            arrived_on: data.submission.arrived_on,
            agency: AgencyRef::from(&seen.sight.agency),
            owner: data
                .owner_id
                .zip(seen.sight.owner.clone())
                .map(|(id, name)| PersonRef { id, name }),
            applicant: data.submission.applicant.view(mask),
            filled_by_agency: data.submission.filled_by_agency,
            read_back: data.submission.read_back.clone(),
            description: data.description.clone(),
            form: data.submission.form,
            route: data.submission.route,
            accessibility_needs: data.submission.accessibility_needs.clone(),
            received_on: data.received_on,
            rule_set: data.rule_set.clone(),
            clock: report(seen, desk)?,
            items,
            outcome,
            outcome_label: outcome.map(Outcome::label_zh),
            outcome_cause,
            retention: data.retention,
            split_from: data.submission.split_from,
            split_into: seen
                .case
                .log()
                .iter()
                .filter_map(|logged| match &logged.event {
                    Event::RequestSplit(split) => Some(split.into.iter().cloned()),
                    _ => None,
                })
                .flatten()
                .collect(),
            sub_processes: sub_processes?,
            documents: readable(seen).into_iter().map(DocumentView::from).collect(),
            actions: action_views(seen.options(desk), language),
        })
    }
}

fn item_view(item: &ReplyItem, secrecy_verdict: Option<crate::domain::reply::SecrecyVerdict>) -> ItemView {
    ItemView {
        outcome_label: item.outcome.label_zh(),
        item: item.clone(),
        secrecy_verdict,
    }
}

/// Contact data is clear to the agency's clerk and officer, and to the applicant, whose own it is.
pub fn mask(visibility: &Visibility) -> Mask {
    match visibility {
        Visibility::Applicant => Mask::ContactClear,
        Visibility::Staff {
            contact_clear: true, ..
        } => Mask::ContactClear,
        _ => Mask::ContactMasked,
    }
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseLine {
    pub id: CaseId,
    pub number: Option<String>,
    pub intake_number: String,
    pub version: i64,
    pub kind: CaseKind,
    pub state: State,
    pub state_label: &'static str,
    pub channel: Channel,
    pub agency_id: AgencyId,
    pub owner_id: Option<UserId>,
    pub applicant_kind: ApplicantKind,
    pub applicant_name: String,
    pub title: String,
    pub arrived_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    /// The due date, as if silent parties stay silent.
    pub due_on: Option<NaiveDate>,
    /// The day by which someone must act; lists are ordered by it.
    pub act_by: NaiveDate,
    pub overdue: bool,
    /// 9999-12-31 while a consultation is sent and its delivery unknown.
    pub suspended_until: Option<NaiveDate>,
    #[schema(examples("amendment"))]
    pub awaiting: Option<String>,
    pub missed_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
    pub late_entries: i32,
    /// Where a search found the case; only in the answer to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highlights: Option<Vec<Highlight>>,
}

impl CaseLine {
    pub fn new(row: CaseRow, today: NaiveDate) -> Self {
        let passed_unanswered = row.due_on.filter(|due_on| row.stopped_on.is_none() && *due_on < today);
        Self {
            id: row.id(),
            version: row.version,
            kind: row.kind(),
            state: row.state(),
            state_label: row.state().label(),
            channel: row.channel(),
            agency_id: row.agency_id(),
            owner_id: row.owner_id(),
            applicant_kind: row.applicant_kind(),
            overdue: passed_unanswered.is_some() && !row.is_suspended(today),
            // The leaf that counts stays with the case; while a new reply is owed there is no outcome to show.
            outcome: row.outcome().filter(|_| !row.state().is_open()),
            number: row.number,
            intake_number: row.intake_number,
            applicant_name: row.applicant_name,
            title: row.title,
            arrived_on: row.arrived_on,
            received_on: row.received_on,
            due_on: row.due_on,
            act_by: row.act_by,
            suspended_until: row.suspended_until,
            awaiting: row.awaiting,
            missed_on: row.missed_on.or(passed_unanswered),
            late_entries: row.late_entries,
            highlights: None,
        }
    }

    /// A case that a search found.
    pub fn found(row: CaseRow, today: NaiveDate, highlights: Vec<Highlight>) -> Self {
        Self {
            highlights: Some(highlights),
            ..Self::new(row, today)
        }
    }
}
