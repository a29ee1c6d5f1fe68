//! What the queues compare with today: columns written with the events, so that lists never evaluate a clock.

use super::guard::report_as_of;
use super::state::{State, SubDetail, stopped_on};
use super::{Case, Law};
use crate::domain::civil_date;
use crate::domain::law::deadline::{Awaiting, Fact, Report};
use crate::domain::reply::Outcome;
use crate::domain::words::ids::UnitId;
use chrono::NaiveDate;

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
        let report = report_as_of(data, law, self.last_entered_on());
        let stopped = stopped_on(&data.facts);
        let clock = report.as_ref().map(Report::projection);
        let due_on = clock.and_then(|clock| clock.due_on);
        let awaiting = clock.and_then(|clock| clock.awaiting);
        let ending = data.ending();
        let open = |wanted: fn(&SubDetail) -> bool| data.open_sub(wanted).is_some();
        Projection {
            due_on,
            suspended_until: clock.and_then(|clock| clock.suspended_until),
            awaiting: awaiting.map(Awaiting::code),
            missed_on: clock.and_then(|clock| clock.missed_on),
            stopped_on: stopped,
            act_by: self.act_by(law, due_on),
            awaits_secrecy: data.state == State::InProgress && open(SubDetail::is_secrecy_review),
            awaits_legal: data.state == State::InReview
                && data.draft.as_ref().is_some_and(|draft| !draft.legally_passed),
            awaits_approval: data.state == State::InApproval
                && data.draft.as_ref().is_some_and(|draft| draft.approved_on.is_none())
                || open(SubDetail::is_correction)
                || awaiting.is_none() && open(SubDetail::is_extension),
            served: data.state == State::Replied && data.reply.as_ref().is_some_and(|reply| reply.delivery.is_some()),
            outcome: ending.map(|ending| ending.outcome),
            ended_on: ending.map(|ending| ending.on),
            open_units: data
                .subs
                .iter()
                .filter(|sub| sub.is_open())
                .filter_map(|sub| match sub.detail {
                    SubDetail::Assignment { unit_id, .. } => Some(unit_id),
                    _ => None,
                })
                .collect(),
        }
    }

    /// The civil day of the last entry, or of the last fact where that lies later.
    fn last_entered_on(&self) -> NaiveDate {
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
                super::state::Channel::Online | super::state::Channel::Fax => law
                    .calendar
                    .add_working_days(arrived, law.pack(data).confirmation_alarm_days),
                _ => arrived,
            };
        }
        let awaited = data
            .open_sub(|detail| matches!(detail, SubDetail::AmendmentNotice { .. } | SubDetail::FeeNotice { .. }))
            .and_then(|sub| sub.due_on);
        awaited.or(due_on).unwrap_or(data.state_since)
    }
}
