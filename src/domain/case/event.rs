//! Events: dated facts of a case, in the past tense. The log of these is the truth; everything else is derived.
//!
//! An event's data is the fields of its action as they were sent, so that a correction can name a field, plus what was
//! decided with them (a number, a limit, an outcome). Personal data and free text of applicants and third parties are
//! named by [`Event::private_fields`]; the store keeps them beside the log.

use super::fields::*;
use super::state::Submission;
use crate::domain::document::{MediaType, Purpose};
use crate::domain::people::access::Role;
use crate::domain::reply::{Outcome, OutcomeCause, ReplyItem};
use crate::domain::words::ids::{CaseId, UserId};
use crate::domain::words::json::check_date;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! events {
    ($($variant:ident $code:literal $data:ty, date $date:expr, private [$($private:literal),*], correctable [$($correctable:literal),*];)*) => {
        /// One fact of a case.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { $($variant($data)),* }

        impl Event {
            pub fn code(&self) -> &'static str {
                match self { $(Self::$variant(_) => $code),* }
            }

            /// The field that dates the event, where the action has a date of its own.
            pub fn date_field(&self) -> Option<&'static str> {
                match self { $(Self::$variant(_) => $date),* }
            }

            /// Fields that hold personal data or words of applicants and third parties.
            pub fn private_fields(code: &str) -> &'static [&'static str] {
                match code { $($code => &[$($private),*],)* _ => &[] }
            }

            /// Fields that [`super::Action::CorrectFact`] may change: dates, parties, deliveries and how they were recorded.
            pub fn correctable_fields(&self) -> &'static [&'static str] {
                match self { $(Self::$variant(_) => &[$($correctable),*]),* }
            }

            /// The event's data as JSON.
            ///
            /// # Errors
            /// None in practice: every payload is plain data.
            pub fn data(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$variant(data) => serde_json::to_value(data)),* }
            }

            /// Reads an event back.
            ///
            /// # Errors
            /// An unknown code, or data that does not fit it.
            pub fn from_data(code: &str, data: Value) -> Result<Self, serde_json::Error> {
                match code {
                    $($code => serde_json::from_value(data).map(Self::$variant),)*
                    other => Err(serde::de::Error::custom(format!("unknown event {other}"))),
                }
            }
        }
    };
}

events! {
    Submitted "submitted" Box<Submission>, date None,
        private ["applicant", "read_back", "description", "accessibility_needs"], correctable ["arrived_on", "channel", "applicant"];
    DocumentAttached "document_attached" DocumentAttached, date None, private ["name"], correctable [];
    ContactAttempted "contact_attempted" RecordContactAttempt, date Some("on"), private ["result"], correctable ["on", "means", "result"];
    SubmissionConfirmed "submission_confirmed" ConfirmSubmission, date None, private [], correctable [];
    ReceiptConfirmed "receipt_confirmed" ReceiptConfirmed, date Some("received_on"), private ["evidence"], correctable ["received_on", "evidence"];
    IntakeClosed "intake_closed" CloseIntake, date None, private ["note"], correctable [];
    RequestSplit "request_split" RequestSplit, date None, private ["parts"], correctable [];
    Merged "merged" Merge, date None, private ["reason"], correctable [];
    Taken "taken" Taken, date None, private [], correctable [];
    HandedOver "handed_over" HandOver, date None, private [], correctable [];
    FormallyReviewed "formally_reviewed" ReviewFormally, date None, private ["note"], correctable [];
    SubstantivelyReviewed "substantively_reviewed" ReviewSubstantively, date None, private ["note"], correctable [];
    AmendmentRequested "amendment_requested" AmendmentRequested, date Some("notified_on"), private ["defects"], correctable ["notified_on", "respond_by", "delivered_on"];
    AmendmentReceived "amendment_received" ReceiveAmendment, date Some("received_on"), private ["description"], correctable ["received_on"];
    AmendmentLapsed "amendment_lapsed" LapseAmendment, date None, private [], correctable [];
    Reopened "reopened" Reopen, date None, private ["reason"], correctable [];
    Assigned "assigned" Assign, date None, private ["note"], correctable ["due_on"];
    AssignmentAnswered "assignment_answered" AnswerAssignment, date None, private ["search"], correctable ["search"];
    AssignmentReturned "assignment_returned" ReturnAssignment, date None, private ["reason"], correctable [];
    ThirdPartyConsulted "third_party_consulted" ConsultThirdParty, date Some("sent_on"), private ["party", "concerning"], correctable ["party", "sent_on", "delivered_on"];
    AgencyConsulted "agency_consulted" ConsultAgency, date Some("sent_on"), private ["concerning"], correctable ["agency_name", "sent_on", "delivered_on"];
    NoticeDelivered "notice_delivered" RecordNoticeDelivery, date Some("delivered_on"), private ["proof"], correctable ["delivered_on", "method", "proof"];
    OpinionRecorded "opinion_recorded" RecordOpinion, date Some("received_on"), private ["reason"], correctable ["received_on", "opinion", "reason"];
    ConsultationEnded "consultation_ended" EndConsultation, date Some("ended_on"), private [], correctable ["ended_on", "reason"];
    ThirdPartyNotified "third_party_notified" NotifyThirdParty, date Some("sent_on"), private ["reason"], correctable ["sent_on", "delivered_on"];
    ReasonsRequested "reasons_requested" RequestReasons, date None, private [], correctable ["respond_by", "delivered_on"];
    ReasonsRecorded "reasons_recorded" RecordReasons, date Some("received_on"), private ["reasons"], correctable ["received_on"];
    DelaySet "delay_set" SetDelay, date None, private ["reason"], correctable ["until"];
    SecrecyReviewed "secrecy_reviewed" ReviewSecrecy, date None, private [], correctable [];
    ExtensionProposed "extension_proposed" ProposeExtension, date None, private ["reason"], correctable [];
    ExtensionApproved "extension_approved" ExtensionApproved, date Some("notified_on"), private [], correctable ["notified_on"];
    ExtensionRejected "extension_rejected" RejectExtension, date None, private ["reason"], correctable [];
    FeeNoticeIssued "fee_notice_issued" FeeNoticeIssued, date Some("issued_on"), private [], correctable ["issued_on", "delivered_on"];
    PaymentRecorded "payment_recorded" RecordPayment, date Some("paid_on"), private ["reference"], correctable ["paid_on", "reference"];
    FeeLapsed "fee_lapsed" LapseFee, date None, private [], correctable [];
    Withdrawn "withdrawn" Withdraw, date None, private ["reason"], correctable [];
    ReplyDrafted "reply_drafted" DraftReply, date None, private ["items"], correctable [];
    LegalReviewRequested "legal_review_requested" SubmitForLegalReview, date None, private [], correctable [];
    LegallyReviewed "legally_reviewed" ReviewLegally, date None, private ["note"], correctable [];
    ApprovalRequested "approval_requested" SubmitForApproval, date None, private [], correctable [];
    ReplyApproved "reply_approved" ApproveReply, date None, private [], correctable [];
    ReplyReturned "reply_returned" ReturnReply, date None, private ["reason"], correctable [];
    ReplyIssued "reply_issued" ReplyIssued, date Some("replied_on"), private [], correctable ["replied_on"];
    DeliveryRecorded "delivery_recorded" RecordDelivery, date Some("delivered_on"), private ["proof"], correctable ["result", "delivered_on", "proof"];
    RepliedOnTheSpot "replied_on_the_spot" RepliedOnTheSpot, date Some("received_on"), private ["items"], correctable ["received_on"];
    Archived "archived" Archive, date None, private [], correctable [];
    RemedyFiled "remedy_filed" FileRemedy, date Some("filed_on"), private [], correctable ["kind", "filed_on", "organ", "reference"];
    RemedyDecided "remedy_decided" RemedyDecided, date Some("decided_on"), private [], correctable ["decided_on", "result"];
    CorrectionProposed "correction_proposed" CorrectionProposed, date None, private ["value", "old_value", "reason"], correctable [];
    CorrectionConfirmed "correction_confirmed" CorrectionConfirmed, date None, private ["value"], correctable [];
    CorrectionRejected "correction_rejected" RejectCorrection, date None, private ["reason"], correctable [];
}

/// Declares the payloads that hold more than the action's own fields.
macro_rules! payloads {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $($(#[$meta])* #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* })*
    };
}

payloads! {
    /// A document became one of the case (归入案卷): told before the entry that names it, so that the chain of hashes
    /// covers its content. `from_case` is set where a part took it over from the whole.
    DocumentAttached {
        id: String, purpose: Purpose, media_type: MediaType, bytes: u64, sha256: String, name: String,
        uploaded_by: UserId, uploaded_at: DateTime<Utc>, #[serde(default, skip_serializing_if = "Option::is_none")] from_case: Option<CaseId>,
    }
    /// Receipt (收到): day zero of the clock, the case number, the pinned rule pack and the owner.
    ReceiptConfirmed {
        received_on: NaiveDate, evidence: Option<Evidence>, number: String, rule_set: String, owner_id: Option<UserId>,
    }
    /// The parts became these cases, in order; the first part stays in this one.
    RequestSplit { parts: Vec<SplitPart>, into: Vec<String> }
    Taken { owner_id: UserId }
    AmendmentRequested {
        notified_on: NaiveDate, defects: Vec<String>, respond_by: NaiveDate, delivered_on: Option<NaiveDate>,
    }
    ExtensionApproved { notified_on: NaiveDate, working_days: u32 }
    /// `ordinal` counts the applicant's applications to the agency in the month of receipt.
    FeeNoticeIssued {
        scheme: FeeScheme, count: u32, issued_on: NaiveDate, delivered_on: Option<NaiveDate>, ordinal: u32,
        amount_yuan: u32,
    }
    ReplyIssued {
        method: ReplyMethod, replied_on: Option<NaiveDate>, outcome: Outcome, outcome_cause: Option<OutcomeCause>,
    }
    RepliedOnTheSpot {
        received_on: NaiveDate, items: Vec<ReplyItem>, outcome: Outcome, outcome_cause: Option<OutcomeCause>,
    }
    /// `reply_by` is set where a new reply was ordered and the clock had not stopped: silence was the grievance.
    RemedyDecided {
        remedy_id: String, decided_on: NaiveDate, result: RemedyResult, reply_again: bool, reply_by: Option<NaiveDate>,
    }
    CorrectionProposed { seq: u32, field: String, value: Value, old_value: Value, reason: String }
    CorrectionConfirmed { seq: u32, field: String, value: Value }
}

/// Who made an entry: a person in a role, or a timer of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub user_id: Option<UserId>,
    pub role: Option<Role>,
}

/// An event as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Position in the log of the case, from 1 without gaps; the case's version is that of its last event.
    pub seq: u32,
    pub event: Event,
    /// Date of legal effect; the clock uses this one.
    pub occurred_on: NaiveDate,
    /// Moment of entry; the audit uses this one.
    pub recorded_at: DateTime<Utc>,
    pub author: Author,
    pub late_entry_reason: Option<String>,
}

impl LoggedEvent {
    /// The event with one field corrected.
    ///
    /// # Errors
    /// The new value does not fit the field.
    pub fn corrected(&self, field: &str, value: &Value) -> Result<Self, serde_json::Error> {
        if let Some(text) = value.as_str() {
            check_date(field, text, String::new).map_err(|error| serde::de::Error::custom(error.detail.en))?;
        }
        let mut data = self.event.data()?;
        if let Some(fields) = data.as_object_mut() {
            fields.insert(field.to_owned(), value.clone());
        }
        let event = Event::from_data(self.event.code(), data)?;
        let mut corrected = Self { event, ..self.clone() };
        if self.event.date_field() == Some(field)
            && let Ok(date) = serde_json::from_value::<NaiveDate>(value.clone())
        {
            corrected.occurred_on = date;
        }
        Ok(corrected)
    }
}
