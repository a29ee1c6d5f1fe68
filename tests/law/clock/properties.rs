//! What holds for every history of a clock.

use chrono::{Days, NaiveDate};
use gongkai::domain::law::deadline::{
    ClockStatus, ConsultationKind, DayReason, Fact, Report, as_known_on, evaluate, explain,
};
use gongkai::domain::law::rules::RulePack;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::clock::{CALENDAR, PACKS, d};

/// A receipt, facts that do not contradict each other, and a day of reading.
#[derive(Debug, Clone)]
struct History {
    received_on: NaiveDate,
    facts: Vec<Fact>,
    as_of: NaiveDate,
}

impl History {
    fn rules(&self) -> &'static RulePack {
        PACKS.for_receipt(self.received_on)
    }

    fn read(&self) -> Report {
        explain(self.rules(), &CALENDAR, self.received_on, &self.facts, self.as_of).unwrap()
    }
}

fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap()
}

/// Turns free choices into a fact; the caller keeps it when it contradicts nothing.
fn fact(on: NaiveDate, choice: u8, n: u8) -> Fact {
    let id = ["a", "b", "c", "d"][usize::from(n % 4)].to_owned();
    let later = plus(on, 1 + u64::from(n));
    match choice {
        0 => Fact::AmendmentRequested {
            delivered_on: None,
            on,
            respond_by: n.is_multiple_of(2).then_some(later),
        },
        1 => Fact::AmendmentReceived { on },
        2 => Fact::FeeNotified {
            on,
            delivered_on: n.is_multiple_of(2).then_some(on),
        },
        3 => Fact::FeePaid { on },
        4..=6 => Fact::ConsultationSent {
            id,
            kind: if n % 8 < 4 {
                ConsultationKind::ThirdParty
            } else {
                ConsultationKind::Agency
            },
            on,
        },
        7..=8 => Fact::ConsultationDelivered { id, on },
        9 => Fact::OpinionReceived { id, on },
        10 => Fact::ConsultationEnded { id, on },
        11 => Fact::Extended {
            on,
            working_days: 1 + u32::from(n % 15),
        },
        12 => Fact::DelaySet { on, until: later },
        13 => Fact::Replied { on },
        _ => Fact::ReplyOrdered {
            on,
            until: n.is_multiple_of(3).then_some(later),
        },
    }
}

fn histories() -> impl Strategy<Value = History> {
    let gap = prop_oneof![3 => 0..3u64, 3 => 0..12u64, 1 => 20..45u64];
    let choices = prop::collection::vec((gap, 0..15u8, 0..40u8), 0..16);
    // From the old rules through both packs to years without a notice.
    let start = prop_oneof![1 => 0..4000u64, 4 => 5400..6500u64];
    (start, choices, 0..60u64).prop_map(|(start, choices, rest)| {
        let received_on = plus(d("2009-01-01"), start);
        let rules = PACKS.for_receipt(received_on);
        let mut on = received_on;
        let mut facts = Vec::new();
        for (gap, choice, n) in choices {
            let day = plus(on, gap);
            facts.push(fact(day, choice, n));
            if evaluate(rules, &CALENDAR, received_on, &facts, day).is_ok() {
                on = day;
            } else {
                facts.pop();
            }
        }
        History {
            received_on,
            facts,
            as_of: plus(on, rest),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_due_date_is_the_counted_day_of_the_allowance(history in histories()) {
        let report = history.read();
        let delayed = history.facts.iter().any(|fact| matches!(
            fact,
            Fact::DelaySet { .. } | Fact::ReplyOrdered { until: Some(_), .. }
        ));
        prop_assume!(!delayed && report.status != ClockStatus::Stopped);
        if let Some(due) = report.effective_due_on() {
            prop_assert!(CALENDAR.is_working_day(due));
            let day = report.days.unwrap().into_iter().find(|day| day.date == due).unwrap();
            prop_assert_eq!(day.counted.map(i64::from), Some(report.allowance));
        }
    }

    #[test]
    fn each_day_has_a_number_or_one_reason(history in histories()) {
        let report = history.read();
        let days = report.days.unwrap();
        let last = report.due_on.or(report.projected_due_on).map_or(history.as_of, |due| due.max(history.as_of));
        prop_assert_eq!(days.first().map(|day| day.date), Some(history.received_on));
        prop_assert_eq!(days.last().map(|day| day.date), Some(last));
        for pair in days.windows(2) {
            prop_assert_eq!(pair[0].date.succ_opt(), Some(pair[1].date));
        }
        for day in &days {
            prop_assert!(day.counted.is_some() != day.reason.is_some());
            let named = matches!(day.reason, Some(DayReason::PublicHoliday | DayReason::Suspended));
            prop_assert_eq!(day.detail.is_some(), named);
            prop_assert!(day.counted.is_none() || CALENDAR.is_working_day(day.date));
        }
        let used = days
            .iter()
            .filter(|day| Some(day.date) > report.day_zero && day.date <= history.as_of && day.counted.is_some())
            .count();
        prop_assert_eq!(report.used, used as i64);
    }

    #[test]
    fn the_order_of_the_list_is_irrelevant(history in histories(), swaps in prop::collection::vec(any::<(Index, Index)>(), 20)) {
        let mut shuffled = history.clone();
        if !shuffled.facts.is_empty() {
            for (a, b) in swaps {
                let length = shuffled.facts.len();
                shuffled.facts.swap(a.index(length), b.index(length));
            }
        }
        prop_assert_eq!(shuffled.read(), history.read());
    }

    #[test]
    fn a_longer_allowance_is_never_due_earlier(history in histories(), more in 1..20u32) {
        let mut rules = history.rules().clone();
        let read = |rules: &RulePack| {
            evaluate(rules, &CALENDAR, history.received_on, &history.facts, history.as_of).unwrap()
        };
        let short = read(&rules);
        rules.reply_days += more;
        let long = read(&rules);
        prop_assert_eq!(short.status, long.status);
        prop_assert_eq!(short.used, long.used);
        prop_assert_eq!(short.due_on.is_some(), long.due_on.is_some());
        prop_assert!(short.due_on <= long.due_on);
        if let (Some(short), Some(long)) = (short.projected_due_on, long.projected_due_on) {
            prop_assert!(short <= long);
        }
        if let Some(missed) = long.missed_on {
            prop_assert!(short.missed_on.is_some_and(|short| short <= missed));
        }
    }

    #[test]
    fn overlapping_suspensions_count_once(history in histories()) {
        let mut doubled = history.clone();
        for fact in &history.facts {
            let mut twin = fact.clone();
            match &mut twin {
                Fact::ConsultationSent { id, .. }
                | Fact::ConsultationDelivered { id, .. }
                | Fact::OpinionReceived { id, .. }
                | Fact::ConsultationEnded { id, .. } => id.push_str(" twin"),
                _ => continue,
            }
            doubled.facts.push(twin);
        }
        let (mut once, mut twice) = (history.read(), doubled.read());
        once.timers.clear();
        twice.timers.clear();
        prop_assert_eq!(twice, once);
    }

    /// Reading each day with what was known before it finds the same first missed day as the whole history at once.
    #[test]
    fn replay_equals_incremental_and_a_missed_day_stays(history in histories()) {
        let rules = history.rules();
        let read = |facts: &[Fact], day| evaluate(rules, &CALENDAR, history.received_on, facts, day).unwrap();
        let mut missed = None;
        let mut told = None;
        let mut day = history.received_on;
        loop {
            if day > history.received_on {
                let eve = day.pred_opt().unwrap();
                let before = read(&as_known_on(&history.facts, eve), day);
                let late = before.effective_due_on().filter(|due| *due < day);
                if missed.is_none() && before.status != ClockStatus::Stopped {
                    missed = late;
                }
            }
            let today = read(&as_known_on(&history.facts, day), day);
            prop_assert_eq!(today.missed_on, missed, "as of {}", day);
            prop_assert!(told.is_none() || today.missed_on == told, "taken back on {}", day);
            told = today.missed_on;
            if day == history.as_of {
                break;
            }
            day = plus(day, 1);
        }
        let whole = history.read();
        prop_assert_eq!(whole.missed_on, missed);
    }

    /// The day of reading moves what is used and left, never the date: no result depends on when it is computed.
    #[test]
    fn due_dates_do_not_depend_on_the_day_of_reading(history in histories(), later in 1..60u64) {
        let now = history.read();
        let then = History { as_of: plus(history.as_of, later), ..history }.read();
        prop_assert_eq!(now.effective_due_on(), then.effective_due_on());
        prop_assert_eq!(now.day_zero, then.day_zero);
        prop_assert!(now.used <= then.used);
    }

    #[test]
    fn the_numbers_agree_with_each_other(history in histories()) {
        let report = history.read();
        let last_delay = history.facts.iter().any(|fact| matches!(
            fact,
            Fact::DelaySet { .. } | Fact::ReplyOrdered { until: Some(_), .. }
        ));
        if !last_delay {
            prop_assert_eq!(report.left, report.allowance - report.used);
            if report.overdue {
                prop_assert_eq!(report.overdue_by, -report.left);
            }
        }
        prop_assert!(report.overdue_by >= 0);
        prop_assert!(report.overdue || report.overdue_by == 0);
        prop_assert!(!report.overdue || report.missed_on.is_some());
        prop_assert!(report.due_on.is_none() || report.projected_due_on.is_none());
        prop_assert_eq!(report.projected_due_on.is_some() && report.status != ClockStatus::Suspended, false);
    }
}
