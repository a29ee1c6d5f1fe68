//! The circumstances of a command: who asks, on which day, under which law, and what must be looked up outside the case.

use super::attached::DocumentAttached;
use super::retention::OwnRetention;
use super::state::CaseData;
use crate::domain::law::Law;
use crate::domain::law::deadline::{self, Report};
use crate::domain::law::rules::RulePack;
use crate::domain::people::access::Role;
use crate::domain::reply::CaseKind;
use crate::domain::words::ids::{CaseId, PersonId, UnitId, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Who acts on a case, with the roles that apply to this case.
#[derive(Debug, Clone, Default)]
pub struct Who {
    pub user_id: Option<UserId>,
    pub roles: BTreeSet<Role>,
    pub unit_id: Option<UnitId>,
    /// A timer of the system instead of a person.
    pub timer: bool,
}

impl Who {
    pub fn acts_as_applicant_only(&self) -> bool {
        !self.timer && self.roles.iter().all(|role| *role == Role::Applicant)
    }
}

/// The open case into which another is merged.
#[derive(Debug, Clone, Copy)]
pub struct MergeTarget {
    pub open: bool,
    pub same_agency: bool,
    pub same_applicant: bool,
    pub same_kind: bool,
    /// Whether it is to be answered later than this one; by their receipts while one of them has no due date.
    pub due_later: bool,
}

/// The other application of which one is said to be a duplicate.
#[derive(Debug, Clone, Copy)]
pub struct OtherApplication {
    /// Whether it is still answered, or was.
    pub alive: bool,
    /// Whether its applicant can be the same.
    pub alike: bool,
}

/// What a command needs from outside the case, looked up in the same transaction.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// The next case number, for the actions that receive an application.
    pub number: Option<String>,
    /// Ids for the parts of a split but the first.
    pub part_ids: Vec<CaseId>,
    pub merge_target: Option<MergeTarget>,
    pub other_application: Option<OtherApplication>,
    /// Those of the earlier numbers in a draft under which the same person was answered.
    pub answered: BTreeSet<String>,
    /// As whom the agency knows the document of the person to be verified.
    pub person_of_document: Option<PersonId>,
    /// Whether another case of the agency has the person to be joined.
    pub person_found: bool,
    /// Whether the unit of an assignment belongs to the agency and is in use.
    pub unit_found: bool,
    /// Whether the person a case is handed to works on cases of the agency.
    pub colleague_found: bool,
    /// The applicant's ordinal in the month of receipt, for fees by request.
    pub fee_ordinal: u32,
    /// Earlier applications of the month by those who look like the applicant and were not verified; they do not count.
    pub look_alikes: u32,
    /// Working days that the agency gives for an amendment; the rule pack's where it says nothing.
    pub amendment_working_days: Option<u32>,
    /// Working days within which an entry of the agency's own is not late.
    pub late_entry_days: u32,
    /// The agency's own classes of retention.
    pub retentions: Vec<OwnRetention>,
    /// Which of the documents named by the command the case holds or may take.
    pub documents: BTreeSet<String>,
    /// Whether the file of an edited draft was read and found to be one.
    pub edited: bool,
    /// Those of them that no case holds yet: they become the case's with this command.
    pub attached: Vec<DocumentAttached>,
}

/// The circumstances of one command.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    pub law: Law<'a>,
    /// Legal today, the civil date of Asia/Shanghai.
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    pub lookups: Lookups,
}

impl CaseData {
    /// The rule pack pinned to the case, or the one for its arrival before it is received.
    pub fn pack<'a>(&self, law: &Law<'a>) -> Cow<'a, RulePack> {
        let pack = law.pinned(self.rule_set.as_deref(), self.submission.arrived_on);
        match self.kind() {
            CaseKind::Disclosure => Cow::Borrowed(pack),
            CaseKind::Correction => Cow::Owned(pack.for_correction()),
        }
    }

    /// The clock of a received case as of a day, with only the facts up to then.
    pub fn clock(&self, law: &Law<'_>, as_of: NaiveDate) -> Option<Report> {
        let received_on = self.received_on?;
        let facts = deadline::as_known_on(&self.facts, as_of);
        let as_of = as_of.max(received_on);
        deadline::evaluate(&self.pack(law), law.calendar, received_on, &facts, as_of).ok()
    }

    /// The due date as of a day, the projected one while the clock is suspended.
    pub fn due_on(&self, law: &Law<'_>, as_of: NaiveDate) -> Option<NaiveDate> {
        self.clock(law, as_of)
            .and_then(|report| report.due_on.or(report.projected_due_on))
    }
}
