//! 补正 (Art 30): an unclear application is sent back once, within seven working days of receipt and with all defects at
//! once; the corrected application starts the clock again, silence ends the case.

use super::check::{Check, FurtherDates};
use super::defect::to_be_amended;
use super::evidence::{self, Evidence};
use super::guard::{ALWAYS, Look, Period, after, guards};
use super::letter::Letter;
use super::notice;
use super::state::{CaseData, ClosingKind, State};
use super::step::{
    Deciding, Entry, Step, Told, dated_by, fields, issues_papers, itself, leaves, payloads, with_papers,
};
use super::sub::{AmendmentNotice, SecrecyReview, SubStatus};
use super::submission::{Channel, Description, Form, Route};
use crate::domain::law::deadline::Fact;
use crate::domain::law::refusal::{Rejection, Window, reasons};
use crate::domain::people::party::Applicant;
use crate::domain::reply::Outcome;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    RequestAmendment {
        notified_on: NaiveDate, defects: Vec<String>, respond_by: Option<NaiveDate>, delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    ReceiveAmendment {
        received_on: NaiveDate, description: Option<Description>, #[serde(default)] document_ids: Vec<String>,
        /// What the amendment states of the applicant; what is left out stays as it was.
        #[serde(default, skip_serializing_if = "Option::is_none")] applicant: Option<Box<Applicant>>,
        #[serde(default, skip_serializing_if = "Option::is_none")] form: Option<Form>,
        #[serde(default, skip_serializing_if = "Option::is_none")] route: Option<Route>,
        /// By which way the amended application came; on paper where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")] channel: Option<Channel>,
        /// The day on which the mail room of the organ signed for it.
        #[serde(default, skip_serializing_if = "Option::is_none")] arrived_on: Option<NaiveDate>,
        /// That it was addressed to another unit and came over later.
        #[serde(default, skip_serializing_if = "Option::is_none")] evidence: Option<Evidence>,
        /// The day written on it.
        #[serde(default, skip_serializing_if = "Option::is_none")] dated_on: Option<NaiveDate>,
    }
    LapseAmendment { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
    Reopen { reason: String, #[serde(default)] document_ids: Vec<String> }
}

payloads! {
    AmendmentRequested {
        notified_on: NaiveDate, defects: Vec<String>, respond_by: NaiveDate, delivered_on: Option<NaiveDate>,
        /// The notice names no day: `respond_by` is what the rules give.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] by_default: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    /// 一次性告知: as often as the rule pack says, which is once.
    NOT_AMENDED_BEFORE "not_amended_before", "amendment_already_requested", "《条例》第三十条",
        "补正告知只能作出一次，本案已经告知过。内容仍不明确的，请以“补正后申请内容仍不明确”答复。",
        "Amendment may be requested once only. If the content is still unclear, reply `still_unclear`.",
        |look| {
            let given = u32::try_from(look.data.subs.amendments.len()).unwrap_or(u32::MAX);
            given < look.data.pack(look.law).amendment_notices
        };

    /// A second envelope of the same answer, or one that is accepted after all with the reopening.
    AMENDED_BEFORE "amended_before", "not_amended", "《条例》第三十条",
        "本案没有要求过补正，不能登记补正。申请人主动补充的材料，请用 add_document 入卷；申请内容登记有误的，请提请更正（correct_fact）。",
        "No amendment was requested in this case. What the applicant adds unasked is kept with add_document; what is recorded wrongly is corrected (correct_fact).",
        |look| !look.data.subs.amendments.is_empty() && !look.data.subs.any_open::<AmendmentNotice>();

    LAPSED_FOR_AMENDMENT "lapsed_for_amendment", "not_lapsed_for_amendment", "《条例》第三十条",
        "只有因逾期不补正而终结、事后认为申请人有正当理由的案件才能恢复办理（reopen）。终结本身登记有误的，请撤销终结（revoke_ending）。",
        "Only a case that lapsed rightly for want of amendment, and whose good reason is accepted later, can be reopened. If the ending itself was entered by mistake, revoke it (revoke_ending).",
        |look| {
            let last = look.data.closings.last();
            last.is_some_and(|closing| closing.kind == ClosingKind::AmendmentLapsed)
        };
}

/// From receipt to the 7th working day after it (Art 30).
pub const NOTICE: Period = Period {
    name: "amendment_notice",
    label: "告知补正的期限内",
    number: |pack| pack.amendment_notice_days,
    days: notice_days,
    early: Some(&NOTICE_LATE),
    late: Some(&NOTICE_LATE),
    ..ALWAYS
};

reasons! {
    NOTICE_LATE "amendment_notice_late", "《条例》第三十条",
        "补正告知应当自收到申请之日起{number_zh}个工作日内一次性作出，最迟为 {to}。期限已过，请按现有内容继续办理并答复。",
        "Amendment can be requested within {number_en} working days of receipt, at the latest on {to}. Handle the application as it is.";

    UNDELIVERED "notice_undelivered", "《条例》第三十条",
        "补正告知书尚未登记送达，补正期限还没有起算，不能作逾期不补正处理。请先用 record_notice_delivery 登记送达日期；被退回的，请重新送达（resend_notice）。",
        "The amendment notice has no recorded delivery, so the time to amend has not begun; record the delivery first (record_notice_delivery), or send the notice again (resend_notice).";

    NOT_OVERDUE "amendment_not_overdue", "《条例》第三十条",
        "补正期限尚未届满，自 {from} 起才可以作逾期不补正处理。",
        "The time for amendment still runs; the case may lapse from {from} on.";
}

fn notice_days(look: &Look<'_>) -> Option<Window> {
    let pack = look.data.pack(look.law);
    // Where the rules allow a further notice, it is about the amended application.
    let answered = look.data.subs.amendments.iter().rev();
    let amended_on = answered
        .filter(|sub| sub.status == SubStatus::Answered && pack.amendment_notices > 1)
        .find_map(|sub| sub.closed_on);
    let received_on = amended_on.or(look.data.received_on)?;
    Some(Window {
        from: Some(received_on),
        to: Some(look.law.limits(&pack).amendment_notice(received_on)),
    })
}

/// After the day by which the applicant was to respond (Art 30).
pub const LAPSE: Period = Period {
    name: "amendment_lapse",
    label: "补正期满之后",
    days: |look| after(look.data.subs.open::<AmendmentNotice>().and_then(|sub| sub.due_on)),
    early: Some(&NOT_OVERDUE),
    unknown: Some(&UNDELIVERED),
    ..ALWAYS
};

impl Step for RequestAmendment {
    type Made = AmendmentRequested;
    with_papers!();
    dated_by!(notified_on);
    const MOVES_CLOCK: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.list("/defects", &self.defects, 1, |check, at, defect| check.note(at, defect));
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on).and_limit("respond_by", self.respond_by)
    }

    /// The agency sets a reasonable time to respond (Art 30), by default its own or the pack's.
    fn decide(self, deciding: &Deciding<'_>) -> Result<AmendmentRequested, Rejection> {
        let own_days = deciding.ctx.lookups.amendment_working_days;
        let by_default = self.respond_by.is_none();
        let respond_by = self.respond_by.unwrap_or_else(|| {
            let law = deciding.law();
            law.limits(&deciding.pack())
                .amendment_response(self.notified_on, own_days)
        });
        Ok(AmendmentRequested {
            notified_on: self.notified_on,
            defects: self.defects,
            respond_by,
            delivered_on: self.delivered_on,
            by_default,
            document_ids: self.document_ids,
        })
    }

    /// All that the application lacks, at once.
    fn suggested(data: &CaseData, today: NaiveDate) -> Option<Value> {
        let defects = to_be_amended(data);
        (!defects.is_empty()).then(|| json!({"notified_on": today, "defects": defects}))
    }

    fn example(day: NaiveDate, later: NaiveDate) -> Value {
        json!({"notified_on": day, "defects": ["请写明所需信息的名称、文号或者其他特征"], "respond_by": later})
    }
}

impl From<AmendmentRequested> for RequestAmendment {
    fn from(request: AmendmentRequested) -> Self {
        Self {
            notified_on: request.notified_on,
            defects: request.defects,
            respond_by: (!request.by_default).then_some(request.respond_by),
            delivered_on: request.delivered_on,
            document_ids: request.document_ids,
        }
    }
}

impl Told for AmendmentRequested {
    const PRIVATE: &'static [&'static str] = &["defects"];
    const CORRECTABLE: &'static [&'static str] = &["notified_on", "respond_by", "delivered_on"];

    issues_papers!();

    leaves!(D04);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.facts.push(Fact::AmendmentRequested {
            on: self.notified_on,
            respond_by: Some(self.respond_by),
            delivered_on: Some(self.delivered_on),
        });
        let stated_on = (!self.by_default).then_some(self.respond_by);
        let notice = AmendmentNotice {
            defects: self.defects.clone(),
            letter: Letter::sent(entry.on, stated_on, self.delivered_on),
            respond_by: self.respond_by,
        };
        notice::begin(data, entry, notice);
        data.enter(State::AmendmentPending, entry.on);
    }
}

impl ReceiveAmendment {
    /// Paper counts from the day on which the mail room signed for it, unless it was addressed to another unit
    /// (国办公开办函〔2015〕207号).
    fn counts_on(&self) -> NaiveDate {
        let on_paper = self.channel.is_none_or(Channel::is_paper);
        let signed_on = self.arrived_on.filter(|_| on_paper && self.evidence.is_none());
        signed_on.map_or(self.received_on, |day| day.min(self.received_on))
    }
}

impl Step for ReceiveAmendment {
    itself!();
    const FROM_OUTSIDE: bool = true;
    const OWN_DAY: bool = true;

    fn day(&self) -> Option<(&'static str, NaiveDate)> {
        let counts_on = self.counts_on();
        let field = if counts_on == self.received_on {
            "received_on"
        } else {
            "arrived_on"
        };
        Some((field, counts_on))
    }

    fn further_dates(&self) -> FurtherDates {
        let mut dates = evidence::dates_of(self.evidence.as_ref());
        dates.past.push(("received_on", self.received_on));
        dates.past.extend(self.dated_on.map(|day| ("dated_on", day)));
        dates
    }

    fn check(&self, check: &mut Check<'_>) {
        if let Some(evidence) = &self.evidence {
            evidence.check(self.received_on, check);
        }
        if self.arrived_on.is_some_and(|day| day > self.received_on) {
            check.wrong(
                "/arrived_on",
                "到达日期不能晚于收到日期（received_on）。请核对后重新填写。",
                "The arrival cannot lie after the receipt (`received_on`).",
            );
        }
        if let Some(applicant) = &self.applicant {
            check.errors.extend(applicant.check_stated("/applicant"));
        }
        if let Some(description) = &self.description {
            description.check("/description", check.errors);
        }
    }

    fn document_ids(&self) -> &[String] {
        &self.document_ids
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({
            "received_on": day,
            "description": {"title": "某地块征收补偿安置方案", "features": "2025年批准，征收决定文号见附件"},
        })
    }
}

impl Told for ReceiveAmendment {
    const PRIVATE: &'static [&'static str] = &["description", "evidence", "applicant"];
    const CORRECTABLE: &'static [&'static str] = &[
        "received_on",
        "arrived_on",
        "evidence",
        "applicant",
        "description",
        "form",
        "route",
    ];

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        if let Some(applicant) = &self.applicant {
            if !applicant.co_applicants.is_empty() {
                data.identities.restated(applicant.co_applicants.len());
            }
            data.applicant.supply(applicant.as_ref().clone().normalised());
        }
        data.form = self.form.or(data.form);
        data.route = self.route.or(data.route);
        if let Some(description) = &self.description {
            data.description = Some(description.clone());
        }
        let awaited = data.subs.any_open::<AmendmentNotice>();
        data.subs.settle::<AmendmentNotice>(SubStatus::Answered, entry.on);
        // A reply drafted before answers another application.
        data.draft = None;
        data.subs.settle::<SecrecyReview>(SubStatus::Ended, entry.on);
        // What comes after the answer completes it; the clock has begun anew with that (Art 30).
        if !awaited {
            return;
        }
        data.amendment_arrived = self.arrived_on.filter(|day| *day < entry.on).map(|day| (entry.on, day));
        start_again(data, entry.on);
    }
}

/// The clock starts again with the amended application, which is reviewed anew.
fn start_again(data: &mut CaseData, on: NaiveDate) {
    data.facts.push(Fact::AmendmentReceived { on });
    data.formally_reviewed = false;
    data.substantively_reviewed = false;
    data.enter(State::Registered, on);
}

impl Step for LapseAmendment {
    itself!();
    with_papers!();
}

impl Told for LapseAmendment {
    issues_papers!();

    leaves!(D13);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs.settle::<AmendmentNotice>(SubStatus::Lapsed, entry.on);
        // They stay ended when the lapse is taken back.
        data.end_consultations(entry.on);
        data.end(entry.on, Some((Outcome::AmendmentLapsed, None)));
        entry.closes(data, ClosingKind::AmendmentLapsed);
    }
}

impl Step for Reopen {
    itself!();

    fn check(&self, check: &mut Check<'_>) {
        check.note("/reason", &self.reason);
    }

    fn document_ids(&self) -> &[String] {
        &self.document_ids
    }

    fn example(_: NaiveDate, _: NaiveDate) -> Value {
        json!({"reason": "申请人因住院未能按期补正，已提交证明"})
    }
}

impl Told for Reopen {
    const PRIVATE: &'static [&'static str] = &["reason"];

    issues_papers!();

    leaves!(D47);

    /// The lapse is taken back: the clock starts as it would have by the amendment that was awaited.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let mut notices = data.subs.amendments.iter().rev();
        let lapsed = notices.find(|sub| sub.status == SubStatus::Lapsed);
        let lapsed_on = lapsed.and_then(|sub| sub.closed_on);
        data.facts
            .retain(|fact| !matches!(fact, Fact::Replied { on } if Some(*on) == lapsed_on));
        data.reopened(entry.on);
        start_again(data, entry.on);
    }
}
