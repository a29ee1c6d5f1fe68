//! What an agency says of itself.

use chrono::NaiveDate;
use serde_json::json;

use gongkai::domain::people::agency::*;
use gongkai::domain::words::codes::Coded;

fn guide() -> serde_json::Value {
    json!({"address": "云溪县人民路1号", "phone": "0719-1234567", "office_hours": "工作日8:30-17:30"})
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn post_and_counter_are_always_open_and_others_from_their_announcement() {
    let mut value = guide();
    value["channels"] = json!([{"channel": "online", "announced_from": "2026-03-02"}]);
    let guide: Guide = serde_json::from_value(value).unwrap();
    for channel in [
        GuideChannel::InPerson,
        GuideChannel::RegisteredMail,
        GuideChannel::OrdinaryMail,
    ] {
        assert!(guide.accepts(channel, day("2020-01-01")));
    }
    assert!(!guide.accepts(GuideChannel::Online, day("2026-03-01")));
    assert!(guide.accepts(GuideChannel::Online, day("2026-03-02")));
    assert!(!guide.accepts(GuideChannel::Fax, day("2026-03-02")));
}

#[test]
fn impossible_guides_are_named() {
    for (field, bad, pointer) in [
        ("address", json!(" "), "/address"),
        ("phone", json!("电话"), "/phone"),
        ("fax", json!("x"), "/fax"),
        ("office_hours", json!("长".repeat(201)), "/office_hours"),
        ("channels", json!([{"channel": "fax"}]), "/channels/0/announced_from"),
        (
            "channels",
            json!([{"channel": "in_person"}, {"channel": "in_person"}]),
            "/channels/1/channel",
        ),
    ] {
        let mut value = guide();
        value[field] = bad;
        let guide: Guide = serde_json::from_value(value).unwrap();
        let mut errors = Vec::new();
        guide.check("", &mut errors);
        assert_eq!(errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), [pointer]);
    }
}

#[test]
fn codes_are_capitals_and_digits() {
    for (code, good) in [
        ("YXZFB", true),
        ("YX01", true),
        ("yx", false),
        ("Y", false),
        ("Y-X", false),
        ("云溪", false),
    ] {
        let mut errors = Vec::new();
        check_agency_code("/code", code, &mut errors);
        assert_eq!(errors.is_empty(), good, "{code}");
    }
    for &level in AgencyLevel::ALL {
        assert_eq!(AgencyLevel::from_code(level.code()), Some(level));
        assert_eq!(serde_json::to_value(level).unwrap(), level.code());
    }
}
