//! Folding: what each event makes of a case. Total and silent; whatever may be refused was refused in `decide`.

use super::Law;
use super::event::{Event, LoggedEvent};
use super::fields::*;
use super::state::*;
use crate::domain::deadline::{ConsultationKind, Fact};
use crate::domain::reply::{self, Outcome, OutcomeCause};
use chrono::NaiveDate;

/// The case right after its first event.
pub fn found(submission: &Submission, logged: &LoggedEvent) -> CaseData {
    CaseData {
        submission: submission.clone(),
        submitted_by: logged.author,
        state: State::Submitted,
        state_since: submission.arrived_on,
        submission_confirmed_on: None,
        number: None,
        received_on: None,
        rule_set: None,
        owner_id: None,
        formally_reviewed: false,
        substantively_reviewed: false,
        amended: false,
        description: submission.description.clone(),
        facts: Vec::new(),
        subs: Vec::new(),
        draft: None,
        reply: None,
        endings: Vec::new(),
        intake_end: None,
        reached_draft: false,
        reached_legal: false,
        late_entries: u32::from(logged.late_entry_reason.is_some()),
        retention: None,
    }
}

/// Folds one event into the case.
pub fn evolve(data: &mut CaseData, logged: &LoggedEvent, law: &Law<'_>) {
    let on = logged.occurred_on;
    let seq = logged.seq;
    if logged.late_entry_reason.is_some() {
        data.late_entries += 1;
    }
    match &logged.event {
        Event::Submitted(_) | Event::ContactAttempted(_) => {}
        Event::SubmissionConfirmed(_) => data.submission_confirmed_on = Some(on),
        Event::ReceiptConfirmed(receipt) => {
            data.number = Some(receipt.number.clone());
            data.rule_set = Some(receipt.rule_set.clone());
            data.received_on = Some(receipt.received_on);
            data.owner_id = receipt.owner_id;
            enter(data, State::Registered, receipt.received_on);
        }
        Event::IntakeClosed(close) => {
            data.intake_end = Some(close.reason);
            end(data, on, None);
        }
        Event::RequestSplit(split) => {
            if let Some(first) = split.parts.first() {
                data.description = Description {
                    title: first.title.clone(),
                    document_number: None,
                    features: first.features.clone(),
                };
            }
        }
        Event::Merged(_) => end(data, on, Some((Outcome::Other, Some(OutcomeCause::Merged)))),
        Event::Taken(taken) => data.owner_id = Some(taken.owner_id),
        Event::HandedOver(hand_over) => data.owner_id = hand_over.user_id.parse().ok().or(data.owner_id),
        Event::FormallyReviewed(_) => data.formally_reviewed = true,
        Event::SubstantivelyReviewed(_) => {
            data.substantively_reviewed = true;
            if data.state != State::InProgress {
                enter(data, State::InProgress, on);
            }
        }
        Event::AmendmentRequested(request) => {
            data.amended = true;
            data.facts.push(Fact::AmendmentRequested {
                on: request.notified_on,
                respond_by: Some(request.respond_by),
            });
            let detail = SubDetail::AmendmentNotice {
                defects: request.defects.clone(),
                delivered_on: request.delivered_on,
            };
            open(data, "amendment_notice", seq, on, Some(request.respond_by), detail);
            enter(data, State::AmendmentPending, on);
        }
        Event::AmendmentReceived(amendment) => {
            data.facts.push(Fact::AmendmentReceived { on });
            if let Some(description) = &amendment.description {
                data.description = description.clone();
            }
            settle(data, is_amendment, SubStatus::Answered, on);
            data.formally_reviewed = false;
            data.substantively_reviewed = false;
            enter(data, State::Registered, on);
        }
        Event::AmendmentLapsed(_) => {
            settle(data, is_amendment, SubStatus::Lapsed, on);
            // They stay ended when the lapse is taken back.
            end_consultations(data, on);
            end(data, on, Some((Outcome::AmendmentLapsed, None)));
        }
        Event::Reopened(_) => {
            // The lapse is taken back: the clock starts as it would have by the amendment that was awaited.
            let lapsed_on = lapsed_on(&data.subs);
            data.facts
                .retain(|fact| !matches!(fact, Fact::Replied { on } if Some(*on) == lapsed_on));
            data.facts.push(Fact::AmendmentReceived { on });
            data.endings.pop();
            data.formally_reviewed = false;
            data.substantively_reviewed = false;
            enter(data, State::Registered, on);
        }
        Event::Assigned(assign) => {
            if let Ok(unit_id) = assign.unit_id.parse() {
                let detail = SubDetail::Assignment {
                    unit_id,
                    note: assign.note.clone(),
                    answer: None,
                };
                open(data, "assignment", seq, on, Some(assign.due_on), detail);
            }
        }
        Event::AssignmentAnswered(answered) => {
            close_sub(data, &answered.assignment_id, SubStatus::Answered, on, |detail| {
                if let SubDetail::Assignment { answer, .. } = detail {
                    *answer = Some(AssignmentAnswer {
                        result: answered.result,
                        search: answered.search.clone(),
                        document_ids: answered.document_ids.clone(),
                    });
                }
            })
        }
        Event::AssignmentReturned(returned) => {
            close_sub(data, &returned.assignment_id, SubStatus::Returned, on, |_| ());
        }
        Event::ThirdPartyConsulted(consult) => {
            let detail = SubDetail::Consultation {
                consultation_kind: ConsultationKind::ThirdParty,
                joint: false,
                agency_name: None,
                party: Some(consult.party.clone()),
                concerning: consult.concerning.clone(),
                sent_on: on,
                delivered_on: consult.delivered_on,
                opinion: None,
                opinion_on: None,
                told_on: None,
            };
            consult_sent(data, seq, on, detail, law);
        }
        Event::AgencyConsulted(consult) => {
            let detail = SubDetail::Consultation {
                consultation_kind: ConsultationKind::Agency,
                joint: consult.joint,
                agency_name: Some(consult.agency_name.clone()),
                party: None,
                concerning: consult.concerning.clone(),
                sent_on: on,
                delivered_on: consult.delivered_on,
                opinion: None,
                opinion_on: None,
                told_on: None,
            };
            consult_sent(data, seq, on, detail, law);
        }
        Event::NoticeDelivered(delivery) => notice_delivered(data, delivery, law),
        Event::OpinionRecorded(record) => {
            data.facts.push(Fact::OpinionReceived {
                id: record.consultation_id.clone(),
                on,
            });
            close_sub(data, &record.consultation_id, SubStatus::Answered, on, |detail| {
                if let SubDetail::Consultation {
                    opinion, opinion_on, ..
                } = detail
                {
                    *opinion = Some(record.opinion);
                    *opinion_on = Some(on);
                }
            });
        }
        Event::ConsultationEnded(ended) => {
            data.facts.push(Fact::ConsultationEnded {
                id: ended.consultation_id.clone(),
                on,
            });
            close_sub(data, &ended.consultation_id, SubStatus::Ended, on, |_| ());
        }
        Event::ThirdPartyNotified(notified) => change(data, &notified.consultation_id, |sub| {
            if let SubDetail::Consultation { told_on, .. } = &mut sub.detail {
                *told_on = Some(on);
            }
        }),
        Event::ReasonsRequested(request) => {
            let detail = SubDetail::ReasonsRequest {
                delivered_on: request.delivered_on,
                reasons: None,
                reasonable: None,
            };
            open(data, "reasons_request", seq, on, request.respond_by, detail);
        }
        Event::ReasonsRecorded(record) => {
            let id = data
                .open_sub(|detail| matches!(detail, SubDetail::ReasonsRequest { .. }))
                .map(|sub| sub.id.clone());
            if let Some(id) = id {
                let given = record.reasons.clone();
                change(data, &id, |sub| {
                    if let SubDetail::ReasonsRequest {
                        reasons, reasonable, ..
                    } = &mut sub.detail
                    {
                        if given.is_some() {
                            *reasons = given;
                        }
                        *reasonable = record.reasonable;
                    }
                    if record.reasonable.is_some() {
                        sub.status = SubStatus::Answered;
                        sub.closed_on = Some(on);
                    }
                });
            }
        }
        Event::DelaySet(delay) => data.facts.push(Fact::DelaySet { on, until: delay.until }),
        Event::SecrecyReviewed(review) => secrecy_reviewed(data, review, on),
        Event::ExtensionProposed(proposal) => {
            let detail = SubDetail::Extension {
                working_days: proposal.working_days,
                reason: proposal.reason.clone(),
                proposed_by: logged.author.user_id,
            };
            open(data, "extension", seq, on, None, detail);
        }
        Event::ExtensionApproved(approval) => {
            data.facts.push(Fact::Extended {
                on,
                working_days: approval.working_days,
            });
            settle(data, is_extension, SubStatus::Approved, on);
        }
        Event::ExtensionRejected(_) => settle(data, is_extension, SubStatus::Rejected, on),
        Event::FeeNoticeIssued(notice) => {
            data.facts.push(Fact::FeeNotified {
                on,
                delivered_on: notice.delivered_on,
            });
            let due_on = notice.delivered_on.map(|day| payment_limit(data, day, law));
            let detail = SubDetail::FeeNotice {
                scheme: notice.scheme,
                count: notice.count,
                amount_yuan: notice.amount_yuan,
                paid_yuan: 0,
                issued_on: on,
                delivered_on: notice.delivered_on,
                last_paid_on: None,
            };
            open(data, "fee_notice", seq, on, due_on, detail);
        }
        Event::PaymentRecorded(payment) => payment_recorded(data, payment, on),
        Event::FeeLapsed(_) => {
            settle(data, is_fee, SubStatus::Lapsed, on);
            end(data, on, Some((Outcome::FeeLapsed, None)));
        }
        Event::Withdrawn(_) => end(data, on, Some((Outcome::Other, Some(OutcomeCause::Withdrawn)))),
        Event::ReplyDrafted(drafted) => reply_drafted(data, drafted, logged),
        Event::LegalReviewRequested(_) => {
            data.reached_legal = true;
            if let Some(draft) = &mut data.draft {
                draft.legally_passed = false;
            }
            enter(data, State::InReview, on);
        }
        Event::LegallyReviewed(review) => match review.opinion {
            LegalOpinion::Pass | LegalOpinion::PassWithChanges => {
                if let Some(draft) = &mut data.draft {
                    draft.legally_passed = true;
                }
                data.state_since = data.state_since.max(on);
            }
            LegalOpinion::Return => enter(data, State::InProgress, on),
        },
        Event::ApprovalRequested(_) => enter(data, State::InApproval, on),
        Event::ReplyApproved(_) => {
            if let Some(draft) = &mut data.draft {
                draft.approved_on = Some(on);
            }
        }
        Event::ReplyReturned(_) => {
            if let Some(draft) = &mut data.draft {
                draft.approved_on = None;
                draft.legally_passed = false;
            }
            enter(data, State::InProgress, on);
        }
        Event::ReplyIssued(issued) => {
            let items = data.draft.as_ref().map(|draft| draft.items.clone()).unwrap_or_default();
            let reply = Reply {
                items,
                method: Some(issued.method),
                issued_on: on,
                outcome: issued.outcome,
                outcome_cause: issued.outcome_cause,
                delivery: None,
            };
            let handed_over_later = matches!(issued.method, ReplyMethod::InPerson | ReplyMethod::Pickup);
            if handed_over_later {
                end_consultations(data, on);
            }
            reply_out(data, reply, on, !handed_over_later);
        }
        Event::RepliedOnTheSpot(spot) => {
            let reply = Reply {
                items: spot.items.clone(),
                method: Some(ReplyMethod::InPerson),
                issued_on: on,
                outcome: spot.outcome,
                outcome_cause: spot.outcome_cause,
                delivery: None,
            };
            reply_out(data, reply, on, true);
        }
        Event::DeliveryRecorded(delivery) => delivery_recorded(data, delivery, on),
        Event::Archived(archive) => {
            data.retention = Some(archive.retention);
            never_handed_over(data, on);
            enter(data, State::Archived, on);
        }
        Event::RemedyFiled(filed) => {
            let detail = SubDetail::Remedy {
                remedy_kind: filed.kind,
                organ: filed.organ.clone(),
                reference: filed.reference.clone(),
                filed_on: on,
                result: None,
                reply_again: false,
            };
            open(data, "remedy", seq, on, None, detail);
        }
        Event::RemedyDecided(decided) => {
            close_sub(data, &decided.remedy_id, SubStatus::Decided, on, |detail| {
                if let SubDetail::Remedy {
                    result, reply_again, ..
                } = detail
                {
                    *result = Some(decided.result);
                    *reply_again = decided.reply_again;
                }
            });
            if decided.reply_again {
                reply_again(data, decided.reply_by, on);
            }
        }
        Event::CorrectionProposed(proposal) => {
            let detail = SubDetail::Correction {
                seq: proposal.seq,
                field: proposal.field.clone(),
                reason: proposal.reason.clone(),
                proposed_by: logged.author.user_id,
            };
            open(data, "correction", seq, on, None, detail);
        }
        Event::CorrectionConfirmed(confirmed) => correction_settled(data, confirmed.seq, SubStatus::Confirmed, on),
        Event::CorrectionRejected(rejected) => correction_settled(data, rejected.seq, SubStatus::Rejected, on),
    }
}

/// Marks the open proposal to correct the event `seq` as settled.
fn correction_settled(data: &mut CaseData, seq: u32, status: SubStatus, on: NaiveDate) {
    settle(
        data,
        |detail| matches!(detail, SubDetail::Correction { seq: corrected, .. } if *corrected == seq),
        status,
        on,
    );
}

fn is_amendment(detail: &SubDetail) -> bool {
    matches!(detail, SubDetail::AmendmentNotice { .. })
}

fn is_extension(detail: &SubDetail) -> bool {
    matches!(detail, SubDetail::Extension { .. })
}

fn is_fee(detail: &SubDetail) -> bool {
    matches!(detail, SubDetail::FeeNotice { .. })
}

/// The day on which the case lapsed for want of amendment.
fn lapsed_on(subs: &[SubProcess]) -> Option<NaiveDate> {
    subs.iter()
        .find(|sub| is_amendment(&sub.detail) && sub.status == SubStatus::Lapsed)
        .and_then(|sub| sub.closed_on)
}

fn enter(data: &mut CaseData, state: State, on: NaiveDate) {
    data.state = state;
    data.state_since = on;
}

/// The id of a sub-process: its kind and the position of the event that opened it, unique within the case.
fn open(data: &mut CaseData, kind: &str, seq: u32, on: NaiveDate, due_on: Option<NaiveDate>, detail: SubDetail) {
    data.subs.push(SubProcess {
        id: format!("{kind}-{seq}"),
        status: SubStatus::Open,
        opened_on: on,
        due_on,
        closed_on: None,
        detail,
    });
}

fn change(data: &mut CaseData, id: &str, with: impl FnOnce(&mut SubProcess)) {
    if let Some(sub) = data.subs.iter_mut().find(|sub| sub.id == id) {
        with(sub);
    }
}

fn close_sub(data: &mut CaseData, id: &str, status: SubStatus, on: NaiveDate, with: impl FnOnce(&mut SubDetail)) {
    change(data, id, |sub| {
        sub.status = status;
        sub.closed_on = Some(on);
        with(&mut sub.detail);
    });
}

/// Closes every open sub-process that `wanted` accepts.
fn settle(data: &mut CaseData, wanted: impl Fn(&SubDetail) -> bool, status: SubStatus, on: NaiveDate) {
    for sub in data.subs.iter_mut().filter(|sub| sub.is_open() && wanted(&sub.detail)) {
        sub.status = status;
        sub.closed_on = Some(on);
    }
}

/// Leaving the open states ends what is still open; remedies and corrections have a life of their own.
fn cancel_open(data: &mut CaseData, on: NaiveDate) {
    settle(
        data,
        |detail| !matches!(detail, SubDetail::Remedy { .. } | SubDetail::Correction { .. }),
        SubStatus::Cancelled,
        on,
    );
}

/// A case ends without a reply: the clock stops as by a reply, and the leaf is counted when the case was received.
fn end(data: &mut CaseData, on: NaiveDate, outcome: Option<(Outcome, Option<OutcomeCause>)>) {
    cancel_open(data, on);
    if data.received_on.is_some() {
        stop(data, on);
        if let Some((outcome, cause)) = outcome {
            data.endings.push(Ending { on, outcome, cause });
        }
    }
    enter(data, State::Closed, on);
}

fn reply_out(data: &mut CaseData, reply: Reply, on: NaiveDate, stops: bool) {
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
    data.reply = Some(reply);
    enter(data, State::Replied, on);
}

fn end_consultations(data: &mut CaseData, on: NaiveDate) {
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

fn consult_sent(data: &mut CaseData, seq: u32, on: NaiveDate, detail: SubDetail, law: &Law<'_>) {
    let SubDetail::Consultation {
        consultation_kind,
        delivered_on,
        ..
    } = &detail
    else {
        return;
    };
    let id = format!("consultation-{seq}");
    let (kind, delivered_on) = (*consultation_kind, *delivered_on);
    data.facts.push(Fact::ConsultationSent {
        id: id.clone(),
        kind,
        on,
    });
    let due_on = delivered_on.map(|day| {
        data.facts.push(Fact::ConsultationDelivered { id, on: day });
        opinion_limit(data, day, law)
    });
    open(data, "consultation", seq, on, due_on, detail);
}

/// The last day for an opinion: the 15th working day after the party received the letter (Arts 32, 34).
fn opinion_limit(data: &CaseData, delivered_on: NaiveDate, law: &Law<'_>) -> NaiveDate {
    law.calendar.add_working_days(delivered_on, law.pack(data).opinion_days)
}

/// The last day for a payment: the 20th working day after the notice was received (fee rules, Art 6).
fn payment_limit(data: &CaseData, delivered_on: NaiveDate, law: &Law<'_>) -> NaiveDate {
    law.calendar
        .add_working_days(delivered_on, law.pack(data).fee_payment_days)
}

fn notice_delivered(data: &mut CaseData, delivery: &RecordNoticeDelivery, law: &Law<'_>) {
    let day = delivery.delivered_on;
    let answer_by = match data.sub(&delivery.id).map(|sub| &sub.detail) {
        Some(SubDetail::Consultation { .. }) => opinion_limit(data, day, law),
        _ => payment_limit(data, day, law),
    };
    let mut fee_issued_on = None;
    let mut consulted = false;
    change(data, &delivery.id, |sub| match &mut sub.detail {
        SubDetail::Consultation { delivered_on, .. } => {
            *delivered_on = Some(day);
            sub.due_on = Some(answer_by);
            consulted = true;
        }
        SubDetail::FeeNotice {
            delivered_on,
            issued_on,
            ..
        } => {
            *delivered_on = Some(day);
            sub.due_on = Some(answer_by);
            fee_issued_on = Some(*issued_on);
        }
        SubDetail::AmendmentNotice { delivered_on, .. } | SubDetail::ReasonsRequest { delivered_on, .. } => {
            *delivered_on = Some(day);
        }
        _ => {}
    });
    if consulted {
        data.facts.push(Fact::ConsultationDelivered {
            id: delivery.id.clone(),
            on: day,
        });
    }
    if let Some(issued_on) = fee_issued_on {
        for fact in &mut data.facts {
            if let Fact::FeeNotified { on, delivered_on } = fact
                && *on == issued_on
            {
                *delivered_on = Some(day);
            }
        }
    }
}

fn payment_recorded(data: &mut CaseData, payment: &RecordPayment, on: NaiveDate) {
    let mut paid_in_full_on = None;
    for sub in data.subs.iter_mut().filter(|sub| sub.is_open()) {
        if let SubDetail::FeeNotice {
            amount_yuan,
            paid_yuan,
            last_paid_on,
            ..
        } = &mut sub.detail
        {
            *paid_yuan = paid_yuan.saturating_add(payment.amount_yuan);
            *last_paid_on = (*last_paid_on).max(Some(on));
            if paid_yuan >= amount_yuan {
                paid_in_full_on = *last_paid_on;
                sub.status = SubStatus::Paid;
                sub.closed_on = *last_paid_on;
            }
        }
    }
    if let Some(on) = paid_in_full_on {
        data.facts.push(Fact::FeePaid { on });
    }
}

fn reply_drafted(data: &mut CaseData, drafted: &DraftReply, logged: &LoggedEvent) {
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
    settle(data, is_secrecy, SubStatus::Ended, on);
    if !super::decide::released(&draft) {
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

fn is_secrecy(detail: &SubDetail) -> bool {
    matches!(detail, SubDetail::SecrecyReview { .. })
}

fn secrecy_reviewed(data: &mut CaseData, review: &ReviewSecrecy, on: NaiveDate) {
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
        .filter(|sub| sub.is_open() && is_secrecy(&sub.detail))
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

fn delivery_recorded(data: &mut CaseData, delivery: &RecordDelivery, on: NaiveDate) {
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
fn stop(data: &mut CaseData, on: NaiveDate) {
    let facts = data.facts.len();
    data.facts
        .retain(|fact| !matches!(fact, Fact::ReplyOrdered { on: ordered_on, .. } if *ordered_on == on));
    if data.facts.len() == facts {
        data.facts.push(Fact::Replied { on });
    }
}

/// A reply that was offered and never taken ends the case when its file is closed.
fn never_handed_over(data: &mut CaseData, on: NaiveDate) {
    let Some((outcome, cause)) = data.reply.as_ref().map(|reply| (reply.outcome, reply.outcome_cause)) else {
        return;
    };
    if !data.is_stopped() {
        stop(data, on);
        data.endings.push(Ending { on, outcome, cause });
    }
}

/// After a reply a new run begins. Against silence the order sets the date, and what was awaited is awaited no more.
fn reply_again(data: &mut CaseData, reply_by: Option<NaiveDate>, on: NaiveDate) {
    if data.is_stopped() {
        data.facts.push(Fact::ReplyOrdered { on, until: reply_by });
    } else {
        if data.open_sub(is_amendment).is_some() {
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
        |detail| is_amendment(detail) || is_fee(detail) || is_secrecy(detail),
        SubStatus::Cancelled,
        on,
    );
    data.draft = None;
    data.reply = None;
    data.retention = None;
    enter(data, State::InProgress, on);
}
