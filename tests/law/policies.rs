//! What a rule pack may choose where the text is read in two ways: receipt on a day off, the number of amendment notices.

use chrono::NaiveDate;
use gongkai::domain::law::deadline::{Report, explain, parse_facts};
use gongkai::domain::law::rules::{ReceiptOnDayOff, RulePacks};
use serde_json::{Value, json};

use crate::clock::{CALENDAR, d, plain};

const SHIPPED: &str = include_str!("../../config/rules/regulation-2019.toml");

/// The present rules with other lines in place of some of theirs.
fn packs(changes: &[(&str, &str)]) -> RulePacks {
    let mut text = SHIPPED.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    RulePacks::from_toml_sources([("pack.toml", text.as_str())]).unwrap()
}

fn read(packs: &RulePacks, received: &str, as_of: &str, facts: Value) -> Report {
    let facts = parse_facts(&facts, "/facts").unwrap();
    explain(packs.for_receipt(d(received)), &CALENDAR, d(received), &facts, d(as_of)).unwrap()
}

fn next_working_day() -> RulePacks {
    packs(&[("value = \"same_day\"", "value = \"next_working_day\"")])
}

#[test]
fn a_pack_without_the_choices_takes_the_day_of_arrival_and_one_notice() {
    let without = SHIPPED.split("[receipt_on_day_off]").next().unwrap();
    let packs = RulePacks::from_toml_sources([("pack.toml", without)]).unwrap();
    let pack = packs.for_receipt(d("2026-03-02"));
    assert_eq!(
        (pack.receipt_on_day_off, pack.amendment_notices),
        (ReceiptOnDayOff::SameDay, 1)
    );
    assert_eq!(
        (&pack.articles.receipt_on_day_off, &pack.articles.amendment_notices),
        (&"第三十三条".into(), &"第三十条".into())
    );
}

#[test]
fn impossible_choices_are_refused() {
    for (from, to) in [
        ("value = \"same_day\"", "value = \"never\""),
        ("value = \"same_day\"", "value = 1"),
        ("value = 1\n", "value = \"once\"\n"),
    ] {
        let text = SHIPPED.replace(from, to);
        assert_ne!(text, SHIPPED);
        assert!(
            RulePacks::from_toml_sources([("pack.toml", text.as_str())]).is_err(),
            "{to}"
        );
    }
    for notices in ["value = 0\n", "value = 10\n"] {
        let text = SHIPPED.replace("value = 1\n", notices);
        let error = RulePacks::from_toml_sources([("pack.toml", text.as_str())]).unwrap_err();
        assert_eq!(error.to_string(), "pack.toml: `amendment_notices` must be 1 to 9");
    }
}

/// One court counts what arrived on a Sunday from the Monday; 207号 and 指导案例26号 take the day of arrival.
#[test]
fn receipt_on_a_day_off_moves_day_zero_where_the_pack_says_so() {
    let (same_day, next) = (packs(&[]), next_working_day());
    for (received, same, moved) in [
        // A Saturday; a Sunday; the first day of a long holiday.
        ("2026-03-07", ("2026-03-07", "2026-04-03"), ("2026-03-09", "2026-04-07")),
        ("2026-03-08", ("2026-03-08", "2026-04-03"), ("2026-03-09", "2026-04-07")),
        ("2025-10-01", ("2025-10-01", "2025-11-04"), ("2025-10-09", "2025-11-05")),
        // Worked: a weekday, and a Saturday that makes up for a holiday.
        ("2026-03-09", ("2026-03-09", "2026-04-07"), ("2026-03-09", "2026-04-07")),
        ("2026-02-28", ("2026-02-28", "2026-03-27"), ("2026-02-28", "2026-03-27")),
    ] {
        for (packs, (day_zero, due_on)) in [(&same_day, same), (&next, moved)] {
            let report = read(packs, received, received, json!([]));
            assert_eq!(
                (report.day_zero, report.due_on),
                (Some(d(day_zero)), Some(d(due_on))),
                "{received}"
            );
            // The notice of Art 30 is counted from the same receipt.
            let notice_by = CALENDAR.add_working_days(d(day_zero), 7);
            assert_eq!(report.timers[0].due_on, Some(notice_by), "{received}");
        }
    }
}

#[test]
fn what_comes_between_the_receipt_and_day_zero_is_counted_from_day_zero() {
    let packs = next_working_day();
    let due = |facts: Value| {
        let report = read(&packs, "2026-03-07", "2026-03-31", facts);
        (report.due_on, report.used)
    };
    assert_eq!(due(json!([])), (Some(d("2026-04-07")), 16));
    // A consultation of the Sunday: the letter is out before the first day counts.
    let facts = json!([
        {"fact": "consultation_sent", "id": "a", "kind": "agency", "on": "2026-03-08"},
        {"fact": "opinion_received", "id": "a", "on": "2026-03-10"},
    ]);
    assert_eq!(due(facts), (Some(d("2026-04-08")), 15));
    // The amended application of a Sunday is an application received on a day off too.
    let facts = json!([
        plain("amendment_requested", "2026-03-07"),
        plain("amendment_received", "2026-03-15")
    ]);
    assert_eq!(due(facts), (Some(d("2026-04-14")), 11));
    // Neither a payment nor an order to reply again is.
    let facts = json!([plain("fee_notified", "2026-03-10"), plain("fee_paid", "2026-03-15")]);
    assert_eq!(due(facts), (Some(d("2026-04-13")), 12));
    let facts = json!([plain("replied", "2026-03-10"), plain("reply_ordered", "2026-03-15")]);
    assert_eq!(due(facts), (Some(d("2026-04-13")), 12));
    // Answered before day zero.
    let answered = read(
        &packs,
        "2026-03-07",
        "2026-03-10",
        json!([plain("replied", "2026-03-08")]),
    );
    assert_eq!((answered.used, answered.overdue), (0, false));
}

#[test]
fn each_day_from_the_receipt_has_its_number_or_its_reason() {
    let report = read(&next_working_day(), "2026-03-07", "2026-03-10", json!([]));
    let days: Vec<(NaiveDate, Option<u32>, Value)> = (report.days.unwrap().into_iter().take(4))
        .map(|day| (day.date, day.counted, serde_json::to_value(day.reason).unwrap()))
        .collect();
    assert_eq!(
        days,
        [
            (d("2026-03-07"), None, json!("weekend")),
            (d("2026-03-08"), None, json!("weekend")),
            (d("2026-03-09"), None, json!("day_zero")),
            (d("2026-03-10"), Some(1), Value::Null),
        ]
    );
}

/// 一次性 (Art 30) read as "all defects at once": each further notice has its seven working days from the amended application.
#[test]
fn a_pack_may_allow_further_amendment_notices() {
    let limits = |notices: u32| {
        let packs = packs(&[("value = 1\n", &format!("value = {notices}\n"))]);
        let facts = json!([
            plain("amendment_requested", "2026-03-03"),
            plain("amendment_received", "2026-03-10"),
            plain("amendment_requested", "2026-03-20"),
            plain("amendment_received", "2026-03-25"),
        ]);
        let report = read(&packs, "2026-03-02", "2026-03-26", facts);
        assert_eq!(report.due_on, Some(d("2026-04-23")));
        let timers = report
            .timers
            .into_iter()
            .filter(|timer| timer.article == "第三十条")
            .map(|timer| {
                let json = serde_json::to_value(&timer).unwrap();
                format!(
                    "{} {} {}",
                    json["timer"].as_str().unwrap(),
                    timer.due_on.unwrap(),
                    json["status"].as_str().unwrap()
                )
            });
        timers.collect::<Vec<_>>()
    };
    let answers = ["amendment_response 2026-03-24 met", "amendment_response 2026-04-13 met"];
    let notices = [
        "amendment_notice 2026-03-11 met",
        "amendment_notice 2026-03-19 missed",
        "amendment_notice 2026-04-03 open",
    ];
    for allowed in [1, 2, 3] {
        assert_eq!(
            limits(allowed),
            [&notices[..usize::try_from(allowed).unwrap()], &answers].concat(),
            "{allowed}"
        );
    }
}
