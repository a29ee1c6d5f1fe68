//! Guards and legal windows of the workflow table: each a named condition on the case, evaluated by one exhaustive match,
//! each refusal with its article and what to do instead.

use super::fields::{DeliveryResult, Opinion};
use super::state::{CaseData, SubDetail, SubStatus};
use super::{Law, Who};
use crate::domain::law::deadline::{self, ClockStatus, Fact, Report};
use crate::domain::law::refusal::{Refusal, Window};
use crate::domain::reply::{self, ReplyItem};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// A condition that must hold before an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    ForDisclosure,
    Unconfirmed,
    NotOwner,
    FormallyReviewed,
    NotAmendedBefore,
    NoFeeOutstanding,
    LapsedForAmendment,
    AssignmentOpen,
    NoticeUndelivered,
    OpinionOutstanding,
    ObjectionUnanswered,
    ReasonsNotRequested,
    ReasonsOutstanding,
    ReasonsReasonable,
    Drafted,
    NotDrafter,
    ExtensionUnused,
    DueDateKnown,
    ExtensionProposed,
    NotProposer,
    NoFeeBefore,
    FeeOutstanding,
    SecrecyCleared,
    LegalReviewOutstanding,
    LegallyPassed,
    EverythingGranted,
    NotApproved,
    Approved,
    ObjectorsTold,
    EverReceived,
    DeliveryFailed,
    RemedyOpen,
    CorrectionProposed,
    NoCorrectionProposed,
}

/// The days on which an action is lawful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    Always,
    /// In person and registered mail: the day of arrival; otherwise since arrival (Art 31).
    Receipt,
    /// The day of receipt; before receipt, any day that can be one (Art 33(1)).
    OnTheSpot,
    /// From receipt to the 7th working day after it (Art 30).
    AmendmentNotice,
    /// After the day by which the applicant was to respond (Art 30).
    AmendmentLapse,
    /// Until the due date, the projected one while suspended (Art 33(2)).
    Extension,
    /// Until the due date (fee rules, Art 6).
    FeeNotice,
    /// After the 20th working day from the delivery of the notice (fee rules, Art 6).
    FeeLapse,
}

/// The clock of a received case as of a day, with only the facts up to then.
pub fn report_as_of(data: &CaseData, law: &Law<'_>, as_of: NaiveDate) -> Option<Report> {
    let received_on = data.received_on?;
    let facts = deadline::as_known_on(&data.facts, as_of);
    deadline::evaluate(
        &law.pack(data),
        law.calendar,
        received_on,
        &facts,
        as_of.max(received_on),
    )
    .ok()
}

fn due_as_of(data: &CaseData, law: &Law<'_>, on: NaiveDate) -> Option<NaiveDate> {
    report_as_of(data, law, on).and_then(|report| report.due_on.or(report.projected_due_on))
}

/// The legal window of a kind for this case, evaluated for an action dated `on`.
pub fn window(kind: WindowKind, data: &CaseData, law: &Law<'_>, on: NaiveDate) -> Option<Window> {
    let pack = law.pack(data);
    let after = |day: Option<NaiveDate>| {
        day.map(|day| Window {
            from: day.succ_opt(),
            to: None,
        })
    };
    match kind {
        WindowKind::Always => None,
        WindowKind::OnTheSpot if data.received_on.is_some() => Some(Window {
            from: data.received_on,
            to: data.received_on,
        }),
        WindowKind::Receipt | WindowKind::OnTheSpot => {
            let arrived = data.submission.arrived_on;
            let to = (!data.submission.channel.needs_confirmation()).then_some(arrived);
            Some(Window {
                from: Some(arrived),
                to,
            })
        }
        WindowKind::AmendmentNotice => data.received_on.map(|received| Window {
            from: Some(received),
            to: Some(law.calendar.add_working_days(received, pack.amendment_notice_days)),
        }),
        WindowKind::AmendmentLapse => after(data.open_sub(SubDetail::is_amendment_notice).and_then(|sub| sub.due_on)),
        WindowKind::Extension | WindowKind::FeeNotice => Some(Window {
            from: data.received_on,
            to: due_as_of(data, law, on),
        }),
        WindowKind::FeeLapse => after(data.open_sub(SubDetail::is_fee_notice).and_then(|sub| sub.due_on)),
    }
}

/// Refuses a date outside the window of `kind`, saying which days are lawful.
pub fn check_window(kind: WindowKind, data: &CaseData, law: &Law<'_>, on: NaiveDate) -> Result<(), Refusal> {
    let Some(window) = window(kind, data, law, on) else {
        return match kind {
            WindowKind::FeeLapse => Err(Refusal::new(
                "fee_notice_undelivered",
                Some("国办函〔2020〕109号第六条"),
                "收费通知尚未登记送达，二十个工作日的缴费期限还没有起算。请先用 record_notice_delivery 登记送达日期。",
                "The fee notice has no recorded delivery, so the payment period has not begun; record the delivery first.",
            )),
            _ => Ok(()),
        };
    };
    let early = window.from.is_some_and(|from| on < from);
    let late = window.to.is_some_and(|to| on > to);
    if !early && !late {
        return Ok(());
    }
    let day = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
    let (from, to) = (day(window.from), day(window.to));
    let refusal = match kind {
        WindowKind::Always => return Ok(()),
        WindowKind::Receipt => Refusal::new(
            "receipt_date_impossible",
            Some("《条例》第三十一条"),
            if late {
                format!(
                    "当面提交和挂号信件以送达当日（{from}）为收到日期，请将 received_on 改为这一天；到达日期登记有误的，请先更正。"
                )
            } else {
                format!("收到日期不能早于到达日期（{from}）。请核对后重新填写。")
            },
            if late {
                format!(
                    "Handed in or sent by registered mail, it is received on the day it arrived ({from}); set `received_on` to that day."
                )
            } else {
                format!("The receipt cannot lie before the arrival ({from}).")
            },
        ),
        WindowKind::OnTheSpot => Refusal::new(
            "not_on_the_spot",
            Some("《条例》第三十三条第一款"),
            if late {
                format!("当场答复只能在收到申请当日（{to}）作出，请按一般程序办理。")
            } else {
                format!("当场答复的日期不能早于申请到达或者收到之日（{from}）。请核对后重新填写。")
            },
            if late {
                format!("A reply on the spot is given on the day of receipt ({to}); use the ordinary procedure.")
            } else {
                format!("A reply on the spot cannot lie before the arrival or receipt ({from}).")
            },
        ),
        WindowKind::AmendmentNotice => Refusal::new(
            "amendment_notice_late",
            Some("《条例》第三十条"),
            format!(
                "补正告知应当自收到申请之日起七个工作日内一次性作出，最迟为 {to}。期限已过，请按现有内容继续办理并答复。"
            ),
            format!(
                "Amendment can be requested within seven working days of receipt, at the latest on {to}. Handle the application as it is."
            ),
        ),
        WindowKind::AmendmentLapse => Refusal::new(
            "amendment_not_overdue",
            Some("《条例》第三十条"),
            format!("补正期限尚未届满，自 {from} 起才可以作逾期不补正处理。"),
            format!("The time for amendment still runs; the case may lapse from {from} on."),
        ),
        WindowKind::Extension => Refusal::new(
            "extension_after_due_date",
            Some("《条例》第三十三条第二款"),
            format!("延长答复期限应当在原答复期限（{to}）届满前批准并告知申请人。期限已过，不能延期，请尽快答复。"),
            format!(
                "An extension must be approved and told before the due date ({to}) has passed; reply as soon as you can."
            ),
        ),
        WindowKind::FeeNotice => Refusal::new(
            "fee_notice_late",
            Some("国办函〔2020〕109号第六条"),
            format!("收费决定应当在答复期限（{to}）内作出。期限已过，不能再收取信息处理费。"),
            format!("A fee can be decided until the due date ({to}) only."),
        ),
        WindowKind::FeeLapse => Refusal::new(
            "fee_not_overdue",
            Some("国办函〔2020〕109号第六条"),
            format!("缴费期限尚未届满，自 {from} 起才可以作逾期未缴费处理。"),
            format!("The time for payment still runs; the case may lapse from {from} on."),
        ),
    };
    Err(refusal.within(window.from, window.to))
}

impl Guard {
    /// Whether the guard holds for `who` acting with effect on `on`.
    ///
    /// # Errors
    /// The refusal, with its article and what to do instead.
    pub fn check(self, data: &CaseData, who: &Who, law: &Law<'_>, on: NaiveDate) -> Result<(), Refusal> {
        let open = |wanted: fn(&SubDetail) -> bool| data.open_sub(wanted).is_some();
        let holds = match self {
            Self::ForDisclosure => data.kind() == reply::CaseKind::Disclosure,
            Self::Unconfirmed => data.submission_confirmed_on.is_none(),
            Self::NotOwner => data.owner_id.is_none() || data.owner_id != who.user_id,
            Self::FormallyReviewed => data.formally_reviewed,
            Self::NotAmendedBefore => !data.amended,
            Self::NoFeeOutstanding => !open(SubDetail::is_fee_notice),
            Self::LapsedForAmendment => data
                .endings
                .last()
                .is_some_and(|ending| ending.outcome == reply::Outcome::AmendmentLapsed),
            Self::AssignmentOpen => data.subs.iter().any(|sub| {
                sub.is_open()
                    && matches!(sub.detail, SubDetail::Assignment { unit_id, .. } if Some(unit_id) == who.unit_id)
            }),
            Self::NoticeUndelivered => data.subs.iter().any(undelivered),
            Self::OpinionOutstanding => open(SubDetail::is_consultation),
            Self::ObjectionUnanswered => data.subs.iter().any(|sub| {
                matches!(sub.detail, SubDetail::Consultation { opinion: Some(Opinion::Object | Opinion::ObjectWithoutReason), told_on: None, .. })
            }),
            Self::ReasonsNotRequested => !data.subs.iter().any(|sub| sub.detail.is_reasons_request()),
            Self::ReasonsOutstanding => open(SubDetail::is_reasons_request),
            Self::ReasonsReasonable => data.subs.iter().any(|sub| {
                matches!(
                    sub.detail,
                    SubDetail::ReasonsRequest {
                        reasonable: Some(true),
                        ..
                    }
                )
            }),
            Self::Drafted => data.draft.is_some(),
            Self::NotDrafter => data
                .draft
                .as_ref()
                .is_none_or(|draft| draft.drafted_by.is_none() || draft.drafted_by != who.user_id),
            Self::ExtensionUnused => !open(SubDetail::is_extension) && !extended_in_run_of(&data.facts, on),
            Self::DueDateKnown => report_as_of(data, law, on).is_some_and(|report| {
                !matches!(
                    report.status,
                    ClockStatus::AwaitingAmendment | ClockStatus::AwaitingPayment | ClockStatus::Stopped
                )
            }),
            Self::ExtensionProposed => open(SubDetail::is_extension),
            Self::NotProposer => !data.subs.iter().any(|sub| {
                sub.is_open()
                    && matches!(&sub.detail, SubDetail::Extension { proposed_by, .. } if proposed_by.is_some() && *proposed_by == who.user_id)
            }),
            Self::NoFeeBefore => !data.subs.iter().any(|sub| sub.detail.is_fee_notice()),
            Self::FeeOutstanding => open(SubDetail::is_fee_notice),
            Self::SecrecyCleared => data.draft.as_ref().is_none_or(super::decide::released),
            Self::LegalReviewOutstanding => data.draft.as_ref().is_some_and(|draft| !draft.legally_passed),
            Self::LegallyPassed => data.draft.as_ref().is_some_and(|draft| draft.legally_passed),
            Self::EverythingGranted => data
                .draft
                .as_ref()
                .is_some_and(|draft| !reply::needs_legal_pass(&draft.items)),
            Self::NotApproved => data.draft.as_ref().is_some_and(|draft| draft.approved_on.is_none()),
            Self::Approved => data.draft.as_ref().is_some_and(|draft| draft.approved_on.is_some()),
            Self::ObjectorsTold => !data.draft.iter().any(|draft| {
                data.subs.iter().any(|sub| {
                    matches!(sub.detail, SubDetail::Consultation { opinion: Some(Opinion::Object), told_on: None, .. })
                        && releases_over(&draft.items, &sub.id)
                })
            }),
            Self::EverReceived => data.received_on.is_some(),
            Self::DeliveryFailed => data
                .reply
                .as_ref()
                .and_then(|reply| reply.delivery)
                .is_some_and(|(result, _)| {
                    matches!(
                        result,
                        DeliveryResult::Refused | DeliveryResult::Returned | DeliveryResult::PublicNotice
                    )
                }),
            Self::RemedyOpen => open(SubDetail::is_remedy),
            Self::CorrectionProposed => open(SubDetail::is_correction),
            Self::NoCorrectionProposed => !open(SubDetail::is_correction),
        };
        if holds { Ok(()) } else { Err(self.refusal()) }
    }

    /// What a person is told when the guard does not hold.
    #[rustfmt::skip]
    pub fn refusal(self) -> Refusal {
        let (code, article, zh, en) = match self {
            Self::ForDisclosure => ("not_for_corrections", "《条例》第四十一条", "本件是更正申请：须经核实后答复，不能当场答复，不适用大量、反复申请的规定，也不收取信息处理费。请按一般程序办理。", "This asks to correct a record: it is checked first and never answered on the spot, and the rules on excessive applications and fees do not apply."),
            Self::Unconfirmed => ("already_confirmed", "《条例》第三十一条第（三）项", "本申请已经确认过，无需再次确认。", "The submission is already confirmed."),
            Self::NotOwner => ("already_owner", "《条例》第四条", "您已经是本案的经办人，无需再认领。", "You own this case already."),
            Self::FormallyReviewed => ("formal_review_missing", "《条例》第二十九条", "请先完成形式审核（review_formally），再作实质审核。", "Review the application formally first (review_formally)."),
            Self::NotAmendedBefore => ("amendment_already_requested", "《条例》第三十条", "补正告知只能作出一次，本案已经告知过。内容仍不明确的，请以“补正后申请内容仍不明确”答复。", "Amendment may be requested once only. If the content is still unclear, reply `still_unclear`."),
            Self::NoFeeOutstanding => ("payment_awaited", "国办函〔2020〕109号第六条", "收费通知发出后正等待缴费，此时不能要求补正。请等待缴费或期限届满。", "A payment is awaited; amendment cannot be requested meanwhile."),
            Self::LapsedForAmendment => ("not_lapsed_for_amendment", "《条例》第三十条", "只有因逾期不补正而终结的案件才能恢复办理。", "Only a case that lapsed for want of amendment can be reopened."),
            Self::AssignmentOpen => ("no_open_assignment", "《条例》第四十五条", "本案没有交给您所在科室、待反馈的任务。", "No assignment of this case to your unit is open."),
            Self::NoticeUndelivered => ("no_notice_undelivered", "《条例》第三十条", "本案没有待登记送达的文书。", "Every notice of this case already has its delivery."),
            Self::OpinionOutstanding => ("no_open_consultation", "《条例》第三十二条", "本案没有待反馈的征求意见。", "No consultation of this case is open."),
            Self::ObjectionUnanswered => ("no_objection", "《条例》第三十二条", "没有第三方不同意公开，或者已经告知过，不需要再告知。", "No third party objected, or it has been told already."),
            Self::ReasonsNotRequested => ("reasons_already_requested", "《条例》第三十五条", "已经要求申请人说明理由，不能重复要求。", "Reasons have been requested already."),
            Self::ReasonsOutstanding => ("no_reasons_request", "《条例》第三十五条", "没有尚待说明的理由。请先用 request_reasons 要求申请人说明理由。", "No reasons are outstanding; request them first (request_reasons)."),
            Self::ReasonsReasonable => ("reasons_not_reasonable", "《条例》第三十五条", "只有在申请人说明了合理理由之后，才能确定延迟答复的期限。", "A later date can be set only after the applicant gave reasonable reasons."),
            Self::Drafted => ("no_draft", "《条例》第三十六条", "还没有答复稿。请先用 draft_reply 拟制答复。", "There is no draft; draft the reply first (draft_reply)."),
            Self::NotDrafter => ("same_person_as_drafter", "《条例》第十七条", "拟稿人不能审查或者签发自己拟制的答复，请由其他人员办理。", "The drafter cannot review or approve the own draft; another person must."),
            Self::ExtensionUnused => ("extension_already_used", "《条例》第三十三条第二款", "延长答复期限只能办理一次，本案已经延期或者正在提请延期。请在期限内答复。", "The time can be extended once; it is extended or proposed already. Reply in time."),
            Self::DueDateKnown => ("no_due_date", "《条例》第三十三条第二款", "等待补正、等待缴费期间或者答复之后没有答复期限，不能办理这一动作。", "While an amendment or a payment is awaited, and after the reply, there is no due date."),
            Self::ExtensionProposed => ("no_extension_proposed", "《条例》第三十三条第二款", "没有待批准的延期申请。请先由经办人提请延期（propose_extension）。", "No extension is proposed; an officer proposes it first (propose_extension)."),
            Self::NotProposer => ("same_person_as_proposer", "《条例》第三十三条第二款", "提请延期的人不能批准自己的提请，请由其他负责人批准。", "Who proposed the extension cannot approve it; another person must."),
            Self::NoFeeBefore => ("fee_already_noticed", "国办函〔2020〕109号第三条", "同一件申请只能选择一种标准收取一次信息处理费，本案已经发出收费通知。", "A fee is charged once for an application; the notice has gone out already."),
            Self::FeeOutstanding => ("no_fee_outstanding", "国办函〔2020〕109号第六条", "本案没有待缴的费用。", "No fee of this case is outstanding."),
            Self::SecrecyCleared => ("secrecy_review_missing", "《条例》第十七条", "拟公开的每一项都要先经保密审查为“公开”或“遮盖后公开”，还有事项没有审查或者审查不同意公开。请先完成保密审查，或修改答复稿。", "Every granted item needs the secrecy verdict release or redact first; have it reviewed or change the draft."),
            Self::LegalReviewOutstanding => ("already_reviewed_legally", "《条例》第十七条", "法制审核已经通过，无需重复审核。请经办人送签发（submit_for_approval）。", "The legal review has passed; submit for approval."),
            Self::LegallyPassed => ("legal_review_missing", "《条例》第十七条", "法制审核尚未通过，不能送签发。", "The legal review has not passed yet."),
            Self::EverythingGranted => ("legal_review_required", "《条例》第十七条", "答复中有不予公开、无法提供或者不予处理的内容，应当先送法制审核（submit_for_legal_review）。", "Something is withheld, refused or not processed: submit for legal review first."),
            Self::NotApproved => ("already_approved", "《条例》第十七条", "答复已经签发，请经办人发出（issue_reply）。", "The reply is approved already; issue it."),
            Self::Approved => ("not_approved", "《条例》第十七条", "答复尚未签发，不能发出。请先由签发人签发（approve_reply）。", "The reply is not approved yet (approve_reply)."),
            Self::ObjectorsTold => ("objector_not_told", "《条例》第三十二条", "拟公开的内容第三方有合理理由不同意公开。因公共利益决定公开的，应当先将决定公开的内容和理由书面告知第三方（notify_third_party）；不公开其内容的，请退回修改，在相应事项上填写 consultation_id。", "A third party objected with reasons; tell it in writing what is released and why first (notify_third_party). If nothing of it is released, have the draft returned and name its consultation in the item that withholds it."),
            Self::EverReceived => ("never_received", "《条例》第三十一条", "本件没有登记收到，没有需要送达的决定。", "The application was never received, so nothing is to be delivered."),
            Self::DeliveryFailed => ("delivery_outstanding", "《条例》第四十五条", "答复尚未送达。请先登记送达结果（record_delivery），再归档。", "Record the delivery of the reply first (record_delivery)."),
            Self::RemedyOpen => ("no_open_remedy", "《条例》第五十一条", "本案没有尚未审结的复议或者诉讼。", "No remedy of this case is pending."),
            Self::CorrectionProposed => ("no_correction_proposed", "《条例》第四十五条", "没有待确认的更正。请先由经办人提请更正（correct_fact）。", "No correction is proposed; an officer proposes it first (correct_fact)."),
            Self::NoCorrectionProposed => ("correction_pending", "《条例》第四十五条", "本案有待确认的更正。请先确认（confirm_correction）或者否决（reject_correction），再归档。", "A correction of the record is pending; confirm or reject it before archiving."),
        };
        Refusal::new(code, Some(article), zh, en)
    }
}

/// Whether the items release something over the objection made in a consultation: the items that name it decide; where
/// none does, nothing shows that what is granted is not what the third party objects to.
pub fn releases_over(items: &[ReplyItem], consultation_id: &str) -> bool {
    let granted = |item: &ReplyItem| item.outcome == reply::Outcome::Granted;
    let names_it = |item: &ReplyItem| item.consultation_id.as_deref() == Some(consultation_id);
    let named = items.iter().any(names_it);
    items.iter().any(|item| granted(item) && (names_it(item) || !named))
}

/// Whether the run of the clock in which `on` lies is extended already, before or after that day (Art 33(2): once).
fn extended_in_run_of(facts: &[Fact], on: NaiveDate) -> bool {
    let restarted_between = |one: NaiveDate, other: NaiveDate| {
        facts
            .iter()
            .filter(|fact| {
                matches!(
                    fact,
                    Fact::AmendmentReceived { .. } | Fact::FeePaid { .. } | Fact::ReplyOrdered { .. }
                )
            })
            .any(|restart| one.min(other) < restart.on() && restart.on() <= one.max(other))
    };
    facts
        .iter()
        .any(|fact| matches!(fact, Fact::Extended { .. }) && !restarted_between(fact.on(), on))
}

fn undelivered(sub: &super::state::SubProcess) -> bool {
    sub.status == SubStatus::Open
        && matches!(
            sub.detail,
            SubDetail::Consultation { delivered_on: None, .. }
                | SubDetail::FeeNotice { delivered_on: None, .. }
                | SubDetail::AmendmentNotice { delivered_on: None, .. }
                | SubDetail::ReasonsRequest { delivered_on: None, .. }
        )
}
