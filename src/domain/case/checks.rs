//! Checks on a command by itself: lengths, empty lists, contradictions between its own fields; and what it refers to.

use super::command::Command;
use super::fields::*;
use super::state::SubDetail;
use crate::domain::words::text::{FieldError, check_line, check_optional_text, check_text};
use chrono::NaiveDate;

/// Longest title of an application, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest description of what identifies the information, in characters.
pub const FEATURES_MAX: usize = 4_000;
/// Longest reason or note, in characters.
pub const NOTE_MAX: usize = 2_000;
/// Longest one-line text: names, references, titles of organs.
pub const LINE_MAX: usize = 200;
/// Most entries in a list of defects, parts, systems, keywords or verdicts.
pub const LIST_MAX: usize = 50;

/// A sub-process that a command names: pointer, id, and which kind it must be.
pub type SubReference<'a> = (&'static str, &'a str, fn(&SubDetail) -> bool);

/// No date of a case lies beyond this one.
pub const LAST_DATE: NaiveDate = match NaiveDate::from_ymd_opt(2199, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A date too far away to be meant.
pub fn beyond_calendar(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        format!("日期不能晚于 {LAST_DATE}，请核对年份。"),
        format!("The date cannot lie beyond {LAST_DATE}; check the year."),
    )
}

/// Dates of a command beside its own.
#[derive(Debug, Default)]
pub struct FurtherDates {
    pub not_in_future: Vec<(&'static str, NaiveDate)>,
    pub after_action: Vec<(&'static str, NaiveDate)>,
}

/// Collects the field errors of one command.
struct Check<'a> {
    errors: &'a mut Vec<FieldError>,
}

impl Check<'_> {
    fn line(&mut self, pointer: &str, text: &str) {
        check_line(pointer, text, LINE_MAX, self.errors);
    }

    fn note(&mut self, pointer: &str, text: &str) {
        check_text(pointer, text, NOTE_MAX, self.errors);
    }

    fn optional_line(&mut self, pointer: &str, text: Option<&String>) {
        if let Some(text) = text {
            check_text(pointer, text, LINE_MAX, self.errors);
        }
    }

    fn optional_note(&mut self, pointer: &str, text: Option<&String>) {
        if let Some(text) = text {
            check_optional_text(pointer, text, NOTE_MAX, self.errors);
        }
    }

    fn list<T>(&mut self, pointer: &str, list: &[T], least: usize, each: impl Fn(&mut Self, &str, &T)) {
        if list.len() < least || list.len() > LIST_MAX {
            self.errors.push(FieldError::new(
                pointer,
                format!("应当有 {least} 至 {LIST_MAX} 项，现有 {} 项。", list.len()),
                format!(
                    "Between {least} and {LIST_MAX} entries are needed; there are {}.",
                    list.len()
                ),
            ));
            return;
        }
        for (index, entry) in list.iter().enumerate() {
            each(self, &format!("{pointer}/{index}"), entry);
        }
    }

    fn documents(&mut self, ids: &[String]) {
        if ids.len() > LIST_MAX {
            self.list("/document_ids", ids, 0, |_, _, _| ());
        }
    }

    fn positive(&mut self, pointer: &str, number: u32) {
        if number == 0 {
            self.errors
                .push(FieldError::new(pointer, "应当大于 0。", "Must be greater than 0."));
        }
    }
}

/// Checks what is asked for: title, document number and features (Art 29).
pub fn check_description(base: &str, description: &Description, errors: &mut Vec<FieldError>) {
    check_line(&format!("{base}/title"), &description.title, TITLE_MAX, errors);
    check_text(&format!("{base}/features"), &description.features, FEATURES_MAX, errors);
    if let Some(number) = &description.document_number {
        check_line(&format!("{base}/document_number"), number, LINE_MAX, errors);
    }
}

impl Command {
    /// Adds what is impossible about the fields by themselves.
    pub fn check(&self, errors: &mut Vec<FieldError>) {
        let mut check = Check { errors };
        match self {
            Self::RecordContactAttempt(fields) => check.note("/result", &fields.result),
            Self::ConfirmReceipt(ConfirmReceipt {
                evidence: Some(evidence),
                ..
            }) => {
                check.line("/evidence/by", &evidence.by);
                check.optional_note("/evidence/note", evidence.note.as_ref());
            }
            Self::CloseIntake(fields) => {
                check.optional_note("/note", fields.note.as_ref());
                check.optional_line("/other_case_id", fields.other_case_id.as_ref());
            }
            Self::Split(fields) => check.list("/parts", &fields.parts, 2, |check, at, part| {
                check_line(&format!("{at}/title"), &part.title, TITLE_MAX, check.errors);
                check_text(&format!("{at}/features"), &part.features, FEATURES_MAX, check.errors);
            }),
            Self::Merge(fields) => check.note("/reason", &fields.reason),
            Self::HandOver(fields) => check.note("/reason", &fields.reason),
            Self::ReviewFormally(fields) => check.optional_note("/note", fields.note.as_ref()),
            Self::ReviewSubstantively(fields) => check.optional_note("/note", fields.note.as_ref()),
            Self::RequestAmendment(fields) => {
                check.list("/defects", &fields.defects, 1, |check, at, defect| {
                    check.note(at, defect)
                });
            }
            Self::ReceiveAmendment(fields) => {
                if let Some(description) = &fields.description {
                    check_description("/description", description, check.errors);
                }
                check.documents(&fields.document_ids);
            }
            Self::Reopen(fields) => {
                check.note("/reason", &fields.reason);
                check.documents(&fields.document_ids);
            }
            Self::Assign(fields) => check.optional_note("/note", fields.note.as_ref()),
            Self::AnswerAssignment(fields) => {
                check.note("/search/scope", &fields.search.scope);
                check.line("/search/searched_by", &fields.search.searched_by);
                check.list("/search/systems", &fields.search.systems, 1, |check, at, text| {
                    check.line(at, text)
                });
                check.list("/search/keywords", &fields.search.keywords, 1, |check, at, text| {
                    check.line(at, text)
                });
                check.documents(&fields.document_ids);
            }
            Self::ReturnAssignment(fields) => check.note("/reason", &fields.reason),
            Self::ConsultThirdParty(fields) => {
                check.errors.extend(fields.party.check("/party"));
                check.note("/concerning", &fields.concerning);
            }
            Self::ConsultAgency(fields) => {
                check.line("/agency_name", &fields.agency_name);
                check.note("/concerning", &fields.concerning);
            }
            Self::RecordNoticeDelivery(fields) => {
                check.optional_line("/method", fields.method.as_ref());
                check.optional_line("/proof", fields.proof.as_ref());
            }
            Self::RecordOpinion(fields) => {
                check.optional_note("/reason", fields.reason.as_ref());
                check.documents(&fields.document_ids);
            }
            Self::NotifyThirdParty(fields) => check.note("/reason", &fields.reason),
            Self::RecordReasons(fields) => {
                if let Some(reasons) = &fields.reasons {
                    check_text("/reasons", reasons, FEATURES_MAX, check.errors);
                }
            }
            Self::SetDelay(fields) => check.note("/reason", &fields.reason),
            Self::ReviewSecrecy(fields) => check.list("/verdicts", &fields.verdicts, 1, |check, at, verdict| {
                check.optional_line(&format!("{at}/ground"), verdict.ground.as_ref());
                check.optional_note(&format!("{at}/note"), verdict.note.as_ref());
            }),
            Self::ProposeExtension(fields) => {
                if !(1..=20).contains(&fields.working_days) {
                    check.errors.push(FieldError::new(
                        "/working_days",
                        "延长的期限为 1 至 20 个工作日。",
                        "An extension is 1 to 20 working days.",
                    ));
                }
                check.note("/reason", &fields.reason);
            }
            Self::RejectExtension(fields) => check.note("/reason", &fields.reason),
            Self::IssueFeeNotice(fields) => check.positive("/count", fields.count),
            Self::RecordPayment(fields) => {
                check.positive("/amount_yuan", fields.amount_yuan);
                check.line("/reference", &fields.reference);
            }
            Self::Withdraw(fields) => check.optional_note("/reason", fields.reason.as_ref()),
            Self::DraftReply(fields) => check.list("/items", &fields.items, 1, |_, _, _| ()),
            Self::ReviewLegally(fields) => check.optional_note("/note", fields.note.as_ref()),
            Self::ReturnReply(fields) => check.note("/reason", &fields.reason),
            Self::RecordDelivery(fields) => check.optional_line("/proof", fields.proof.as_ref()),
            Self::ReplyOnTheSpot(fields) => {
                check.note("/explanation", &fields.explanation);
                check.optional_note("/where", fields.r#where.as_ref());
                if fields.r#where.is_none() && fields.document_ids.is_empty() {
                    check.errors.push(FieldError::new(
                        "/where",
                        "请写明已公开信息的获取途径（where），或者附上文件。",
                        "Say where the published information is found (`where`), or attach documents.",
                    ));
                }
                check.documents(&fields.document_ids);
            }
            Self::IssueReply(fields) => {
                let later = matches!(fields.method, ReplyMethod::InPerson | ReplyMethod::Pickup);
                if later && fields.replied_on.is_some() {
                    check.errors.push(FieldError::new(
                        "/replied_on",
                        "当面领取和自取以申请人签收之日为答复日期，请不要填写，待签收后登记送达。",
                        "Handed over in person, the reply is dated by the signature; leave this out and record the delivery.",
                    ));
                }
                if !later && fields.replied_on.is_none() {
                    check.errors.push(FieldError::missing("/replied_on"));
                }
            }
            Self::Archive(fields) => check.optional_line("/volume", fields.volume.as_ref()),
            Self::FileRemedy(fields) => {
                check.line("/organ", &fields.organ);
                check.optional_line("/reference", fields.reference.as_ref());
            }
            Self::DecideRemedy(fields) => {
                if fields.reply_by.is_some() && fields.reply_again != Some(true) {
                    check.errors.push(FieldError::new(
                        "/reply_by",
                        "只有责令重新答复（reply_again 为 true）时才填写重新答复的期限。",
                        "A date to reply by goes with `reply_again: true` only.",
                    ));
                }
                if fields.reply_again == Some(true) && fields.result == RemedyResult::Upheld {
                    check.errors.push(FieldError::new(
                        "/reply_again",
                        "维持原答复的决定不会责令重新答复。",
                        "A decision that upholds the reply does not order a new one.",
                    ));
                }
            }
            Self::CorrectFact(fields) => {
                check.line("/field", &fields.field);
                check.note("/reason", &fields.reason);
            }
            Self::RejectCorrection(fields) => check.note("/reason", &fields.reason),
            Self::ConfirmSubmission(_)
            | Self::ConfirmReceipt(_)
            | Self::Take(_)
            | Self::LapseAmendment(_)
            | Self::EndConsultation(_)
            | Self::RequestReasons(_)
            | Self::ApproveExtension(_)
            | Self::LapseFee(_)
            | Self::SubmitForLegalReview(_)
            | Self::SubmitForApproval(_)
            | Self::ApproveReply(_)
            | Self::ConfirmCorrection(_) => {}
        }
    }

    /// The field that carries the legal date of the action, where it has one, and its value.
    pub fn own_date(&self) -> Option<(&'static str, NaiveDate)> {
        match self {
            Self::RecordContactAttempt(fields) => Some(("on", fields.on)),
            Self::ConfirmReceipt(fields) => Some(("received_on", fields.received_on)),
            Self::RequestAmendment(fields) => Some(("notified_on", fields.notified_on)),
            Self::ReceiveAmendment(fields) => Some(("received_on", fields.received_on)),
            Self::ConsultThirdParty(fields) => Some(("sent_on", fields.sent_on)),
            Self::ConsultAgency(fields) => Some(("sent_on", fields.sent_on)),
            Self::RecordNoticeDelivery(fields) => Some(("delivered_on", fields.delivered_on)),
            Self::RecordOpinion(fields) => Some(("received_on", fields.received_on)),
            Self::EndConsultation(fields) => Some(("ended_on", fields.ended_on)),
            Self::NotifyThirdParty(fields) => Some(("sent_on", fields.sent_on)),
            Self::RecordReasons(fields) => fields.received_on.map(|day| ("received_on", day)),
            Self::ApproveExtension(fields) => Some(("notified_on", fields.notified_on)),
            Self::IssueFeeNotice(fields) => Some(("issued_on", fields.issued_on)),
            Self::RecordPayment(fields) => Some(("paid_on", fields.paid_on)),
            Self::IssueReply(fields) => fields.replied_on.map(|day| ("replied_on", day)),
            Self::RecordDelivery(fields) => Some(("delivered_on", fields.delivered_on)),
            Self::ReplyOnTheSpot(fields) => Some(("received_on", fields.received_on)),
            Self::FileRemedy(fields) => Some(("filed_on", fields.filed_on)),
            Self::DecideRemedy(fields) => Some(("decided_on", fields.decided_on)),
            _ => None,
        }
    }

    /// The other dates: those that cannot lie in the future, and limits that must lie after the action.
    pub fn further_dates(&self) -> FurtherDates {
        let mut dates = FurtherDates::default();
        let mut delivered = |day: Option<NaiveDate>| dates.not_in_future.extend(day.map(|day| ("delivered_on", day)));
        match self {
            Self::RequestAmendment(fields) => {
                delivered(fields.delivered_on);
                dates
                    .after_action
                    .extend(fields.respond_by.map(|day| ("respond_by", day)));
            }
            Self::ConsultThirdParty(fields) => delivered(fields.delivered_on),
            Self::ConsultAgency(fields) => delivered(fields.delivered_on),
            Self::NotifyThirdParty(fields) => delivered(fields.delivered_on),
            Self::IssueFeeNotice(fields) => delivered(fields.delivered_on),
            Self::RequestReasons(fields) => {
                delivered(fields.delivered_on);
                dates
                    .after_action
                    .extend(fields.respond_by.map(|day| ("respond_by", day)));
            }
            Self::AnswerAssignment(fields) => dates
                .not_in_future
                .push(("search/searched_on", fields.search.searched_on)),
            Self::Assign(fields) => dates.after_action.push(("due_on", fields.due_on)),
            Self::SetDelay(fields) => dates.after_action.push(("until", fields.until)),
            Self::DecideRemedy(fields) => dates.after_action.extend(fields.reply_by.map(|day| ("reply_by", day))),
            _ => {}
        }
        dates
    }

    /// Sub-processes the command names: pointer, id, and which kind it must be.
    pub fn sub_references(&self) -> Vec<SubReference<'_>> {
        const CONSULTATION: fn(&SubDetail) -> bool = SubDetail::is_consultation;
        const ASSIGNMENT: fn(&SubDetail) -> bool = SubDetail::is_assignment;
        match self {
            Self::AnswerAssignment(fields) => vec![("/assignment_id", &fields.assignment_id, ASSIGNMENT)],
            Self::ReturnAssignment(fields) => vec![("/assignment_id", &fields.assignment_id, ASSIGNMENT)],
            Self::RecordOpinion(fields) => vec![("/consultation_id", &fields.consultation_id, CONSULTATION)],
            Self::EndConsultation(fields) => vec![("/consultation_id", &fields.consultation_id, CONSULTATION)],
            Self::NotifyThirdParty(fields) => vec![("/consultation_id", &fields.consultation_id, CONSULTATION)],
            Self::DecideRemedy(fields) => {
                vec![("/remedy_id", &fields.remedy_id, |detail| {
                    matches!(detail, SubDetail::Remedy { .. })
                })]
            }
            Self::RecordNoticeDelivery(fields) => {
                let wanted: fn(&SubDetail) -> bool = match fields.target {
                    NoticeTarget::Consultation => CONSULTATION,
                    NoticeTarget::FeeNotice => SubDetail::is_fee_notice,
                    NoticeTarget::AmendmentNotice => SubDetail::is_amendment_notice,
                    NoticeTarget::ReasonsRequest => SubDetail::is_reasons_request,
                };
                vec![("/id", &fields.id, wanted)]
            }
            _ => Vec::new(),
        }
    }

    /// Every document the command names.
    pub fn named_documents(&self) -> Vec<(String, &String)> {
        let mut named = self.document_references();
        if let Self::DraftReply(fields) = self {
            for (item, ids) in fields.items.iter().map(|item| &item.document_ids).enumerate() {
                let at = |index| format!("/items/{item}/document_ids/{index}");
                named.extend(ids.iter().enumerate().map(|(index, id)| (at(index), id)));
            }
        }
        named
    }

    /// Documents the command names, but those of a draft, which are checked item by item.
    pub fn document_references(&self) -> Vec<(String, &String)> {
        let ids: &[String] = match self {
            Self::ReceiveAmendment(fields) => &fields.document_ids,
            Self::Reopen(fields) => &fields.document_ids,
            Self::AnswerAssignment(fields) => &fields.document_ids,
            Self::RecordOpinion(fields) => &fields.document_ids,
            Self::ReplyOnTheSpot(fields) => &fields.document_ids,
            _ => &[],
        };
        ids.iter()
            .enumerate()
            .map(|(index, id)| (format!("/document_ids/{index}"), id))
            .collect()
    }
}
