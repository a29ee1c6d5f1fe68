//! Corrections of the record (更正记录): one person proposes, another confirms, and the whole log must still hold.
//!
//! The corrected entry is held to what was asked of it when it was made, and so is the date of every entry after it; the
//! first one that could no longer stand is named. Nothing is rewritten: the fold reads the corrected value.

use super::{Deciding, Decision, dates};
use crate::domain::case::command::Command;
use crate::domain::case::event::{CorrectionConfirmed, CorrectionProposed, Event, LoggedEvent};
use crate::domain::case::fields::*;
use crate::domain::case::guard::{self, WindowKind};
use crate::domain::case::state::{CaseData, Route, SubDetail, SubProcess};
use crate::domain::case::{consistent, corrected_entry, effective_log, fold_entry, follow_arrival};
use crate::domain::document::no_document;
use crate::domain::law::refusal::{Refusal, Rejection};
use crate::domain::words::text::FieldError;
use serde_json::Value;

impl Deciding<'_> {
    pub(super) fn correct_fact(&self, fields: CorrectFact) -> Decision {
        let log = effective_log(self.case.log(), &self.ctx.law).map_err(|broken| impossible(broken.seq))?;
        let Some(target) = log.iter().find(|logged| logged.seq == fields.seq) else {
            return Err(FieldError::new(
                "/seq",
                "本案没有这一序号的记录。",
                "The case has no entry with this number.",
            )
            .into());
        };
        if !target.event.correctable_fields().contains(&fields.field.as_str()) {
            let allowed = target.event.correctable_fields().join("、");
            let zh = if allowed.is_empty() {
                "这一条记录没有可以更正的字段。".to_owned()
            } else {
                format!("这一条记录可以更正的字段：{allowed}。")
            };
            return Err(FieldError::new("/field", zh, "This field of this entry cannot be corrected.").into());
        }
        if self.correction_of(fields.seq).is_some_and(SubProcess::is_open) {
            return Err(Refusal::new(
                "correction_pending",
                Some("《条例》第四十五条"),
                "这一条记录已有待确认的更正，请先确认或者否决。",
                "A correction of this entry is pending; confirm or reject it first.",
            )
            .into());
        }
        self.check_corrected(fields.seq, &fields.field, &fields.value)?;
        let old_value = target
            .event
            .data()
            .ok()
            .and_then(|data| data.get(&fields.field).cloned())
            .unwrap_or(Value::Null);
        Ok(vec![Event::CorrectionProposed(CorrectionProposed {
            seq: fields.seq,
            field: fields.field,
            value: fields.value,
            old_value,
            reason: fields.reason,
        })])
    }

    pub(super) fn confirm_correction(&self, fields: ConfirmCorrection) -> Decision {
        let sub = self.open_correction(fields.seq)?;
        let SubDetail::Correction { field, proposed_by, .. } = &sub.detail else {
            return Ok(Vec::new());
        };
        if proposed_by.is_some() && *proposed_by == self.who.user_id {
            return Err(Refusal::new(
                "same_person_as_proposer",
                Some("《条例》第四十五条"),
                "提请更正的人不能确认自己的更正，请由其他负责人确认。",
                "Who proposed the correction cannot confirm it; another person must.",
            )
            .into());
        }
        let value = self
            .case
            .log()
            .iter()
            .rev()
            .find_map(|logged| match &logged.event {
                Event::CorrectionProposed(proposal) if proposal.seq == fields.seq => Some(proposal.value.clone()),
                _ => None,
            })
            .unwrap_or(Value::Null);
        self.check_corrected(fields.seq, field, &value)?;
        Ok(vec![Event::CorrectionConfirmed(CorrectionConfirmed {
            seq: fields.seq,
            field: field.clone(),
            value,
        })])
    }

    fn correction_of(&self, seq: u32) -> Option<&SubProcess> {
        let of = |sub: &&SubProcess| matches!(&sub.detail, SubDetail::Correction { seq: of, .. } if *of == seq);
        self.data.subs.iter().rev().find(of)
    }

    pub(super) fn open_correction(&self, seq: u32) -> Result<&SubProcess, Rejection> {
        let Some(sub) = self.correction_of(seq) else {
            return Err(FieldError::new(
                "/seq",
                "没有对这一条记录提请的更正。",
                "No correction of this entry was proposed.",
            )
            .into());
        };
        if sub.is_open() {
            return Ok(sub);
        }
        Err(Refusal::new(
            "correction_settled",
            Some("《条例》第四十五条"),
            "这一更正已经确认或者否决。",
            "This correction is confirmed or rejected already.",
        )
        .into())
    }

    /// Folds the log with the correction in place; it must fit its field, and every later entry must still be possible.
    fn check_corrected(&self, seq: u32, field: &str, value: &Value) -> Result<(), Rejection> {
        let log = effective_log(self.case.log(), &self.ctx.law).map_err(|broken| impossible(broken.seq))?;
        let mut data: Option<CaseData> = None;
        for entry in log {
            let mut entry = entry;
            if let Some(before) = data.as_ref().filter(|_| entry.seq > seq) {
                follow_arrival(&mut entry, &before.submission, &self.ctx.law);
            }
            let entry = if entry.seq == seq {
                let corrected = corrected_entry(&entry, field, value, &self.ctx.law).map_err(|error| {
                    FieldError::new(
                        "/value",
                        format!("新值不符合该字段的格式（{error}）。"),
                        format!("The value does not fit the field ({error})."),
                    )
                })?;
                self.check_value(&corrected, field)?;
                corrected
            } else {
                entry.into_owned()
            };
            if let Some(before) = data.as_ref().filter(|_| entry.seq >= seq) {
                self.still_possible(before, &entry, (entry.seq == seq).then_some(field))?;
            }
            fold_entry(&mut data, &entry, &self.ctx.law).map_err(|broken| impossible(broken.seq))?;
            if let Some(after) = data.as_ref().filter(|_| entry.seq >= seq) {
                consistent(after, self.ctx).map_err(|refusal| match entry.seq {
                    own if own == seq => Rejection::from(refusal),
                    later => impossible(later),
                })?;
            }
        }
        Ok(())
    }

    /// What is impossible about the corrected entry by itself, with pointers under `/value`.
    fn check_value(&self, corrected: &LoggedEvent, field: &str) -> Result<(), Rejection> {
        let mut errors = Vec::new();
        if let Some(command) = command_of(&corrected.event) {
            command.check(&mut errors);
            dates::check_further_dates(&command, corrected.occurred_on, self.ctx.today, &mut errors);
        }
        if let Event::Submitted(submission) = &corrected.event {
            let by_mail = submission.route == Route::Mail;
            errors.extend(submission.applicant.check("/applicant", by_mail, self.ctx.today));
            let authorisation = submission.applicant.agent.as_ref();
            let authorisation = authorisation.map(|agent| agent.authorisation_document_id.to_string());
            if authorisation.is_some_and(|id| !self.data.holds(&id)) {
                errors.push(no_document("/applicant/agent/authorisation_document_id"));
            }
            dates::check_not_in_future("/arrived_on", submission.arrived_on, self.ctx.today, &mut errors);
        }
        dates::check_not_in_future("", corrected.occurred_on, self.ctx.today, &mut errors);
        if errors.is_empty() {
            return Ok(());
        }
        let own = format!("/{field}");
        for error in &mut errors {
            let below = error.pointer.strip_prefix(&own).unwrap_or_default();
            error.pointer = format!("/value{below}");
        }
        errors.dedup_by(|one, other| one.pointer == other.pointer);
        Err(errors.into())
    }

    /// Whether `entry` could follow the entries folded into `before`; `corrected` names the field of the one that is
    /// corrected.
    fn still_possible(&self, before: &CaseData, entry: &LoggedEvent, corrected: Option<&str>) -> Result<(), Rejection> {
        let Some(command) = command_of(&entry.event) else {
            return Ok(());
        };
        let then = Deciding {
            data: before,
            on: entry.occurred_on,
            ..*self
        };
        let mut errors = Vec::new();
        dates::check_further_dates(&command, entry.occurred_on, self.ctx.today, &mut errors);
        let possible = errors.is_empty() && then.not_before(&command).is_ok();
        match &entry.event {
            _ if !possible => Err(impossible(entry.seq)),
            Event::ReceiptConfirmed(receipt) if corrected.is_some() => {
                guard::check_window(WindowKind::Receipt, before, &self.ctx.law, receipt.received_on)?;
                let shown = receipt.evidence.is_some() || before.submission_confirmed_on.is_some();
                // A reply on the spot and a part of a split application have a receipt without evidence of its own.
                if corrected == Some("evidence") && before.submission.channel.needs_confirmation() && !shown {
                    return Err(FieldError::missing("/value").into());
                }
                Ok(())
            }
            Event::DeliveryRecorded(delivery) if corrected.is_some() => {
                then.delivery_fits(delivery.result).map_err(Rejection::from)
            }
            _ => Ok(()),
        }
    }
}

fn impossible(seq: u32) -> Rejection {
    Refusal::new(
        "correction_impossible",
        Some("《条例》第四十五条"),
        format!("更正后，第 {seq} 条记录的日期不再成立。请先更正第 {seq} 条记录，或核对新值。"),
        format!("With this correction entry {seq} could not stand; correct entry {seq} first, or check the new value."),
    )
    .into()
}

/// The action that made an entry, with its fields as they stand; none for the submission and for corrections.
fn command_of(event: &Event) -> Option<Command> {
    Some(match event.clone() {
        Event::Submitted(_)
        | Event::CorrectionProposed(_)
        | Event::CorrectionConfirmed(_)
        | Event::CorrectionRejected(_)
        | Event::DocumentAttached(_) => return None,
        Event::ContactAttempted(fields) => Command::RecordContactAttempt(fields),
        Event::SubmissionConfirmed(fields) => Command::ConfirmSubmission(fields),
        Event::ReceiptConfirmed(receipt) => Command::ConfirmReceipt(ConfirmReceipt {
            received_on: receipt.received_on,
            evidence: receipt.evidence,
        }),
        Event::IntakeClosed(fields) => Command::CloseIntake(fields),
        Event::RequestSplit(split) => Command::Split(Split { parts: split.parts }),
        Event::Merged(fields) => Command::Merge(fields),
        Event::Taken(_) => Command::Take(Take {}),
        Event::HandedOver(fields) => Command::HandOver(fields),
        Event::FormallyReviewed(fields) => Command::ReviewFormally(fields),
        Event::SubstantivelyReviewed(fields) => Command::ReviewSubstantively(fields),
        Event::AmendmentRequested(request) => Command::RequestAmendment(RequestAmendment {
            notified_on: request.notified_on,
            defects: request.defects,
            respond_by: Some(request.respond_by),
            delivered_on: request.delivered_on,
        }),
        Event::AmendmentReceived(fields) => Command::ReceiveAmendment(fields),
        Event::AmendmentLapsed(fields) => Command::LapseAmendment(fields),
        Event::Reopened(fields) => Command::Reopen(fields),
        Event::Assigned(fields) => Command::Assign(fields),
        Event::AssignmentAnswered(fields) => Command::AnswerAssignment(fields),
        Event::AssignmentReturned(fields) => Command::ReturnAssignment(fields),
        Event::ThirdPartyConsulted(fields) => Command::ConsultThirdParty(fields),
        Event::AgencyConsulted(fields) => Command::ConsultAgency(fields),
        Event::NoticeDelivered(fields) => Command::RecordNoticeDelivery(fields),
        Event::OpinionRecorded(fields) => Command::RecordOpinion(fields),
        Event::ConsultationEnded(fields) => Command::EndConsultation(fields),
        Event::ThirdPartyNotified(fields) => Command::NotifyThirdParty(fields),
        Event::ReasonsRequested(fields) => Command::RequestReasons(fields),
        Event::ReasonsRecorded(fields) => Command::RecordReasons(fields),
        Event::DelaySet(fields) => Command::SetDelay(fields),
        Event::SecrecyReviewed(fields) => Command::ReviewSecrecy(fields),
        Event::ExtensionProposed(fields) => Command::ProposeExtension(fields),
        Event::ExtensionApproved(approval) => Command::ApproveExtension(ApproveExtension {
            notified_on: approval.notified_on,
        }),
        Event::ExtensionRejected(fields) => Command::RejectExtension(fields),
        Event::FeeNoticeIssued(notice) => Command::IssueFeeNotice(IssueFeeNotice {
            scheme: notice.scheme,
            count: notice.count,
            issued_on: notice.issued_on,
            delivered_on: notice.delivered_on,
        }),
        Event::PaymentRecorded(fields) => Command::RecordPayment(fields),
        Event::FeeLapsed(fields) => Command::LapseFee(fields),
        Event::Withdrawn(fields) => Command::Withdraw(fields),
        Event::ReplyDrafted(fields) => Command::DraftReply(fields),
        Event::LegalReviewRequested(fields) => Command::SubmitForLegalReview(fields),
        Event::LegallyReviewed(fields) => Command::ReviewLegally(fields),
        Event::ApprovalRequested(fields) => Command::SubmitForApproval(fields),
        Event::ReplyApproved(fields) => Command::ApproveReply(fields),
        Event::ReplyReturned(fields) => Command::ReturnReply(fields),
        Event::ReplyIssued(issued) => Command::IssueReply(IssueReply {
            method: issued.method,
            replied_on: issued.replied_on,
        }),
        Event::DeliveryRecorded(fields) => Command::RecordDelivery(fields),
        Event::RepliedOnTheSpot(spot) => {
            let item = spot.items.into_iter().next();
            let (explanation, place, document_ids) = item.map_or_else(Default::default, |item| {
                (item.explanation.unwrap_or_default(), item.place, item.document_ids)
            });
            Command::ReplyOnTheSpot(ReplyOnTheSpot {
                received_on: spot.received_on,
                explanation,
                r#where: place,
                document_ids,
            })
        }
        Event::Archived(fields) => Command::Archive(fields),
        Event::RemedyFiled(fields) => Command::FileRemedy(fields),
        Event::RemedyDecided(decided) => Command::DecideRemedy(DecideRemedy {
            remedy_id: decided.remedy_id,
            decided_on: decided.decided_on,
            result: decided.result,
            reply_again: Some(decided.reply_again),
            reply_by: decided.reply_by,
        }),
    })
}
