//! What a clock says on one day (期限报告), in the shape that the API answers with.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::words::codes::codes;

/// Stands for the end of a suspension that nobody can know yet; later than any date of a case.
pub const OPEN_ENDED: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

codes! {
    /// What the clock does (期限状态).
    pub enum ClockStatus {
        /// The application is not received yet; only a case can be so.
        NotStarted "not_started" "尚未起算",
        Running "running" "计算中",
        Suspended "suspended" "中止",
        AwaitingAmendment "awaiting_amendment" "等待补正",
        AwaitingPayment "awaiting_payment" "等待缴费",
        Stopped "stopped" "停止",
    }

    /// What the applicant owes.
    pub enum Awaiting {
        Amendment "amendment" "补正",
        Payment "payment" "缴费",
    }

    /// Which limit a timer watches.
    pub enum TimerKind {
        AmendmentNotice "amendment_notice" "告知补正",
        AmendmentResponse "amendment_response" "补正",
        ThirdPartyOpinion "third_party_opinion" "第三方意见",
        AgencyOpinion "agency_opinion" "其他机关意见",
        FeePayment "fee_payment" "缴费",
        Reply "reply" "答复",
    }

    /// How a limit stands on the day of reading.
    pub enum TimerStatus {
        Open "open" "未到期",
        /// Done on or before its day.
        Met "met" "按期完成",
        /// Done later, or not done though its day is past.
        Missed "missed" "逾期",
        /// Nothing can come of it any more.
        Void "void" "不再适用",
    }
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Timer {
    pub timer: TimerKind,
    /// The consultation an opinion timer belongs to.
    pub id: Option<String>,
    /// The last day; null while it cannot be known.
    pub due_on: Option<NaiveDate>,
    pub status: TimerStatus,
    /// The article the limit stands in.
    pub article: String,
}

codes! {
    /// Why a day does not count.
    pub enum DayReason {
        DayZero "day_zero" "起算日",
        Stopped "stopped" "已停止",
        Weekend "weekend" "周末",
        PublicHoliday "public_holiday" "法定节假日",
        AwaitingAmendment "awaiting_amendment" "等待补正",
        AwaitingPayment "awaiting_payment" "等待缴费",
        Suspended "suspended" "征求意见",
    }
}

/// One civil day of the explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    /// Running number of a counted day in its run of the clock.
    pub counted: Option<u32>,
    pub reason: Option<DayReason>,
    /// Name of the holiday, or id of the consultation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

codes! {
    /// What a note of a clock is about.
    pub enum NoteCode {
        CalendarNotLoaded "calendar_not_loaded" "放假安排未载入",
        DueDateFixed "due_date_fixed" "答复日期已经确定",
        NoEffect "no_effect" "没有改变期限",
        ForceMajeure "force_majeure" "不可抗力不中止期限",
        Overpaid "overpaid" "多缴费用待退还",
    }

    /// Which other reading gives another day.
    pub enum RiskCode {
        EarlierReceipt "earlier_receipt" "更早的收到日期",
        OnlineConfirmation "online_confirmation" "网上提交的日期",
        DayOff "day_off" "休息日到达",
        Replacement "replacement" "更换答复",
    }
}

/// Another reading of the texts, or of the facts, that gives another day to reply by (风险提示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Risk {
    pub code: RiskCode,
    pub due_on: Option<NaiveDate>,
    pub zh: String,
    pub en: String,
}

/// What a clock has to say beside its figures, such as of a fact that changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    pub code: NoteCode,
    /// The day from which it applies.
    pub on: NaiveDate,
    #[schema(examples(
        "工作日历已载入2008年至2026年。自2026-12-20起按周一至周五推算，由此得出的日期和天数是暂定的。"
    ))]
    pub zh: String,
    pub en: String,
}

/// The clock on one day; all periods in working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Code of the rule pack; null before receipt.
    pub rule_set: Option<String>,
    pub status: ClockStatus,
    /// The day after which counting starts: receipt or the last restart; null before receipt.
    pub day_zero: Option<NaiveDate>,
    pub allowance: i64,
    pub used: i64,
    /// Negative when the allowance is used up.
    pub left: i64,
    /// Null unless the clock runs, or stopped other than while something was awaited.
    pub due_on: Option<NaiveDate>,
    /// Only while suspended: the due date if every party stays silent to its limit.
    pub projected_due_on: Option<NaiveDate>,
    /// The first due date that passed unanswered; no later fact takes it back.
    pub missed_on: Option<NaiveDate>,
    /// Whether a date was counted through a year whose calendar is not loaded; dates that people set are not.
    pub provisional: bool,
    pub overdue: bool,
    pub overdue_by: i64,
    pub timers: Vec<Timer>,
    /// The days that other readings give; of a case only.
    pub risks: Vec<Risk>,
    pub notes: Vec<Note>,
    /// Only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<Vec<Day>>,
}

/// What lists and queues compare with today, so that they are right without being recomputed daily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// The due date as if silent parties stay silent.
    pub due_on: Option<NaiveDate>,
    /// Last day of the suspension if nothing more comes; [`OPEN_ENDED`] while a letter is undelivered.
    pub suspended_until: Option<NaiveDate>,
    pub awaiting: Option<Awaiting>,
    pub missed_on: Option<NaiveDate>,
}

impl Report {
    /// The clock of a case that is not received.
    pub fn not_started() -> Self {
        Self {
            rule_set: None,
            status: ClockStatus::NotStarted,
            day_zero: None,
            allowance: 0,
            used: 0,
            left: 0,
            due_on: None,
            projected_due_on: None,
            missed_on: None,
            provisional: false,
            overdue: false,
            overdue_by: 0,
            timers: Vec::new(),
            risks: Vec::new(),
            notes: Vec::new(),
            days: None,
        }
    }

    /// The same with more to say.
    #[must_use]
    pub fn noting(mut self, notes: Vec<Note>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// The due date, the projected one while suspended.
    pub fn effective_due_on(&self) -> Option<NaiveDate> {
        self.due_on.or(self.projected_due_on)
    }

    /// The columns that queues read.
    pub fn projection(&self) -> Projection {
        Projection {
            due_on: self.effective_due_on(),
            suspended_until: (self.status == ClockStatus::Suspended)
                .then(|| self.last_open_opinion_day())
                .flatten(),
            awaiting: match self.status {
                ClockStatus::AwaitingAmendment => Some(Awaiting::Amendment),
                ClockStatus::AwaitingPayment => Some(Awaiting::Payment),
                _ => None,
            },
            missed_on: self.missed_on,
        }
    }

    fn last_open_opinion_day(&self) -> Option<NaiveDate> {
        self.timers
            .iter()
            .filter(|t| matches!(t.timer, TimerKind::ThirdPartyOpinion | TimerKind::AgencyOpinion))
            .filter(|t| t.status == TimerStatus::Open)
            .map(|t| t.due_on.unwrap_or(OPEN_ENDED))
            .max()
    }
}
