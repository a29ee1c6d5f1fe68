//! Many at once: one decision, one case for one key, whatever the order in which requests arrive.

use std::collections::BTreeSet;
use std::sync::Barrier;

use serde_json::json;

use crate::harness::case::body;
use crate::harness::{Actor, Office, Response, both};

const AT_ONCE: usize = 100;

/// Runs the same work in several threads that begin together.
fn together<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|n| {
                let (work, barrier) = (&work, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    work(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn statuses(answers: &[Response]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// A second officer of the office.
fn colleague(office: &Office) -> Actor {
    let person = json!({
        "username": "officer3", "password": "a long passphrase", "name": "周一鸣",
        "agency_id": office.app.region().office.to_string(), "roles": ["officer", "approver"],
    });
    office.user("admin").post("/api/v1/admin/users", &person).expect(201);
    let login = office.app.login("officer3", "a long passphrase").expect(200);
    office
        .app
        .anon()
        .with_token(login.json["access_token"].as_str().unwrap())
}

both! {
    fn of_two_officers_who_decide_at_once_one_is_told_to_look_again(db) {
        let office = Office::open(db);
        let officers = [office.user("officer"), colleague(&office)];
        let decisions = [
            body("close_intake", json!({"reason": "not_a_request"})),
            body("confirm_receipt", json!({"received_on": "2026-03-10"})),
        ];
        for _ in 0..12 {
            let case = office.enter("in_person");
            let path = format!("{}/actions", case.path("officer"));
            let answers = together(2, |n| officers[n].if_match(case.version).post(&path, &decisions[n]));
            assert_eq!(statuses(&answers), [200, 412]);
            let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
            let loser = answers.iter().find(|answer| answer.status == 412).unwrap();
            assert_eq!(loser.code(), "stale_version");
            assert_eq!(loser.json["current_version"], 2);
            let now = case.view("officer");
            assert_eq!((&now["version"], &now["state"]), (&json!(2), &winner.json["state"]));
            assert_eq!(case.event_codes().len(), 2);
        }
        // What was lost left no number behind.
        let receipts = office.user("officer").get("/api/v1/cases?state=registered&limit=200").expect(200);
        let numbers: BTreeSet<&str> =
            receipts.json["items"].as_array().unwrap().iter().map(|line| line["number"].as_str().unwrap()).collect();
        let expected: Vec<String> = (1..=numbers.len()).map(|number| format!("CXFB-2026-{number:05}")).collect();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), expected);
    }

    fn one_of_two_sole_events_stands_when_approval_and_return_meet(db) {
        let office = Office::open(db);
        let approvers = [office.user("approver"), colleague(&office)];
        let case = office.enter("in_person").through("submit_for_approval");
        let path = format!("{}/actions", case.path("approver"));
        let decisions = [body("approve_reply", json!({})), body("return_reply", json!({"reason": "请补充"}))];
        let answers = together(2, |n| approvers[n].if_match(case.version).post(&path, &decisions[n]));
        assert_eq!(statuses(&answers), [200, 412]);
        let ends: Vec<String> = case.event_codes().split_off(usize::try_from(case.version).unwrap());
        assert_eq!(ends.len(), 1, "{ends:?}");
    }

    fn one_key_a_hundred_times_at_once_is_one_case(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant").with("Idempotency-Key", "the-same-every-time");
        let request = office.request();
        let answers = together(AT_ONCE, |_| applicant.post("/api/v1/requests", &request));
        let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
        assert_eq!(texts.len(), 1, "{texts:#?}");
        assert!(answers.iter().all(|answer| answer.status == 201 && answer.header("etag") == "\"1\""));
        assert_eq!(answers.iter().filter(|answer| answer.header("idempotency-replayed").is_empty()).count(), 1);
        let own = office.user("applicant").get("/api/v1/requests?limit=200").expect(200);
        assert_eq!(own.json["items"].as_array().unwrap().len(), 1);

        // The same key on another body, another address, or by another person is another matter.
        let mut other = request.clone();
        other["description"]["title"] = json!("另一件");
        assert_eq!(applicant.post("/api/v1/requests", &other).expect(422).code(), "idempotency_key_reused");
        let id = answers[0].json["id"].as_str().unwrap();
        let act = applicant.if_match(1).post(&format!("/api/v1/requests/{id}/actions"), &json!({"action": "withdraw"}));
        assert_eq!(act.expect(422).code(), "idempotency_key_reused");
        let clerk = office.user("clerk").with("Idempotency-Key", "the-same-every-time");
        clerk.post("/api/v1/cases", &office.entry("fax")).expect(201);
    }

    fn an_action_with_one_key_is_taken_once_even_when_its_version_has_passed(db) {
        let office = Office::open(db);
        let case = office.enter("in_person");
        let clerk = office.user("clerk").if_match(case.version).with("Idempotency-Key", "receipt-1");
        let path = format!("{}/actions", case.path("clerk"));
        let receipt = body("confirm_receipt", json!({"received_on": "2026-03-10"}));
        let answers = together(12, |_| clerk.post(&path, &receipt));
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.text == answers[0].text));
        assert_eq!(case.event_codes(), ["submitted", "receipt_confirmed"]);
        // The stored answer comes before the version, as it was given then.
        let again = clerk.post(&path, &receipt).expect(200);
        assert_eq!((again.header("etag"), again.header("idempotency-replayed")), ("\"2\"", "true"));
    }

    fn a_key_and_its_answer_outlive_the_server(db) {
        let mut office = Office::open(db);
        let keyed = |office: &Office| office.user("applicant").with("Idempotency-Key", "before-the-restart");
        let first = keyed(&office).post("/api/v1/requests", &office.request()).expect(201);
        office.restart();
        let second = keyed(&office).post("/api/v1/requests", &office.request()).expect(201);
        assert_eq!(second.text, first.text);
        assert_eq!(second.header("idempotency-replayed"), "true");
        let code = first.json["query_code"].as_str().unwrap();
        let number = first.json["intake_number"].as_str().unwrap();
        office.app.anon().get(&format!("/api/v1/track?number={number}&code={code}")).expect(200);
    }

    fn a_key_of_something_that_failed_is_free_again(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk").with("Idempotency-Key", "k-1");
        let before = office.written();
        let mut entry = office.entry("in_person");
        entry["description"] = json!({});
        clerk.post("/api/v1/cases", &entry).expect(422);
        clerk.send("POST", "/api/v1/cases", Some(("application/json", b"{"))).expect(400);
        office.user("officer").with("Idempotency-Key", "k-1").post("/api/v1/cases", &entry).expect(403);
        assert_eq!(office.written(), before);
        let case = office.enter("in_person");
        clerk.post("/api/v1/cases", &office.entry("in_person")).expect(201);
        let officer = office.user("officer").with("Idempotency-Key", "k-2");
        let path = format!("{}/actions", case.path("officer"));
        let draft = body("archive", json!({"retention": "10y"}));
        officer.if_match(1).post(&path, &draft).expect(409);
        officer.if_match(9).post(&path, &draft).expect(412);
        officer.if_match(1).post(&path, &body("take", json!({}))).expect(200);
    }

    fn applications_that_come_at_once_are_all_kept(db) {
        let office = Office::open(db);
        let (applicant, clerk) = (office.user("applicant"), office.user("clerk"));
        let answers = together(40, |n| match n % 2 {
            0 => applicant.post("/api/v1/requests", &office.request()),
            _ => clerk.post("/api/v1/cases", &office.entry("fax")),
        });
        assert!(answers.iter().all(|answer| answer.status == 201));
        let field = |name: &str| -> BTreeSet<&str> {
            answers.iter().map(|answer| answer.json[name].as_str().unwrap()).collect()
        };
        assert_eq!(field("intake_number").len(), 40);
        assert_eq!(field("query_code").len(), 40);
        let list = office.user("officer").get("/api/v1/cases?queue=intake&limit=200").expect(200);
        assert_eq!(list.json["items"].as_array().unwrap().len(), 40);
    }
}
