//! The reply and every other end of a case: what goes out, when the clock stops, and how it is set going again.

use super::super::event::LoggedEvent;
use super::super::fields::*;
use super::super::state::*;
use super::subs::*;
use crate::domain::law::deadline::Fact;
use crate::domain::reply::{self, Outcome, OutcomeCause};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The day on which the case lapsed for want of amendment.
pub(super) fn lapsed_on(subs: &[SubProcess]) -> Option<NaiveDate> {
    subs.iter()
        .find(|sub| sub.detail.is_amendment_notice() && sub.status == SubStatus::Lapsed)
        .and_then(|sub| sub.closed_on)
}

/// A case ends without a reply: the clock stops as by a reply, and the leaf is counted when the case was received.
pub(super) fn end(data: &mut CaseData, on: NaiveDate, outcome: Option<(Outcome, Option<OutcomeCause>)>) {
    cancel_open(data, on);
    if data.received_on.is_some() {
        stop(data, on);
        if let Some((outcome, cause)) = outcome {
            data.endings.push(Ending { on, outcome, cause });
        }
    }
    enter(data, State::Closed, on);
}

pub(super) fn reply_out(data: &mut CaseData, reply: Reply, on: NaiveDate, stops: bool) {
    cancel_open(data, on);
    if stops {
        stop(data, on);
        data.endings.push(Ending {
            on,
            outcome: reply.outcome,
            cause: reply.outcome_cause,
        });
    }
    data.draft = None;
    data.released.extend(released_by(&reply));
    data.reply = Some(reply);
    enter(data, State::Replied, on);
}

/// The documents that a reply gives to the applicant. One that stands in a withheld item too was to be redacted: the
/// redacted copy is a document of its own, and the original stays with the agency.
fn released_by(reply: &Reply) -> BTreeSet<String> {
    let named = |granted: bool| {
        let of = reply
            .items
            .iter()
            .filter(move |item| (item.outcome == Outcome::Granted) == granted);
        of.flat_map(|item| item.document_ids.iter().cloned())
            .collect::<BTreeSet<String>>()
    };
    named(true).difference(&named(false)).cloned().collect()
}

pub(super) fn end_consultations(data: &mut CaseData, on: NaiveDate) {
    let open: Vec<String> = data
        .subs
        .iter()
        .filter(|sub| sub.is_open() && matches!(sub.detail, SubDetail::Consultation { .. }))
        .map(|sub| sub.id.clone())
        .collect();
    for id in open {
        data.facts.push(Fact::ConsultationEnded { id, on });
    }
}

pub(super) fn reply_drafted(data: &mut CaseData, drafted: &DraftReply, logged: &LoggedEvent) {
    let earlier = data.draft.take();
    let verdicts: Vec<_> = match &earlier {
        None => drafted.items.iter().map(|_| None).collect(),
        Some(draft) => reply::carried_items(&draft.items, &drafted.items)
            .into_iter()
            .map(|from| from.and_then(|index| draft.verdicts.get(index).copied().flatten()))
            .collect(),
    };
    let draft = Draft {
        items: drafted.items.clone(),
        principal: drafted.principal.and_then(|index| usize::try_from(index).ok()),
        drafted_by: logged.author.user_id,
        drafted_on: logged.occurred_on,
        verdicts: verdicts.clone(),
        legally_passed: false,
        approved_on: None,
    };
    let on = logged.occurred_on;
    settle(data, SubDetail::is_secrecy_review, SubStatus::Ended, on);
    if !super::super::decide::released(&draft) {
        open(
            data,
            "secrecy_review",
            logged.seq,
            on,
            None,
            SubDetail::SecrecyReview { verdicts },
        );
    }
    data.reached_draft = true;
    data.draft = Some(draft);
}

pub(super) fn secrecy_reviewed(data: &mut CaseData, review: &ReviewSecrecy, on: NaiveDate) {
    let Some(draft) = &mut data.draft else { return };
    for verdict in &review.verdicts {
        if let Some(slot) = usize::try_from(verdict.item)
            .ok()
            .and_then(|index| draft.verdicts.get_mut(index))
        {
            *slot = Some(verdict.verdict);
        }
    }
    let verdicts = draft.verdicts.clone();
    let done = draft
        .items
        .iter()
        .zip(&verdicts)
        .all(|(item, verdict)| verdict.is_some() || !item.needs_secrecy_verdict());
    for sub in data
        .subs
        .iter_mut()
        .filter(|sub| sub.is_open() && sub.detail.is_secrecy_review())
    {
        sub.detail = SubDetail::SecrecyReview {
            verdicts: verdicts.clone(),
        };
        if done {
            sub.status = SubStatus::Passed;
            sub.closed_on = Some(on);
        }
    }
}

pub(super) fn delivery_recorded(data: &mut CaseData, delivery: &RecordDelivery, on: NaiveDate) {
    let Some(reply) = &mut data.reply else { return };
    reply.delivery = Some((delivery.result, on));
    let (outcome, cause, method) = (reply.outcome, reply.outcome_cause, reply.method);
    let reached = matches!(delivery.result, DeliveryResult::Signed | DeliveryResult::Opened);
    if data.state != State::Replied {
        return;
    }
    // Handed over in person: the clock stops at the signature; a refusal to sign counts as service, a return does not.
    let handed_over = matches!(method, Some(ReplyMethod::InPerson | ReplyMethod::Pickup));
    if handed_over && !data.is_stopped() && delivery.result != DeliveryResult::Returned {
        stop(data, on);
        data.endings.push(Ending { on, outcome, cause });
    }
    if reached {
        enter(data, State::Delivered, on);
    }
}

/// The clock stops with a reply or another end. One on the very day on which the reply was ordered leaves the new run
/// without a day: the clock stays stopped where it was.
pub(super) fn stop(data: &mut CaseData, on: NaiveDate) {
    let facts = data.facts.len();
    data.facts
        .retain(|fact| !matches!(fact, Fact::ReplyOrdered { on: ordered_on, .. } if *ordered_on == on));
    if data.facts.len() == facts {
        data.facts.push(Fact::Replied { on });
    }
}

/// A reply that was offered and never taken ends the case when its file is closed.
pub(super) fn never_handed_over(data: &mut CaseData, on: NaiveDate) {
    let Some((outcome, cause)) = data.reply.as_ref().map(|reply| (reply.outcome, reply.outcome_cause)) else {
        return;
    };
    if !data.is_stopped() {
        stop(data, on);
        data.endings.push(Ending { on, outcome, cause });
    }
}

/// After a reply a new run begins. Against silence the order sets the date, and what was awaited is awaited no more.
pub(super) fn reply_again(data: &mut CaseData, reply_by: Option<NaiveDate>, on: NaiveDate) {
    if data.is_stopped() {
        data.facts.push(Fact::ReplyOrdered { on, until: reply_by });
    } else {
        if data.open_sub(SubDetail::is_amendment_notice).is_some() {
            data.facts.push(Fact::AmendmentReceived { on });
        }
        // A fee notice may have been dropped by a reply that nobody took; the clock waits for its payment still.
        let is_notice = |fact: &Fact| matches!(fact, Fact::FeeNotified { .. });
        let is_payment = |fact: &Fact| matches!(fact, Fact::FeePaid { .. });
        if data.facts.iter().any(is_notice) && !data.facts.iter().any(is_payment) {
            data.facts.push(Fact::FeePaid { on });
        }
        if let Some(until) = reply_by {
            data.facts
                .retain(|fact| !matches!(fact, Fact::DelaySet { on: set_on, .. } if *set_on == on));
            data.facts.push(Fact::DelaySet { on, until });
        }
    }
    settle(
        data,
        |detail| detail.is_amendment_notice() || detail.is_fee_notice() || detail.is_secrecy_review(),
        SubStatus::Cancelled,
        on,
    );
    data.draft = None;
    data.reply = None;
    data.retention = None;
    enter(data, State::InProgress, on);
}
