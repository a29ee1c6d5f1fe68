//! How a request is shown to its applicant, and to anyone who holds number and query code.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::DocumentView;
use super::instrument::InstrumentView;
use super::parts::{ActionView, AgencyRef, ItemView, LogProblem, action_views, item_view, outcome, report, version};
use crate::domain::case::State;
use crate::domain::case::progress::Step;
use crate::domain::case::sub::AmendmentNotice;
use crate::domain::case::submission::Description;
use crate::domain::case::submission::{Form, Route};
use crate::domain::people::party::Mask;
use crate::domain::people::party_view::ApplicantView;
use crate::domain::reply::{CaseKind, Outcome, OutcomeCause, ReplyItem};
use crate::domain::words::ids::CaseId;
use crate::domain::words::language::Language;
use crate::error::Error;
use crate::service::desk::Desk;
use crate::service::documents::readable;
use crate::service::sight::{Seen, Tracked};

/// A request as its applicant follows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    pub id: CaseId,
    pub version: i64,
    pub kind: CaseKind,
    pub state: State,
    pub state_label: &'static str,
    pub intake_number: String,
    pub number: Option<String>,
    /// Told once, in the answer to the submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("7KXM4WRP9A"))]
    pub query_code: Option<String>,
    pub agency: AgencyRef,
    pub applicant: ApplicantView,
    pub description: Option<Description>,
    pub form: Option<Form>,
    pub route: Option<Route>,
    pub submitted_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    /// The day by which the agency must reply; null while it is not known.
    pub due_on: Option<NaiveDate>,
    pub steps: Vec<Step>,
    /// All defects to mend at once, while an amendment is awaited (Art 30).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amendment: Option<AmendmentView>,
    /// The reply, once it went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyView>,
    /// What the applicant supplied, and what a reply gave.
    pub documents: Vec<DocumentView>,
    /// The instruments that the action just taken left; only in the answer to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruments: Option<Vec<InstrumentView>>,
    pub outcome: Option<Outcome>,
    pub outcome_label: Option<&'static str>,
    pub outcome_cause: Option<OutcomeCause>,
    pub actions: Vec<ActionView>,
    /// Only when the record of the request cannot be read completely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<LogProblem>,
}

/// What is to be amended.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmendmentView {
    pub defects: Vec<String>,
    pub respond_by: Option<NaiveDate>,
}

/// A reply as the applicant reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyView {
    pub issued_on: NaiveDate,
    pub items: Vec<ItemView>,
}

impl RequestView {
    /// The request for its applicant.
    ///
    /// # Errors
    /// Only when stored facts contradict each other.
    pub fn new(seen: &Seen, desk: &Desk, language: Language) -> Result<Self, Error> {
        let data = seen.case.data();
        let report = report(seen, desk)?;
        let (outcome, outcome_cause) = outcome(seen);
        let amendment = data.subs.open::<AmendmentNotice>().map(|sub| AmendmentView {
            defects: sub.detail.defects.clone(),
            respond_by: sub.due_on.or(sub.detail.letter.stated_on),
        });
        let documents = readable(seen);
        let shown = |item: &ReplyItem| {
            let mut view = item_view(item, None);
            // What is withheld is not even named.
            view.item
                .document_ids
                .retain(|id| documents.iter().any(|paper| paper.document.id == *id));
            view
        };
        let reply = data.reply.as_ref().map(|reply| ReplyView {
            issued_on: reply.issued_on,
            items: reply.items.iter().map(shown).collect(),
        });
        Ok(Self {
            id: seen.case.id(),
            version: version(seen),
            kind: data.submission.kind,
            state: data.state,
            state_label: data.state.label(),
            intake_number: data.submission.intake_number.clone(),
            number: data.number.clone(),
            // The answer to the submission adds it: a stored answer must not hold it.
            query_code: None,
            agency: AgencyRef::from(&seen.sight.agency),
            applicant: data.applicant.view(Mask::ContactClear),
            description: data.description.clone(),
            form: data.form,
            route: data.route,
            submitted_on: data.submission.arrived_on,
            received_on: data.received_on,
            due_on: report.due_on,
            steps: seen.case.steps(Some(&report)),
            amendment,
            reply,
            documents: documents.iter().map(|paper| DocumentView::of(paper, seen)).collect(),
            instruments: None,
            outcome,
            outcome_label: outcome.map(Outcome::label),
            outcome_cause,
            actions: action_views(seen.options(desk), language),
            problem: LogProblem::of(seen),
        }
        .registered(seen))
    }

    /// Where the log cannot be read on, number, state and receipt are those of the register.
    fn registered(self, seen: &Seen) -> Self {
        let row = &seen.sight.row;
        match seen.unreadable {
            None => self,
            Some(_) => Self {
                number: row.number.clone(),
                state: row.state(),
                state_label: row.state().label(),
                received_on: row.received_on,
                ..self
            },
        }
    }
}

/// What anyone with number and query code learns: no title, no names.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrackView {
    pub intake_number: String,
    pub number: Option<String>,
    pub state: State,
    pub state_label: &'static str,
    pub agency: AgencyRef,
    pub submitted_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub replied_on: Option<NaiveDate>,
    pub steps: Vec<Step>,
    /// Only when the record of the case cannot be read completely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<LogProblem>,
}

impl TrackView {
    /// The case as far as its way through the procedure; a clock that cannot be read is left out.
    pub fn new(tracked: &Tracked, desk: &Desk) -> Self {
        let case = &tracked.case;
        let report = case.clock(&desk.law(), desk.today, false).ok().flatten();
        let data = case.data();
        let view = Self {
            intake_number: data.submission.intake_number.clone(),
            number: data.number.clone(),
            state: data.state,
            state_label: data.state.label(),
            agency: AgencyRef::from(&tracked.agency),
            submitted_on: data.submission.arrived_on,
            received_on: data.received_on,
            due_on: report.as_ref().and_then(|report| report.due_on),
            replied_on: data.reply.as_ref().map(|reply| reply.issued_on),
            steps: case.steps(report.as_ref()),
            problem: tracked.unreadable.map(|unreadable| LogProblem::new(unreadable, true)),
        };
        let row = &tracked.row;
        match tracked.unreadable {
            None => view,
            Some(_) => Self {
                number: row.number.clone(),
                state: row.state(),
                state_label: row.state().label(),
                received_on: row.received_on,
                due_on: row.due_on.filter(|_| !row.is_suspended(desk.today)),
                ..view
            },
        }
    }
}
