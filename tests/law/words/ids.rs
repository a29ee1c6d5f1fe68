//! Ids have one written form.

use chrono::DateTime;

use gongkai::domain::words::ids::*;

#[test]
fn ids_have_one_written_form() {
    let id: CaseId = "0192F3A1-0000-7000-8000-00000000000A".parse().unwrap();
    assert_eq!(id.to_string(), "0192f3a1-0000-7000-8000-00000000000a");
    assert_eq!(
        serde_json::from_str::<CaseId>("\"0192f3a1-0000-7000-8000-00000000000a\"").unwrap(),
        id
    );
    assert_eq!(
        serde_json::to_string(&id).unwrap(),
        "\"0192f3a1-0000-7000-8000-00000000000a\""
    );
    for bad in [
        "",
        "1",
        "0192f3a1000070008000000000000000000a",
        "{0192f3a1-0000-7000-8000-00000000000a}",
        "0192f3a1-0000-7000-8000-00000000000g",
    ] {
        assert!(bad.parse::<CaseId>().is_err(), "{bad}");
    }
}

#[test]
fn later_ids_sort_after_earlier_ones() {
    let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
    let early = UserId::from_parts(at(1_700_000_000_000), [255; 10]);
    let late = UserId::from_parts(at(1_700_000_000_001), [0; 10]);
    assert!(early < late && early.to_string() < late.to_string());
    assert_eq!(early.uuid().get_version_num(), 7);
}

#[test]
fn query_codes_are_read_as_people_type_them() {
    let code = QueryCode::from_draws([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(code.reveal(), "34679ACDEF");
    for typed in ["3467-9acd ef", "３４６７－９ａｃｄ　ＥＦ"] {
        assert_eq!(typed.parse::<QueryCode>().unwrap(), code, "{typed}");
    }
    for bad in ["34679ACDE", "34679ACDEFF", "34679ACDE0", "34679ACDEO", "34679ACDEé"] {
        assert!(bad.parse::<QueryCode>().is_err(), "{bad}");
    }
    assert!(!format!("{code:?}").contains("3467"));
}
