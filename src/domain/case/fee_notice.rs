//! 信息处理费 (国办函〔2020〕109号): decided once and before the due date; the clock waits for the payment, which starts it
//! again, and silence ends the case.

use super::check::{Check, FurtherDates};
use super::extension::until_due_date;
use super::guard::{ALWAYS, Period, after, guards};
use super::letter::Letter;
use super::notice;
use super::state::{CaseData, ClosingKind};
use super::step::{
    Deciding, Entry, Since, Step, Told, dated_by, fields, issues_papers, itself, leaves, payloads, since_opening,
    with_papers,
};
use super::sub::{FeeNotice, Sub, SubStatus};
use crate::domain::law::deadline::{Fact, Note, NoteCode};
use crate::domain::law::fee::{self, FeeScheme};
use crate::domain::law::refusal::{Rejection, reasons};
use crate::domain::reply::{CaseKind, Outcome};
use crate::domain::words::folding::folded;
use chrono::NaiveDate;
use serde_json::{Value, json};

fields! {
    IssueFeeNotice {
        scheme: FeeScheme,
        /// By page: the pages that this application is given. By request: the requests (件) into which the letter is split,
        /// normally 1; which application of the month it is, is counted by itself.
        count: u32,
        issued_on: NaiveDate, delivered_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    RecordPayment {
        paid_on: NaiveDate, amount_yuan: u32, reference: String,
        /// The day on which the slip came; the clock counts by the day of the payment.
        #[serde(default, skip_serializing_if = "Option::is_none")] received_on: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
    LapseFee { #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String> }
}

payloads! {
    /// `ordinal` counts the applicant's applications to the agency in the month of receipt.
    FeeNoticeIssued {
        scheme: FeeScheme, count: u32, issued_on: NaiveDate, delivered_on: Option<NaiveDate>, ordinal: u32,
        amount_yuan: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] document_ids: Vec<String>,
    }
}

guards! {
    /// Corrections of one's own record (Art 41) know no fee, no excess and no reply on the spot.
    FOR_DISCLOSURE "for_disclosure", "not_for_corrections", "《条例》第四十一条",
        "本件是更正申请：须经核实后答复，不能当场答复，不适用大量、反复申请的规定，也不收取信息处理费。请按一般程序办理。",
        "This asks to correct a record: it is checked first and never answered on the spot, and the rules on excessive applications and fees do not apply.",
        |look| look.data.kind() == CaseKind::Disclosure;

    NONE_OUTSTANDING "no_fee_outstanding", "payment_awaited", "国办函〔2020〕109号第六条",
        "收费通知发出后正等待缴费，此时不能要求补正。请等待缴费或期限届满。",
        "A payment is awaited; amendment cannot be requested meanwhile.",
        |look| !look.data.subs.any_open::<FeeNotice>();

    NONE_BEFORE "no_fee_before", "fee_already_noticed", "国办函〔2020〕109号第三条",
        "同一件申请只能选择一种标准收取一次信息处理费，本案已经发出收费通知。",
        "A fee is charged once for an application; the notice has gone out already.",
        |look| look.data.subs.fees.is_empty();

    OUTSTANDING "fee_outstanding", "no_fee_outstanding", "国办函〔2020〕109号第六条",
        "本案没有待缴的费用。缴清之后又收到款项的，请按规定退还申请人，并用 add_document 附上凭证；已按逾期未缴费处理、其实按期缴纳的，请由负责人撤销该处理（revoke_ending）后登记。",
        "No fee of this case is outstanding. What is paid after that is given back (keep the slip with add_document); where the case lapsed though the fee was paid in time, the lapse is revoked first (revoke_ending).",
        |look| look.data.subs.any_open::<FeeNotice>();
}

/// Until the due date (fee rules, Art 6).
pub const NOTICE: Period = Period {
    name: "fee_notice",
    label: "答复期限届满之前",
    days: until_due_date,
    early: Some(&NOTICE_LATE),
    late: Some(&NOTICE_LATE),
    ..ALWAYS
};

reasons! {
    NOTICE_LATE "fee_notice_late", "国办函〔2020〕109号第六条",
        "收费决定应当在答复期限（{to}）内作出。期限已过，不能再收取信息处理费。",
        "A fee can be decided until the due date ({to}) only.";

    NOT_OVERDUE "fee_not_overdue", "国办函〔2020〕109号第六条",
        "缴费期限尚未届满，自 {from} 起才可以作逾期未缴费处理。",
        "The time for payment still runs; the case may lapse from {from} on.";

    UNDELIVERED "notice_undelivered", "国办函〔2020〕109号第六条",
        "收费通知尚未登记送达，{number_zh}个工作日的缴费期限还没有起算。请先用 record_notice_delivery 登记送达日期。",
        "The fee notice has no recorded delivery, so the payment period has not begun; record the delivery first.";

    NOTHING_TO_CHARGE "nothing_to_charge", "国办函〔2020〕109号第四条、第五条",
        "按照收费标准，本件在免费额度之内，不收取信息处理费，请直接办理。",
        "By the tiers this is free of charge; go on without a fee.";

    PAID_ALREADY "payment_already_recorded", "国办函〔2020〕109号第六条",
        "这笔缴款（{on}，{amount} 元，同一凭证）已经登记过。是另一笔缴款的，请核对日期、金额和凭证号；登记有误的，请提请更正（correct_fact）。",
        "This payment ({on}, {amount} yuan, the same slip) is recorded already. If it is another one, check its day, amount and slip; if the record is wrong, propose a correction (correct_fact).";

    NOTHING_VERIFIED "nothing_to_charge", "国办函〔2020〕109号第四条、第五条",
        "按已经核验身份的申请计算，本件是该申请人本月的第 {ordinal} 件，在免费额度之内。本月另有 {others} 件申请疑似同一申请人，尚未核验，不计入。请在本件的人员列表（people）中查看，核验身份（verify_identity）或者认定为同一人（join_persons）之后再办理收费；核实不是同一人的，请直接办理。",
        "Of those verified this is application {ordinal} of the month, and free of charge. {others} more of this month look like the same applicant's and are not verified, so that they do not count: look at the people of the case, verify them (verify_identity) or join them (join_persons), and decide the fee then.";
}

/// After the 20th working day from the delivery of the notice (fee rules, Art 6).
pub const LAPSE: Period = Period {
    name: "fee_lapse",
    label: "缴费期满之后",
    number: |pack| pack.fee_payment_days,
    days: |look| after(look.data.subs.open::<FeeNotice>().and_then(|sub| sub.due_on)),
    early: Some(&NOT_OVERDUE),
    unknown: Some(&UNDELIVERED),
    ..ALWAYS
};

impl Step for IssueFeeNotice {
    type Made = FeeNoticeIssued;
    with_papers!();
    dated_by!(issued_on);
    const MOVES_CLOCK: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.positive("/count", self.count);
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::delivered(self.delivered_on)
    }

    /// The amount follows from the scheme, the count and the applicant's ordinal in the month (国办函〔2020〕109号).
    fn decide(self, deciding: &Deciding<'_>) -> Result<FeeNoticeIssued, Rejection> {
        let ordinal = match self.scheme {
            FeeScheme::PerRequest => deciding.ctx.lookups.fee_ordinal.max(1),
            FeeScheme::PerPage => 1,
        };
        let fee = fee::fee_lines(self.scheme, self.count, ordinal)?;
        let amount_yuan = u32::try_from(fee.amount_yuan).unwrap_or(u32::MAX);
        if amount_yuan == 0 {
            let others = match self.scheme {
                FeeScheme::PerRequest => deciding.ctx.lookups.look_alikes,
                FeeScheme::PerPage => 0,
            };
            return Err(match others {
                0 => (&NOTHING_TO_CHARGE).into(),
                others => NOTHING_VERIFIED
                    .with(&[("ordinal", &ordinal), ("others", &others)])
                    .into(),
            });
        }
        Ok(FeeNoticeIssued {
            scheme: self.scheme,
            count: self.count,
            issued_on: self.issued_on,
            delivered_on: self.delivered_on,
            ordinal,
            amount_yuan,
            document_ids: self.document_ids,
        })
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"scheme": "per_page", "count": 120, "issued_on": day, "delivered_on": day})
    }
}

impl From<FeeNoticeIssued> for IssueFeeNotice {
    fn from(notice: FeeNoticeIssued) -> Self {
        Self {
            scheme: notice.scheme,
            count: notice.count,
            issued_on: notice.issued_on,
            delivered_on: notice.delivered_on,
            document_ids: notice.document_ids,
        }
    }
}

impl FeeNoticeIssued {
    /// What the tiers give for the count as it is recorded now, which a correction may have changed.
    fn amount(&self) -> Option<u32> {
        let fee = fee::fee_lines(self.scheme, self.count, self.ordinal).ok()?;
        u32::try_from(fee.amount_yuan).ok()
    }

    /// A notice of nothing was never one.
    ///
    /// # Errors
    /// The corrected count is free of charge.
    pub fn charges(&self) -> Result<(), Rejection> {
        match self.amount() {
            Some(0) => Err((&NOTHING_TO_CHARGE).into()),
            _ => Ok(()),
        }
    }
}

impl Told for FeeNoticeIssued {
    const CORRECTABLE: &'static [&'static str] = &["issued_on", "delivered_on", "count"];

    issues_papers!();

    leaves!(D12);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.facts.push(Fact::FeeNotified {
            on: entry.on,
            delivered_on: self.delivered_on,
        });
        let notice = FeeNotice {
            scheme: self.scheme,
            count: self.count,
            amount_yuan: self.amount().unwrap_or(self.amount_yuan),
            paid_yuan: 0,
            overpaid_yuan: 0,
            issued_on: entry.on,
            letter: Letter::sent(entry.on, None, self.delivered_on),
            last_paid_on: None,
            payments: Vec::new(),
        };
        notice::begin(data, entry, notice);
    }
}

impl Step for RecordPayment {
    type Made = Self;
    with_papers!();
    dated_by!(paid_on);
    const FROM_OUTSIDE: bool = true;

    fn check(&self, check: &mut Check<'_>) {
        check.positive("/amount_yuan", self.amount_yuan);
        check.line("/reference", &self.reference);
        if self.received_on.is_some_and(|day| day < self.paid_on) {
            check.wrong(
                "/received_on",
                "收到缴费凭证的日期不能早于缴费日期（paid_on）。请核对后重新填写。",
                "The slip cannot be received before the payment was made (`paid_on`).",
            );
        }
    }

    fn further_dates(&self) -> FurtherDates {
        FurtherDates::past("received_on", self.received_on)
    }

    fn since(&self, data: &CaseData) -> Since {
        since_opening(data, data.subs.open::<FeeNotice>(), "收费通知日期", "fee notice")
    }

    /// One slip is one payment, however often it is shown.
    fn decide(self, deciding: &Deciding<'_>) -> Result<Self, Rejection> {
        let slip = |text: &str| folded(text.trim()).to_uppercase();
        let open = deciding.data.subs.open::<FeeNotice>();
        let mut payments = open.into_iter().flat_map(|sub| sub.detail.payments.iter());
        let same = payments.any(|(on, amount, reference)| {
            (*on, *amount) == (self.paid_on, self.amount_yuan) && slip(reference) == slip(&self.reference)
        });
        match same {
            true => Err(PAID_ALREADY
                .with(&[("on", &self.paid_on), ("amount", &self.amount_yuan)])
                .into()),
            false => Ok(self),
        }
    }

    fn example(day: NaiveDate, _: NaiveDate) -> Value {
        json!({"paid_on": day, "amount_yuan": 1100, "reference": "财政票据 0012345"})
    }
}

impl Told for RecordPayment {
    const PRIVATE: &'static [&'static str] = &["reference"];
    const CORRECTABLE: &'static [&'static str] = &["paid_on", "amount_yuan", "reference", "received_on"];

    /// Parts add up; what the slip shows beyond the amount is to be given back.
    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        let mut paid_in_full_on = None;
        for sub in data.subs.fees.iter_mut().filter(|sub| sub.is_open()) {
            let notice = &mut sub.detail;
            notice
                .payments
                .push((entry.on, self.amount_yuan, self.reference.clone()));
            notice.paid_yuan = notice.paid_yuan.saturating_add(self.amount_yuan);
            notice.overpaid_yuan = notice.paid_yuan.saturating_sub(notice.amount_yuan);
            let last_paid_on = notice.last_paid_on.max(Some(entry.on));
            notice.last_paid_on = last_paid_on;
            if notice.paid_yuan >= notice.amount_yuan {
                paid_in_full_on = last_paid_on;
                sub.status = SubStatus::Paid;
                sub.closed_on = last_paid_on;
            }
        }
        if let Some(on) = paid_in_full_on {
            data.facts.push(Fact::FeePaid { on });
        }
    }
}

/// What was paid beyond the amount is no fee, and is given back.
pub fn overpaid(sub: &Sub<FeeNotice>) -> Option<Note> {
    let (overpaid, amount) = (sub.detail.overpaid_yuan, sub.detail.amount_yuan);
    let on = sub.detail.last_paid_on.filter(|_| overpaid > 0)?;
    Some(Note {
        code: NoteCode::Overpaid,
        on,
        zh: format!(
            "应缴 {amount} 元，已缴清并多缴 {overpaid} 元。多缴部分不属于信息处理费，请按财政票据和非税收入管理的规定退还申请人。"
        ),
        en: format!(
            "The fee is {amount} yuan; it is paid, and {overpaid} yuan beyond it. What was paid beyond is no fee: give it back to the applicant."
        ),
    })
}

impl Step for LapseFee {
    itself!();
    with_papers!();
}

impl Told for LapseFee {
    issues_papers!();

    leaves!(D14);

    fn fold(&self, data: &mut CaseData, entry: &Entry<'_>) {
        data.subs.settle::<FeeNotice>(SubStatus::Lapsed, entry.on);
        data.end(entry.on, Some((Outcome::FeeLapsed, None)));
        entry.closes(data, ClosingKind::FeeLapsed);
    }
}
