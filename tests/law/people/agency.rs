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

fn agency(name: &str, level: &str, kind: &str) -> AgencyData {
    AgencyData {
        name: name.to_owned(),
        level: AgencyLevel::from_code(level).unwrap(),
        guide: serde_json::from_value(guide()).unwrap(),
        document_prefix: "云公开".to_owned(),
        reconsideration_organ: String::new(),
        court: "云溪县人民法院".to_owned(),
        settings: serde_json::from_value(json!({"kind": kind})).unwrap(),
    }
}

/// 行政复议法 24, 25, 27, 28.
#[test]
fn each_kind_and_level_has_the_organ_of_reconsideration_that_the_law_gives_it() {
    let province = || agency("东岭省人民政府", "province", "government");
    let city = || agency("江临市人民政府", "city", "government");
    let county = || agency("澄溪县人民政府", "county", "government");
    let office = || agency("澄溪县人民政府办公室", "county", "department");
    let bureau = || agency("澄溪县水利局", "county", "department");
    for (who, above, organ) in [
        (bureau(), vec![county(), city()], Some("澄溪县人民政府")),
        (bureau(), vec![office()], Some("澄溪县人民政府")),
        (office(), vec![], Some("澄溪县人民政府")),
        // A department of the city stands above: it decides no longer.
        (
            bureau(),
            vec![agency("江临市水利局", "city", "department"), city()],
            None,
        ),
        (county(), vec![city(), province()], Some("江临市人民政府")),
        (
            county(),
            vec![agency("江临市人民政府办公厅", "city", "department")],
            Some("江临市人民政府"),
        ),
        (province(), vec![], Some("东岭省人民政府")),
        (
            agency("自然资源部", "national", "department"),
            vec![],
            Some("自然资源部"),
        ),
        (
            agency("城关镇人民政府", "township", "government"),
            vec![office()],
            Some("澄溪县人民政府"),
        ),
        (
            agency("文昌街道办事处", "township", "dispatched_office"),
            vec![county()],
            Some("澄溪县人民政府"),
        ),
        (
            agency("城关派出所", "township", "branch"),
            vec![bureau(), county()],
            Some("澄溪县人民政府"),
        ),
        (
            agency("澄溪县疾控中心", "township", "authorised"),
            vec![bureau(), county()],
            Some("澄溪县人民政府"),
        ),
        (
            agency("澄溪县税务局", "county", "vertical"),
            vec![agency("江临市税务局", "city", "vertical")],
            Some("江临市税务局"),
        ),
        (agency("澄溪县税务局", "county", "vertical"), vec![county()], None),
        (
            agency("澄溪县司法局", "county", "justice"),
            vec![county(), city()],
            Some("澄溪县人民政府"),
        ),
        (bureau(), vec![], None),
    ] {
        assert_eq!(who.reconsideration_by_law(&above).as_deref(), organ, "{}", who.name);
    }
}
