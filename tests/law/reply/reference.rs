//! Every outcome with its causes and required fields.

use chrono::NaiveDate;

use gongkai::domain::reply::outcome::Outcome;
use gongkai::domain::reply::reference::*;

#[test]
fn the_reference_lists_every_outcome_with_its_causes() {
    let reference = outcome_reference(NaiveDate::from_ymd_opt(2026, 1, 5).unwrap());
    assert_eq!(reference.len(), 25);
    let not_held = serde_json::to_value(reference.iter().find(|r| r.outcome == Outcome::NotHeld).unwrap()).unwrap();
    assert_eq!(not_held["row"], "r13");
    assert_eq!(not_held["required"], serde_json::json!(["cause", "explanation"]));
    assert_eq!(not_held["causes"][1]["document_kind"], "D31");
    assert_eq!(not_held["remedy_class"], "R2");
}
