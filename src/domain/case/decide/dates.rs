//! Dates of a command: not in the future, late ones with a reason, and never before the fact they answer.

use super::Deciding;
use crate::domain::case::checks::{LAST_DATE, beyond_calendar};
use crate::domain::case::command::{Command, Instruction};
use crate::domain::case::guard::releases_over;
use crate::domain::case::state::{State, SubDetail};
use crate::domain::case::{Context, Who};
use crate::domain::law::deadline::Fact;
use crate::domain::law::refusal::{Refusal, Rejection};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;

/// What is impossible about the dates by themselves.
///
/// # Errors
/// Field errors: a date in the future, a late one without `late_entry_reason`, an applicant's that is not today.
pub fn check_dates(instruction: &Instruction, on: NaiveDate, who: &Who, ctx: &Context<'_>) -> Result<(), Rejection> {
    let mut errors = Vec::new();
    let today = ctx.today;
    let pointer = instruction.date_pointer();
    if on > today {
        errors.push(in_the_future(&pointer, today));
    } else if on < today && who.acts_as_applicant_only() {
        errors.push(FieldError::new(
            pointer.clone(),
            format!("在线办理以今天（{today}）为准，请填今天的日期。"),
            format!("Online steps are dated today ({today})."),
        ));
    } else if on < today && instruction.late_entry_reason.is_none() {
        errors.push(FieldError::new(
            "/late_entry_reason",
            "补录今天以前的事项，请说明补录原因。",
            "An entry dated before today needs the reason for the late entry.",
        ));
    }
    check_further_dates(&instruction.command, on, today, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}

/// The other dates of a command dated `on`: deliveries after their sending, limits after what sets them.
pub(super) fn check_further_dates(command: &Command, on: NaiveDate, today: NaiveDate, errors: &mut Vec<FieldError>) {
    let dates = command.further_dates();
    for (name, date) in dates.not_in_future {
        if date > today {
            errors.push(in_the_future(&format!("/{name}"), today));
        } else if date < on && name.ends_with("delivered_on") {
            errors.push(FieldError::new(
                format!("/{name}"),
                format!("送达日期不能早于发出日期（{on}）。"),
                format!("The delivery cannot lie before the sending ({on})."),
            ));
        }
    }
    for (name, date) in dates.after_action {
        if date > LAST_DATE {
            errors.push(beyond_calendar(&format!("/{name}")));
        } else if date < on || (date == on && name != "due_on") {
            errors.push(FieldError::new(
                format!("/{name}"),
                format!("期限应当晚于 {on}。"),
                format!("The limit must lie after {on}."),
            ));
        }
    }
}

pub(super) fn check_not_in_future(pointer: &str, date: NaiveDate, today: NaiveDate, errors: &mut Vec<FieldError>) {
    if date > today {
        errors.push(in_the_future(pointer, today));
    }
}

fn in_the_future(pointer: &str, today: NaiveDate) -> FieldError {
    FieldError::new(
        pointer,
        format!("日期不能晚于今天（{today}）。"),
        format!("The date cannot lie in the future (today is {today})."),
    )
}

impl Deciding<'_> {
    /// No action lies before the receipt, nor before the fact it answers; independent facts may come in any order.
    pub(super) fn not_before(&self, command: &Command) -> Result<(), Refusal> {
        let (earliest, zh, en) = match (self.antecedent(command), self.after_restart(command)) {
            (answered, Some(restart)) if answered.0 < restart.0 => restart,
            (answered, _) => answered,
        };
        let floor = self.data.received_on.unwrap_or(self.data.submission.arrived_on);
        let (earliest, zh, en) = if earliest < floor {
            (floor, "收到（到达）日期", "receipt (or arrival)")
        } else {
            (earliest, zh, en)
        };
        if self.on >= earliest {
            return Ok(());
        }
        Err(Refusal::new(
            "date_before_antecedent",
            Some("《条例》第四十五条"),
            format!(
                "日期 {} 早于{zh}（{earliest}），不能登记。请核对日期；在先记录有误的，请先提请更正（correct_fact）。",
                self.on
            ),
            format!(
                "{} lies before the {en} ({earliest}). Check the date, or correct the earlier record first.",
                self.on
            ),
        )
        .within(Some(earliest), Some(self.ctx.today)))
    }

    /// An order to reply again is the last fact of its day: what moves the new clock comes on the days after it.
    fn after_restart(&self, command: &Command) -> Option<(NaiveDate, &'static str, &'static str)> {
        let moves_the_clock = matches!(
            command,
            Command::RequestAmendment(_)
                | Command::ConsultThirdParty(_)
                | Command::ConsultAgency(_)
                | Command::ApproveExtension(_)
                | Command::SetDelay(_)
                | Command::IssueFeeNotice(_)
        );
        let ordered_on = self.data.facts.iter().rev().find_map(|fact| match fact {
            Fact::ReplyOrdered { on, .. } => Some(*on),
            _ => None,
        });
        let next_day = ordered_on.filter(|_| moves_the_clock)?.succ_opt()?;
        Some((next_day, "责令重新答复的次日", "day after the order to reply again"))
    }

    /// The date of the fact that the command answers, and what that fact is.
    fn antecedent(&self, command: &Command) -> (NaiveDate, &'static str, &'static str) {
        let data = self.data;
        let arrived = (data.submission.arrived_on, "到达日期", "arrival");
        let received = (data.received_on.unwrap_or(arrived.0), "收到日期", "receipt");
        let state = (data.state_since, "当前状态开始的日期", "day the present state began");
        let sub = |id: &str, zh, en| data.sub(id).map_or(state, |sub| (sub.opened_on, zh, en));
        let open =
            |wanted: fn(&SubDetail) -> bool, zh, en| data.open_sub(wanted).map_or(state, |sub| (sub.opened_on, zh, en));
        match command {
            // Other evidence may show that both sides confirmed before the applicant did so online.
            Command::ConfirmReceipt(fields) => match data.submission_confirmed_on {
                Some(day) if fields.evidence.is_none() => (day, "申请人确认的日期", "applicant's confirmation"),
                _ => arrived,
            },
            Command::RecordContactAttempt(_)
            | Command::ConfirmSubmission(_)
            | Command::CloseIntake(_)
            | Command::Take(_)
            | Command::HandOver(_)
            | Command::CorrectFact(_) => arrived,
            Command::FileRemedy(_) | Command::ProposeExtension(_) => received,
            Command::RecordNoticeDelivery(fields) => sub(&fields.id, "文书发出日期", "sending of the notice"),
            Command::RecordOpinion(fields) => {
                sub(&fields.consultation_id, "征求意见书发出日期", "sending of the letter")
            }
            Command::EndConsultation(fields) => {
                sub(&fields.consultation_id, "征求意见书发出日期", "sending of the letter")
            }
            Command::NotifyThirdParty(fields) => data
                .sub(&fields.consultation_id)
                .and_then(|sub| sub.closed_on)
                .map_or(state, |day| (day, "反馈意见日期", "opinion")),
            Command::AnswerAssignment(fields) => sub(&fields.assignment_id, "交办日期", "assignment"),
            Command::ReturnAssignment(fields) => sub(&fields.assignment_id, "交办日期", "assignment"),
            Command::RecordPayment(_) => open(SubDetail::is_fee_notice, "收费通知日期", "fee notice"),
            Command::RecordReasons(_) => open(
                SubDetail::is_reasons_request,
                "要求说明理由的日期",
                "request for reasons",
            ),
            Command::SetDelay(_) => data
                .subs
                .iter()
                .rev()
                .find(|sub| matches!(sub.detail, SubDetail::ReasonsRequest { .. }))
                .and_then(|sub| sub.closed_on)
                .map_or(state, |day| (day, "说明理由的日期", "reasons")),
            Command::ApproveExtension(_) | Command::RejectExtension(_) => {
                open(SubDetail::is_extension, "提请延期的日期", "proposal")
            }
            Command::ReviewSecrecy(_) | Command::SubmitForLegalReview(_) => data
                .draft
                .as_ref()
                .map_or(state, |draft| (draft.drafted_on.max(state.0), "拟稿日期", "draft")),
            Command::SubmitForApproval(_) if data.state == State::InProgress => data
                .draft
                .as_ref()
                .map_or(state, |draft| (draft.drafted_on.max(state.0), "拟稿日期", "draft")),
            Command::IssueReply(_) => {
                let approved = data.draft.as_ref().and_then(|draft| draft.approved_on);
                let approved = approved.map_or(state, |day| (day, "签发日期", "approval"));
                match self.objectors_told_on() {
                    Some(told_on) if told_on > approved.0 => (told_on, "告知第三方的日期", "letter to the third party"),
                    _ => approved,
                }
            }
            Command::Archive(_) => match data.reply.as_ref().and_then(|reply| reply.delivery) {
                Some((_, day)) if day > state.0 => (day, "送达结果的日期", "result of the delivery"),
                _ => state,
            },
            Command::RecordDelivery(_) => match &data.reply {
                Some(reply) => (reply.issued_on, "答复发出日期", "reply"),
                None => state,
            },
            Command::DecideRemedy(fields) => sub(&fields.remedy_id, "复议或诉讼提起日期", "filing"),
            Command::ConfirmCorrection(fields) => correction(self, fields.seq),
            Command::RejectCorrection(fields) => correction(self, fields.seq),
            _ => state,
        }
    }

    /// The last day on which a third party was told of the release of something that the draft grants.
    fn objectors_told_on(&self) -> Option<NaiveDate> {
        let draft = self.data.draft.as_ref()?;
        let subs = self.data.subs.iter();
        subs.filter(|sub| releases_over(&draft.items, &sub.id))
            .filter_map(|sub| match sub.detail {
                SubDetail::Consultation { told_on, .. } => told_on,
                _ => None,
            })
            .max()
    }
}

fn correction(deciding: &Deciding<'_>, seq: u32) -> (NaiveDate, &'static str, &'static str) {
    let day = deciding
        .data
        .subs
        .iter()
        .rev()
        .find(|sub| matches!(&sub.detail, SubDetail::Correction { seq: of, .. } if *of == seq))
        .map_or(deciding.data.submission.arrived_on, |sub| sub.opened_on);
    (day, "提请更正的日期", "proposal")
}
