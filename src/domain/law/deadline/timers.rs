//! The single limits inside a clock (计时器): what must happen by when, and whether it did.

use chrono::NaiveDate;

use super::fact::ConsultationKind;
use super::report::{Timer, TimerKind, TimerStatus};
use super::suspension::{Consultation, Ending};
use super::timeline::{Notice, Timeline};
use crate::domain::law::limits::Limits;
use crate::domain::law::rules::Articles;

/// Every timer, one a notice or consultation, by kind and then by date; `due_on` is that of the report.
pub(super) fn timers(limits: Limits<'_>, timeline: &Timeline, due_on: Option<NaiveDate>) -> Vec<Timer> {
    let (articles, as_of) = (&limits.pack.articles, timeline.as_of);
    let notices = notice_limits(limits, timeline).enumerate();
    let answers = |kind, notices: &[Notice], article: &str| -> Vec<Timer> {
        (notices.iter())
            .map(|notice| answer(kind, notice, as_of, article))
            .collect()
    };
    let mut timers: Vec<Timer> = notices
        .map(|(i, (_, last_day))| amendment_notice(timeline, timeline.amendments.get(i), last_day, &articles.amendment))
        .collect();
    timers.extend(answers(
        TimerKind::AmendmentResponse,
        &timeline.amendments,
        &articles.amendment,
    ));
    timers.extend((timeline.consultations.iter()).map(|consultation| opinion(articles, consultation, as_of)));
    timers.extend(answers(TimerKind::FeePayment, &timeline.fees, &articles.fee_payment));
    timers.push(reply(timeline, due_on, &articles.reply));
    timers
}

/// The receipt from which each amendment notice that the pack allows is counted, with the last day for it (Art 30): that
/// of the application and, where a pack allows further notices, that of each amended one.
pub(super) fn notice_limits(limits: Limits<'_>, timeline: &Timeline) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let most = usize::try_from(limits.pack.amendment_notices).unwrap_or(usize::MAX);
    std::iter::once(timeline.received_on)
        .chain(timeline.amendments.iter().filter_map(|notice| notice.answered_on))
        .take(most)
        .map(move |received_on| (received_on, limits.amendment_notice(received_on)))
}

/// Giving no notice is lawful, so silence never misses its last day.
fn amendment_notice(timeline: &Timeline, notice: Option<&Notice>, last_day: NaiveDate, article: &str) -> Timer {
    let status = match notice {
        Some(notice) if notice.on <= last_day => TimerStatus::Met,
        Some(_) => TimerStatus::Missed,
        None if timeline.as_of > last_day || timeline.first_reply.is_some() => TimerStatus::Void,
        None => TimerStatus::Open,
    };
    Timer {
        timer: TimerKind::AmendmentNotice,
        id: None,
        due_on: Some(last_day),
        status,
        article: article.to_owned(),
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

fn opinion(articles: &Articles, consultation: &Consultation, as_of: NaiveDate) -> Timer {
    let status = match consultation.closed {
        Some((_, Ending::Opinion)) => TimerStatus::Met,
        Some((_, Ending::Ended | Ending::Reply)) => TimerStatus::Void,
        None if consultation.is_open(as_of) => TimerStatus::Open,
        None => TimerStatus::Missed,
    };
    let (timer, article) = match consultation.kind {
        ConsultationKind::ThirdParty => (TimerKind::ThirdPartyOpinion, &articles.third_party),
        ConsultationKind::Agency => (TimerKind::AgencyOpinion, &articles.agency),
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
fn reply(timeline: &Timeline, due_on: Option<NaiveDate>, article: &str) -> Timer {
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
        article: article.to_owned(),
    }
}
