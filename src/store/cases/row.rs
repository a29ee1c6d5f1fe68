//! The row of a case: what queues and lists read of it, and how it is made from the folded log.

use chrono::NaiveDate;
use diesel::Queryable;

use super::scope::ActKey;
use crate::domain::case::submission::Channel;
use crate::domain::case::{Case, Law, State};
use crate::domain::people::party::ApplicantKind;
use crate::domain::reply::{CaseKind, Outcome};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{AgencyId, CaseId, UserId};
use crate::store::StoreError;
use crate::store::key::Key;
use crate::store::schema::cases;
use crate::store::sql::Code;

/// What is known of a case without folding its log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct CaseRow {
    id: Key<CaseId>,
    pub version: i64,
    kind: Code<CaseKind>,
    state: Code<State>,
    agency_id: Key<AgencyId>,
    pub intake_number: String,
    pub number: Option<String>,
    channel: Code<Channel>,
    pub arrived_on: NaiveDate,
    applicant_user_id: Option<Key<UserId>>,
    applicant_kind: Code<ApplicantKind>,
    applicant_name: String,
    pub title: String,
    pub received_on: Option<NaiveDate>,
    owner_id: Option<Key<UserId>>,
    pub due_on: Option<NaiveDate>,
    pub suspended_until: Option<NaiveDate>,
    pub awaiting: Option<String>,
    pub missed_on: Option<NaiveDate>,
    pub stopped_on: Option<NaiveDate>,
    pub act_by: NaiveDate,
    pub awaits_secrecy: bool,
    pub awaits_legal: bool,
    pub awaits_approval: bool,
    pub served: bool,
    reached: Code<Reached>,
    pub late_entries: i32,
    outcome: Option<Code<Outcome>>,
    pub ended_on: Option<NaiveDate>,
    /// The day on which a case was set going again after the year that counts its ending.
    pub reopened_on: Option<NaiveDate>,
    pub head_hash: String,
    /// The sealed query code.
    pub query_code: String,
}

codes! {
    /// How far a case ever got: secrecy sees it from the first draft on, legal from the first legal submission on.
    pub enum Reached {
        Intake "intake" "登记",
        Draft "draft" "拟制答复",
        Legal "legal" "送法制审核",
    }
}

impl CaseRow {
    pub fn id(&self) -> CaseId {
        self.id.0
    }

    pub(super) fn of(origin: Origin<'_>, columns: Columns) -> Self {
        Self {
            id: origin.id,
            version: columns.version,
            kind: origin.kind,
            state: columns.state,
            agency_id: origin.agency_id,
            intake_number: origin.intake_number.to_owned(),
            number: columns.number,
            channel: columns.channel,
            arrived_on: columns.arrived_on,
            applicant_user_id: columns.applicant_user_id,
            applicant_kind: columns.applicant_kind,
            applicant_name: columns.applicant_name,
            title: columns.title,
            received_on: columns.received_on,
            owner_id: columns.owner_id,
            due_on: columns.due_on,
            suspended_until: columns.suspended_until,
            awaiting: columns.awaiting,
            missed_on: columns.missed_on,
            stopped_on: columns.stopped_on,
            act_by: columns.act_by,
            awaits_secrecy: columns.awaits_secrecy,
            awaits_legal: columns.awaits_legal,
            awaits_approval: columns.awaits_approval,
            served: columns.served,
            reached: columns.reached,
            late_entries: columns.late_entries,
            outcome: columns.outcome,
            ended_on: columns.ended_on,
            reopened_on: columns.reopened_on,
            head_hash: columns.head_hash,
            query_code: origin.query_code.to_owned(),
        }
    }

    /// The place of the case in lists.
    pub fn act_key(&self) -> ActKey {
        (self.act_by, self.id.0)
    }

    pub fn kind(&self) -> CaseKind {
        self.kind.0
    }

    pub fn state(&self) -> State {
        self.state.0
    }

    pub fn agency_id(&self) -> AgencyId {
        self.agency_id.0
    }

    pub fn channel(&self) -> Channel {
        self.channel.0
    }

    pub fn applicant_user_id(&self) -> Option<UserId> {
        self.applicant_user_id.map(|key| key.0)
    }

    pub fn applicant_kind(&self) -> ApplicantKind {
        self.applicant_kind.0
    }

    /// None where the application does not state it.
    pub fn applicant_name(&self) -> Option<&str> {
        Some(self.applicant_name.as_str()).filter(|name| !name.is_empty())
    }

    pub fn owner_id(&self) -> Option<UserId> {
        self.owner_id.map(|key| key.0)
    }

    pub fn reached_draft(&self) -> bool {
        self.reached.0 >= Reached::Draft
    }

    pub fn reached_legal(&self) -> bool {
        self.reached.0 >= Reached::Legal
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome.map(|code| code.0)
    }

    /// Whether a consultation is open on `today`, so that the due date hangs on a party that is still to answer.
    pub fn is_suspended(&self, today: NaiveDate) -> bool {
        self.suspended_until.is_some_and(|last| last >= today)
    }
}

/// The columns of a case that never change.
#[derive(diesel::Insertable)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
pub(super) struct Origin<'a> {
    id: Key<CaseId>,
    kind: Code<CaseKind>,
    agency_id: Key<AgencyId>,
    intake_number: &'a str,
    query_code: &'a str,
}

impl<'a> Origin<'a> {
    pub(super) fn of(case: &'a Case, query_code: &'a str) -> Self {
        let submission = &case.data().submission;
        Self {
            id: Key(case.id()),
            kind: Code(submission.kind),
            agency_id: Key(submission.agency_id),
            intake_number: &submission.intake_number,
            query_code,
        }
    }
}

/// The derived columns of a case.
#[derive(Debug, PartialEq, Eq, Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct Columns {
    version: i64,
    state: Code<State>,
    number: Option<String>,
    channel: Code<Channel>,
    arrived_on: NaiveDate,
    applicant_user_id: Option<Key<UserId>>,
    applicant_kind: Code<ApplicantKind>,
    applicant_name: String,
    title: String,
    received_on: Option<NaiveDate>,
    owner_id: Option<Key<UserId>>,
    due_on: Option<NaiveDate>,
    suspended_until: Option<NaiveDate>,
    awaiting: Option<String>,
    missed_on: Option<NaiveDate>,
    stopped_on: Option<NaiveDate>,
    pub(super) act_by: NaiveDate,
    awaits_secrecy: bool,
    awaits_legal: bool,
    awaits_approval: bool,
    served: bool,
    reached: Code<Reached>,
    late_entries: i32,
    outcome: Option<Code<Outcome>>,
    ended_on: Option<NaiveDate>,
    reopened_on: Option<NaiveDate>,
    pub(super) head_hash: String,
}

impl Columns {
    pub(super) fn of(case: &Case, law: &Law<'_>, head_hash: &str) -> Result<Self, StoreError> {
        let data = case.data();
        let projection = case.projection(law);
        let reached = match (data.reached_legal, data.reached_draft) {
            (true, _) => Reached::Legal,
            (false, true) => Reached::Draft,
            (false, false) => Reached::Intake,
        };
        let late_entries =
            i32::try_from(data.late_entries).map_err(|_| StoreError::Corrupt("late entries".to_owned()))?;
        Ok(Self {
            version: i64::from(case.version()),
            state: Code(data.state),
            number: data.number.clone(),
            channel: Code(data.submission.channel),
            arrived_on: data.submission.arrived_on,
            applicant_user_id: data.applicant_account().map(Key),
            applicant_kind: Code(data.applicant.counted_as()),
            applicant_name: data.applicant.name.clone().unwrap_or_default(),
            title: data.title().to_owned(),
            received_on: data.received_on,
            owner_id: data.owner_id.map(Key),
            due_on: projection.due_on,
            suspended_until: projection.suspended_until,
            awaiting: projection.awaiting.map(str::to_owned),
            missed_on: projection.missed_on,
            stopped_on: projection.stopped_on,
            act_by: projection.act_by,
            awaits_secrecy: projection.awaits_secrecy,
            awaits_legal: projection.awaits_legal,
            awaits_approval: projection.awaits_approval,
            served: projection.served,
            reached: Code(reached),
            late_entries,
            outcome: projection.outcome.map(Code),
            ended_on: projection.ended_on,
            reopened_on: data.reopened_on,
            head_hash: head_hash.to_owned(),
        })
    }
}
