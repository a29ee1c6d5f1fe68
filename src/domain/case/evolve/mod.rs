//! Folding: what each event makes of a case. Total and silent; whatever may be refused was refused in `decide`.

mod reply;
mod subs;

use super::Law;
use super::event::{Event, LoggedEvent};
use super::fields::*;
use super::state::*;
use crate::domain::law::deadline::{ConsultationKind, Fact, policy};
use crate::domain::reply::{Outcome, OutcomeCause};
use reply::*;
use std::collections::BTreeSet;
use subs::*;

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
        documents: Vec::new(),
        released: BTreeSet::new(),
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
        Event::DocumentAttached(document) => data.documents.push(document.clone()),
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
            settle(data, SubDetail::is_amendment_notice, SubStatus::Answered, on);
            // A reply drafted before answers another application.
            data.draft = None;
            settle(data, SubDetail::is_secrecy_review, SubStatus::Ended, on);
            data.formally_reviewed = false;
            data.substantively_reviewed = false;
            enter(data, State::Registered, on);
        }
        Event::AmendmentLapsed(_) => {
            settle(data, SubDetail::is_amendment_notice, SubStatus::Lapsed, on);
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
            if policy::REASONS_REQUEST_STOPS_CLOCK {
                let respond_by = request.respond_by;
                data.facts.push(Fact::AmendmentRequested { on, respond_by });
            }
        }
        Event::ReasonsRecorded(record) => {
            if policy::REASONS_REQUEST_STOPS_CLOCK && record.reasons.is_some() {
                data.facts.push(Fact::AmendmentReceived { on });
            }
            let id = data.open_sub(SubDetail::is_reasons_request).map(|sub| sub.id.clone());
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
            settle(data, SubDetail::is_extension, SubStatus::Approved, on);
        }
        Event::ExtensionRejected(_) => settle(data, SubDetail::is_extension, SubStatus::Rejected, on),
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
            settle(data, SubDetail::is_fee_notice, SubStatus::Lapsed, on);
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
