//! The facts applied in the order of their dates: runs of the clock, awaited answers, consultations, the first missed day.
//!
//! Contradictions between facts are found here, because each is one only in the state the earlier facts have led to.

use chrono::NaiveDate;

use super::fact::Fact;
use super::report::Awaiting;
use super::suspension::{Consultation, Ending, nth_counted_day};
use crate::domain::law::calendar::Calendar;
use crate::domain::law::limits::Limits;
use crate::domain::words::text::{FieldError, none_wrong};

/// One run of the clock, from receipt or a restart to the next restart.
#[derive(Debug)]
pub(super) struct Run {
    pub day_zero: NaiveDate,
    /// Working days added by the one extension of this run.
    pub extension: Option<u32>,
    /// The date that replaces the counted one (Art 35, or set by the order to reply again).
    pub delay: Option<NaiveDate>,
    /// What is awaited, and since which day; no day after it counts.
    pub awaiting: Option<(Awaiting, NaiveDate)>,
    pub replied_on: Option<NaiveDate>,
}

impl Run {
    fn new(day_zero: NaiveDate) -> Self {
        Self {
            day_zero,
            extension: None,
            delay: None,
            awaiting: None,
            replied_on: None,
        }
    }

    pub fn allowance(&self, limits: Limits<'_>) -> u32 {
        limits.reply_allowance(self.extension)
    }

    /// The due date as if silent parties stay silent; `None` while awaiting or while it cannot be known.
    pub fn due_on(&self, limits: Limits<'_>, consultations: &[Consultation]) -> Option<NaiveDate> {
        if self.awaiting.is_some() {
            return None;
        }
        self.delay
            .or_else(|| nth_counted_day(limits.calendar, consultations, self.day_zero, self.allowance(limits)))
    }

    /// The first uncertain day through which the due date `due` of this run was counted; a date set by people was not.
    pub fn uncertain_from(&self, calendar: &Calendar, due: NaiveDate) -> Option<NaiveDate> {
        match self.delay {
            Some(_) => None,
            None => calendar.uncertain_from(self.day_zero, due),
        }
    }
}

/// A notice that waits for an answer of the applicant: a request to amend, a fee notice.
#[derive(Debug)]
pub(super) struct Notice {
    pub on: NaiveDate,
    pub due_on: Option<NaiveDate>,
    /// The day from which `due_on` was counted; none when it was set as a date.
    pub counted_from: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    /// The reply that came while the answer was awaited.
    pub replied_on: Option<NaiveDate>,
}

/// Everything the facts say, as of one day.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    pub received_on: NaiveDate,
    pub as_of: NaiveDate,
    /// Runs that are over, oldest first.
    pub past_runs: Vec<Run>,
    pub run: Run,
    /// In the order of sending, then of their ids.
    pub consultations: Vec<Consultation<'a>>,
    pub amendments: Vec<Notice>,
    pub fees: Vec<Notice>,
    pub first_reply: Option<NaiveDate>,
    /// The first due date that passed unanswered.
    pub missed_on: Option<NaiveDate>,
    /// The first uncertain day through which `missed_on` was counted.
    pub missed_uncertain_from: Option<NaiveDate>,
}

impl<'a> Timeline<'a> {
    pub fn build(
        limits: Limits<'_>,
        received_on: NaiveDate,
        facts: &'a [Fact],
        as_of: NaiveDate,
    ) -> Result<Self, Vec<FieldError>> {
        let mut ordered: Vec<(usize, &Fact)> = facts.iter().enumerate().collect();
        ordered.sort_by_key(|(i, fact)| (fact.on(), fact.rank(), fact.id(), *i));
        let mut builder = Builder {
            limits,
            facts,
            errors: Vec::new(),
            next_run: None,
            last_delay_set: None,
            timeline: Self {
                received_on,
                as_of,
                past_runs: Vec::new(),
                run: Run::new(limits.day_zero(received_on)),
                consultations: Vec::new(),
                amendments: Vec::new(),
                fees: Vec::new(),
                first_reply: None,
                missed_on: None,
                missed_uncertain_from: None,
            },
        };
        for same_day in ordered.chunk_by(|(_, a), (_, b)| a.on() == b.on()) {
            builder.day(same_day);
        }
        builder.note_missed(as_of);
        none_wrong(builder.errors).map(|()| builder.timeline)
    }

    /// The day up to which things are judged: the reply day of a stopped clock, otherwise the day of reading.
    pub fn judged_on(&self) -> NaiveDate {
        self.run.replied_on.unwrap_or(self.as_of)
    }

    pub fn is_suspended(&self) -> bool {
        self.consultations.iter().any(|c| c.is_open(self.as_of))
    }
}

struct Builder<'a, 'r> {
    limits: Limits<'r>,
    facts: &'a [Fact],
    errors: Vec<FieldError>,
    /// The run that an order to reply again starts later on the day being applied.
    next_run: Option<Run>,
    last_delay_set: Option<NaiveDate>,
    timeline: Timeline<'a>,
}

impl<'a> Builder<'a, '_> {
    fn refuse(&mut self, i: usize, field: &str, zh: &'static str, en: &'static str) {
        self.errors.push(FieldError::new(format!("/facts/{i}/{field}"), zh, en));
    }

    fn day(&mut self, same_day: &[(usize, &'a Fact)]) {
        let Some((_, first)) = same_day.first() else { return };
        self.note_missed(first.on());
        // An extension or a delay belongs to the run that starts on its day. Amendment and payment come before it in the
        // order of the day, an order to reply again comes after it.
        self.next_run = same_day
            .iter()
            .any(|(_, fact)| matches!(fact, Fact::ReplyOrdered { .. }))
            .then(|| Run::new(first.on()));
        for (i, fact) in same_day {
            self.fact(*i, fact);
        }
    }

    /// Keeps the due date that the facts so far give when it lies before `next`, the next day on which anything is recorded.
    fn note_missed(&mut self, next: NaiveDate) {
        let timeline = &mut self.timeline;
        if timeline.missed_on.is_none() && timeline.run.replied_on.is_none() {
            timeline.missed_on = timeline
                .run
                .due_on(self.limits, &timeline.consultations)
                .filter(|due| *due < next);
            timeline.missed_uncertain_from = timeline
                .missed_on
                .and_then(|due| timeline.run.uncertain_from(self.limits.calendar, due));
        }
    }

    fn fact(&mut self, i: usize, fact: &'a Fact) {
        if self.timeline.run.replied_on.is_some() && !matches!(fact, Fact::ReplyOrdered { .. }) {
            self.refuse(
                i,
                "on",
                "答复之后期限已经停止，只能再记录责令重新答复（reply_ordered）。",
                "The clock stopped with the reply; only an order to reply again can follow.",
            );
            return;
        }
        match fact {
            Fact::AmendmentRequested {
                on,
                respond_by,
                delivered_on,
            } => self.amendment_requested(i, *on, *respond_by, *delivered_on),
            Fact::AmendmentReceived { on } => self.amendment_received(i, *on),
            Fact::FeeNotified { on, delivered_on } => self.fee_notified(i, *on, *delivered_on),
            Fact::FeePaid { on } => self.fee_paid(i, *on),
            Fact::ConsultationSent { id, kind, on } => {
                if self.timeline.consultations.iter().any(|c| c.id == id) {
                    self.refuse(
                        i,
                        "id",
                        "此编号的征求意见已经发出，请换一个编号。",
                        "A consultation with this id was already sent; use another id.",
                    );
                } else {
                    self.timeline.consultations.push(Consultation::new(id, *kind, *on));
                }
            }
            Fact::ConsultationDelivered { id, on } => {
                let silent_on = self.limits.opinion(*on);
                if let Some(c) = self.once(i, id, |c| &mut c.delivery_seen) {
                    c.deliver(*on, silent_on);
                }
            }
            Fact::OpinionReceived { id, on } => {
                if let Some(c) = self.once(i, id, |c| &mut c.opinion_seen) {
                    c.close(*on, Ending::Opinion);
                }
            }
            Fact::ConsultationEnded { id, on } => {
                if let Some(c) = self.once(i, id, |c| &mut c.ending_seen) {
                    c.close(*on, Ending::Ended);
                }
            }
            Fact::Extended { working_days, .. } => self.extended(i, *working_days),
            Fact::DelaySet { on, until } => self.delay_set(i, *on, *until),
            Fact::Replied { on } => self.replied(*on),
            Fact::ReplyOrdered { on, until } => self.reply_ordered(i, *on, *until),
        }
    }

    fn restart(&mut self, run: Run) {
        let past = std::mem::replace(&mut self.timeline.run, run);
        self.timeline.past_runs.push(past);
    }

    /// Art 30. A notice after its 7 working days is late, not void: the clock computes it as it does one in time, because the
    /// Regulation is silent (our choice); whoever gives notices refuses the late one.
    ///
    /// No delivery, no period: where the delivery is spoken of, the time to amend counts from it.
    fn amendment_requested(
        &mut self,
        i: usize,
        on: NaiveDate,
        respond_by: Option<NaiveDate>,
        delivered_on: Option<Option<NaiveDate>>,
    ) {
        if self.refuse_while_awaiting(i) {
            return;
        }
        self.timeline.run.awaiting = Some((Awaiting::Amendment, on));
        let stated_on = respond_by.unwrap_or_else(|| self.limits.amendment_response(on, None));
        let (due_on, counted_from) = match delivered_on {
            None => (Some(stated_on), respond_by.is_none().then_some(on)),
            Some(None) => (None, None),
            Some(Some(day)) => (Some(self.limits.answer(on, stated_on, day)), Some(on)),
        };
        self.timeline.amendments.push(Notice {
            on,
            due_on,
            counted_from,
            answered_on: None,
            replied_on: None,
        });
    }

    /// The reply period runs from the receipt of the amended application (Art 30).
    fn amendment_received(&mut self, i: usize, on: NaiveDate) {
        if !matches!(self.timeline.run.awaiting, Some((Awaiting::Amendment, _))) {
            self.refuse(
                i,
                "fact",
                "此前没有尚待补正的告知，请先记录补正告知（amendment_requested）。",
                "No amendment is awaited; record the request first.",
            );
            return;
        }
        if let Some(notice) = self.timeline.amendments.last_mut() {
            notice.answered_on = Some(on);
        }
        self.restart(Run::new(self.limits.day_zero(on)));
    }

    /// 国办函〔2020〕109号 Art 6: payable within 20 working days from the day after the notice was received.
    fn fee_notified(&mut self, i: usize, on: NaiveDate, delivered_on: Option<NaiveDate>) {
        if self.refuse_while_awaiting(i) {
            return;
        }
        self.timeline.run.awaiting = Some((Awaiting::Payment, on));
        self.timeline.fees.push(Notice {
            on,
            due_on: delivered_on.map(|day| self.limits.fee_payment(day)),
            counted_from: delivered_on,
            answered_on: None,
            replied_on: None,
        });
    }

    /// Processing time is counted again from the day after full payment (国办函〔2020〕109号 Art 6, memory, high).
    fn fee_paid(&mut self, i: usize, on: NaiveDate) {
        if !matches!(self.timeline.run.awaiting, Some((Awaiting::Payment, _))) {
            self.refuse(
                i,
                "fact",
                "此前没有尚待缴费的通知，请先记录收费通知（fee_notified）。",
                "No payment is awaited; record the fee notice first.",
            );
            return;
        }
        if let Some(notice) = self.timeline.fees.last_mut() {
            notice.answered_on = Some(on);
        }
        self.restart(Run::new(on));
    }

    fn refuse_while_awaiting(&mut self, i: usize) -> bool {
        let awaiting = self.timeline.run.awaiting.is_some();
        if awaiting {
            self.refuse(
                i,
                "fact",
                "正在等待申请人补正或者缴费，此时不能再发补正告知或者收费通知。",
                "An amendment or a payment is awaited; no further request or fee notice can be given meanwhile.",
            );
        }
        awaiting
    }

    /// The consultation that a delivery, opinion or ending speaks of, when it is the first entry of its kind.
    fn once(
        &mut self,
        i: usize,
        id: &str,
        seen: impl for<'c> Fn(&'c mut Consultation<'a>) -> &'c mut bool,
    ) -> Option<&mut Consultation<'a>> {
        let Some(at) = self.timeline.consultations.iter().position(|c| c.id == id) else {
            let sent_later = |fact: &Fact| matches!(fact, Fact::ConsultationSent { id: sent, .. } if sent == id);
            if self.facts.iter().any(sent_later) {
                self.refuse(
                    i,
                    "on",
                    "此日期早于征求意见书发出之日，请核对。",
                    "This lies before the sending of the consultation.",
                );
            } else {
                self.refuse(
                    i,
                    "id",
                    "没有此编号的征求意见，请先记录发出（consultation_sent）或者核对编号。",
                    "No consultation has this id; record its sending first or check the id.",
                );
            }
            return None;
        };
        let first = self
            .timeline
            .consultations
            .get_mut(at)
            .is_some_and(|c| !std::mem::replace(seen(c), true));
        if !first {
            self.refuse(
                i,
                "id",
                "此项征求意见的同类记录已有一条，请删除重复的一条。",
                "This consultation already has such an entry; remove the second.",
            );
            return None;
        }
        self.timeline.consultations.get_mut(at)
    }

    /// Art 33(2): once in a run.
    fn extended(&mut self, i: usize, working_days: u32) {
        let run = self.next_run.as_mut().unwrap_or(&mut self.timeline.run);
        if run.extension.is_some() {
            self.refuse(
                i,
                "fact",
                "答复期限只能延长一次，此前已经延长。",
                "The period can be extended once only, and it already was.",
            );
            return;
        }
        run.extension = Some(working_days);
    }

    /// Art 35: the date is the agency's own, so it is neither counted nor moved off a day off.
    fn delay_set(&mut self, i: usize, on: NaiveDate, until: NaiveDate) {
        if self.last_delay_set.replace(on) == Some(on) {
            self.refuse(
                i,
                "on",
                "同一天只能确定一个延迟答复的日期，请保留一个。",
                "Two delays are set on one day; keep one.",
            );
            return;
        }
        let run = self.next_run.as_mut().unwrap_or(&mut self.timeline.run);
        run.delay = Some(until);
    }

    fn replied(&mut self, on: NaiveDate) {
        let timeline = &mut self.timeline;
        timeline.run.replied_on = Some(on);
        timeline.first_reply = timeline.first_reply.or(Some(on));
        for consultation in &mut timeline.consultations {
            consultation.close(on, Ending::Reply);
        }
        let notice = match timeline.run.awaiting {
            Some((Awaiting::Amendment, _)) => timeline.amendments.last_mut(),
            Some((Awaiting::Payment, _)) => timeline.fees.last_mut(),
            None => None,
        };
        if let Some(notice) = notice {
            notice.replied_on = Some(on);
        }
    }

    fn reply_ordered(&mut self, i: usize, on: NaiveDate, until: Option<NaiveDate>) {
        if self.timeline.run.replied_on.is_none() {
            self.refuse(
                i,
                "fact",
                "此前没有答复，不能记录责令重新答复。",
                "There is no reply before this order to reply again.",
            );
            return;
        }
        let mut run = self.next_run.take().unwrap_or_else(|| Run::new(on));
        run.delay = until.or(run.delay);
        self.restart(run);
    }
}
