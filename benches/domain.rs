//! Figures of the pure domain: working-day arithmetic and the evaluation of one clock.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use gongkai::domain::law::calendar::Calendar;
use gongkai::domain::law::deadline::{ConsultationKind, Fact, evaluate};
use gongkai::domain::law::rules::RulePacks;

/// Runs `work` on growing batches for about a second and gives the nanoseconds of one call.
fn measure(mut work: impl FnMut(u32)) -> f64 {
    let mut calls: u32 = 1024;
    loop {
        let start = Instant::now();
        for i in 0..calls {
            work(i);
        }
        let spent = start.elapsed();
        if spent > Duration::from_millis(500) {
            return spent.as_secs_f64() * 1e9 / f64::from(calls);
        }
        calls = calls.saturating_mul(2);
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ten_facts() -> Vec<Fact> {
    let sent = |id: &str, kind, on: &str| Fact::ConsultationSent {
        id: id.into(),
        kind,
        on: day(on),
    };
    vec![
        Fact::AmendmentRequested {
            delivered_on: None,
            on: day("2025-09-04"),
            respond_by: None,
        },
        Fact::AmendmentReceived { on: day("2025-09-10") },
        sent("a", ConsultationKind::ThirdParty, "2025-09-12"),
        Fact::ConsultationDelivered {
            id: "a".into(),
            on: day("2025-09-15"),
        },
        sent("b", ConsultationKind::Agency, "2025-09-16"),
        Fact::OpinionReceived {
            id: "a".into(),
            on: day("2025-09-25"),
        },
        Fact::ConsultationEnded {
            id: "b".into(),
            on: day("2025-09-28"),
        },
        Fact::Extended {
            on: day("2025-10-20"),
            working_days: 20,
        },
        sent("c", ConsultationKind::ThirdParty, "2025-10-28"),
        Fact::ConsultationDelivered {
            id: "c".into(),
            on: day("2025-10-30"),
        },
    ]
}

fn main() {
    let calendar = Calendar::embedded().unwrap();
    let packs = RulePacks::embedded().unwrap();

    let starts: Vec<NaiveDate> = (0..4096)
        .filter_map(|i| day("2015-01-01").checked_add_days(Days::new(i)))
        .collect();
    let mut starts = starts.iter().cycle();
    let nanos = measure(|i| {
        let from = *starts.next().unwrap();
        black_box(calendar.add_working_days(black_box(from), 1 + i % 40));
    });
    println!("add_working_days: {:.1} million a second", 1e3 / nanos);

    let (received_on, as_of, facts) = (day("2025-08-28"), day("2025-11-10"), ten_facts());
    let rules = packs.for_receipt(received_on);
    let nanos = measure(|_| {
        black_box(evaluate(rules, &calendar, received_on, black_box(&facts), as_of).unwrap());
    });
    println!("evaluate, ten facts, without days: {:.2} µs", nanos / 1e3);
}
