//! What people write by themselves stands beside the log, so that it can be kept back and erased; the log keeps codes,
//! days, numbers and ids.

use std::collections::BTreeMap;

use gongkai::domain::case::Event;
use gongkai::domain::case::dispatch::{field_schemas, referenced_schemas};
use serde_json::{Value, json};

use super::reach::explore;

/// Texts that stand in the log itself.
const IN_THE_LOG: &[(&str, &str)] = &[
    // They name offices, papers and places of the record.
    ("consult_agency", "agency_name"),
    ("close_intake", "sent_to"),
    ("file_remedy", "organ"),
    ("file_remedy", "reference"),
    ("record_notice_delivery", "method"),
    ("resend_notice", "method"),
    ("archive", "volume"),
    ("correct_fact", "field"),
    // A code of the program or of the agency's table: no other is taken.
    ("archive", "retention"),
    // What the staff write of the agency's own work and say in a reply; so in every log there is.
    ("hand_over", "reason"),
    ("review_secrecy", "verdicts"),
    ("reply_on_the_spot", "explanation"),
    ("reply_on_the_spot", "where"),
];

/// Whether there is room for a text of one's own in it: no code, day, number or id.
fn holds_text(schema: &Value, known: &BTreeMap<String, Value>) -> bool {
    if let Some(name) = schema["$ref"].as_str() {
        return holds_text(&known[name.rsplit('/').next().unwrap()], known);
    }
    let is =
        |kind: &str| schema["type"] == *kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)));
    let parts = ["oneOf", "allOf", "anyOf"]
        .iter()
        .filter_map(|key| schema[key].as_array())
        .flatten();
    let properties = schema["properties"].as_object().into_iter().flatten();
    is("string") && schema.get("enum").is_none() && schema.get("format").is_none()
        || is("array") && holds_text(&schema["items"], known)
        || parts.into_iter().any(|part| holds_text(part, known))
        || properties
            .into_iter()
            .any(|(name, schema)| !is_id(name) && holds_text(schema, known))
}

fn is_id(field: &str) -> bool {
    field == "id" || field.ends_with("_id") || field.ends_with("_ids")
}

#[test]
fn what_people_write_stands_beside_the_log() {
    let known: BTreeMap<String, Value> = referenced_schemas()
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()))
        .collect();
    let told = explore().told;
    let (mut open, mut kept, mut in_the_log) = (Vec::new(), 0, 0);
    for (action, schema) in field_schemas() {
        let schema = serde_json::to_value(schema).unwrap();
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            if is_id(field) || !holds_text(schema, &known) {
                continue;
            }
            let events = &told[&action];
            if events
                .iter()
                .any(|code| Event::private_fields(code).contains(&field.as_str()))
            {
                kept += 1;
            } else if IN_THE_LOG.contains(&(action.code(), field)) {
                in_the_log += 1;
            } else {
                open.push(format!("{}: {field} (told by {events:?})", action.code()));
            }
        }
    }
    assert!(open.is_empty(), "free text in the log, name it in PRIVATE: {open:#?}");
    assert!(kept > 20, "only {kept} texts found");
    assert_eq!(in_the_log, IN_THE_LOG.len(), "named without need");
}
