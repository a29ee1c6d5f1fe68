//! Faults of a body are named by their pointers.

use serde_json::json;

use gongkai::domain::words::json::*;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Inner {
    on: chrono::NaiveDate,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Outer {
    list: Vec<Inner>,
}

#[test]
fn every_error_points_at_its_field() {
    for (value, pointer) in [
        (json!({"list": [{"on": "2026-02-30"}]}), "/b/list/0/on"),
        (json!({"list": [{"on": "2026-2-3"}]}), "/b/list/0/on"),
        (json!({"list": [{"on": "+2026-02-03"}]}), "/b/list/0/on"),
        (json!({"list": [{}]}), "/b/list/0/on"),
        (json!({"list": [{"on": "2026-02-01", "x/y": 1}]}), "/b/list/0/x~1y"),
        (json!({}), "/b/list"),
        (json!({"list": 3}), "/b/list"),
    ] {
        assert_eq!(parse::<Outer>(&value, "/b").unwrap_err().pointer, pointer, "{value}");
    }
}
