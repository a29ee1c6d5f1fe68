//! The clock without a case over HTTP: worked dates of the statute, and every way a question contradicts itself.

use chrono::NaiveDate;
use diesel::{QueryDsl, RunQueryDsl};
use gongkai::domain::law::deadline::{evaluate, parse_facts};
use gongkai::store::schema::{cases, counters};
use serde_json::{Value, json};

use crate::harness::{Actor, Office, TestApp, both};

const PREVIEW: &str = "/api/v1/clock/preview";

fn ask(actor: &Actor, received_on: &str, as_of: &str, facts: &Value) -> Value {
    let body = json!({"received_on": received_on, "as_of": as_of, "facts": facts});
    actor.post(PREVIEW, &body).expect(200).json
}

both! {
    fn worked_dates_of_the_statute(db) {
        let app = TestApp::start(db);
        let legal = app.user("legal");
        for (received_on, due_on) in [
            ("2025-09-26", "2025-10-30"),
            ("2026-02-11", "2026-03-17"),
            ("2025-01-24", "2025-02-27"),
            ("2024-09-12", "2024-10-16"),
            ("2025-12-31", "2026-01-29"),
            ("2026-09-30", "2026-11-03"),
        ] {
            let report = ask(&legal, received_on, received_on, &json!([]));
            assert_eq!(report["due_on"], due_on);
            assert_eq!((&report["status"], &report["used"]), (&json!("running"), &json!(0)));
            assert_eq!(report["provisional"], false);
            assert!(report.get("days").is_none());
        }
    }

    fn a_third_partys_silence_is_explained_day_by_day(db) {
        let app = TestApp::start(db);
        let body = json!({
            "received_on": "2025-09-22", "as_of": "2025-10-16", "explain": true,
            "facts": [
                {"fact": "opinion_received", "id": "a", "on": "2025-10-15"},
                {"fact": "consultation_sent", "id": "a", "kind": "third_party", "on": "2025-09-26"},
                {"fact": "consultation_delivered", "id": "a", "on": "2025-09-26"},
            ],
        });
        let report = app.user("applicant").post(PREVIEW, &body).expect(200).json;
        assert_eq!(report["rule_set"], "regulation-2019");
        assert_eq!((&report["due_on"], &report["used"], &report["left"]), (&json!("2025-11-06"), &json!(5), &json!(15)));
        let days = report["days"].as_array().unwrap();
        assert_eq!(days[0], json!({"date": "2025-09-22", "counted": null, "reason": "day_zero"}));
        assert_eq!(days[1], json!({"date": "2025-09-23", "counted": 1, "reason": null}));
        let suspended = days.iter().find(|day| day["date"] == "2025-10-09").unwrap();
        assert_eq!(*suspended, json!({"date": "2025-10-09", "counted": null, "reason": "suspended", "detail": "a"}));
        assert_eq!(days.last().unwrap(), &json!({"date": "2025-11-06", "counted": 20, "reason": null}));
    }

    fn the_day_of_receipt_picks_the_rules_and_as_of_is_today_or_the_last_fact(db) {
        let app = TestApp::start(db);
        let legal = app.user("legal");
        // Received before 2019-05-15: fifteen working days.
        let old = ask(&legal, "2019-05-14", "2019-05-14", &json!([]));
        assert_eq!((&old["rule_set"], &old["allowance"]), (&json!("regulation-2008"), &json!(15)));
        let new = ask(&legal, "2019-05-15", "2019-05-15", &json!([]));
        assert_eq!((&new["rule_set"], &new["allowance"]), (&json!("regulation-2019"), &json!(20)));

        // Today is 2026-03-10, and no day of reading is named.
        let read_today = legal.post(PREVIEW, &json!({"received_on": "2026-03-02", "facts": []})).expect(200).json;
        assert_eq!(read_today["used"], 6);
        let late = json!({"received_on": "2026-03-02", "as_of": null, "explain": null, "facts": [{"fact": "replied", "on": "2026-03-12"}]});
        let read_later = legal.post(PREVIEW, &late).expect(200).json;
        assert_eq!((&read_later["status"], &read_later["used"]), (&json!("stopped"), &json!(8)));
        // Received in the future: read on that day.
        let ahead = legal.post(PREVIEW, &json!({"received_on": "2026-09-30"})).expect(200).json;
        assert_eq!((&ahead["due_on"], &ahead["used"]), (&json!("2026-11-03"), &json!(0)));
        // Beyond the last yearly notice only weekends and the days of the decree are known; that notice's last days of
        // December may still change.
        for (received_on, due_on, provisional) in [
            ("2026-11-20", "2026-12-18", false),
            ("2026-11-23", "2026-12-21", true),
            ("2026-12-04", "2027-01-04", true),
        ] {
            let report = ask(&legal, received_on, received_on, &json!([]));
            assert_eq!((&report["due_on"], &report["provisional"]), (&json!(due_on), &json!(provisional)));
        }
    }

    fn a_clock_beyond_the_loaded_years_says_on_which_calendar_it_stands(db) {
        let office = Office::open(db);
        let legal = office.user("legal");
        assert_eq!(ask(&legal, "2026-11-20", "2026-11-20", &json!([]))["notes"], json!([]));
        let preview = ask(&legal, "2026-12-04", "2026-12-04", &json!([]));
        assert_eq!((&preview["due_on"], &preview["provisional"]), (&json!("2027-01-04"), &json!(true)));
        let note = &preview["notes"][0];
        assert_eq!((&note["code"], &note["on"]), (&json!("calendar_not_loaded"), &json!("2026-12-20")));
        assert_eq!(
            note["zh"],
            "工作日历已载入2008年至2026年。自2026-12-20起按周一至周五推算，只扣除法规已经确定的放假日，由此得出的日期和天数是暂定的：\
             国务院办公厅关于2027年部分节假日安排的通知公布并载入后重新计算。"
        );
        assert!(note["en"].as_str().unwrap().contains("holiday notice for 2027"));

        // The case says the same, as its clock and in its view.
        office.on("2026-12-04");
        let case = office.enter("in_person").through("confirm_receipt");
        assert_eq!(case.view("officer")["clock"]["notes"], preview["notes"]);
        assert_eq!(case.clock("")["notes"], preview["notes"]);
        assert_eq!(case.clock("?explain=true")["notes"], preview["notes"]);
    }

    fn amendment_extension_and_reply_move_the_clock(db) {
        let app = TestApp::start(db);
        let legal = app.user("legal");
        let facts = json!([{"fact": "amendment_received", "on": "2026-03-05"}, {"fact": "amendment_requested", "on": "2026-02-26"}]);
        let amended = ask(&legal, "2026-02-10", "2026-03-05", &facts);
        assert_eq!((&amended["due_on"], &amended["day_zero"]), (&json!("2026-04-02"), &json!("2026-03-05")));
        let facts = json!([{"fact": "amendment_requested", "on": "2026-02-26"}]);
        let awaiting = ask(&legal, "2026-02-10", "2026-03-02", &facts);
        assert_eq!((&awaiting["status"], &awaiting["due_on"]), (&json!("awaiting_amendment"), &Value::Null));
        let facts = json!([{"fact": "extended", "on": "2025-10-30", "working_days": 20}]);
        let extended = ask(&legal, "2025-09-26", "2025-10-30", &facts);
        assert_eq!((&extended["due_on"], &extended["allowance"]), (&json!("2025-11-27"), &json!(40)));
        let facts = json!([{"fact": "replied", "on": "2025-11-03"}]);
        let late = ask(&legal, "2025-09-26", "2025-11-03", &facts);
        assert_eq!((&late["overdue"], &late["overdue_by"], &late["missed_on"]), (&json!(true), &json!(2), &json!("2025-10-30")));
    }

    fn a_question_leaves_nothing_behind_and_needs_a_person(db) {
        let app = TestApp::start(db);
        let people = ["clerk", "officer", "handler", "secrecy", "legal", "approver", "supervisor", "admin", "applicant"];
        let people = people.map(|name| app.user(name));
        let rows = |app: &TestApp| -> (i64, i64) {
            app.app.site().store
                .read(|db| Ok::<_, gongkai::store::StoreError>((
                    cases::table.count().get_result(db)?,
                    counters::table.count().get_result(db)?,
                )))
                .unwrap()
        };
        let before = rows(&app);
        for person in &people {
            ask(person, "2026-03-02", "2026-03-10", &json!([]));
        }
        assert_eq!(rows(&app), before);
        let unsigned = app.anon().post(PREVIEW, &json!({"received_on": "2026-03-02"})).expect(401);
        assert_eq!(unsigned.header("content-type"), "application/problem+json");
        assert_eq!(people[0].send("POST", PREVIEW, Some(("application/json", b"{"))).expect(400).code(), "bad_json");
        people[0].send("POST", PREVIEW, Some(("text/plain", b"{}"))).expect(415);
        assert_eq!(people[0].get(PREVIEW).expect(405).header("allow"), "POST");
    }
}

/// Pointers of the answer to a question received on 2025-09-22 and read on 2025-11-03.
fn pointers(actor: &Actor, facts: Value) -> Vec<String> {
    let body = json!({"received_on": "2025-09-22", "as_of": "2025-11-03", "facts": facts});
    let answer = actor.post(PREVIEW, &body);
    assert_eq!(answer.status, 422, "{body}: {}", answer.text);
    assert!(
        answer.json["errors"]
            .as_array()
            .unwrap()
            .iter()
            .all(|error| !error["detail"].as_str().unwrap().is_empty())
    );
    answer.pointers().into_iter().map(str::to_owned).collect()
}

#[test]
fn every_contradiction_has_a_pointer() {
    let app = TestApp::start(crate::harness::Database::sqlite());
    let legal = app.user("legal");
    let sent = json!({"fact": "consultation_sent", "id": "a", "kind": "agency", "on": "2025-09-26"});
    let fact = |code: &str, on: &str| json!({"fact": code, "on": on});
    let about = |code: &str, id: &str, on: &str| json!({"fact": code, "id": id, "on": on});
    let extended = |on: &str, days: u32| json!({"fact": "extended", "on": on, "working_days": days});
    for (facts, expected) in [
        (json!([fact("replied", "2025-09-19")]), "/facts/0/on"),
        (json!([fact("replied", "2025-11-04")]), "/facts/0/on"),
        (json!([fact("replied", "2025-02-30")]), "/facts/0/on"),
        (
            json!([{"fact": "delay_set", "on": "2025-10-10", "until": "2025-10-10"}]),
            "/facts/0/until",
        ),
        (
            json!([{"fact": "amendment_requested", "on": "2025-09-24", "respond_by": "2025-09-24"}]),
            "/facts/0/respond_by",
        ),
        (
            json!([{"fact": "fee_notified", "on": "2025-09-24", "delivered_on": "2025-09-23"}]),
            "/facts/0/delivered_on",
        ),
        (
            json!([{"fact": "fee_notified", "on": "2025-09-24", "delivered_on": "2025-11-04"}]),
            "/facts/0/delivered_on",
        ),
        (json!([sent, sent]), "/facts/1/id"),
        (json!([about("opinion_received", "x", "2025-10-10")]), "/facts/0/id"),
        (
            json!([sent, about("consultation_delivered", "a", "2025-09-25")]),
            "/facts/1/on",
        ),
        (json!([fact("amendment_received", "2025-10-10")]), "/facts/0/fact"),
        (json!([fact("fee_paid", "2025-10-10")]), "/facts/0/fact"),
        (
            json!([
                fact("amendment_requested", "2025-09-24"),
                fact("fee_notified", "2025-09-25")
            ]),
            "/facts/1/fact",
        ),
        (
            json!([extended("2025-10-10", 5), extended("2025-10-13", 5)]),
            "/facts/1/fact",
        ),
        (json!([extended("2025-10-10", 0)]), "/facts/0/working_days"),
        (json!([extended("2025-10-10", 21)]), "/facts/0/working_days"),
        (
            json!([{"fact": "delay_set", "on": "2025-10-10", "until": "2025-12-01"}, {"fact": "delay_set", "on": "2025-10-10", "until": "2025-12-02"}]),
            "/facts/1/on",
        ),
        (
            json!([fact("replied", "2025-10-10"), extended("2025-10-13", 5)]),
            "/facts/1/on",
        ),
        (json!([fact("reply_ordered", "2025-10-10")]), "/facts/0/fact"),
        (
            json!([{"fact": "consultation_sent", "on": "2025-09-26", "kind": "agency"}]),
            "/facts/0/id",
        ),
        (
            json!([{"fact": "consultation_sent", "on": "2025-09-26", "id": "a"}]),
            "/facts/0/kind",
        ),
        (
            json!([{"fact": "consultation_sent", "on": "2025-09-26", "id": "a", "kind": "court"}]),
            "/facts/0/kind",
        ),
        (
            json!([{"fact": "extended", "on": "2025-10-10"}]),
            "/facts/0/working_days",
        ),
        (json!([{"fact": "delay_set", "on": "2025-10-10"}]), "/facts/0/until"),
        (json!([{"fact": "replied"}]), "/facts/0/on"),
        (json!([{"fact": "forgotten", "on": "2025-10-10"}]), "/facts/0/fact"),
        (
            json!([{"fact": "replied", "on": "2025-10-10", "why": "x"}]),
            "/facts/0/why",
        ),
        (
            json!([{"fact": "replied", "on": "2025-10-10", "id": "a"}]),
            "/facts/0/id",
        ),
        (json!(["replied"]), "/facts/0"),
        (json!({"fact": "replied"}), "/facts"),
    ] {
        let found = pointers(&legal, facts.clone());
        assert!(
            found.iter().any(|pointer| pointer == expected),
            "{facts}: {found:?}, not {expected}"
        );
    }
    assert_eq!(
        pointers(
            &legal,
            json!([{"fact": "replied"}, {"fact": "extended", "on": "2025-10-10"}])
        ),
        ["/facts/0/on", "/facts/1/working_days"]
    );
}

#[test]
fn the_question_itself_is_checked_field_by_field() {
    let app = TestApp::start(crate::harness::Database::sqlite());
    let legal = app.user("legal");
    for (body, expected) in [
        (json!({}), vec!["/received_on"]),
        (json!({"received_on": "2025-02-30"}), vec!["/received_on"]),
        (json!({"received_on": "2025-9-22"}), vec!["/received_on"]),
        (json!({"received_on": 20250922}), vec!["/received_on"]),
        (
            json!({"received_on": "2025-09-22", "as_of": "22.9.2025"}),
            vec!["/as_of"],
        ),
        (
            json!({"received_on": "2025-09-22", "as_of": "2025-09-19"}),
            vec!["/as_of"],
        ),
        (
            json!({"received_on": "1825-09-22", "as_of": "2025-09-19"}),
            vec!["/received_on"],
        ),
        (json!({"received_on": "2025-09-22", "explain": "yes"}), vec!["/explain"]),
        (json!({"received_on": "2025-09-22", "recieved": 1}), vec!["/recieved"]),
        (
            json!({"received_on": "2025-09-22", "nope": 1, "facts": [{"fact": "replied"}]}),
            vec!["/nope", "/facts/0/on"],
        ),
        (json!([]), vec![""]),
        (
            json!({"received_on": "2025-09-22", "facts": vec![json!({"fact": "replied", "on": "2025-09-23"}); 1001]}),
            vec!["/facts"],
        ),
    ] {
        let answer = legal.post(PREVIEW, &body);
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        assert_eq!(answer.pointers(), expected, "{body}");
    }
}

/// The answer is the domain's own, so what its tests prove holds here too.
#[test]
fn the_answer_is_the_clocks_own_report() {
    let app = TestApp::start(crate::harness::Database::sqlite());
    let facts = json!([{"fact": "extended", "on": "2025-10-10", "working_days": 7}]);
    let book = &app.app.site().law;
    let [received, as_of] = ["2025-09-22", "2025-10-16"].map(|day| day.parse().unwrap());
    let parsed = parse_facts(&facts, "/facts").unwrap();
    let own = evaluate(
        book.rules.for_receipt(received),
        &book.calendar,
        received,
        &parsed,
        as_of,
    )
    .unwrap();
    let answer = ask(&app.user("legal"), "2025-09-22", "2025-10-16", &facts);
    assert_eq!(answer, serde_json::to_value(own).unwrap());
    let due: NaiveDate = answer["due_on"].as_str().unwrap().parse().unwrap();
    assert!(book.calendar.is_working_day(due));
}
