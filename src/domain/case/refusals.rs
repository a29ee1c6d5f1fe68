//! The catalogue of refusals: every way in which the workflow says no, with its code, its article and its words. Each
//! stands beside its topic; here they are together, for the contract and for whoever translates or checks them.

use super::table::GUARDS;
use super::{
    amendment, apply, assignment, cancellation, changes, consultation, correction, dates, delivery, editing, extension,
    fee_notice, identity, intake, notice, parts, reasons, remedy, spot, unreadable, voiding,
};
use crate::domain::law::refusal::Reason;

/// Refusals that are told by something other than a guard.
const OTHERS: &[&Reason] = &[
    &apply::WRONG_STATE,
    &dates::BEFORE_ANTECEDENT,
    &dates::CONTRADICTS_RECORD,
    &intake::RECEIPT_BEFORE_ARRIVAL,
    &intake::RECEIPT_AFTER_ARRIVAL,
    &parts::MERGE_TARGET_UNFIT,
    &changes::LAST_PARTY,
    &changes::ALREADY_PARTY,
    &amendment::NOTICE_LATE,
    &amendment::NOT_OVERDUE,
    &amendment::UNDELIVERED,
    &assignment::BEYOND_DUE_DATE,
    &assignment::OTHER_UNIT,
    &assignment::ALREADY_ENDED,
    &consultation::NO_OBJECTION,
    &consultation::ALREADY_ENDED,
    &notice::ALREADY_DELIVERED,
    &reasons::FOUND_REASONABLE,
    &reasons::STILL_OUTSTANDING,
    &reasons::UNDELIVERED,
    &extension::AFTER_DUE_DATE,
    &extension::TOO_LONG,
    &fee_notice::NOTICE_LATE,
    &fee_notice::NOT_OVERDUE,
    &fee_notice::UNDELIVERED,
    &fee_notice::NOTHING_TO_CHARGE,
    &fee_notice::NOTHING_VERIFIED,
    &fee_notice::PAID_ALREADY,
    &intake::OTHER_UNFIT,
    &parts::MERGE_TARGET_LATER,
    &reasons::NOT_LATER,
    &delivery::EARLIER_GONE,
    &correction::LAPSE_UNLAWFUL,
    &correction::REPLACED,
    &identity::NO_DOCUMENT,
    &identity::NOT_SIGNED_IN,
    &identity::SAME_ALREADY,
    &identity::UNKNOWN_YET,
    &spot::NOT_ON_THE_SPOT,
    &spot::SPOT_BEFORE_ARRIVAL,
    &delivery::TOGETHER_UNFIT,
    &delivery::TOGETHER_STALE,
    &delivery::ALREADY_DELIVERED,
    &delivery::NOT_DELIVERED_ONLINE,
    &remedy::ALREADY_FILED,
    &remedy::DECIDED,
    &remedy::NEVER_RECEIVED,
    &voiding::VOIDED,
    &voiding::ORDERED,
    &voiding::PENDING,
    &voiding::NOT_PENDING,
    &voiding::SAME_PERSON,
    &cancellation::CANCELLED,
    &editing::DRAFT_FAULTY,
    &cancellation::A_REPLY,
    &correction::PENDING,
    &correction::SAME_PERSON,
    &correction::SETTLED,
    &correction::IMPOSSIBLE,
    &unreadable::TOLD_TO_AGENCY,
    &unreadable::TOLD_TO_APPLICANT,
];

/// Every refusal of the workflow. Several may share a code: the same answer for a program, in other words for a person.
pub fn all() -> impl Iterator<Item = &'static Reason> {
    let guards = GUARDS.iter().map(|guard| &guard.refusal);
    OTHERS.iter().copied().chain(guards)
}
