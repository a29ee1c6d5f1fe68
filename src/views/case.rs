//! How a case is shown to its agency.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::DocumentView;
use super::instrument::InstrumentView;
use super::parts::{
    ActionView, AgencyRef, ItemView, LogProblem, PersonRef, SubProcessView, action_views, item_view, outcome, report,
    version,
};
use super::review::{ChangeView, ReviewView, changes, reviews};
use crate::domain::case::changed::{ContactFrom, GivenUp};
use crate::domain::case::defect::{Defect, defects};
use crate::domain::case::sent::{Dispatch, Reply};
use crate::domain::case::state::{Closing, ForceMajeure, IntakeEnded};
use crate::domain::case::submission::Description;
use crate::domain::case::submission::{Channel, Form, ReadBack, Route};
use crate::domain::case::{CaseData, Event, LoggedEvent, State};
use crate::domain::law::deadline::Report;
use crate::domain::people::party::{Applicant, Mask};
use crate::domain::people::party_view::ApplicantView;
use crate::domain::reply::{CaseKind, Hint, Outcome, OutcomeCause, ReplyItem, SecrecyVerdict, hints};
use crate::domain::words::ids::{CaseId, UserId};
use crate::domain::words::language::Language;
use crate::error::Error;
use crate::service::desk::Desk;
use crate::service::documents::readable;
use crate::service::sight::{Seen, Sight};

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
    /// Changes of the way to reach the applicant, each with the day from which it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactView>,
    /// Parts of the request that the applicant gave up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given_up: Vec<GivenUp>,
    pub filled_by_agency: bool,
    pub read_back: Option<ReadBack>,
    /// Null where only the scan is there.
    pub description: Option<Description>,
    pub form: Option<Form>,
    pub route: Option<Route>,
    pub accessibility_needs: Option<String>,
    /// What the application leaves out or has wrong, by what the case records now (Arts 29, 30); all codes at
    /// `/reference/defects`.
    pub defects: Vec<Defect>,
    pub received_on: Option<NaiveDate>,
    pub rule_set: Option<String>,
    /// As of today, without the list of days.
    pub clock: Report,
    /// The items of the reply, or of its draft.
    pub items: Vec<ItemView>,
    /// Who looked at a draft, when, and what was said, oldest first.
    pub reviews: Vec<ReviewView>,
    /// What a legal reviewer asked to be changed, and what became of it, oldest first.
    pub changes: Vec<ChangeView>,
    pub outcome: Option<Outcome>,
    pub outcome_label: Option<&'static str>,
    pub outcome_cause: Option<OutcomeCause>,
    /// The day that stopped the clock: of the earliest dispatch that counts.
    pub replied_on: Option<NaiveDate>,
    /// The sendings of the reply in force, newest last.
    pub dispatches: Vec<Dispatch>,
    /// Every reply that went out, with its sendings, newest last.
    pub replies: Vec<SentReply>,
    /// What ended the case and stands, newest last: the newest can be revoked.
    pub endings: Vec<Closing>,
    /// How the application ended where it was never received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intake_end: Option<IntakeEnded>,
    /// What kept the agency from working on the case; the clock does not move by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub force_majeure: Vec<ForceMajeure>,
    /// 保管期限: a code of the program or of the agency's own table.
    #[schema(examples("30y"))]
    pub retention: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("30 年"))]
    pub retention_label: Option<String>,
    pub split_from: Option<CaseId>,
    /// The cases that the other parts became.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub split_into: Vec<CaseId>,
    /// Newest last; ended ones stay.
    pub sub_processes: Vec<SubProcessView>,
    /// What the case holds, in the order in which it came.
    pub documents: Vec<DocumentView>,
    /// The instruments that the action just taken left; only in the answer to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruments: Option<Vec<InstrumentView>>,
    /// What the person who asks may do, in the order of the procedure.
    pub actions: Vec<ActionView>,
    /// Only when the log of the case cannot be read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<LogProblem>,
}

impl CaseView {
    /// The case for the person in whose sight it is.
    ///
    /// # Errors
    /// Only when stored facts contradict each other.
    pub fn new(seen: &Seen, desk: &Desk, language: Language) -> Result<Self, Error> {
        let data = seen.case.data();
        let mask = seen.sight.mask();
        let (outcome, outcome_cause) = outcome(seen);
        let sub_processes: Result<_, Error> = data
            .subs
            .all()
            .into_iter()
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
            owner: person(data.owner_id, &seen.sight.owner),
            applicant: data.applicant.view(mask),
            contacts: data
                .contacts
                .iter()
                .map(|change| ContactView::new(change, mask))
                .collect(),
            given_up: data.given_up.clone(),
            filled_by_agency: data.submission.filled_by_agency,
            read_back: data.submission.read_back.clone(),
            description: data.description.clone(),
            form: data.form,
            route: data.route,
            accessibility_needs: data.submission.accessibility_needs.clone(),
            // Half a record lacks what nobody failed to state.
            defects: seen.unreadable.map_or_else(|| defects(data), |_| Vec::new()),
            received_on: data.received_on,
            rule_set: data.rule_set.clone(),
            clock: report(seen, desk)?,
            items: items(data),
            reviews: reviews(seen),
            changes: changes(seen),
            outcome,
            outcome_label: outcome.map(Outcome::label),
            outcome_cause,
            replied_on: data.reply.as_ref().and_then(|_| data.stopped_on()),
            dispatches: data
                .reply
                .as_ref()
                .map(|reply| reply.dispatches.clone())
                .unwrap_or_default(),
            replies: data
                .past_replies
                .iter()
                .chain(&data.reply)
                .map(SentReply::from)
                .collect(),
            endings: data.closings.clone(),
            intake_end: data.intake_end.clone(),
            force_majeure: data.force_majeure.clone(),
            retention: data.retention.as_ref().map(|class| class.code.clone()),
            retention_label: data.retention.as_ref().map(|class| class.label.clone()),
            split_from: data.submission.split_from,
            split_into: split_into(seen.case.log()),
            sub_processes: sub_processes?,
            documents: readable(seen)
                .iter()
                .map(|paper| DocumentView::of(paper, seen))
                .collect(),
            instruments: None,
            actions: action_views(seen.options(desk), language),
            problem: LogProblem::of(seen),
        }
        .registered(seen))
    }

    /// Where the log cannot be read on, number, state, owner and receipt are those of the register.
    fn registered(self, seen: &Seen) -> Self {
        let Sight { row, owner, .. } = &seen.sight;
        match seen.unreadable {
            None => self,
            Some(_) => Self {
                number: row.number.clone(),
                state: row.state(),
                state_label: row.state().label(),
                owner: person(row.owner_id(), owner),
                received_on: row.received_on,
                ..self
            },
        }
    }
}

/// How the applicant is reached from a day on; masked as the applicant is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    pub from_on: NaiveDate,
    pub received_on: NaiveDate,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub contact_name: Option<String>,
}

impl ContactView {
    fn new(change: &ContactFrom, mask: Mask) -> Self {
        let shown = Applicant::from(change.contact.clone()).view(mask);
        Self {
            from_on: change.from_on,
            received_on: change.received_on,
            phone: shown.phone,
            email: shown.email,
            address: shown.address,
            contact_name: shown.contact_name,
        }
    }
}

/// A reply that went out, as its agency sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentReply {
    /// The entry of the log that told it.
    pub seq: u32,
    pub issued_on: NaiveDate,
    pub outcome: Outcome,
    #[schema(examples("予以公开"))]
    pub outcome_label: &'static str,
    pub items: Vec<ItemView>,
    pub dispatches: Vec<Dispatch>,
    /// The other cases that the same paper answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub together_with: Vec<CaseId>,
    /// The day on which it was to be replaced, or on which a new reply was ordered; null for the one in force.
    pub replaced_on: Option<NaiveDate>,
}

impl From<&Reply> for SentReply {
    fn from(reply: &Reply) -> Self {
        Self {
            seq: reply.seq,
            issued_on: reply.issued_on,
            outcome: reply.outcome,
            outcome_label: reply.outcome.label(),
            items: reply.items.iter().map(|item| item_view(item, None)).collect(),
            dispatches: reply.dispatches.clone(),
            together_with: reply.together_with.clone(),
            replaced_on: reply.replaced_on,
        }
    }
}

/// The items of the reply in force, or of the draft with their secrecy verdicts.
fn items(data: &CaseData) -> Vec<ItemView> {
    match (&data.reply, &data.draft) {
        (Some(reply), _) => reply.items.iter().map(|item| item_view(item, None)).collect(),
        (None, Some(draft)) => {
            let hints = hints(&draft.items, &draft.verdicts, &unreachable(data));
            let items = draft.items.iter().zip(&draft.verdicts).zip(hints);
            let view = |((item, verdict), hints): ((&ReplyItem, &Option<SecrecyVerdict>), Vec<Hint>)| ItemView {
                hints,
                ..item_view(item, *verdict)
            };
            items.map(view).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// The consultations of a third party whose address nobody entered.
fn unreachable(data: &CaseData) -> BTreeSet<String> {
    let consultations = data.subs.consultations.iter();
    let without = consultations.filter(|sub| sub.detail.party.as_ref().is_some_and(|party| party.address.is_none()));
    without.map(|sub| sub.id().to_string()).collect()
}

fn split_into(log: &[LoggedEvent]) -> Vec<CaseId> {
    let splits = log.iter().filter_map(|logged| match &logged.event {
        Event::RequestSplit(split) => Some(split.into.iter().copied()),
        _ => None,
    });
    splits.flatten().collect()
}

fn person(id: Option<UserId>, name: &Option<String>) -> Option<PersonRef> {
    id.zip(name.clone()).map(|(id, name)| PersonRef { id, name })
}
