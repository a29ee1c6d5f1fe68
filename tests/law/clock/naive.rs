//! A second, slow clock for the tests: it walks every calendar day from the receipt on with plain state and decides of
//! each day whether it counts. It shares no code with `gongkai::domain::law::deadline` and is compared with it on random
//! histories. Articles 30 and 32 to 35 of the Regulation (国务院令第711号).

use crate::clock::histories::{Days, Entry, History, next};
use chrono::NaiveDate;
use serde_json::{Value, json};

const NOTICE_DAYS: u32 = 7;
const RESPONSE_DAYS: u32 = 15;
const OPINION_DAYS: u32 = 15;
const PAYMENT_DAYS: u32 = 20;

/// What ended a consultation.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Opinion,
    Ending,
    Silence,
    Reply,
}

#[derive(Debug, Clone)]
struct Consultation {
    id: String,
    kind: &'static str,
    sent: NaiveDate,
    delivered: Option<NaiveDate>,
    /// Working days that have passed since the delivery.
    waited: u32,
    end: Option<(NaiveDate, End)>,
    opinion: Option<NaiveDate>,
}

impl Consultation {
    /// At the close of the day: open through the silent last day, no longer on the day of any other end.
    fn is_open_at_close_of(&self, day: NaiveDate) -> bool {
        match self.end {
            None => true,
            Some((on, End::Silence)) => on >= day,
            Some(_) => false,
        }
    }
}

/// An amendment or a payment that is awaited, and what became of it.
#[derive(Debug, Clone)]
struct Awaited {
    asked: NaiveDate,
    due: Option<NaiveDate>,
    due_is_counted: bool,
    done: Option<NaiveDate>,
    replied: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Awaiting {
    Nothing,
    Amendment,
    Payment,
}

/// The state of the clock at the close of one day.
#[derive(Debug, Clone)]
struct Walk<'a> {
    days: &'a Days,
    base: u32,
    day_zero: NaiveDate,
    /// The days of this run that counted, in order: the first is day 1.
    counted: Vec<NaiveDate>,
    extension: Option<(NaiveDate, u32)>,
    delay: Option<(NaiveDate, NaiveDate)>,
    awaiting: Awaiting,
    stopped: Option<NaiveDate>,
    consultations: Vec<Consultation>,
    amendments: Vec<Awaited>,
    payments: Vec<Awaited>,
    ever_replied: bool,
    /// Each inner list holds pointers of which any one would be right.
    refusals: Vec<Vec<String>>,
}

/// One day of the explanation: the number it counts as, or the reason why it does not.
struct Line {
    date: NaiveDate,
    counted: Option<usize>,
    reason: Option<&'static str>,
    detail: Option<String>,
}

impl<'a> Walk<'a> {
    fn allowance(&self) -> u32 {
        self.base + self.extension.map_or(0, |(_, days)| days)
    }

    fn restart(&mut self, day: NaiveDate) {
        self.day_zero = day;
        self.counted.clear();
        self.extension = self.extension.filter(|(on, _)| *on == day);
        self.delay = self.delay.filter(|(on, _)| *on == day);
        self.awaiting = Awaiting::Nothing;
        self.stopped = None;
    }

    /// Decides whether the day counts by what was known when it began, then applies its facts.
    fn live(&mut self, day: NaiveDate, facts: &[(usize, &Entry)], starts: bool) -> Line {
        let restarts = facts
            .iter()
            .any(|(_, f)| matches!(f.fact, "amendment_received" | "fee_paid" | "reply_ordered"));
        let working = self.days.is_working(day);
        let suspending = self
            .consultations
            .iter()
            .filter(|c| c.end.is_none())
            .min_by_key(|c| (c.sent, &c.id))
            .map(|c| c.id.clone());
        let (reason, detail) = if starts || restarts {
            (Some("day_zero"), None)
        } else if self.stopped.is_some() {
            (Some("stopped"), None)
        } else if let Some(name) = self.days.holiday(day) {
            (Some("public_holiday"), Some(name.clone()))
        } else if !working {
            (Some("weekend"), None)
        } else if self.awaiting == Awaiting::Amendment {
            (Some("awaiting_amendment"), None)
        } else if self.awaiting == Awaiting::Payment {
            (Some("awaiting_payment"), None)
        } else if suspending.is_some() {
            (Some("suspended"), suspending)
        } else {
            self.counted.push(day);
            (None, None)
        };
        let line = Line {
            date: day,
            counted: reason.is_none().then_some(self.counted.len()),
            reason,
            detail,
        };
        for c in &mut self.consultations {
            let running = c.end.is_none() && c.delivered.is_some();
            c.waited += u32::from(running && working);
        }
        for (place, (index, fact)) in facts.iter().enumerate() {
            let reopened_later_today = facts[place + 1..].iter().any(|(_, f)| f.fact == "reply_ordered");
            if let Err(twins) = self.apply(day, fact, reopened_later_today) {
                let mut pointers = vec![format!("/facts/{index}")];
                if twins {
                    let same = |f: &Entry| f.fact == fact.fact && (f.id == fact.id || fact.id.is_none());
                    pointers = facts
                        .iter()
                        .filter(|(_, f)| same(f))
                        .map(|(i, _)| format!("/facts/{i}"))
                        .collect();
                }
                self.refusals.push(pointers);
            }
        }
        for c in &mut self.consultations {
            if c.end.is_none() && c.waited == OPINION_DAYS {
                c.end = Some((day, End::Silence));
            }
        }
        line
    }

    /// Applies one fact. The error says whether another fact of the kind on that day may be named instead.
    fn apply(&mut self, day: NaiveDate, f: &Entry, reopened_later_today: bool) -> Result<(), bool> {
        if self.stopped.is_some() && f.fact != "reply_ordered" {
            return Err(f.fact == "replied");
        }
        match f.fact {
            "amendment_requested" => {
                self.expect_awaiting(Awaiting::Nothing)?;
                self.awaiting = Awaiting::Amendment;
                let stated = f.respond_by.unwrap_or_else(|| self.days.nth_after(day, RESPONSE_DAYS));
                let due = f.delivered_on.map_or(stated, |delivered| {
                    let given = self.days.between(day, stated) as u32;
                    stated.max(self.days.nth_after(delivered, given))
                });
                let counted = f.respond_by.is_none() || f.delivered_on.is_some();
                self.amendments.push(awaited(day, Some(due), counted));
            }
            "amendment_received" => {
                self.expect_awaiting(Awaiting::Amendment)?;
                self.amendments.last_mut().unwrap().done = Some(day);
                self.restart(day);
            }
            "fee_notified" => {
                self.expect_awaiting(Awaiting::Nothing)?;
                self.awaiting = Awaiting::Payment;
                let due = f
                    .delivered_on
                    .map(|delivered| self.days.nth_after(delivered, PAYMENT_DAYS));
                self.payments.push(awaited(day, due, true));
            }
            "fee_paid" => {
                self.expect_awaiting(Awaiting::Payment)?;
                self.payments.last_mut().unwrap().done = Some(day);
                self.restart(day);
            }
            "consultation_sent" => self.consultations.push(Consultation {
                id: f.id.clone().unwrap(),
                kind: f.kind.unwrap(),
                sent: day,
                delivered: None,
                waited: 0,
                end: None,
                opinion: None,
            }),
            "consultation_delivered" => {
                if let Some(c) = self.unended(f) {
                    c.delivered = Some(day);
                }
            }
            "opinion_received" => {
                if let Some(c) = self.unended(f) {
                    c.end = Some((day, End::Opinion));
                }
                if let Some(c) = self.consultations.iter_mut().find(|c| Some(&c.id) == f.id.as_ref()) {
                    c.opinion = Some(day);
                }
            }
            "consultation_ended" => {
                if let Some(c) = self.unended(f) {
                    c.end = Some((day, End::Ending));
                }
            }
            "extended" => {
                let other_run = reopened_later_today && self.extension.is_some_and(|(on, _)| on < day);
                if self.extension.is_some() && !other_run {
                    return Err(true);
                }
                self.extension = Some((day, f.working_days.unwrap()));
            }
            "delay_set" => self.delay = Some((day, f.until.unwrap())),
            "replied" => {
                self.stopped = Some(day);
                self.ever_replied = true;
                for c in self.consultations.iter_mut().filter(|c| c.end.is_none()) {
                    c.end = Some((day, End::Reply));
                }
                match self.awaiting {
                    Awaiting::Nothing => {}
                    Awaiting::Amendment => self.amendments.last_mut().unwrap().replied = Some(day),
                    Awaiting::Payment => self.payments.last_mut().unwrap().replied = Some(day),
                }
            }
            "reply_ordered" => {
                if self.stopped.is_none() {
                    return Err(true);
                }
                self.restart(day);
                if let Some(until) = f.until {
                    self.delay = Some((day, until));
                }
            }
            other => panic!("no such fact: {other}"),
        }
        Ok(())
    }

    fn expect_awaiting(&self, what: Awaiting) -> Result<(), bool> {
        if self.awaiting == what { Ok(()) } else { Err(true) }
    }

    fn unended(&mut self, f: &Entry) -> Option<&mut Consultation> {
        self.consultations
            .iter_mut()
            .find(|c| c.end.is_none() && Some(&c.id) == f.id.as_ref())
    }

    fn status(&self, day: NaiveDate) -> &'static str {
        if self.stopped.is_some() {
            "stopped"
        } else if self.awaiting == Awaiting::Amendment {
            "awaiting_amendment"
        } else if self.awaiting == Awaiting::Payment {
            "awaiting_payment"
        } else if self.consultations.iter().any(|c| c.is_open_at_close_of(day)) {
            "suspended"
        } else {
            "running"
        }
    }

    /// `due_on`, or `projected_due_on` while suspended, and whether it rests on a year without a calendar.
    fn due(&self, today: NaiveDate) -> Option<(NaiveDate, bool)> {
        if self.awaiting != Awaiting::Nothing {
            return None;
        }
        if let Some((_, until)) = self.delay {
            return Some((until, false));
        }
        let mut ahead = self.clone();
        let mut day = today;
        if let Some(replied) = ahead.stopped.take() {
            day = replied;
        }
        let allowance = self.allowance() as usize;
        while ahead.counted.len() < allowance {
            if ahead
                .consultations
                .iter()
                .any(|c| c.end.is_none() && c.delivered.is_none())
            {
                return None;
            }
            day = next(day);
            ahead.live(day, &[], false);
        }
        let due = ahead.counted[allowance - 1];
        Some((due, self.days.guesses(self.day_zero, due)))
    }
}

fn awaited(asked: NaiveDate, due: Option<NaiveDate>, due_is_counted: bool) -> Awaited {
    Awaited {
        asked,
        due,
        due_is_counted,
        done: None,
        replied: None,
    }
}

/// Contradictions that one sees in a fact itself or in the list, without walking.
fn contradictions(h: &History) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if h.as_of < h.received_on {
        found.push(vec!["/as_of".to_owned()]);
    }
    for (i, f) in h.facts.iter().enumerate() {
        let mut refuse = |field: &str| found.push(vec![format!("/facts/{i}{field}")]);
        if f.on < h.received_on || f.on > h.as_of {
            refuse("/on");
        }
        if f.until.is_some_and(|until| until <= f.on) {
            refuse("/until");
        }
        if f.respond_by.is_some_and(|by| by <= f.on) {
            refuse("/respond_by");
        }
        if f.delivered_on.is_some_and(|on| on < f.on || on > h.as_of) {
            refuse("/delivered_on");
        }
        if f.working_days.is_some_and(|days| days < 1 || days > h.allowance()) {
            refuse("/working_days");
        }
        let Some(id) = &f.id else { continue };
        let sending = h
            .facts
            .iter()
            .find(|s| s.fact == "consultation_sent" && s.id.as_ref() == Some(id));
        if sending.is_none_or(|sent| f.on < sent.on) {
            refuse("");
        }
    }
    for (i, f) in h.facts.iter().enumerate() {
        let once = f.id.is_some() || f.fact == "delay_set";
        let is_twin = |g: &Entry| g.fact == f.fact && g.id == f.id && (g.id.is_some() || g.on == f.on);
        if once && h.facts[..i].iter().any(is_twin) {
            let twins = h.facts.iter().enumerate().filter(|(_, g)| is_twin(g));
            found.push(twins.map(|(j, _)| format!("/facts/{j}")).collect());
        }
    }
    found
}

/// Walks to `as_of`; after each day `seen` gets the clock, the day's line and whether the day had facts (or was the receipt).
fn walk<'a>(days: &'a Days, h: &History, mut seen: impl FnMut(&Walk<'a>, Line, bool)) -> Walk<'a> {
    let mut walk = Walk {
        days,
        base: h.allowance(),
        day_zero: h.received_on,
        counted: Vec::new(),
        extension: None,
        delay: None,
        awaiting: Awaiting::Nothing,
        stopped: None,
        consultations: Vec::new(),
        amendments: Vec::new(),
        payments: Vec::new(),
        ever_replied: false,
        refusals: contradictions(h),
    };
    let mut day = h.received_on;
    while day <= h.as_of {
        let mut facts: Vec<(usize, &Entry)> = h.facts.iter().enumerate().filter(|(_, f)| f.on == day).collect();
        facts.sort_by_key(|(_, f)| f.rank());
        let starts = day == h.received_on;
        let line = walk.live(day, &facts, starts);
        seen(&walk, line, starts || !facts.is_empty());
        day = next(day);
    }
    walk
}

/// What the history contradicts: for each contradiction the pointers of which any one names it.
pub fn refusals(days: &Days, h: &History) -> Vec<Vec<String>> {
    walk(days, h, |_, _, _| {}).refusals
}

/// The report with its days.
///
/// # Errors
/// As [`refusals`].
pub fn report(days: &Days, h: &History) -> Result<Value, Vec<Vec<String>>> {
    let mut lines = Vec::new();
    let mut missed: Option<(NaiveDate, bool)> = None;
    let walk = walk(days, h, |walk, line, has_facts| {
        let day = line.date;
        lines.push(line);
        if has_facts && missed.is_none() && walk.stopped.is_none() {
            let later_facts = h.facts.iter().map(|f| f.on).filter(|on| *on > day);
            let before = later_facts.min().unwrap_or(h.as_of);
            missed = walk.due(day).filter(|(due, _)| *due < before);
        }
    });
    if walk.refusals.is_empty() {
        Ok(write(&walk, h, missed, lines))
    } else {
        Err(walk.refusals)
    }
}

/// The dates of the report at which something is or would be due, in its order; none of a history it refuses.
pub fn due_dates(days: &Days, h: &History) -> Vec<NaiveDate> {
    let walk = walk(days, h, |_, _, _| {});
    if !walk.refusals.is_empty() {
        return Vec::new();
    }
    let status = walk.status(h.as_of);
    let due = walk.due(h.as_of).map(|(on, _)| on);
    let (timers, _) = timers(&walk, h, due.filter(|_| status == "running" || status == "stopped"));
    let of_timers = timers.iter().filter_map(|timer| timer["due_on"].as_str()?.parse().ok());
    due.filter(|_| ["running", "stopped", "suspended"].contains(&status))
        .into_iter()
        .chain(of_timers)
        .collect()
}

fn write(walk: &Walk<'_>, h: &History, missed: Option<(NaiveDate, bool)>, mut lines: Vec<Line>) -> Value {
    let days = walk.days;
    let status = walk.status(h.as_of);
    let due = walk.due(h.as_of);
    let due_on = due
        .map(|(on, _)| on)
        .filter(|_| status == "running" || status == "stopped");
    let projected = due.map(|(on, _)| on).filter(|_| status == "suspended");
    let reached = walk.stopped.unwrap_or(h.as_of);
    let used = walk.counted.len() as i64;
    let left = match walk.delay {
        Some((_, until)) if until >= reached => days.between(reached, until),
        Some((_, until)) => -days.between(until, reached),
        None => i64::from(walk.allowance()) - used,
    };
    let overdue = due_on.is_some_and(|due| due < reached);
    let overdue_by = match due_on {
        Some(due) if overdue => walk.counted.iter().filter(|day| **day > due).count(),
        _ => 0,
    };
    let (timers, timers_guess) = timers(walk, h, due_on);
    let mut ahead = walk.clone();
    let mut day = h.as_of;
    while due.is_some_and(|(due, _)| day < due) {
        day = next(day);
        lines.push(ahead.live(day, &[], false));
    }
    let guesses_a_date = [due, missed].into_iter().flatten().any(|(_, guess)| guess) || timers_guess;
    let lines: Vec<Value> = lines
        .iter()
        .map(|l| json!({"date": l.date, "counted": l.counted, "reason": l.reason, "detail": l.detail}))
        .collect();
    json!({
        "rule_set": h.pack,
        "status": status,
        "day_zero": walk.day_zero,
        "allowance": walk.allowance(),
        "used": used,
        "left": left,
        "due_on": due_on,
        "projected_due_on": projected,
        "missed_on": missed.map(|(on, _)| on),
        "provisional": guesses_a_date,
        "overdue": overdue,
        "overdue_by": overdue_by,
        "timers": timers,
        "days": lines,
    })
}

fn timers(walk: &Walk<'_>, h: &History, due_on: Option<NaiveDate>) -> (Vec<Value>, bool) {
    let days = walk.days;
    let timer = |timer: &str, id: Option<&str>, due: Option<NaiveDate>, status: &str| json!({"timer": timer, "id": id, "due_on": due, "status": status});
    let in_time = |done: NaiveDate, due: Option<NaiveDate>| {
        if due.is_none_or(|due| done <= due) {
            "met"
        } else {
            "missed"
        }
    };
    let past = |due: Option<NaiveDate>| due.is_some_and(|due| h.as_of > due);

    let notice_due = days.nth_after(h.received_on, NOTICE_DAYS);
    let notice = match walk.amendments.first() {
        Some(first) => in_time(first.asked, Some(notice_due)),
        None if walk.ever_replied || past(Some(notice_due)) => "void",
        None => "open",
    };
    let mut all = vec![timer("amendment_notice", None, Some(notice_due), notice)];
    let mut guess = days.guesses(h.received_on, notice_due);

    for (name, list) in [
        ("amendment_response", &walk.amendments),
        ("fee_payment", &walk.payments),
    ] {
        for a in list {
            let status = match (a.done, a.replied) {
                (Some(done), _) => in_time(done, a.due),
                (None, Some(replied)) if a.due.is_some_and(|due| replied > due) => "missed",
                (None, Some(_)) => "void",
                (None, None) if past(a.due) => "missed",
                (None, None) => "open",
            };
            all.push(timer(name, None, a.due, status));
            guess |= a.due_is_counted && a.due.is_some_and(|due| days.guesses(a.asked, due));
        }
    }
    for c in &walk.consultations {
        let name = if c.kind == "agency" {
            "agency_opinion"
        } else {
            "third_party_opinion"
        };
        let due = c.delivered.map(|on| days.nth_after(on, OPINION_DAYS));
        let status = match c.end {
            Some((_, End::Opinion)) => "met",
            Some((_, End::Silence)) if past(due) || c.opinion.is_some() => "missed",
            None | Some((_, End::Silence)) => "open",
            Some((_, End::Ending | End::Reply)) => "void",
        };
        all.push(timer(name, Some(&c.id), due, status));
        guess |= due.is_some_and(|due| days.guesses(c.delivered.unwrap(), due));
    }
    let reply = match (walk.stopped, due_on) {
        (Some(_), None) => "void",
        (Some(replied), due) => in_time(replied, due),
        (None, due) if past(due) => "missed",
        (None, _) => "open",
    };
    all.push(timer("reply", None, due_on, reply));
    (all, guess)
}
