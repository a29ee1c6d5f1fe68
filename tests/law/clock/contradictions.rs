//! Facts that contradict themselves or each other: a field error each, with its pointer, and nothing computed.

use gongkai::domain::law::deadline::{Fact, MAX_FACTS, evaluate, parse_facts};
use serde_json::{Value, json};

use crate::clock::{CALENDAR, PACKS, d};

/// The pointers of all errors for an application received on 2025-09-22, read on `as_of`; empty when it is computed.
fn pointers(as_of: &str, facts: &Value) -> Vec<String> {
    pointers_received("2025-09-22", as_of, facts)
}

fn pointers_received(received: &str, as_of: &str, facts: &Value) -> Vec<String> {
    let rules = PACKS.for_receipt(d(received));
    let outcome =
        parse_facts(facts, "/facts").and_then(|facts| evaluate(rules, &CALENDAR, d(received), &facts, d(as_of)));
    match outcome {
        Ok(_) => Vec::new(),
        Err(errors) => {
            for error in &errors {
                assert!(!error.detail.zh.is_empty() && !error.detail.en.is_empty());
            }
            errors.into_iter().map(|error| error.pointer).collect()
        }
    }
}

fn plain(fact: &str, on: &str) -> Value {
    json!({"fact": fact, "on": on})
}

fn with_id(fact: &str, id: &str, on: &str) -> Value {
    json!({"fact": fact, "id": id, "on": on})
}

fn sent(id: &str, on: &str) -> Value {
    json!({"fact": "consultation_sent", "id": id, "kind": "third_party", "on": on})
}

#[test]
fn facts_that_contradict_each_other() {
    let extended = |on: &str| json!({"fact": "extended", "on": on, "working_days": 5});
    let delay = |on: &str| json!({"fact": "delay_set", "on": on, "until": "2025-12-01"});
    for (name, facts, expected) in [
        (
            "before the receipt",
            json!([plain("replied", "2025-09-21")]),
            "/facts/0/on",
        ),
        (
            "after the day of reading",
            json!([plain("replied", "2025-11-01")]),
            "/facts/0/on",
        ),
        (
            "an answer by the day of the request",
            json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-09-24"}]),
            "/facts/0/respond_by",
        ),
        (
            "a delay until its own day",
            json!([{"fact": "delay_set", "on": "2025-09-24", "until": "2025-09-24"}]),
            "/facts/0/until",
        ),
        (
            "an order until before its day",
            json!([plain("replied", "2025-09-23"), {"fact": "reply_ordered", "on": "2025-09-24", "until": "2025-09-23"}]),
            "/facts/1/until",
        ),
        (
            "delivered before the notice",
            json!([{"fact": "fee_notified", "on": "2025-09-24", "delivered_on": "2025-09-23"}]),
            "/facts/0/delivered_on",
        ),
        (
            "delivered after the day of reading",
            json!([{"fact": "fee_notified", "on": "2025-09-24", "delivered_on": "2025-11-01"}]),
            "/facts/0/delivered_on",
        ),
        (
            "an id sent twice",
            json!([sent("a", "2025-09-26"), sent("a", "2025-09-24")]),
            "/facts/0/id",
        ),
        (
            "delivery of an unknown id",
            json!([with_id("consultation_delivered", "x", "2025-09-24")]),
            "/facts/0/id",
        ),
        (
            "opinion of an unknown id",
            json!([sent("a", "2025-09-23"), with_id("opinion_received", "x", "2025-09-24")]),
            "/facts/1/id",
        ),
        (
            "ending of an unknown id",
            json!([with_id("consultation_ended", "x", "2025-09-24")]),
            "/facts/0/id",
        ),
        (
            "opinion before the sending",
            json!([sent("a", "2025-09-26"), with_id("opinion_received", "a", "2025-09-25")]),
            "/facts/1/on",
        ),
        (
            "a second delivery",
            json!([
                sent("a", "2025-09-23"),
                with_id("consultation_delivered", "a", "2025-09-26"),
                with_id("consultation_delivered", "a", "2025-09-25")
            ]),
            "/facts/1/id",
        ),
        (
            "a second opinion, though the first came after the end",
            json!([
                sent("a", "2025-09-23"),
                with_id("consultation_ended", "a", "2025-09-24"),
                with_id("opinion_received", "a", "2025-09-25"),
                with_id("opinion_received", "a", "2025-09-26")
            ]),
            "/facts/3/id",
        ),
        (
            "a second ending",
            json!([
                sent("a", "2025-09-23"),
                with_id("consultation_ended", "a", "2025-09-24"),
                with_id("consultation_ended", "a", "2025-09-24")
            ]),
            "/facts/2/id",
        ),
        (
            "an amendment nobody awaits",
            json!([plain("amendment_received", "2025-09-24")]),
            "/facts/0/fact",
        ),
        (
            "a payment nobody awaits",
            json!([plain("fee_paid", "2025-09-24")]),
            "/facts/0/fact",
        ),
        (
            "a payment while an amendment is awaited",
            json!([
                plain("amendment_requested", "2025-09-23"),
                plain("fee_paid", "2025-09-24")
            ]),
            "/facts/1/fact",
        ),
        (
            "an amendment before its request",
            json!([
                plain("amendment_requested", "2025-09-25"),
                plain("amendment_received", "2025-09-24")
            ]),
            "/facts/1/fact",
        ),
        (
            "a second request meanwhile",
            json!([
                plain("amendment_requested", "2025-09-23"),
                plain("amendment_requested", "2025-09-24")
            ]),
            "/facts/1/fact",
        ),
        (
            "a fee notice while an amendment is awaited",
            json!([
                plain("fee_notified", "2025-09-24"),
                plain("amendment_requested", "2025-09-23")
            ]),
            "/facts/0/fact",
        ),
        (
            "a request while a payment is awaited, on the day it comes",
            json!([
                plain("fee_notified", "2025-09-23"),
                plain("fee_paid", "2025-09-24"),
                plain("amendment_requested", "2025-09-24")
            ]),
            "/facts/2/fact",
        ),
        (
            "a second extension",
            json!([extended("2025-09-24"), extended("2025-09-23")]),
            "/facts/0/fact",
        ),
        (
            "no day of extension",
            json!([{"fact": "extended", "on": "2025-09-24", "working_days": 0}]),
            "/facts/0/working_days",
        ),
        (
            "more than 20 days of extension",
            json!([{"fact": "extended", "on": "2025-09-24", "working_days": 21}]),
            "/facts/0/working_days",
        ),
        (
            "two delays on one day",
            json!([delay("2025-09-24"), delay("2025-09-24")]),
            "/facts/1/on",
        ),
        (
            "after the reply",
            json!([plain("replied", "2025-09-24"), extended("2025-09-25")]),
            "/facts/1/on",
        ),
        (
            "a second reply",
            json!([plain("replied", "2025-09-24"), plain("replied", "2025-09-24")]),
            "/facts/1/on",
        ),
        (
            "an opinion after the reply",
            json!([
                sent("a", "2025-09-23"),
                plain("replied", "2025-09-24"),
                with_id("opinion_received", "a", "2025-09-25")
            ]),
            "/facts/2/on",
        ),
        (
            "an extension after the reply, on the day of the order",
            json!([
                plain("replied", "2025-09-24"),
                extended("2025-09-25"),
                plain("reply_ordered", "2025-09-25")
            ]),
            "/facts/1/on",
        ),
        (
            "an order without a reply",
            json!([plain("reply_ordered", "2025-09-24")]),
            "/facts/0/fact",
        ),
        (
            "a second order",
            json!([
                plain("replied", "2025-09-24"),
                plain("reply_ordered", "2025-09-25"),
                plain("reply_ordered", "2025-09-26")
            ]),
            "/facts/2/fact",
        ),
        (
            "a year nobody means",
            json!([{"fact": "delay_set", "on": "2025-09-24", "until": "2205-01-01"}]),
            "/facts/0/until",
        ),
    ] {
        assert_eq!(pointers("2025-10-31", &facts), [expected], "{name}");
    }
}

#[test]
fn the_day_of_reading_and_the_receipt() {
    assert_eq!(pointers("2025-09-21", &json!([])), ["/as_of"]);
    assert_eq!(
        pointers_received("1989-12-31", "2025-01-01", &json!([])),
        ["/received_on"]
    );
    assert_eq!(pointers("2201-01-01", &json!([])), ["/as_of"]);
    assert!(pointers_received("1990-01-01", "2200-12-31", &json!([])).is_empty());
    let sixteen = json!([{"fact": "extended", "on": "2019-05-14", "working_days": 16}]);
    assert_eq!(
        pointers_received("2019-05-14", "2019-05-14", &sixteen),
        ["/facts/0/working_days"]
    );
    let fifteen = json!([{"fact": "extended", "on": "2019-05-14", "working_days": 15}]);
    assert!(pointers_received("2019-05-14", "2019-05-14", &fifteen).is_empty());
}

/// What is late or unusual but no contradiction.
#[test]
fn lateness_is_computed() {
    for (name, facts) in [
        ("a late notice", json!([plain("amendment_requested", "2025-10-30")])),
        (
            "a late extension while awaiting",
            json!([plain("fee_notified", "2025-09-24"), {"fact": "extended", "on": "2025-10-31", "working_days": 20}]),
        ),
        (
            "one extension in each run",
            json!([
                {"fact": "extended", "on": "2025-09-23", "working_days": 1}, plain("fee_notified", "2025-09-23"),
                plain("fee_paid", "2025-09-24"), {"fact": "extended", "on": "2025-09-24", "working_days": 1}
            ]),
        ),
        (
            "a consultation while awaiting, opinion and ending both",
            json!([
                plain("amendment_requested", "2025-09-23"),
                sent("a", "2025-09-24"),
                with_id("opinion_received", "a", "2025-09-25"),
                with_id("consultation_ended", "a", "2025-09-26"),
                with_id("consultation_delivered", "a", "2025-09-28")
            ]),
        ),
        (
            "delays on two days, and a date in the order beside one",
            json!([
                {"fact": "delay_set", "on": "2025-09-23", "until": "2025-12-01"}, {"fact": "delay_set", "on": "2025-09-24", "until": "2025-11-01"},
                plain("replied", "2025-09-24"), {"fact": "reply_ordered", "on": "2025-09-24", "until": "2025-12-05"}
            ]),
        ),
        (
            "an opinion that reaches a consultation ended by the reply",
            json!([
                sent("a", "2025-09-23"),
                plain("replied", "2025-09-24"),
                plain("reply_ordered", "2025-09-25"),
                with_id("opinion_received", "a", "2025-09-26")
            ]),
        ),
    ] {
        assert!(pointers("2025-10-31", &facts).is_empty(), "{name}");
    }
}

#[test]
fn every_contradiction_is_reported() {
    let facts = json!([
        plain("replied", "2025-09-20"),
        {"fact": "extended", "on": "2025-11-24", "working_days": 99}
    ]);
    assert_eq!(
        pointers("2025-10-31", &facts),
        ["/facts/0/on", "/facts/1/on", "/facts/1/working_days"]
    );
    let facts = json!([
        plain("fee_paid", "2025-09-25"),
        plain("amendment_received", "2025-09-24")
    ]);
    assert_eq!(pointers("2025-10-31", &facts), ["/facts/1/fact", "/facts/0/fact"]);
}

#[test]
fn malformed_facts() {
    let long = "甲".repeat(101);
    for (name, facts, expected) in [
        ("not a list", json!({"fact": "replied"}), vec!["/facts"]),
        ("not an object", json!(["replied"]), vec!["/facts/0"]),
        ("no fact", json!([{"on": "2025-09-24"}]), vec!["/facts/0/fact"]),
        (
            "unknown fact",
            json!([plain("answered", "2025-09-24")]),
            vec!["/facts/0/fact"],
        ),
        (
            "fact of a wrong type",
            json!([{"fact": 3, "on": "2025-09-24"}]),
            vec!["/facts/0/fact"],
        ),
        ("no day", json!([{"fact": "replied"}]), vec!["/facts/0/on"]),
        (
            "a null day",
            json!([{"fact": "replied", "on": null}]),
            vec!["/facts/0/on"],
        ),
        (
            "no such day",
            json!([plain("replied", "2026-02-30")]),
            vec!["/facts/0/on"],
        ),
        (
            "a day in short",
            json!([plain("replied", "2025-9-24")]),
            vec!["/facts/0/on"],
        ),
        (
            "a moment",
            json!([plain("replied", "2025-09-24T00:00:00Z")]),
            vec!["/facts/0/on"],
        ),
        (
            "a number for a day",
            json!([{"fact": "replied", "on": 20250924}]),
            vec!["/facts/0/on"],
        ),
        (
            "unknown field",
            json!([{"fact": "replied", "on": "2025-09-24", "a/b~c": 1}]),
            vec!["/facts/0/a~1b~0c"],
        ),
        (
            "a field of another fact",
            json!([{"fact": "replied", "on": "2025-09-24", "until": "2025-09-25"}]),
            vec!["/facts/0/until"],
        ),
        (
            "no id and no kind",
            json!([{"fact": "consultation_sent", "on": "2025-09-24"}]),
            vec!["/facts/0/id", "/facts/0/kind"],
        ),
        (
            "no id of an opinion",
            json!([plain("opinion_received", "2025-09-24")]),
            vec!["/facts/0/id"],
        ),
        (
            "a blank id",
            json!([with_id("opinion_received", " ", "2025-09-24")]),
            vec!["/facts/0/id"],
        ),
        (
            "a long id",
            json!([with_id("opinion_received", &long, "2025-09-24")]),
            vec!["/facts/0/id"],
        ),
        (
            "unknown kind",
            json!([{"fact": "consultation_sent", "id": "a", "kind": "court", "on": "2025-09-24"}]),
            vec!["/facts/0/kind"],
        ),
        (
            "no working days",
            json!([plain("extended", "2025-09-24")]),
            vec!["/facts/0/working_days"],
        ),
        (
            "half a working day",
            json!([{"fact": "extended", "on": "2025-09-24", "working_days": 1.5}]),
            vec!["/facts/0/working_days"],
        ),
        (
            "negative working days",
            json!([{"fact": "extended", "on": "2025-09-24", "working_days": -1}]),
            vec!["/facts/0/working_days"],
        ),
        (
            "no end of a delay",
            json!([plain("delay_set", "2025-09-24")]),
            vec!["/facts/0/until"],
        ),
        (
            "two wrong facts",
            json!([{"fact": "replied"}, plain("replied", "2025-09-24"), {"fact": "delay_set", "until": "x"}]),
            vec!["/facts/0/on", "/facts/2/on", "/facts/2/until"],
        ),
    ] {
        assert_eq!(pointers("2025-10-31", &facts), expected, "{name}");
    }
    let many = Value::Array(vec![plain("replied", "2025-09-24"); MAX_FACTS + 1]);
    assert_eq!(pointers("2025-10-31", &many), ["/facts"]);
    let nulls = json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": null}]);
    assert!(
        pointers("2025-10-31", &nulls).is_empty(),
        "an optional field may be null"
    );
}

/// Facts are stored and sent in the same shape that is read.
#[test]
fn facts_survive_a_round_trip() {
    let value = json!([
        {"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-10-10"},
        plain("amendment_received", "2025-09-25"),
        {"fact": "fee_notified", "on": "2025-09-25", "delivered_on": "2025-09-26"},
        plain("fee_paid", "2025-09-28"),
        {"fact": "consultation_sent", "id": "甲", "kind": "agency", "on": "2025-09-28"},
        with_id("consultation_delivered", "甲", "2025-09-29"),
        with_id("opinion_received", "甲", "2025-09-30"),
        with_id("consultation_ended", "甲", "2025-09-30"),
        {"fact": "extended", "on": "2025-09-30", "working_days": 3},
        {"fact": "delay_set", "on": "2025-09-30", "until": "2025-12-01"},
        plain("replied", "2025-10-09"),
        plain("reply_ordered", "2025-10-10")
    ]);
    let facts = parse_facts(&value, "/facts").unwrap();
    assert_eq!(serde_json::to_value(&facts).unwrap(), value);
    assert_eq!(serde_json::from_value::<Vec<Fact>>(value).unwrap(), facts);
}
