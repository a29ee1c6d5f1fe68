//! The fields of each action, exactly as outside code sends them. Unknown fields are refused.

pub use crate::domain::law::fee::FeeScheme;
use crate::domain::people::party::Party;
use crate::domain::reply::{ReplyItem, SecrecyVerdict};
pub use crate::domain::report::{RemedyKind, RemedyResult};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Declares plain field structs with the derives they all share.
macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* })*
    };
}

/// Declares code enums (lower_snake).
macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident { $first:ident $(, $variant:ident)* $(,)? })*) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $first $(, $variant)* })*
    };
}

codes! {
    /// How the agency reached out.
    ContactMeans { Phone, Letter, Email, Visit }
    /// What shows that both sides confirmed (Art 31).
    EvidenceMeans { Phone, Page, Email, Visit, Postmark }
    /// Why an application never became a received one.
    IntakeEnd { Unreachable, NotARequest, Duplicate }
    SearchResult { Found, Partly, NotFound }
    NoticeTarget { Consultation, FeeNotice, AmendmentNotice, ReasonsRequest }
    Opinion { Consent, Object, ObjectWithoutReason }
    ConsultationEnd { Undeliverable, Withdrawn, NotNeeded }
    LegalOpinion { Pass, PassWithChanges, Return }
    ReplyMethod { Mail, InPerson, Email, Online, Pickup }
    DeliveryResult { Signed, Opened, Refused, Returned, PublicNotice }
}

/// Retention class of the closed file (保管期限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Retention {
    #[serde(rename = "permanent")]
    Permanent,
    #[serde(rename = "30y")]
    ThirtyYears,
    #[serde(rename = "10y")]
    TenYears,
}

fields! {
    RecordContactAttempt { on: NaiveDate, means: ContactMeans, result: String }
    ConfirmSubmission {}
    /// Evidence that both sides confirmed the application (双方确认).
    Evidence { means: EvidenceMeans, by: String, note: Option<String> }
    ConfirmReceipt { received_on: NaiveDate, evidence: Option<Evidence> }
    CloseIntake { reason: IntakeEnd, other_case_id: Option<String>, note: Option<String> }
    SplitPart { title: String, features: String }
    Split { parts: Vec<SplitPart> }
    Merge { into_case_id: String, reason: String }
    Take {}
    HandOver { user_id: String, reason: String }
    /// The five formal checks of the standard (形式审核).
    FormalChecks { name: bool, contact: bool, content: bool, form: bool, identity: bool }
    ReviewFormally { checks: FormalChecks, note: Option<String> }
    /// The five substantive checks of the standard (实质审核).
    SubstantiveChecks {
        relevant: bool, government_information: bool, held_by_us: bool, needs_processing: bool, already_public: bool,
    }
    ReviewSubstantively { checks: SubstantiveChecks, note: Option<String> }
    RequestAmendment {
        notified_on: NaiveDate, defects: Vec<String>, respond_by: Option<NaiveDate>, delivered_on: Option<NaiveDate>,
    }
    /// What is asked for (申请内容): title, document number if known, and what else identifies it (Art 29).
    Description { title: String, #[serde(default)] document_number: Option<String>, features: String }
    ReceiveAmendment {
        received_on: NaiveDate, description: Option<Description>, #[serde(default)] document_ids: Vec<String>,
    }
    LapseAmendment {}
    Reopen { reason: String, #[serde(default)] document_ids: Vec<String> }
    Assign { unit_id: String, due_on: NaiveDate, note: Option<String> }
    /// What was searched, where, with which words, by whom and when (检索记录, Art 36(4)).
    SearchRecord {
        scope: String, systems: Vec<String>, keywords: Vec<String>, searched_by: String, searched_on: NaiveDate,
    }
    AnswerAssignment {
        assignment_id: String, result: SearchResult, search: SearchRecord, #[serde(default)] document_ids: Vec<String>,
    }
    ReturnAssignment { assignment_id: String, reason: String }
    ConsultThirdParty { party: Party, concerning: String, sent_on: NaiveDate, delivered_on: Option<NaiveDate> }
    ConsultAgency {
        agency_name: String, concerning: String, joint: bool, sent_on: NaiveDate, delivered_on: Option<NaiveDate>,
    }
    RecordNoticeDelivery {
        target: NoticeTarget, id: String, delivered_on: NaiveDate, method: Option<String>, proof: Option<String>,
    }
    RecordOpinion {
        consultation_id: String, received_on: NaiveDate, opinion: Opinion, reason: Option<String>,
        #[serde(default)] document_ids: Vec<String>,
    }
    EndConsultation { consultation_id: String, ended_on: NaiveDate, reason: ConsultationEnd }
    NotifyThirdParty { consultation_id: String, reason: String, sent_on: NaiveDate, delivered_on: Option<NaiveDate> }
    RequestReasons { respond_by: Option<NaiveDate>, delivered_on: Option<NaiveDate> }
    /// Officers and clerks also say whether the reasons are reasonable; applicants give the reasons only.
    RecordReasons { received_on: Option<NaiveDate>, reasons: Option<String>, reasonable: Option<bool> }
    SetDelay { until: NaiveDate, reason: String }
    /// The verdict on one item of the draft, by its index from 0.
    ItemVerdict { item: u32, verdict: SecrecyVerdict, ground: Option<String>, note: Option<String> }
    ReviewSecrecy { verdicts: Vec<ItemVerdict> }
    ProposeExtension { working_days: u32, reason: String }
    ApproveExtension { notified_on: NaiveDate }
    RejectExtension { reason: String }
    IssueFeeNotice { scheme: FeeScheme, count: u32, issued_on: NaiveDate, delivered_on: Option<NaiveDate> }
    RecordPayment { paid_on: NaiveDate, amount_yuan: u32, reference: String }
    LapseFee {}
    Withdraw { reason: Option<String> }
    DraftReply { items: Vec<ReplyItem>, principal: Option<u32> }
    SubmitForLegalReview {}
    ReviewLegally { opinion: LegalOpinion, note: Option<String> }
    SubmitForApproval {}
    ApproveReply {}
    ReturnReply { reason: String }
    IssueReply { method: ReplyMethod, replied_on: Option<NaiveDate> }
    RecordDelivery { result: DeliveryResult, delivered_on: NaiveDate, proof: Option<String> }
    ReplyOnTheSpot {
        received_on: NaiveDate, explanation: String, r#where: Option<String>, #[serde(default)] document_ids: Vec<String>,
    }
    Archive { retention: Retention, volume: Option<String> }
    FileRemedy { kind: RemedyKind, filed_on: NaiveDate, organ: String, reference: Option<String> }
    DecideRemedy {
        remedy_id: String, decided_on: NaiveDate, result: RemedyResult, reply_again: Option<bool>,
        reply_by: Option<NaiveDate>,
    }
    CorrectFact { seq: u32, field: String, value: serde_json::Value, reason: String }
    ConfirmCorrection { seq: u32 }
    RejectCorrection { seq: u32, reason: String }
}
