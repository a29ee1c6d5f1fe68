//! The working lists of an office, and what they compare with today: columns written with the events, so that lists never
//! evaluate a clock.

use super::apply::Case;
use super::state::State;
use super::sub::{AmendmentNotice, Correction, Extension, FeeNotice, RemedyVoid, SecrecyReview};
use super::submission::Channel;
use crate::domain::civil_date;
use crate::domain::law::Law;
use crate::domain::law::deadline::{Awaiting, Fact, Report};
use crate::domain::reply::Outcome;
use crate::domain::words::codes::codes;
use crate::domain::words::ids::UnitId;
use chrono::NaiveDate;

codes! {
    /// A working list (工作队列).
    pub enum Queue {
        /// 待登记: submitted, not yet received.
        Intake "intake" "待登记",
        /// 待确认: submitted by ordinary mail, fax or online, where receipt needs the confirmation of both sides.
        Unconfirmed "unconfirmed" "待确认",
        /// 我经办的: owned by me and not yet archived.
        Mine "mine" "我经办的",
        /// 本科室待反馈: with an open assignment to my unit.
        Unit "unit" "本科室待反馈",
        ToReviewSecrecy "to_review_secrecy" "待保密审查",
        ToReviewLegal "to_review_legal" "待法制审核",
        /// 待签发、待批准: replies, extensions, corrections and voidings that wait for an approver.
        ToApprove "to_approve" "待签发、待批准",
        /// 待送达: replied, delivery not recorded.
        ToDeliver "to_deliver" "待送达",
        ToArchive "to_archive" "待归档",
        /// Due within the next five working days.
        DueSoon "due_soon" "快到期",
        Overdue "overdue" "超期",
        Suspended "suspended" "中止",
        /// 待补正、待缴费.
        Awaiting "awaiting" "待补正、待缴费",
        /// 补录: with entries dated before the day of entry.
        LateEntries "late_entries" "补录",
        All "all" "全部",
    }
}

/// The derived columns of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The due date as if silent parties stay silent.
    pub due_on: Option<NaiveDate>,
    pub suspended_until: Option<NaiveDate>,
    /// `amendment` or `payment`.
    pub awaiting: Option<&'static str>,
    pub missed_on: Option<NaiveDate>,
    pub stopped_on: Option<NaiveDate>,
    /// The day by which someone must act next; what queues are ordered by.
    pub act_by: NaiveDate,
    pub awaits_secrecy: bool,
    pub awaits_legal: bool,
    pub awaits_approval: bool,
    /// Replied, and the delivery ended without a signature (refused, returned, public notice): ready for the archive.
    pub served: bool,
    pub outcome: Option<Outcome>,
    pub ended_on: Option<NaiveDate>,
    pub open_units: Vec<UnitId>,
}

impl Case {
    /// The projection of the case, as of the day of its last entry: the same from the same log on any day.
    pub fn projection(&self, law: &Law<'_>) -> Projection {
        let data = self.data();
        let report = data.clock(law, self.last_entered_on());
        let clock = report.as_ref().map(Report::projection);
        let due_on = clock.and_then(|clock| clock.due_on);
        let awaiting = clock.and_then(|clock| clock.awaiting);
        let ending = data.ending();
        Projection {
            due_on,
            suspended_until: clock.and_then(|clock| clock.suspended_until),
            awaiting: awaiting.map(Awaiting::code),
            missed_on: clock.and_then(|clock| clock.missed_on),
            stopped_on: data.stopped_on(),
            act_by: self.act_by(law, due_on),
            awaits_secrecy: data.state == State::InProgress && data.subs.any_open::<SecrecyReview>(),
            awaits_legal: data.state == State::InReview
                && data.draft.as_ref().is_some_and(|draft| !draft.legally_passed),
            awaits_approval: data.state == State::InApproval
                && data.draft.as_ref().is_some_and(|draft| draft.approved_on.is_none())
                || data.subs.any_open::<Correction>()
                || data.subs.any_open::<RemedyVoid>()
                || awaiting.is_none() && data.subs.any_open::<Extension>(),
            served: data.state == State::Replied && data.reply.as_ref().is_some_and(|reply| reply.served_on.is_some()),
            outcome: ending.map(|ending| ending.outcome),
            ended_on: ending.map(|ending| ending.on),
            open_units: {
                let open = data.subs.assignments.iter().filter(|sub| sub.is_open());
                open.map(|sub| sub.detail.unit_id).collect()
            },
        }
    }

    /// The civil day of the last entry, or of the last fact where that lies later.
    pub fn last_entered_on(&self) -> NaiveDate {
        let data = self.data();
        let entered = self.log().last().map(|logged| civil_date(logged.recorded_at));
        let facts = data.facts.iter().map(Fact::on);
        facts.chain(entered).max().unwrap_or(data.submission.arrived_on)
    }

    /// Before receipt: when the confirmation is due (the same day for ordinary mail, otherwise two working days, Art 31);
    /// then the limit of what is awaited, or the due date.
    fn act_by(&self, law: &Law<'_>, due_on: Option<NaiveDate>) -> NaiveDate {
        let data = self.data();
        let arrived = data.submission.arrived_on;
        if data.state == State::Submitted {
            return match data.submission.channel {
                Channel::Online | Channel::Fax => law.limits(&data.pack(law)).confirmation_alarm(arrived),
                _ => arrived,
            };
        }
        let amendment = data.subs.open::<AmendmentNotice>().map(|sub| (sub.seq, sub.due_on));
        let fee = data.subs.open::<FeeNotice>().map(|sub| (sub.seq, sub.due_on));
        let awaited = amendment.into_iter().chain(fee).max_by_key(|(seq, _)| *seq);
        awaited
            .and_then(|(_, due_on)| due_on)
            .or(due_on)
            .unwrap_or(data.state_since)
    }
}
