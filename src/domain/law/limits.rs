//! The statutory periods (法定期限): one function each, beside its article.
//!
//! The clock, the fold of a case, its guards and decisions and the queues all ask here, so that a changed rule pack is
//! honoured everywhere at once: nowhere else is a number of a pack added to a day.

use chrono::{Days, NaiveDate};
use std::ops::RangeInclusive;

use super::calendar::Calendar;
use super::rules::{ReceiptOnDayOff, RulePack};

/// How many days after its publication a public notice counts as delivered.
const PUBLIC_NOTICE_DAYS: u64 = 30;

/// The periods of one rule pack, counted on one calendar. Day 1 of each is the first working day after the day it runs from.
///
/// ```text
/// law.limits(&law.pack(data)).opinion(delivered_on)
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    pub pack: &'a RulePack,
    pub calendar: &'a Calendar,
}

impl Limits<'_> {
    /// 收到申请之日: the day after which an application, or an amended one, received on `received_on` is counted.
    ///
    /// That day itself, or the next working day where the pack takes an arrival on a day off for one on that day.
    pub fn day_zero(self, received_on: NaiveDate) -> NaiveDate {
        match self.pack.receipt_on_day_off {
            ReceiptOnDayOff::SameDay => received_on,
            ReceiptOnDayOff::NextWorkingDay => self.calendar.roll_to_working_day(received_on),
        }
    }

    /// 答复 (Art 33(2); a correction: Art 41): how many working days a run of the clock has, its extension included.
    ///
    /// The clock counts them around consultations, so that they give no date by themselves.
    pub fn reply_allowance(self, extension: Option<u32>) -> u32 {
        self.pack.reply_days.saturating_add(extension.unwrap_or(0))
    }

    /// 责令重新答复: the last day to reply to an order that reached the agency on `from` and names none.
    pub fn reply_to_order(self, from: NaiveDate) -> NaiveDate {
        self.after(from, self.pack.reply_days)
    }

    /// 延长答复 (Art 33(2)): how many working days an extension may have.
    pub fn extension(self) -> RangeInclusive<u32> {
        1..=self.pack.extension_max
    }

    /// 补正告知 (Art 30): the last day for a notice on an application, or on an amended one, received on `received_on`.
    pub fn amendment_notice(self, received_on: NaiveDate) -> NaiveDate {
        self.after(self.day_zero(received_on), self.pack.amendment_notice_days)
    }

    /// 补正 (Art 30, a reasonable time): the last day to amend after a notice of `notified_on` that names none, by the
    /// agency's `own_days` where it has such a rule.
    pub fn amendment_response(self, notified_on: NaiveDate, own_days: Option<u32>) -> NaiveDate {
        self.after(notified_on, own_days.unwrap_or(self.pack.amendment_response_days))
    }

    /// 补正、说明理由 (Arts 30, 35): the last day to answer a notice of `notified_on` that states `stated_on` and arrived on
    /// `delivered_on`: the day stated, or as many working days after the delivery as the notice itself gave, whichever is later.
    ///
    /// No delivery, no period: who received the notice late does not lose time by the post.
    pub fn answer(self, notified_on: NaiveDate, stated_on: NaiveDate, delivered_on: NaiveDate) -> NaiveDate {
        let given = self.calendar.working_days_between(notified_on, stated_on);
        let given = u32::try_from(given).unwrap_or(0);
        stated_on.max(self.after(delivered_on, given))
    }

    /// 公告送达: the day on which a notice announced on `announced_on` counts as delivered (民事诉讼法 Art 95: thirty days, by
    /// analogy: memory).
    pub fn public_notice(self, announced_on: NaiveDate) -> NaiveDate {
        let delivered_on = announced_on.checked_add_days(Days::new(PUBLIC_NOTICE_DAYS));
        delivered_on.unwrap_or(announced_on)
    }

    /// 征求意见 (Art 32 第三方, Art 34 其他机关): the last day for an opinion after the letter arrived on `delivered_on`.
    pub fn opinion(self, delivered_on: NaiveDate) -> NaiveDate {
        self.after(delivered_on, self.pack.opinion_days)
    }

    /// 缴费 (国办函〔2020〕109号 Art 6): the last day to pay after the notice arrived on `delivered_on`.
    pub fn fee_payment(self, delivered_on: NaiveDate) -> NaiveDate {
        self.after(delivered_on, self.pack.fee_payment_days)
    }

    /// 确认收到 (Art 31(3)): the day after which a submission that arrived on `arrived_on` unconfirmed is an alarm.
    pub fn confirmation_alarm(self, arrived_on: NaiveDate) -> NaiveDate {
        self.after(arrived_on, self.pack.confirmation_alarm_days)
    }

    fn after(self, from: NaiveDate, working_days: u32) -> NaiveDate {
        self.calendar.add_working_days(from, working_days)
    }
}
