//! 收件登记 (Arts 29, 31): an application arrives and is received on the day that its channel gives it.

use super::check::{Check, FurtherDates, in_the_future};
use super::evidence::{self, Evidence};
use super::guard::{ALWAYS, Look, Period, guards};
use super::state::{CaseData, ClosingKind, IntakeEnd, IntakeEnded, State};
use super::step::{
    Deciding, Entry, Id, NOTHING, Since, Step, Told, Unknown, dated_by, fields, issues_papers, itself, leaves,
    payloads, since_arrival, with_papers,
};
use super::submission::{self, Channel, Submission};
use crate::domain::document::no_document;
use crate::domain::law::refusal::{Rejection, Window, reasons};
use crate::domain::words::codes::codes;
use crate::domain::words::ids::{CaseId, UserId};
use crate::domain::words::numbers::{chinese, english};
use crate::domain::words::text::FieldError;
use chrono::NaiveDate;
use serde_json::{Value, json};

codes! {
    /// How the agency reached out.
    pub enum ContactMeans {
        Phone "phone" "电话",
        Letter "letter" "信函",
        Email "email" "电子邮件",
        Visit "visit" "当面",
    }
}

fields! {
    RecordContactAttempt {
        on: NaiveDate, means: ContactMeans, result: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ConfirmSubmission {}
    ConfirmReceipt {
        received_on: NaiveDate, evidence: Option<Evidence>,
        /// Why an online or fax application was confirmed so long after it arrived.
        #[serde(default, skip_serializing_if = "Option::is_none")] late_confirmation_reason: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    CloseIntake {
        reason: IntakeEnd, #[schema(value_type = Option<String>)] other_case_id: Option<CaseId>, note: Option<String>,
        /// With `misdirected`: the agency to which it was sent on.
        #[serde(default, skip_serializing_if = "Option::is_none")] sent_to: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

payloads! {
    /// Receipt (收到): day zero of the clock, the case number, the pinned rule pack and the owner.
    ReceiptConfirmed {
        received_on: NaiveDate, evidence: Option<Evidence>, number: String, rule_set: String, owner_id: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")] late_confirmation_reason: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    UNCONFIRMED "unconfirmed", "already_confirmed", "《条例》第三十一条第（三）项",
        "本申请已经确认过，无需再次确认。",
        "The submission is already confirmed.",
        |look| look.data.submission_confirmed_on.is_none();

    EVER_RECEIVED "ever_received", "never_received", "《条例》第三十一条",
        "本件没有登记收到，没有需要送达的决定。",
        "The application was never received, so nothing is to be delivered.",
        |look| look.data.received_on.is_some();
}

/// In person and registered mail: the day of arrival; otherwise since arrival (Art 31).
pub const RECEIPT: Period = Period {
    name: "receipt",
    label: "按渠道确定的收到日期",
    days: receipt_days,
    early: Some(&RECEIPT_BEFORE_ARRIVAL),
    late: Some(&RECEIPT_AFTER_ARRIVAL),
    ..ALWAYS
};

reasons! {
    OTHER_UNFIT "duplicate_unfit", "《条例》第三十一条",
        "另一件已经撤回、终止或者也被登记为重复，或者不是同一申请人的申请，本件不能按重复提交结束。请核对编号；确需分别办理的，请登记收到（confirm_receipt）。",
        "The other application is withdrawn, ended or closed as a duplicate itself, or is of another applicant, so that this one must be answered. Check the id, or receive this one (confirm_receipt).";

    RECEIPT_BEFORE_ARRIVAL "receipt_date_impossible", "《条例》第三十一条",
        "收到日期不能早于到达日期（{from}）。请核对后重新填写。",
        "The receipt cannot lie before the arrival ({from}).";

    RECEIPT_AFTER_ARRIVAL "receipt_date_impossible", "《条例》第三十一条",
        "当面提交和挂号信件以送达当日（{from}）为收到日期，请将 received_on 改为这一天；到达日期登记有误的，请先更正。信件寄给其他单位、另行转到本机构的，请填写证据（evidence），写明由谁、于何时签收和转交。",
        "Handed in or sent by registered mail, it is received on the day it arrived ({from}); set `received_on` to that day. If the letter was addressed to another unit and passed on, give the evidence (`evidence`): who signed for it and when it came over.";
}

/// The days that can be the one of receipt, by channel (Art 31).
pub fn receipt_days(look: &Look<'_>) -> Option<Window> {
    let submission = &look.data.submission;
    let arrived = submission.arrived_on;
    Some(Window {
        from: Some(arrived),
        to: (submission.channel == Channel::InPerson).then_some(arrived),
    })
}

/// The words for another case that is not there.
const NO_OTHER_CASE: Unknown = (
    "/other_case_id",
    "没有这个案件。请填写本机关另一件申请的编号（id），或者不填。",
    "There is no such case; name another case by its id, or leave this out.",
);

/// The error for a case that `close_intake` names and that is not there for the person.
pub fn no_other_case() -> FieldError {
    let (pointer, zh, en) = NO_OTHER_CASE;
    FieldError::new(pointer, zh, en)
}

impl Step for RecordContactAttempt {
    itself!();
    with_papers!();
    dated_by!(on);

    fn check(&self, check: &mut Check<'_>) {
        check.note("/result", &self.result);
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"on": day, "means": "phone", "result": "电话无人接听"})
    }
}

impl Told for RecordContactAttempt {
    const PRIVATE: &'static [&'static str] = &["result"];
    const CORRECTABLE: &'static [&'static str] = &["on", "means", "result"];

    fn fold(&self, _: &mut CaseData, _: &Entry<'_>) {}
}

impl Step for ConfirmSubmission {
    itself!();

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }
}

impl Told for ConfirmSubmission {
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.submission_confirmed_on = Some(entry.on);
    }
}

impl Step for ConfirmReceipt {
    type Made = ReceiptConfirmed;
    with_papers!();
    dated_by!(received_on);

    fn check(&self, check: &mut Check<'_>) {
        if let Some(evidence) = &self.evidence {
            evidence.check(self.received_on, check);
        }
        check.optional_note("/late_confirmation_reason", self.late_confirmation_reason.as_ref());
    }

    fn further_dates(&self) -> FurtherDates {
        evidence::dates_of(self.evidence.as_ref())
    }

    fn since(&self, data: &CaseData) -> Since {
        match data.submission_confirmed_on {
            // Other evidence may show that both sides confirmed before the applicant did so online.
            Some(day) if self.evidence.is_none() => (day, "申请人确认的日期", "applicant's confirmation"),
            _ => since_arrival(data),
        }
    }

    /// Receipt by channel; ordinary mail, fax and online need evidence that both sides confirmed (Art 31(2), 31(3)).
    fn decide(self, deciding: &Deciding<'_>) -> Result<ReceiptConfirmed, Rejection> {
        let channel = deciding.data.submission.channel;
        let confirmed_by_applicant = deciding.data.submission_confirmed_on.is_some();
        if channel.needs_confirmation() && self.evidence.is_none() && !confirmed_by_applicant {
            return Err(FieldError::new(
                "/evidence",
                format!(
                    "以“{}”提出的申请，以双方确认之日为收到申请之日，请填写确认的方式和确认人。",
                    channel.label()
                ),
                "This channel needs evidence that both sides confirmed: how and by whom.",
            )
            .into());
        }
        passed_on(&deciding.data.submission, self.received_on, self.evidence.as_ref())?;
        if self.late_confirmation_reason.is_none() && confirmed_late(deciding, self.received_on) {
            let days = deciding.pack().confirmation_alarm_days;
            return Err(FieldError::new(
                "/late_confirmation_reason",
                format!(
                    "网上、传真申请应当在到达后{}个工作日内与申请人确认。确认日期晚于这一期限，请写明原因；实际上已经提前确认的，请将 received_on 改为确认当日。",
                    chinese(days)
                ),
                format!(
                    "An online or fax application is to be confirmed within {} working days of its arrival. Say why it was confirmed later, or set `received_on` to the day on which it really was.",
                    english(days)
                ),
            )
            .into());
        }
        let receipt = ReceiptConfirmed::by(deciding, self.received_on, self.evidence);
        Ok(ReceiptConfirmed {
            late_confirmation_reason: self.late_confirmation_reason,
            document_ids: self.document_ids,
            ..receipt
        })
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"received_on": day, "evidence": {"means": "phone", "by": "林晓", "note": "申请人来电确认"}})
    }
}

/// Paper is received on the day on which the mail room of the organ signed for it. A later day is that of a letter which was
/// addressed to another unit (国办公开办函〔2015〕207号), with evidence.
fn passed_on(submission: &Submission, received_on: NaiveDate, evidence: Option<&Evidence>) -> Result<(), Rejection> {
    let arrived_on = submission.arrived_on;
    if submission.channel == Channel::RegisteredMail && received_on > arrived_on && evidence.is_none() {
        let refusal = RECEIPT_AFTER_ARRIVAL.with(&[("from", &arrived_on)]);
        return Err(refusal.within(Some(arrived_on), Some(arrived_on)).into());
    }
    Ok(())
}

/// Whether an online or fax application was confirmed after the days within which that is expected (Art 31(3)).
fn confirmed_late(deciding: &Deciding<'_>, received_on: NaiveDate) -> bool {
    let submission = &deciding.data.submission;
    let pack = deciding.pack();
    let alarm = deciding.law().limits(&pack).confirmation_alarm(submission.arrived_on);
    matches!(submission.channel, Channel::Online | Channel::Fax) && received_on > alarm
}

impl ReceiptConfirmed {
    /// The receipt on a day, by whoever decides, who becomes the owner.
    pub fn by(deciding: &Deciding<'_>, received_on: NaiveDate, evidence: Option<Evidence>) -> Self {
        Self {
            received_on,
            evidence,
            number: deciding.ctx.lookups.number.clone().unwrap_or_default(),
            rule_set: deciding.law().rules.for_receipt(received_on).code.clone(),
            owner_id: deciding.who.user_id,
            late_confirmation_reason: None,
            document_ids: Vec::new(),
        }
    }

    /// Whether it is what a corrected receipt can be: on a lawful day, and shown by evidence where the channel asks for it.
    ///
    /// # Errors
    /// The day is not lawful, or the evidence is taken away.
    pub fn fits(&self, look: &Look<'_>, field: &str) -> Result<(), Rejection> {
        RECEIPT.check(look)?;
        passed_on(&look.data.submission, self.received_on, self.evidence.as_ref())?;
        let shown = self.evidence.is_some() || look.data.submission_confirmed_on.is_some();
        // A reply on the spot and a part of a split application have a receipt without evidence of its own.
        if field == "evidence" && look.data.submission.channel.needs_confirmation() && !shown {
            return Err(FieldError::missing("/value").into());
        }
        Ok(())
    }
}

impl From<ReceiptConfirmed> for ConfirmReceipt {
    fn from(receipt: ReceiptConfirmed) -> Self {
        Self {
            received_on: receipt.received_on,
            evidence: receipt.evidence,
            late_confirmation_reason: receipt.late_confirmation_reason,
            document_ids: receipt.document_ids,
        }
    }
}

impl Told for ReceiptConfirmed {
    const PRIVATE: &'static [&'static str] = &["evidence", "late_confirmation_reason"];
    const CORRECTABLE: &'static [&'static str] = &["received_on", "evidence"];

    leaves!(D03);

    fn fold(&self, data: &mut CaseData, _: &Entry<'_>) {
        data.number = Some(self.number.clone());
        data.rule_set = Some(self.rule_set.clone());
        data.received_on = Some(self.received_on);
        data.confirmed_by.clone_from(&self.evidence);
        data.owner_id = self.owner_id;
        data.enter(State::Registered, self.received_on);
    }
}

impl Step for CloseIntake {
    type Made = Self;
    with_papers!();
    const IDS: &'static [Id] = &[("/other_case_id", NOTHING)];

    fn check(&self, check: &mut Check<'_>) {
        check.optional_note("/note", self.note.as_ref());
        match (&self.sent_to, self.reason == IntakeEnd::Misdirected) {
            (Some(sent_to), true) => check.line("/sent_to", sent_to),
            (None, true) => check.wrong(
                "/sent_to",
                "误投的申请应当转交收件机关，请写明转给了哪个机关。",
                "A misdirected application is sent on; say to which agency.",
            ),
            (Some(_), false) => check.wrong(
                "/sent_to",
                "只有误投（misdirected）才填写转交的机关，请删除此项。",
                "Only a misdirected application is sent on; leave this out.",
            ),
            (None, false) => {}
        }
        if self.reason == IntakeEnd::Duplicate && self.other_case_id.is_none() {
            check.wrong(
                "/other_case_id",
                "重复提交的，请写明与哪一件相同（另一件的案件编号 id）；没有另一件的，请登记收到并办理。",
                "Say of which other application this is a duplicate (its `id`); without one, receive and handle it.",
            );
        }
    }

    fn since(&self, data: &CaseData) -> Since {
        since_arrival(data)
    }

    /// One of two equal applications is answered: the other one lives, and is of the same applicant.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let other = deciding.ctx.lookups.other_application;
        let unfit = other.is_none_or(|other| !other.alive || !other.alike);
        match self.reason == IntakeEnd::Duplicate && unfit {
            true => Err((&OTHER_UNFIT).into()),
            false => Ok(self),
        }
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "unreachable", "note": "三次联系均未接通"})
    }
}

impl Told for CloseIntake {
    const PRIVATE: &'static [&'static str] = &["note"];

    issues_papers!();

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.intake_end = Some(IntakeEnded {
            reason: self.reason,
            sent_to: self.sent_to.clone(),
            other_case_id: self.other_case_id,
        });
        data.end(entry.on, None);
        entry.closes(data, ClosingKind::IntakeClosed);
    }
}

/// The submission founds the case; it is told once and folded by [`CaseData::found`].
impl Told for Box<Submission> {
    const PRIVATE: &'static [&'static str] = submission::PRIVATE;
    const CORRECTABLE: &'static [&'static str] = submission::CORRECTABLE;

    fn fold(&self, _: &mut CaseData, _: &Entry<'_>) {}
}

/// Adds what is impossible about a submission whose record is corrected; pointers are those of the submission.
pub fn check_corrected(submission: &Submission, deciding: &Deciding<'_>, errors: &mut Vec<FieldError>) {
    let (data, today) = (deciding.data, deciding.ctx.today);
    errors.extend(submission.check_content(today));
    let documents = submission
        .applicant
        .documents()
        .map(|(pointer, id)| (pointer, id.to_string()));
    let unknown = documents.filter(|(_, id)| !data.holds(id) && !deciding.ctx.lookups.documents.contains(id));
    errors.extend(unknown.map(|(pointer, _)| no_document(format!("/applicant{pointer}"))));
    if submission.arrived_on > today {
        errors.push(in_the_future("/arrived_on", today));
    }
}
