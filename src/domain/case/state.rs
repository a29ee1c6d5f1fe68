//! What a case is: its state and the data folded from its log. Topics change it when they fold what they told.

use super::attached::DocumentAttached;
use super::author::Author;
use super::changed::{ContactFrom, GivenUp};
use super::evidence::Evidence;
use super::identities::Identities;
use super::retention::RetentionClass;
use super::reviewed::{Change, Review};
use super::sent::{Ending, Reply};
use super::sub::{SubStatus, Subs};
use super::submission::{Description, Form, Route, SEE_SCAN, Submission};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::instrument::issued::Issued;
use crate::domain::law::deadline::Fact;
use crate::domain::people::party::Applicant;
use crate::domain::reply::{CaseKind, Outcome, OutcomeCause, ReplyItem, SecrecyVerdict, items_without_release};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{CaseId, UserId};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

codes! {
    /// The state of a case (办理状态).
    pub enum State {
        Submitted "submitted" "待登记",
        Registered "registered" "已登记",
        AmendmentPending "amendment_pending" "待补正",
        InProgress "in_progress" "办理中",
        InReview "in_review" "法制审核",
        InApproval "in_approval" "待签发",
        Replied "replied" "已答复",
        Delivered "delivered" "已送达",
        Closed "closed" "终结",
        Archived "archived" "已归档",
    }

    /// Why an application never became a received one.
    pub enum IntakeEnd {
        Unreachable "unreachable" "无法联系",
        NotARequest "not_a_request" "不是政府信息公开申请",
        Duplicate "duplicate" "重复提交",
        Misdirected "misdirected" "误投，已转交收件机关",
        NotReceived "not_received" "经查并未收到",
    }
}

impl State {
    /// Open states: the procedure is still owed an answer.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Submitted
                | Self::Registered
                | Self::AmendmentPending
                | Self::InProgress
                | Self::InReview
                | Self::InApproval
        )
    }
}

/// How an application ended that was never received.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IntakeEnded {
    pub reason: IntakeEnd,
    /// Where a misdirected application was sent on to.
    #[schema(examples("澄溪县自然资源局"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_case_id: Option<CaseId>,
}

/// A time in which nobody could work on the case (不可抗力).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ForceMajeure {
    pub from_on: NaiveDate,
    pub until_on: Option<NaiveDate>,
    #[schema(examples("汛情期间档案库房断电封闭，无法检索"))]
    pub what: String,
}

/// The reply being worked on (拟办答复).
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub items: Vec<ReplyItem>,
    pub principal: Option<usize>,
    pub drafted_by: Option<UserId>,
    /// Who changed its text since.
    pub edited_by: Vec<UserId>,
    pub drafted_on: NaiveDate,
    /// One verdict per item.
    pub verdicts: Vec<Option<SecrecyVerdict>>,
    /// A legal pass for exactly these items.
    pub legally_passed: bool,
    /// The legal review whose changes are still to be answered.
    pub changes_of: Option<u32>,
    pub approved_on: Option<NaiveDate>,
    /// The entry that made its newest version.
    pub seq: u32,
    /// Counts what was drafted and edited, from 1.
    pub version: u32,
}

impl Draft {
    /// Whether every granted item has the secrecy verdict release or redact (Art 17).
    pub fn is_released(&self) -> bool {
        let verdicts: Vec<_> = self
            .verdicts
            .iter()
            .enumerate()
            .filter_map(|(index, verdict)| verdict.map(|verdict| (index, verdict)))
            .collect();
        items_without_release(&self.items, &verdicts).is_empty()
    }
}

codes! {
    /// How a case ended (结案方式), as far as it can be taken back.
    pub enum ClosingKind {
        IntakeClosed "intake_closed" "不予登记并结束",
        AmendmentLapsed "amendment_lapsed" "逾期未补正，不再处理",
        FeeLapsed "fee_lapsed" "逾期未缴费，不再处理",
        Withdrawn "withdrawn" "申请人撤回",
        Merged "merged" "并案",
        Replied "replied" "已答复",
        Archived "archived" "已归档",
    }
}

/// An entry that ended the case and stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Closing {
    /// The position of the entry.
    pub seq: u32,
    pub kind: ClosingKind,
    pub on: NaiveDate,
    /// Who entered it.
    #[serde(skip)]
    pub by: Option<UserId>,
}

/// An instrument of the case (文书), with the entry that left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    pub issued: Issued,
    pub seq: u32,
    /// The day of issue.
    pub on: NaiveDate,
    /// It keeps its number, and holds no more.
    pub cancelled: bool,
}

/// Everything folded from the log of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseData {
    pub submission: Submission,
    pub submitted_by: Author,
    pub state: State,
    /// The day from which the present state counts: no later step may be dated before it.
    pub state_since: NaiveDate,
    pub submission_confirmed_on: Option<NaiveDate>,
    pub number: Option<String>,
    pub received_on: Option<NaiveDate>,
    pub rule_set: Option<String>,
    /// What shows that both sides confirmed the application, where something else than the applicant's own step does.
    pub confirmed_by: Option<Evidence>,
    /// An amended application that counts from a later day than it arrived: both days.
    pub amendment_arrived: Option<(NaiveDate, NaiveDate)>,
    pub owner_id: Option<UserId>,
    pub formally_reviewed: bool,
    pub substantively_reviewed: bool,
    /// Who applies and how to reach them, as it is now; the submission keeps what was sent.
    pub applicant: Applicant,
    /// Who the people of the application are, as far as it was found out.
    pub identities: Identities,
    pub form: Option<Form>,
    pub route: Option<Route>,
    /// Changes of the way to reach the applicant, in the order in which they came.
    pub contacts: Vec<ContactFrom>,
    pub given_up: Vec<GivenUp>,
    /// The current content of the application: the amendment replaces the first description.
    pub description: Option<Description>,
    pub facts: Vec<Fact>,
    pub subs: Subs,
    pub draft: Option<Draft>,
    /// Everybody who looked at a draft, oldest first.
    pub reviews: Vec<Review>,
    /// Changes that legal reviewers asked for with a pass, oldest first.
    pub changes: Vec<Change>,
    pub reply: Option<Reply>,
    /// Replies that another took the place of, oldest first.
    pub past_replies: Vec<Reply>,
    /// A reply that left is being replaced: the clock stays stopped by its first posting.
    pub replacing: bool,
    /// The day to reply by that a decision or judgment ordered.
    pub ordered_by: Option<NaiveDate>,
    /// How the case ended, as often as it did and was not set going again by a reopening.
    pub endings: Vec<Ending>,
    /// The ending that table 三 counts.
    pub counted: Option<Ending>,
    /// The day on which the case was set going again after the year of that ending.
    pub reopened_on: Option<NaiveDate>,
    /// What ended the case and stands, newest last.
    pub closings: Vec<Closing>,
    /// How an application that was never received ended.
    pub intake_end: Option<IntakeEnded>,
    /// What kept the agency from working on the case; the clock knows nothing of it.
    pub force_majeure: Vec<ForceMajeure>,
    pub reached_draft: bool,
    pub reached_legal: bool,
    pub late_entries: u32,
    pub retention: Option<RetentionClass>,
    /// In the order in which they came.
    pub documents: Vec<DocumentAttached>,
    /// Documents in granted items of replies that went out; what was given is not taken back.
    pub released: BTreeSet<String>,
    /// In the order of their entries.
    pub instruments: Vec<Instrument>,
}

impl CaseData {
    /// The case right after its submission, by whom, and whether it was entered late.
    pub fn found(submission: &Submission, submitted_by: Author, late: bool) -> Self {
        Self {
            submission: submission.clone(),
            submitted_by,
            state: State::Submitted,
            state_since: submission.arrived_on,
            submission_confirmed_on: None,
            number: None,
            received_on: None,
            rule_set: None,
            confirmed_by: None,
            amendment_arrived: None,
            owner_id: None,
            formally_reviewed: false,
            substantively_reviewed: false,
            applicant: submission.applicant.clone(),
            identities: Identities::of(&submission.applicant),
            form: submission.form,
            route: submission.route,
            contacts: Vec::new(),
            given_up: Vec::new(),
            description: submission.description.clone(),
            facts: Vec::new(),
            subs: Subs::default(),
            draft: None,
            reviews: Vec::new(),
            changes: Vec::new(),
            reply: None,
            past_replies: Vec::new(),
            replacing: false,
            ordered_by: None,
            endings: Vec::new(),
            counted: None,
            reopened_on: None,
            closings: Vec::new(),
            intake_end: None,
            force_majeure: Vec::new(),
            reached_draft: false,
            reached_legal: false,
            late_entries: u32::from(late),
            retention: None,
            documents: Vec::new(),
            released: BTreeSet::new(),
            instruments: Vec::new(),
        }
    }

    /// The newest instrument of a kind that holds.
    pub fn instrument(&self, code: InstrumentCode) -> Option<&Instrument> {
        let mut of_kind = self.instruments.iter().rev().filter(|one| one.issued.code == code);
        of_kind.find(|one| !one.cancelled)
    }

    /// What the case is called in lists.
    pub fn title(&self) -> &str {
        self.description
            .as_ref()
            .map_or(SEE_SCAN, |description| &description.title)
    }

    pub fn holds(&self, document_id: &str) -> bool {
        self.documents.iter().any(|document| document.id == document_id)
    }

    pub fn kind(&self) -> CaseKind {
        self.submission.kind
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped_on().is_some()
    }

    /// The day on which the clock last stopped, unless it was set going again.
    pub fn stopped_on(&self) -> Option<NaiveDate> {
        self.facts.iter().fold(None, |stopped, fact| match fact {
            Fact::Replied { on } => Some(*on),
            Fact::ReplyOrdered { .. } => None,
            _ => stopped,
        })
    }

    /// The leaf of table 三.
    pub fn ending(&self) -> Option<Ending> {
        self.counted
    }

    /// A received case ends. Table 三 of a year is made of facts up to its last day, and a case stands in one year only
    /// (国办公开办函〔2021〕30号): the first ending counts, unless the case was set going again in the same year.
    pub fn ended(&mut self, ending: Ending) {
        self.endings.push(ending);
        self.counted.get_or_insert(ending);
    }

    /// A reply ends the case; one that replaces another of the same year takes its place in table 三.
    pub fn ended_by_reply(&mut self, ending: Ending, replaces: bool) {
        let replaced = self.counted.filter(|_| replaces);
        if replaced.is_some_and(|counted| counted.on.year() == ending.on.year()) {
            self.counted = None;
        }
        self.ended(ending);
    }

    /// The reply stays on record, but is the one in force no more.
    pub fn set_aside_reply(&mut self, on: NaiveDate) {
        self.past_replies.extend(self.reply.take().map(|reply| Reply {
            replaced_on: Some(on),
            ..reply
        }));
    }

    /// The last ending is taken back on a day; a later year leaves the table of its own year as it was.
    pub fn reopened(&mut self, on: NaiveDate) {
        self.endings.pop();
        self.closings.pop();
        self.goes_on(on);
        if self.reopened_on.is_none() {
            self.counted = None;
        }
    }

    /// The case goes on after its end: where the ending stands in the table of an earlier year, that names it as reopened.
    pub fn goes_on(&mut self, on: NaiveDate) {
        if self.counted.is_some_and(|counted| counted.on.year() < on.year()) {
            self.reopened_on.get_or_insert(on);
        }
    }

    /// A new state from a day on.
    pub fn enter(&mut self, state: State, on: NaiveDate) {
        self.state = state;
        self.state_since = on;
    }

    /// The clock stops with a reply or another end. One on the very day on which the reply was ordered leaves the new run
    /// without a day: the clock stays stopped where it was.
    pub fn stop(&mut self, on: NaiveDate) {
        let facts = self.facts.len();
        self.facts
            .retain(|fact| !matches!(fact, Fact::ReplyOrdered { on: ordered_on, .. } if *ordered_on == on));
        if self.facts.len() == facts {
            self.facts.push(Fact::Replied { on });
        }
    }

    /// A case ends without a reply: the clock stops as by a reply, and the leaf is counted when the case was received.
    pub fn end(&mut self, on: NaiveDate, outcome: Option<(Outcome, Option<OutcomeCause>)>) {
        self.subs.cancel_open(on);
        if self.received_on.is_some() {
            if !self.is_stopped() {
                self.stop(on);
            }
            if let Some((outcome, cause)) = outcome {
                self.ended(Ending { on, outcome, cause });
            }
        }
        self.enter(State::Closed, on);
    }

    /// A fact for the clock; one that stays stopped while a reply is replaced takes none.
    pub fn tell(&mut self, fact: Fact) {
        if !self.replacing {
            self.facts.push(fact);
        }
    }

    /// The clock of consultations that are still open ends; they themselves end with what follows.
    pub fn end_consultations(&mut self, on: NaiveDate) {
        let open = self
            .subs
            .consultations
            .iter()
            .filter(|sub| sub.status == SubStatus::Open);
        let ended = open.map(|sub| Fact::ConsultationEnded {
            id: sub.id().to_string(),
            on,
        });
        self.facts.extend(ended);
    }
}
