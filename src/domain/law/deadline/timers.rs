//! The single limits inside a clock (计时器): what must happen by when, and whether it did.

use chrono::NaiveDate;

use super::fact::ConsultationKind;
use super::report::{Timer, TimerKind, TimerStatus};
use super::suspension::{Consultation, Ending};
use super::timeline::{Notice, Timeline};
use crate::domain::law::calendar::Calendar;
use crate::domain::law::rules::RulePack;

/// Every timer, one a notice or consultation, by kind and then by date; `due_on` is that of the report.
pub(super) fn timers(
    rules: &RulePack,
    calendar: &Calendar,
    timeline: &Timeline,
    due_on: Option<NaiveDate>,
) -> Vec<Timer> {
    let articles = &rules.articles;
    let mut timers =
        Vec::with_capacity(2 + timeline.amendments.len() + timeline.consultations.len() + timeline.fees.len());
    timers.push(amendment_notice(rules, calendar, timeline));
    timers.extend(timeline.amendments.iter().map(|notice| {
        answer(
            TimerKind::AmendmentResponse,
            notice,
            timeline.as_of,
            &articles.amendment,
        )
    }));
    timers.extend(
        timeline
            .consultations
            .iter()
            .map(|consultation| opinion(rules, consultation, timeline.as_of)),
    );
    timers.extend(
        timeline
            .fees
            .iter()
            .map(|notice| answer(TimerKind::FeePayment, notice, timeline.as_of, &articles.fee_payment)),
    );
    timers.push(reply(rules, timeline, due_on));
    timers
}

/// Art 30: the one notice within 7 working days of receipt. Giving none is lawful, so silence never misses it.
fn amendment_notice(rules: &RulePack, calendar: &Calendar, timeline: &Timeline) -> Timer {
    let due_on = calendar.add_working_days(timeline.received_on, rules.amendment_notice_days);
    let status = match timeline.amendments.first() {
        Some(notice) if notice.on <= due_on => TimerStatus::Met,
        Some(_) => TimerStatus::Missed,
        None if timeline.as_of > due_on || timeline.first_reply.is_some() => TimerStatus::Void,
        None => TimerStatus::Open,
    };
    Timer {
        timer: TimerKind::AmendmentNotice,
        id: None,
        due_on: Some(due_on),
        status,
        article: rules.articles.amendment.clone(),
    }
}

/// The applicant's answer to a notice; void when the reply came while it could still be given.
fn answer(timer: TimerKind, notice: &Notice, as_of: NaiveDate, article: &str) -> Timer {
    let past_due = |day: NaiveDate| notice.due_on.is_some_and(|due| day > due);
    let status = match (notice.answered_on, notice.replied_on) {
        (Some(day), _) if past_due(day) => TimerStatus::Missed,
        (Some(_), _) => TimerStatus::Met,
        (None, Some(reply)) if past_due(reply) => TimerStatus::Missed,
        (None, Some(_)) => TimerStatus::Void,
        (None, None) if past_due(as_of) => TimerStatus::Missed,
        (None, None) => TimerStatus::Open,
    };
    Timer {
        timer,
        id: None,
        due_on: notice.due_on,
        status,
        article: article.to_owned(),
    }
}

fn opinion(rules: &RulePack, consultation: &Consultation, as_of: NaiveDate) -> Timer {
    let status = match consultation.closed {
        Some((_, Ending::Opinion)) => TimerStatus::Met,
        Some((_, Ending::Ended | Ending::Reply)) => TimerStatus::Void,
        None if consultation.is_open(as_of) => TimerStatus::Open,
        None => TimerStatus::Missed,
    };
    let (timer, article) = match consultation.kind {
        ConsultationKind::ThirdParty => (TimerKind::ThirdPartyOpinion, &rules.articles.third_party),
        ConsultationKind::Agency => (TimerKind::AgencyOpinion, &rules.articles.agency),
    };
    Timer {
        timer,
        id: Some(consultation.id.to_owned()),
        due_on: consultation.silent_on,
        status,
        article: article.clone(),
    }
}

/// Follows the due date of the report; void when the reply came while something was awaited.
fn reply(rules: &RulePack, timeline: &Timeline, due_on: Option<NaiveDate>) -> Timer {
    let stopped = timeline.run.replied_on.is_some();
    let late = due_on.is_some_and(|due| timeline.judged_on() > due);
    let status = match (stopped, due_on.is_some()) {
        (true, false) => TimerStatus::Void,
        _ if late => TimerStatus::Missed,
        (true, true) => TimerStatus::Met,
        (false, _) => TimerStatus::Open,
    };
    Timer {
        timer: TimerKind::Reply,
        id: None,
        due_on,
        status,
        article: rules.articles.reply.clone(),
    }
}
