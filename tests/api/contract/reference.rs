//! Reference data that anyone may read: the outcomes, the rules, the calendar.

use serde_json::{Value, json};

use crate::contract::platform::gongkai;
use crate::harness::{TestApp, both};

both! {
    fn the_outcomes_and_rules_are_those_of_the_law(db) {
        let app = TestApp::start(db);
        let outcomes = app.anon().get("/api/v1/reference/outcomes").expect(200).json;
        assert_eq!(outcomes["as_of"], "2026-03-10");
        let items = outcomes["items"].as_array().unwrap();
        assert_eq!(items.len(), 25);
        let rows: Vec<&str> = items.iter().filter_map(|item| item["row"].as_str()).collect();
        let expected: Vec<String> = (3..=23).map(|row| format!("r{row:02}")).collect();
        assert_eq!(rows, expected);
        assert_eq!((&items[0]["outcome"], &items[0]["required"]), (&json!("granted"), &json!(["place_or_documents"])));
        assert_eq!(items[2]["remedy_class"], "R1");

        let rules = app.anon().get("/api/v1/reference/rules").expect(200).json;
        let packs = rules["items"].as_array().unwrap();
        let shown: Vec<_> = packs
            .iter()
            .map(|pack| (pack["code"].as_str().unwrap(), pack["reply_days"].as_u64().unwrap(), pack["extension_max"].as_u64().unwrap()))
            .collect();
        assert_eq!(shown, [("regulation-2008", 15, 15), ("regulation-2019", 20, 20)]);
        assert_eq!((&packs[1]["valid_from"], &packs[1]["valid_to"]), (&json!("2019-05-15"), &Value::Null));
        assert_eq!(packs[0]["valid_to"], "2019-05-14");
        assert!(packs[1]["articles"]["extension"].as_str().unwrap().contains("第三十三条"));
        for pack in packs {
            assert_eq!((&pack["receipt_on_day_off"], &pack["amendment_notices"]), (&json!("same_day"), &json!(1)));
        }
        assert_eq!(packs[1]["articles"]["receipt_on_day_off"], "第三十一条");
        assert_eq!(packs[1]["articles"]["amendment_notices"], "第三十条");
    }

    fn a_year_of_the_calendar_says_what_is_off_and_since_when(db) {
        let app = TestApp::start(db);
        let year = |year: &str| app.anon().get(&format!("/api/v1/calendar/{year}"));
        let loaded = year("2025").expect(200).json;
        assert_eq!((&loaded["year"], &loaded["provisional"]), (&json!(2025), &json!(false)));
        let day = |date: &str| loaded["days"].as_array().unwrap().iter().find(|day| day["date"] == date).cloned();
        let national_day = day("2025-10-01").unwrap();
        assert_eq!(national_day["status"], "holiday");
        assert_eq!(day("2025-09-28").unwrap()["status"], "workday");
        assert_eq!(day("2025-09-29"), None);
        assert_eq!(national_day["certain"], true);
        assert_eq!(national_day["known_since"], "2024-11-12");
        let counts = |year: &Value| ["working_days", "working_days_listed", "uncertain_days_off"].map(|name| year[name].clone());
        assert_eq!(counts(&loaded), [248, 248, 0]);
        assert_eq!(loaded["hash"].as_str().unwrap().len(), 64);

        // In January 2020 the Spring Festival holiday was lengthened by a second publication.
        let revised = year("2020").expect(200).json;
        let revisions = revised["revisions"].as_array().unwrap();
        assert!(revisions.len() >= 2, "{revisions:#?}");
        let published: Vec<&str> = revisions.iter().map(|revision| revision["published_on"].as_str().unwrap()).collect();
        assert!(published.is_sorted());
        let lengthened = revised["days"].as_array().unwrap().iter().find(|day| day["date"] == "2020-01-31").unwrap();
        assert_eq!(lengthened["status"], "holiday");
        assert!(published[1..].contains(&lengthened["known_since"].as_str().unwrap()), "{lengthened}");
        assert_eq!(revised["hash"], loaded["hash"]);

        let unknown = year("2031").expect(200).json;
        assert_eq!((&unknown["provisional"], &unknown["days"]), (&json!(true), &json!([])));
        assert_eq!(counts(&unknown), [261, 261, 0]);

        // Of 2027 the decree fixes thirteen days off, six of them on weekends.
        let decreed = year("2027").expect(200).json;
        assert_eq!(decreed["provisional"], true);
        assert_eq!(counts(&decreed), [248, 254, 6]);
        let days = decreed["days"].as_array().unwrap();
        assert_eq!(days.len(), 13);
        assert_eq!(days[0], json!({"date": "2027-01-01", "status": "holiday", "name": "元旦", "known_since": "2024-11-10", "certain": true}));
        assert!(days.iter().all(|day| day["certain"] == true));
        assert_eq!(decreed["revisions"].as_array().unwrap().len(), 1);
        for wrong in ["1989", "2201", "twenty", "2025.0"] {
            assert_eq!(year(wrong).expect(404).code(), "not_found");
        }
    }
}

#[test]
fn the_command_line_checks_calendars() {
    let (ok, shown, _) = gongkai(&["calendar", "check"], &[]);
    assert!(ok);
    assert!(shown.lines().any(|line| line == "2025  248 working days"), "{shown}");
    let decreed = "2027  248 working days, no notice yet: 6 days off not known";
    assert!(shown.lines().any(|line| line == decreed), "{shown}");

    let directory = tempfile::tempdir().unwrap();
    let check = || gongkai(&["calendar", "check", directory.path().to_str().unwrap()], &[]);
    assert!(!check().0, "a directory without a calendar");
    let file = directory.path().join("2027.csv");
    std::fs::write(
        &file,
        "date,status,holiday,published_on\n2027-01-01,holiday,元旦,2026-11-01\n",
    )
    .unwrap();
    let (ok, shown, _) = check();
    assert!(ok && shown.starts_with("2027  260 working days\n"), "{shown}");
    let decree = directory.path().join("decree-2027.csv");
    std::fs::write(&decree, include_str!("../../../config/calendars/decree-2027.csv")).unwrap();
    let (ok, with_decree, _) = check();
    assert!(
        ok && with_decree.starts_with("2027  254 working days\n"),
        "{with_decree}"
    );
    assert_ne!(
        with_decree.lines().last(),
        shown.lines().last(),
        "the version covers the decree"
    );
    std::fs::remove_file(&decree).unwrap();
    std::fs::write(
        &file,
        "date,status,holiday,published_on\n2027-01-04,workday,元旦,2026-11-01\n",
    )
    .unwrap();
    let (ok, _, error) = check();
    assert!(!ok && error.contains("2027.csv, line 2"), "{error}");
}
