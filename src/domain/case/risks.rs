//! Readings under which a case would be due on another day (风险提示): shown beside the date, so that nobody relies on the
//! one that is kinder to the agency without knowing.

use super::apply::Case;
use super::evidence::EvidenceMeans;
use super::state::{CaseData, State};
use super::submission::Channel;
use super::{fee_notice, force_majeure};
use crate::domain::law::Law;
use crate::domain::law::deadline::{self, Fact, Note, NoteCode, Report, Risk, RiskCode};
use crate::domain::law::rules::{ReceiptOnDayOff, RulePack};
use chrono::NaiveDate;

impl Case {
    /// Every other reading, with the day to reply by that it gives where that is another than the one of `report`.
    pub fn risks(&self, law: &Law<'_>, as_of: NaiveDate, report: &Report) -> Vec<Risk> {
        let data = self.data();
        let other = Other {
            data,
            law,
            as_of,
            report,
        };
        let risks = [
            other.earlier_receipt(),
            other.earlier_amendment(),
            other.day_off(),
            other.replacement(),
        ];
        risks.into_iter().flatten().collect()
    }
}

impl Case {
    /// The facts of the clock that changed nothing, with why.
    pub fn notes(&self, law: &Law<'_>, as_of: NaiveDate, report: &Report) -> Vec<Note> {
        let data = self.data();
        let Some(received_on) = data.received_on.filter(|received_on| *received_on <= as_of) else {
            return Vec::new();
        };
        let facts = deadline::as_known_on(&data.facts, as_of);
        let mut notes = deadline::notes(&data.pack(law), law.calendar, received_on, &facts, as_of, report);
        notes.extend(data.force_majeure.iter().map(force_majeure::note));
        notes.extend(data.subs.fees.iter().filter_map(fee_notice::overpaid));
        notes.retain(|note| note.on <= as_of || note.code == NoteCode::CalendarNotLoaded);
        notes
    }
}

/// A case read otherwise.
struct Other<'a> {
    data: &'a CaseData,
    law: &'a Law<'a>,
    as_of: NaiveDate,
    report: &'a Report,
}

impl Other<'_> {
    /// The day to reply by under a reading, where it is another one.
    fn due_on(&self, pack: &RulePack, received_on: NaiveDate, facts: &[Fact]) -> Option<NaiveDate> {
        let facts = deadline::as_known_on(facts, self.as_of);
        let as_of = self.as_of.max(received_on);
        let read = deadline::evaluate(pack, self.law.calendar, received_on, &facts, as_of).ok()?;
        read.effective_due_on()
            .filter(|due_on| Some(*due_on) != self.report.effective_due_on())
    }

    fn received(&self, on: NaiveDate) -> Option<NaiveDate> {
        self.due_on(&self.data.pack(self.law), on, &self.data.facts)
    }

    /// Art 31(3) takes the confirmation of both sides, 指导案例26号 that of the system: two days, from the submission on
    /// (online). Paper that another unit signed for, or a confirmation of an earlier day, might be taken for the receipt.
    fn earlier_receipt(&self) -> Option<Risk> {
        let submission = &self.data.submission;
        let arrived_on = submission.arrived_on;
        let waiting = self.data.state == State::Submitted;
        let received_on = self.data.received_on.or(waiting.then_some(self.as_of))?;
        if received_on < arrived_on || (!waiting && received_on == arrived_on) {
            return None;
        }
        match submission.channel {
            Channel::Online => self.received(arrived_on).map(|due_on| Risk {
                code: RiskCode::OnlineConfirmation,
                due_on: Some(due_on),
                zh: format!(
                    "网上申请于 {arrived_on} 提交成功。按最高人民法院指导案例26号，系统确认提交成功之日即为收到申请之日，答复期限为 {due_on}；按《条例》第三十一条第（三）项，以双方确认之日为准。请按较早的日期掌握。"
                ),
                en: format!(
                    "Submitted online on {arrived_on}. Under guiding case 26 of the Supreme People's Court that is the day of receipt, and the reply is due on {due_on}; Art 31(3) takes the day on which both sides confirmed. Keep to the earlier one."
                ),
            }),
            Channel::RegisteredMail => self.earlier(arrived_on),
            Channel::Fax | Channel::OrdinaryMail => {
                let shown = self.data.confirmed_by.as_ref();
                let shown = shown.filter(|evidence| evidence.means != EvidenceMeans::Postmark);
                self.earlier(shown.and_then(|evidence| evidence.on)?)
            }
            Channel::InPerson => None,
        }
    }

    fn earlier(&self, on: NaiveDate) -> Option<Risk> {
        self.received(on).map(|due_on| earlier_receipt(on, due_on))
    }

    fn earlier_amendment(&self) -> Option<Risk> {
        let (counted_on, arrived_on) = self.data.amendment_arrived?;
        let mut facts = self.data.facts.clone();
        for fact in &mut facts {
            if let Fact::AmendmentReceived { on } = fact
                && *on == counted_on
            {
                *on = arrived_on;
            }
        }
        let due_on = self.due_on(&self.data.pack(self.law), self.data.received_on?, &facts)?;
        Some(earlier_receipt(arrived_on, due_on))
    }

    /// The pack counts from the next working day what arrived on a day off; 207号 and 指导案例26号 take the day of arrival.
    fn day_off(&self) -> Option<Risk> {
        let pack = self.data.pack(self.law);
        if pack.receipt_on_day_off == ReceiptOnDayOff::SameDay {
            return None;
        }
        let strict = RulePack {
            receipt_on_day_off: ReceiptOnDayOff::SameDay,
            ..pack.into_owned()
        };
        let due_on = self.due_on(&strict, self.data.received_on?, &self.data.facts)?;
        Some(Risk {
            code: RiskCode::DayOff,
            due_on: Some(due_on),
            zh: format!(
                "申请在休息日到达。如以到达当日为收到申请之日（国办公开办函〔2015〕207号），答复期限为 {due_on}。"
            ),
            en: format!(
                "The application arrived on a day off. Counted from that day (No. 207 of 2015), the reply is due on {due_on}."
            ),
        })
    }

    /// The clock stays stopped by the first posting; a court may look at the reply that took its place.
    fn replacement(&self) -> Option<Risk> {
        let data = self.data;
        let issued = data.reply.as_ref().filter(|reply| reply.replaces);
        if !data.replacing && issued.is_none() {
            return None;
        }
        let due_on = self.report.effective_due_on();
        let (zh, en) = match issued.map(|reply| reply.issued_on) {
            Some(day) => (format!("于 {day} 发出"), format!("left on {day}")),
            None => ("尚未发出".to_owned(), "has not left yet".to_owned()),
        };
        Some(Risk {
            code: RiskCode::Replacement,
            due_on,
            zh: format!(
                "答复已经更换，更换后的答复{zh}。期限按首次寄出之日停止计算；如以更换后的答复为准，可能被认为逾期。"
            ),
            en: format!(
                "The reply is replaced; the new one {en}. The clock stays stopped by the first posting, but the day of the new reply may be taken instead."
            ),
        })
    }
}

fn earlier_receipt(on: NaiveDate, due_on: NaiveDate) -> Risk {
    Risk {
        code: RiskCode::EarlierReceipt,
        due_on: Some(due_on),
        zh: format!(
            "材料于 {on} 已经到达本机关。如以该日为收到之日，答复期限为 {due_on}。请保存转交、确认的证据，并按较早的日期掌握。"
        ),
        en: format!(
            "It had reached the agency on {on}. Counted from that day, the reply is due on {due_on}. Keep the evidence, and keep to the earlier day."
        ),
    }
}
