//! Deciding: from a permitted command to its events, or a refusal. Role, state, guards of the table and the legal window
//! have been checked before; here come the conditions on the command's own fields and on what it refers to.

mod correction;
mod dates;
mod handling;
mod intake;
mod reply;

use super::command::Command;
use super::event::Event;
use super::state::{CaseData, Draft, SubDetail, SubProcess};
use super::{Case, Context, Who};
use crate::domain::document::no_document;
use crate::domain::law::refusal::{Refusal, Rejection};
use crate::domain::reply as replies;
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
pub(super) use dates::check_dates;

pub(super) type Decision = Result<Vec<Event>, Rejection>;

/// One command being decided.
#[derive(Clone, Copy)]
struct Deciding<'a> {
    case: &'a Case,
    data: &'a CaseData,
    who: &'a Who,
    on: NaiveDate,
    ctx: &'a Context<'a>,
}

/// Turns a permitted command into events.
pub(super) fn decide(case: &Case, who: &Who, command: &Command, on: NaiveDate, ctx: &Context<'_>) -> Decision {
    let deciding = Deciding {
        case,
        data: case.data(),
        who,
        on,
        ctx,
    };
    deciding.references(command)?;
    deciding.not_before(command)?;
    deciding.events(command)
}

/// What is impossible about the fields by themselves once the kind of case and the side of the person are known; said
/// before the workflow is asked.
pub(super) fn check_fields(data: &CaseData, who: &Who, command: &Command) -> Result<(), Rejection> {
    let by_applicant = who.acts_as_applicant_only();
    let errors: Vec<FieldError> = match command {
        Command::DraftReply(fields) => reply::check_draft_alone(data.kind(), fields),
        Command::RecordReasons(fields) => handling::check_reasons(by_applicant, fields).into_iter().collect(),
        Command::RecordDelivery(fields) => reply::check_delivery(by_applicant, fields).into_iter().collect(),
        _ => Vec::new(),
    };
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}

/// Whether every granted item has the secrecy verdict release or redact.
pub(super) fn released(draft: &Draft) -> bool {
    let verdicts: Vec<_> = draft
        .verdicts
        .iter()
        .enumerate()
        .filter_map(|(index, verdict)| verdict.map(|verdict| (index, verdict)))
        .collect();
    replies::items_without_release(&draft.items, &verdicts).is_empty()
}

impl Deciding<'_> {
    #[rustfmt::skip]
    fn events(&self, command: &Command) -> Decision {
        let one = |event: Event| Ok(vec![event]);
        match command.clone() {
            Command::RecordContactAttempt(fields) => one(Event::ContactAttempted(fields)),
            Command::ConfirmSubmission(fields) => one(Event::SubmissionConfirmed(fields)),
            Command::ConfirmReceipt(fields) => self.confirm_receipt(fields),
            Command::CloseIntake(fields) => one(Event::IntakeClosed(fields)),
            Command::Split(fields) => self.split(fields),
            Command::Merge(fields) => self.merge(fields),
            Command::Take(_) => self.take(),
            Command::HandOver(fields) => self.hand_over(fields),
            Command::ReviewFormally(fields) => one(Event::FormallyReviewed(fields)),
            Command::ReviewSubstantively(fields) => one(Event::SubstantivelyReviewed(fields)),
            Command::RequestAmendment(fields) => self.request_amendment(fields),
            Command::ReceiveAmendment(fields) => one(Event::AmendmentReceived(fields)),
            Command::LapseAmendment(fields) => one(Event::AmendmentLapsed(fields)),
            Command::Reopen(fields) => one(Event::Reopened(fields)),
            Command::Assign(fields) => self.assign(fields),
            Command::AnswerAssignment(fields) => { self.own_assignment(&fields.assignment_id)?; one(Event::AssignmentAnswered(fields)) }
            Command::ReturnAssignment(fields) => { self.own_assignment(&fields.assignment_id)?; one(Event::AssignmentReturned(fields)) }
            Command::ConsultThirdParty(fields) => one(Event::ThirdPartyConsulted(fields)),
            Command::ConsultAgency(fields) => one(Event::AgencyConsulted(fields)),
            Command::RecordNoticeDelivery(fields) => self.record_notice_delivery(fields),
            Command::RecordOpinion(fields) => { self.still_open(&fields.consultation_id)?; one(Event::OpinionRecorded(fields)) }
            Command::EndConsultation(fields) => { self.still_open(&fields.consultation_id)?; one(Event::ConsultationEnded(fields)) }
            Command::NotifyThirdParty(fields) => self.notify_third_party(fields),
            Command::RequestReasons(fields) => one(Event::ReasonsRequested(fields)),
            Command::RecordReasons(fields) => one(Event::ReasonsRecorded(fields)),
            Command::SetDelay(fields) => one(Event::DelaySet(fields)),
            Command::ReviewSecrecy(fields) => self.review_secrecy(fields),
            Command::ProposeExtension(fields) => self.propose_extension(fields),
            Command::ApproveExtension(fields) => self.approve_extension(fields),
            Command::RejectExtension(fields) => one(Event::ExtensionRejected(fields)),
            Command::IssueFeeNotice(fields) => self.issue_fee_notice(fields),
            Command::RecordPayment(fields) => self.record_payment(fields),
            Command::LapseFee(fields) => one(Event::FeeLapsed(fields)),
            Command::Withdraw(fields) => one(Event::Withdrawn(fields)),
            Command::DraftReply(fields) => self.draft_reply(fields),
            Command::SubmitForLegalReview(fields) => one(Event::LegalReviewRequested(fields)),
            Command::ReviewLegally(fields) => one(Event::LegallyReviewed(fields)),
            Command::SubmitForApproval(fields) => one(Event::ApprovalRequested(fields)),
            Command::ApproveReply(fields) => one(Event::ReplyApproved(fields)),
            Command::ReturnReply(fields) => one(Event::ReplyReturned(fields)),
            Command::IssueReply(fields) => self.issue_reply(fields),
            Command::RecordDelivery(fields) => self.record_delivery(fields),
            Command::ReplyOnTheSpot(fields) => self.reply_on_the_spot(fields),
            Command::Archive(fields) => one(Event::Archived(fields)),
            Command::FileRemedy(fields) => one(Event::RemedyFiled(fields)),
            Command::DecideRemedy(fields) => self.decide_remedy(fields),
            Command::CorrectFact(fields) => self.correct_fact(fields),
            Command::ConfirmCorrection(fields) => self.confirm_correction(fields),
            Command::RejectCorrection(fields) => { self.open_correction(fields.seq)?; one(Event::CorrectionRejected(fields)) }
        }
    }

    /// Sub-processes and documents that the command names must exist in the case.
    fn references(&self, command: &Command) -> Result<(), Rejection> {
        let mut errors = Vec::new();
        for (pointer, id, wanted) in command.sub_references() {
            if !self.data.sub(id).is_some_and(|sub| wanted(&sub.detail)) {
                errors.push(FieldError::new(
                    pointer,
                    "本案没有这个编号的事项。可用的编号见案件的 sub_processes。",
                    "The case has no such sub-process; `sub_processes` of the case lists them.",
                ));
            }
        }
        for (pointer, id) in command.document_references() {
            if !self.ctx.lookups.documents.contains(id) {
                errors.push(no_document(pointer));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
    }

    fn sub(&self, id: &str) -> Option<&SubProcess> {
        self.data.sub(id)
    }

    fn still_open(&self, id: &str) -> Result<(), Refusal> {
        if self.sub(id).is_some_and(SubProcess::is_open) {
            return Ok(());
        }
        Err(Refusal::new(
            "already_ended",
            Some("《条例》第三十二条"),
            "这项征求意见已经反馈或者结束，不能再次登记。登记有误的，请提请更正（correct_fact）。",
            "This consultation is answered or ended already; propose a correction if the record is wrong.",
        ))
    }

    /// A unit answers what was assigned to it, and only once.
    fn own_assignment(&self, id: &str) -> Result<(), Refusal> {
        let Some(sub) = self.sub(id) else { return Ok(()) };
        let SubDetail::Assignment { unit_id, .. } = &sub.detail else {
            return Ok(());
        };
        if Some(*unit_id) != self.who.unit_id {
            return Err(Refusal::new(
                "other_unit",
                Some("《条例》第四十五条"),
                "这项任务交给了其他科室，请由该科室反馈。",
                "This is assigned to another unit; that unit answers.",
            ));
        }
        if !sub.is_open() {
            return Err(Refusal::new(
                "already_ended",
                Some("《条例》第四十五条"),
                "这项任务已经反馈或者退回，不能再次反馈。",
                "This assignment is answered or returned already.",
            ));
        }
        Ok(())
    }
}
