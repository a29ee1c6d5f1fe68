//! What a case is: its states, its sub-processes and the data folded from its log. Fields are changed by `evolve` only.

use super::event::{Author, DocumentAttached};
use super::fields::*;
use crate::domain::law::deadline::{ConsultationKind, Fact};
use crate::domain::people::party::{Applicant, Party};
use crate::domain::reply::{CaseKind, Outcome, OutcomeCause, ReplyItem, SecrecyVerdict};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{AgencyId, CaseId, UnitId, UserId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

    /// How an application arrives (Art 31 gives each its receipt date).
    pub enum Channel {
        InPerson "in_person" "当面提交",
        RegisteredMail "registered_mail" "挂号信或特快专递",
        OrdinaryMail "ordinary_mail" "平常信函",
        Fax "fax" "传真",
        Online "online" "互联网渠道",
    }

    /// The form in which the information is wanted (获取方式).
    pub enum Form {
        Paper "paper" "纸质",
        Electronic "electronic" "电子文件",
        Inspection "inspection" "当场查阅、抄录",
    }

    /// The way on which the information is wanted (获取途径).
    pub enum Route {
        Mail "mail" "邮寄",
        Email "email" "电子邮件",
        Online "online" "网上获取",
        Pickup "pickup" "自行领取",
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

impl Channel {
    /// Whether receipt needs the confirmation of both sides, shown by evidence (Art 31(2), 31(3)).
    pub fn needs_confirmation(self) -> bool {
        matches!(self, Self::OrdinaryMail | Self::Fax | Self::Online)
    }
}

/// The day an oral application was read back to the applicant, and by whom (Art 29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    pub on: NaiveDate,
    pub by: String,
}

/// An application as submitted (申请表): the three content groups of Art 29.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub kind: CaseKind,
    pub agency_id: AgencyId,
    pub channel: Channel,
    pub arrived_on: NaiveDate,
    pub intake_number: String,
    pub applicant: Applicant,
    /// The applicant's account, when there is one.
    pub applicant_user_id: Option<UserId>,
    pub filled_by_agency: bool,
    pub read_back: Option<ReadBack>,
    pub description: Description,
    pub form: Form,
    pub route: Route,
    pub document_ids: Vec<String>,
    pub accessibility_needs: Option<String>,
    /// The case this one was split from (一事一申请).
    pub split_from: Option<CaseId>,
}

/// Where a sub-process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubStatus {
    Open,
    Answered,
    Returned,
    Silent,
    Ended,
    Approved,
    Rejected,
    Paid,
    Lapsed,
    Decided,
    Confirmed,
    Passed,
    /// Ended because the case left the open states.
    Cancelled,
}

/// The answer of a business unit with its search record (检索记录).
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AssignmentAnswer {
    pub result: SearchResult,
    pub search: SearchRecord,
    pub document_ids: Vec<String>,
}

/// What is particular to one kind of sub-process.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SubDetail {
    Assignment {
        unit_id: UnitId,
        note: Option<String>,
        answer: Option<AssignmentAnswer>,
    },
    Consultation {
        consultation_kind: ConsultationKind,
        joint: bool,
        agency_name: Option<String>,
        #[serde(skip)]
        party: Option<Party>,
        concerning: String,
        sent_on: NaiveDate,
        delivered_on: Option<NaiveDate>,
        opinion: Option<Opinion>,
        opinion_on: Option<NaiveDate>,
        /// The day the party was told of a release over its objection.
        told_on: Option<NaiveDate>,
    },
    AmendmentNotice {
        defects: Vec<String>,
        delivered_on: Option<NaiveDate>,
    },
    SecrecyReview {
        verdicts: Vec<Option<SecrecyVerdict>>,
    },
    ReasonsRequest {
        delivered_on: Option<NaiveDate>,
        reasons: Option<String>,
        reasonable: Option<bool>,
    },
    Extension {
        working_days: u32,
        reason: String,
        proposed_by: Option<UserId>,
    },
    FeeNotice {
        scheme: FeeScheme,
        count: u32,
        amount_yuan: u32,
        paid_yuan: u32,
        issued_on: NaiveDate,
        delivered_on: Option<NaiveDate>,
        last_paid_on: Option<NaiveDate>,
    },
    Remedy {
        remedy_kind: RemedyKind,
        organ: String,
        reference: Option<String>,
        filed_on: NaiveDate,
        result: Option<RemedyResult>,
        reply_again: bool,
    },
    Correction {
        seq: u32,
        field: String,
        reason: String,
        proposed_by: Option<UserId>,
    },
}

macro_rules! kind_tests {
    ($($name:ident $kind:ident;)*) => {
        impl SubDetail {
            $(pub fn $name(&self) -> bool { matches!(self, Self::$kind { .. }) })*
        }
    };
}

kind_tests! {
    is_assignment Assignment;
    is_consultation Consultation;
    is_amendment_notice AmendmentNotice;
    is_secrecy_review SecrecyReview;
    is_reasons_request ReasonsRequest;
    is_extension Extension;
    is_fee_notice FeeNotice;
    is_remedy Remedy;
    is_correction Correction;
}

/// A sub-process beside the state of a case; any number may be open at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubProcess {
    pub id: String,
    pub status: SubStatus,
    pub opened_on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    #[serde(flatten)]
    pub detail: SubDetail,
}

impl SubProcess {
    pub fn is_open(&self) -> bool {
        self.status == SubStatus::Open
    }
}

/// The reply being worked on (拟办答复).
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub items: Vec<ReplyItem>,
    pub principal: Option<usize>,
    pub drafted_by: Option<UserId>,
    pub drafted_on: NaiveDate,
    /// One verdict per item.
    pub verdicts: Vec<Option<SecrecyVerdict>>,
    /// A legal pass for exactly these items.
    pub legally_passed: bool,
    pub approved_on: Option<NaiveDate>,
}

/// A reply that went out (答复).
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub items: Vec<ReplyItem>,
    pub method: Option<ReplyMethod>,
    pub issued_on: NaiveDate,
    pub outcome: Outcome,
    pub outcome_cause: Option<OutcomeCause>,
    pub delivery: Option<(DeliveryResult, NaiveDate)>,
}

/// How and when a received case ended; table 三 counts the first that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub on: NaiveDate,
    pub outcome: Outcome,
    pub cause: Option<OutcomeCause>,
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
    pub owner_id: Option<UserId>,
    pub formally_reviewed: bool,
    pub substantively_reviewed: bool,
    pub amended: bool,
    /// The current content of the application: the amendment replaces the first description.
    pub description: Description,
    pub facts: Vec<Fact>,
    pub subs: Vec<SubProcess>,
    pub draft: Option<Draft>,
    pub reply: Option<Reply>,
    pub endings: Vec<Ending>,
    /// How an application that was never received ended.
    pub intake_end: Option<IntakeEnd>,
    pub reached_draft: bool,
    pub reached_legal: bool,
    pub late_entries: u32,
    pub retention: Option<Retention>,
    /// In the order in which they came.
    pub documents: Vec<DocumentAttached>,
    /// Documents in granted items of replies that went out; what was given is not taken back.
    pub released: BTreeSet<String>,
}

impl CaseData {
    pub fn sub(&self, id: &str) -> Option<&SubProcess> {
        self.subs.iter().find(|sub| sub.id == id)
    }

    pub fn holds(&self, document_id: &str) -> bool {
        self.documents.iter().any(|document| document.id == document_id)
    }

    /// The newest open sub-process that `wanted` accepts.
    pub fn open_sub(&self, wanted: impl Fn(&SubDetail) -> bool) -> Option<&SubProcess> {
        self.subs.iter().rev().find(|sub| sub.is_open() && wanted(&sub.detail))
    }

    pub fn kind(&self) -> CaseKind {
        self.submission.kind
    }

    pub fn is_stopped(&self) -> bool {
        stopped_on(&self.facts).is_some()
    }

    /// The first ending that stands (a reopened lapse does not): the leaf of table 三.
    pub fn ending(&self) -> Option<Ending> {
        self.endings.first().copied()
    }
}

/// The day on which the clock last stopped, unless it was set going again.
pub fn stopped_on(facts: &[Fact]) -> Option<NaiveDate> {
    let mut stopped = None;
    for fact in facts {
        match fact {
            Fact::Replied { on } => stopped = Some(*on),
            Fact::ReplyOrdered { .. } => stopped = None,
            _ => {}
        }
    }
    stopped
}
