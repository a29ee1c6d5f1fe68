//! Questions of days that courts and reviewing organs decided, or whose dates were published: the clock says what they held.

use gongkai::domain::law::deadline::{evaluate, parse_facts};
use serde_json::Value;

use super::{CALENDAR, PACKS, d};

#[test]
fn the_clock_says_what_was_decided() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("decided.json")).unwrap();
    assert!(cases.len() >= 9, "only {} cases", cases.len());
    for case in cases {
        let input = &case["input"];
        let day = |name: &str| d(input[name].as_str().unwrap());
        let facts = parse_facts(&input["facts"], "/facts").unwrap();
        let pack = PACKS.for_receipt(day("received_on"));
        let report = evaluate(pack, &CALENDAR, day("received_on"), &facts, day("as_of")).unwrap();
        let report = serde_json::to_value(report).unwrap();
        for (field, expected) in case["expected"].as_object().unwrap() {
            assert_eq!(&report[field], expected, "{} {field}: {}", case["id"], case["title"]);
        }
    }
}

/// A make-up Sunday is a working day on which one may hand in; a Saturday is none, and counts from its day all the same.
#[test]
fn receipts_on_days_off_and_on_working_weekends() {
    for (received_on, due_on) in [("2023-04-23", "2023-05-23"), ("2021-11-27", "2021-12-24")] {
        let (received_on, due_on) = (d(received_on), d(due_on));
        let pack = PACKS.for_receipt(received_on);
        let report = evaluate(pack, &CALENDAR, received_on, &[], received_on).unwrap();
        assert_eq!(report.due_on, Some(due_on), "{received_on}");
    }
}
