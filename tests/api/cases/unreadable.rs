//! A log with an entry that cannot be read: the case opens, says so, and takes nothing; the audit names the entry.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
use gongkai::store::StoreError;
use gongkai::store::cases::log::EventRow;
use gongkai::store::schema::{case_events, case_text, cases};
use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};
use crate::store::maintenance::run;

/// Changes code and data of an entry and seals the log anew, as a later build would have written it.
fn rewrite(case: &Walk, seq: i64, change: impl Fn(&str, &str) -> (String, String)) {
    let store = &case.office.app.app.site().store;
    let entry =
        |seq: i64| case_events::table.filter(case_events::case_id.eq(case.id.clone()).and(case_events::seq.eq(seq)));
    store
        .write(|tx| {
            let mut previous: Option<String> = None;
            for at in seq..=case.version {
                let row: EventRow = entry(at).get_result(&mut **tx)?;
                if at == seq {
                    let (code, data) = change(&row.event, &row.data);
                    diesel::update(entry(at))
                        .set((case_events::event.eq(code), case_events::data.eq(data)))
                        .execute(&mut **tx)?;
                }
                if let Some(hash) = previous.take() {
                    diesel::update(entry(at))
                        .set(case_events::previous_hash.eq(hash))
                        .execute(&mut **tx)?;
                }
                let row: EventRow = entry(at).get_result(&mut **tx)?;
                let hash = row.expected_hash();
                diesel::update(entry(at))
                    .set(case_events::hash.eq(&hash))
                    .execute(&mut **tx)?;
                previous = Some(hash);
            }
            let head = previous.unwrap_or_default();
            diesel::update(cases::table.filter(cases::id.eq(case.id.clone())))
                .set(cases::head_hash.eq(head))
                .execute(&mut **tx)?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

/// Reviewed, assigned and answered by nobody: entries 1 to 6.
fn assigned(office: &Office) -> Walk<'_> {
    let mut case = office.enter("in_person").through("review_substantively");
    let unit = office.app.region().office_units[0];
    case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
    case.act(
        "officer",
        "consult_agency",
        json!({
            "agency_name": "澄溪县自然资源局", "concerning": "共同制作的方案", "joint": true, "sent_on": "2026-03-10",
        }),
    );
    assert_eq!(case.version, 6);
    case
}

/// Nothing can be entered, nothing is a server error, and everything that names the case still does.
fn is_read_only(case: &Walk, seq: i64) {
    let office = case.office;
    let officer = office.user("officer");
    let view = case.view("officer");
    assert_eq!(view["version"], 6);
    assert_eq!(view["number"], case.last["number"]);
    assert_eq!(view["state"], case.last["state"]);
    assert_eq!(view["owner"], case.last["owner"]);
    assert_eq!(view["received_on"], case.last["received_on"]);
    assert_eq!(view["clock"]["status"], case.last["clock"]["status"]);
    assert_eq!(view["description"]["title"], case.last["description"]["title"]);
    assert_eq!(view["actions"], json!([]));
    assert_eq!(view["problem"]["code"], "log_unreadable");
    let (zh, en) = (
        view["problem"]["detail"].as_str().unwrap(),
        view["problem"]["detail_en"].as_str().unwrap(),
    );
    assert!(
        zh.contains(&format!("第 {seq} 条")) && zh.contains("gongkai audit verify"),
        "{zh}"
    );
    assert!(
        en.contains(&format!("Entry {seq} ")) && en.contains("gongkai audit verify"),
        "{en}"
    );

    let unit = office.app.region().office_units[0];
    let refused = case.refused(
        "officer",
        "assign",
        json!({"unit_id": unit, "due_on": "2026-03-20"}),
        409,
    );
    assert_eq!(refused.code(), "log_unreadable");
    assert_eq!(refused.json["detail"], view["problem"]["detail"]);
    for of in ["/clock", "/receipt"] {
        assert_eq!(
            officer.get(&format!("{}{of}", case.path("officer"))).expect(409).code(),
            "log_unreadable"
        );
    }
    let events = case.events("officer");
    assert_eq!(events.len(), 6);
    for event in &events {
        let broken = event["seq"] == seq;
        assert_eq!(event.get("problem").is_some(), broken, "{event}");
        assert_eq!(event["data"] == json!({}), broken, "{event}");
    }
    let list = officer.get("/api/v1/cases").expect(200).json;
    assert_eq!(list["items"][0]["id"], case.id.as_str());
    officer.get(&format!("{}/similar", case.path("officer"))).expect(200);

    let (ok, shown, error) = run(&office.app, &["audit", "verify"]);
    assert!(!ok && shown.is_empty(), "{shown}");
    let number = case.last["number"].as_str().unwrap();
    let named = format!(
        "gongkai: case {} ({number}), entry {seq}: the entry cannot be read: ",
        case.id
    );
    assert!(error.starts_with(&named), "{error}");
    let (ok, _, error) = run(&office.app, &["rebuild"]);
    assert!(
        !ok && error.contains(&format!("case {} entry {seq}", case.id)),
        "{error}"
    );
}

both! {
    fn an_event_of_an_unknown_kind_makes_the_case_read_only(db) {
        let office = Office::open(db);
        let case = assigned(&office);
        let whole = case.view("officer");
        assert_eq!(whole.get("problem"), None);
        rewrite(&case, 5, |_, data| ("levitated".to_owned(), data.to_owned()));
        is_read_only(&case, 5);
        // What came before is shown, what came after is not believed.
        assert_eq!(case.view("officer")["sub_processes"], json!([]));

        rewrite(&case, 5, |_, data| ("assigned".to_owned(), data.to_owned()));
        assert_eq!(case.view("officer"), whole);
        assert!(run(&office.app, &["audit", "verify"]).0);
    }

    fn a_text_that_is_no_id_makes_the_case_read_only(db) {
        let office = Office::open(db);
        let case = assigned(&office);
        let whole = case.view("officer");
        let owner = whole["owner"]["id"].as_str().unwrap();
        let unit = whole["sub_processes"][0]["unit_id"].as_str().unwrap();
        for (seq, id) in [(2, owner), (5, unit)] {
            rewrite(&case, seq, |code, data| (code.to_owned(), data.replace(id, "nobody")));
            is_read_only(&case, seq);
            rewrite(&case, seq, |code, data| (code.to_owned(), data.replace("nobody", id)));
            assert_eq!(case.view("officer"), whole);
        }
    }

    fn where_not_even_the_application_can_be_read_the_register_is_shown(db) {
        let office = Office::open(db);
        let case = assigned(&office);
        rewrite(&case, 1, |_, data| ("levitated".to_owned(), data.to_owned()));
        is_read_only(&case, 1);
        let applicant = case.view("officer")["applicant"].clone();
        assert_eq!(applicant["name"], case.last["applicant"]["name"]);
        assert_eq!(applicant["kind"], case.last["applicant"]["kind"]);
    }

    fn a_log_that_was_cut_off_is_not_taken_for_a_shorter_one(db) {
        let office = Office::open(db);
        let case = assigned(&office);
        let store = &office.app.app.site().store;
        store
            .write(|tx| {
                let text = case_text::case_id.eq(case.id.clone()).and(case_text::seq.eq(6_i64));
                diesel::delete(case_text::table.filter(text)).execute(&mut **tx)?;
                let last = case_events::case_id.eq(case.id.clone()).and(case_events::seq.eq(6_i64));
                Ok::<_, StoreError>(diesel::delete(case_events::table.filter(last)).execute(&mut **tx)?)
            })
            .unwrap();
        let view = case.view("officer");
        assert_eq!((&view["problem"]["code"], &view["actions"]), (&json!("log_unreadable"), &json!([])));
        let unit = office.app.region().office_units[0];
        let refused = case.refused("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}), 409);
        assert_eq!(refused.code(), "log_unreadable");
    }

    fn the_applicant_is_told_to_ask_the_agency(db) {
        let office = Office::open(db);
        let case = office.apply().through("review_substantively");
        rewrite(&case, 3, |_, data| ("levitated".to_owned(), data.to_owned()));
        let applicant = office.user("applicant");
        let view = case.view("applicant");
        assert_eq!((&view["state"], &view["actions"]), (&case.last["state"], &json!([])));
        let told = view["problem"]["detail"].as_str().unwrap();
        assert!(told.contains("受理机关") && !told.contains("audit"), "{told}");
        let refused = case.refused("applicant", "withdraw", json!({"reason": "不再需要"}), 409);
        assert_eq!(refused.code(), "log_unreadable");
        assert_eq!(applicant.get("/api/v1/requests").expect(200).json["items"][0]["id"], case.id.as_str());
        let number = case.last["number"].as_str().unwrap();
        let track = office.user("anonymous").get(&format!("/api/v1/track?number={number}&code={}", case.query_code)).expect(200).json;
        assert_eq!((&track["state"], &track["problem"]["code"]), (&case.last["state"], &Value::from("log_unreadable")));
    }
}
