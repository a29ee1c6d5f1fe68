//! The annual report: every ending is one leaf, the identities hold, every cell lists its cases, and who reads it.

use serde_json::{Value, json};

use crate::harness::files::{Office, item};
use crate::harness::{Actor, TestApp, both};

fn report(actor: &Actor, year: i32, query: &str) -> Value {
    actor
        .get(&format!("/api/v1/reports/annual/{year}{query}"))
        .expect(200)
        .json
}

/// The rows that are not empty, each with its seven cells.
fn rows(report: &Value) -> Vec<(String, Vec<u64>)> {
    let requests = report["requests"].as_object().unwrap();
    let numbers =
        |cells: &Value| -> Vec<u64> { cells.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect() };
    let mut rows: Vec<(String, Vec<u64>)> = requests
        .iter()
        .map(|(row, cells)| (row.clone(), numbers(cells)))
        .collect();
    rows.sort();
    rows.retain(|(_, cells)| cells.iter().any(|number| *number > 0));
    rows
}

/// Natural persons, businesses, legal services and the total of each row that is not empty.
fn counted(report: &Value) -> Vec<(String, [u64; 4])> {
    rows(report)
        .into_iter()
        .map(|(row, cells)| (row, [cells[0], cells[1], cells[4], cells[6]]))
        .collect()
}

fn expected(rows: &[(&str, [u64; 4])]) -> Vec<(String, [u64; 4])> {
    rows.iter().map(|(row, cells)| ((*row).to_owned(), *cells)).collect()
}

#[track_caller]
fn assert_identities_hold(report: &Value) {
    let identities = report["identities"].as_array().unwrap();
    let ids: Vec<&str> = identities
        .iter()
        .map(|identity| identity["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["I1", "I2", "I3", "I6"]);
    for identity in identities {
        assert_eq!(
            (&identity["holds"], &identity["failures"]),
            (&json!(true), &json!([])),
            "{identity}"
        );
    }
}

/// The ids behind a cell, read `limit` at a time.
fn behind(actor: &Actor, year: i32, cell: &str, query: &str, limit: u32) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/reports/annual/{year}/cells/{cell}/cases?limit={limit}{query}{cursor}");
        let page = actor.get(&path).expect(200).json;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= usize::try_from(limit).unwrap());
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

both! {
    fn every_ending_is_one_leaf_of_the_form(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let (received, ended) = ("2026-01-05", "2026-02-27");
        // r05 to r20 but r08, which needs a third party: one reply each.
        for outcome in [
            "granted", "state_secret", "other_law_forbids", "safety_stability", "internal_affairs", "process_information",
            "enforcement_file", "administrative_query", "not_held", "needs_creation", "still_unclear", "petition_complaint",
            "repeated", "publication", "excessive_unjustified", "reconfirmation",
        ] {
            office.replied("natural_person", received, ended, outcome);
        }
        let mut partly = office.open("disclosure", "natural_person", received);
        office.reply(&mut partly, ended, json!([item("granted"), item("internal_affairs")]));
        let mut third_party = office.open("disclosure", "natural_person", received);
        let consulted = office.act(&mut third_party, "officer", "consult_third_party", json!({
            "party": {"name": "澄溪某建材有限公司"}, "concerning": "评估报告", "sent_on": "2026-01-07",
        }));
        let consultation = consulted["sub_processes"].as_array().unwrap().iter().find(|sub| sub["kind"] == "consultation").unwrap()["id"].clone();
        office.act(&mut third_party, "officer", "record_opinion", json!({
            "consultation_id": consultation, "received_on": "2026-01-12", "opinion": "object", "reason": "涉及商业秘密",
        }));
        let mut withheld = item("third_party_rights");
        withheld["consultation_id"] = consultation;
        office.reply(&mut third_party, ended, json!([withheld]));

        let mut lapsed = office.enter("clerk", "disclosure", "natural_person", received);
        office.receive("clerk", &mut lapsed, received);
        office.act(&mut lapsed, "officer", "request_amendment", json!({"notified_on": "2026-01-08", "defects": ["请写明文号"], "delivered_on": "2026-01-08"}));
        office.act(&mut lapsed, "officer", "lapse_amendment", json!({"occurred_on": ended}));
        let mut unpaid = office.open("disclosure", "natural_person", received);
        office.act(&mut unpaid, "officer", "issue_fee_notice", json!({
            "scheme": "per_page", "count": 200, "issued_on": "2026-01-08", "delivered_on": "2026-01-08",
        }));
        office.act(&mut unpaid, "officer", "lapse_fee", json!({"occurred_on": ended}));
        let mut withdrawn = office.open("disclosure", "natural_person", received);
        office.withdraw("clerk", &mut withdrawn, ended);
        let mut merged = office.open("disclosure", "natural_person", received);
        let mut target = office.open("disclosure", "natural_person", received);
        for case in [&mut merged, &mut target] {
            office.act(case, "clerk", "verify_identity", json!({"index": 0, "means": "copy_seen", "on": received}));
        }
        office.act(&mut merged, "officer", "merge", json!({"into_case_id": target.id, "reason": "同一事项", "occurred_on": ended}));

        // None of these is counted: a correction, and what was never received.
        let mut correction = office.open("correction", "natural_person", received);
        office.reply(&mut correction, ended, json!([item("corrected")]));
        office.open("correction", "natural_person", received);
        office.enter("clerk", "disclosure", "natural_person", received);
        let mut spam = office.enter("clerk", "disclosure", "natural_person", received);
        office.act(&mut spam, "officer", "close_intake", json!({"reason": "not_a_request", "occurred_on": received}));
        let mut regretted = office.enter("clerk", "disclosure", "natural_person", received);
        office.withdraw("clerk", &mut regretted, received);

        let supervisor = office.person("supervisor");
        let found = report(&supervisor, 2026, "");
        assert_identities_hold(&found);
        let mut wanted: Vec<(String, [u64; 4])> = (3..=22).map(|row| (format!("r{row:02}"), [1, 0, 0, 1])).collect();
        wanted.insert(0, ("r01".to_owned(), [23, 0, 0, 23]));
        wanted.extend(expected(&[("r23", [2, 0, 0, 2]), ("r24", [22, 0, 0, 22]), ("r25", [1, 0, 0, 1])]));
        assert_eq!(counted(&found), wanted);
        for (row, cells) in rows(&found) {
            for (column, number) in [("natural_person", cells[0]), ("business", 0), ("total", cells[6])] {
                let ids = behind(&supervisor, 2026, &format!("{row}/{column}"), "", 7);
                assert_eq!(ids.len() as u64, number, "{row}/{column}");
            }
        }
        assert_eq!(behind(&supervisor, 2026, "r25/total", "", 50), [target.id]);
        assert_eq!(behind(&supervisor, 2026, "r04/natural_person", "", 50), [partly.id]);
    }

    fn what_is_open_at_the_end_of_a_year_begins_the_next(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        office.replied("natural_person", "2025-11-03", "2025-12-31", "granted");
        let carried = office.replied("business", "2025-12-22", "2026-01-04", "not_held");
        let open = office.open("disclosure", "business", "2025-12-31");
        office.replied("legal_service", "2026-01-04", "2026-02-02", "granted");
        let mut old = office.open("disclosure", "natural_person", "2024-12-31");
        office.withdraw("clerk", &mut old, "2026-01-05");

        let clerk = office.person("clerk");
        let before = report(&clerk, 2024, "?scope=own");
        assert_eq!(counted(&before), expected(&[("r01", [1, 0, 0, 1]), ("r25", [1, 0, 0, 1])]));
        let last = report(&clerk, 2025, "");
        assert_eq!(
            counted(&last),
            expected(&[
                ("r01", [1, 2, 0, 3]), ("r02", [1, 0, 0, 1]), ("r03", [1, 0, 0, 1]), ("r24", [1, 0, 0, 1]), ("r25", [1, 2, 0, 3]),
            ])
        );
        let this = report(&clerk, 2026, "");
        assert_eq!(
            counted(&this),
            expected(&[
                ("r01", [0, 0, 1, 1]), ("r02", [1, 2, 0, 3]), ("r03", [0, 0, 1, 1]), ("r13", [0, 1, 0, 1]), ("r23", [1, 0, 0, 1]),
                ("r24", [1, 1, 1, 3]), ("r25", [0, 1, 0, 1]),
            ])
        );
        for year in [&before, &last, &this] {
            assert_identities_hold(year);
        }
        assert_eq!(last["requests"]["r25"], this["requests"]["r02"]);
        assert_ne!(last["data_hash"], this["data_hash"]);
        assert_eq!(behind(&clerk, 2025, "r25/business", "", 1), [carried.id.clone(), open.id.clone()]);
        assert_eq!(behind(&clerk, 2026, "r02/total", "", 1), [old.id, carried.id, open.id.clone()]);
        assert_eq!(behind(&clerk, 2026, "r25/total", "", 1), [open.id]);
    }

    fn the_report_has_exactly_the_shape_of_the_contract(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let region = app.region();
        let found = report(&office.person("supervisor"), 2026, "?scope=tree&format=json");
        let mut keys: Vec<&String> = found.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["agency", "columns", "data_hash", "frozen", "identities", "remedies", "requests", "scope", "year"]);
        assert_eq!(found["agency"], json!({"id": region.office, "code": "CXFB", "name": "澄溪县人民政府办公室"}));
        assert_eq!(
            found["columns"],
            json!(["natural_person", "business", "research", "public_benefit", "legal_service", "other_organisation", "total"])
        );
        assert_eq!((&found["year"], &found["scope"], &found["frozen"]), (&json!(2026), &json!("tree"), &Value::Null));
        let rows: Vec<&String> = found["requests"].as_object().unwrap().keys().collect();
        assert_eq!(rows.len(), 25);
        assert!(found["requests"].as_object().unwrap().values().all(|cells| *cells == json!([0, 0, 0, 0, 0, 0, 0])));
        let none = json!([0, 0, 0, 0, 0]);
        assert_eq!(found["remedies"], json!({"reconsideration": none, "direct_suit": none, "suit_after_reconsideration": none}));
    }

    /// A lapse of one year that is reopened in the next stays in its own, which names it; no later year counts the case.
    fn what_is_reopened_after_the_year_stays_in_it_and_is_named(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let mut lapsed = office.enter("clerk", "disclosure", "natural_person", "2025-10-20");
        office.receive("clerk", &mut lapsed, "2025-10-20");
        office.act(&mut lapsed, "officer", "request_amendment", json!({
            "notified_on": "2025-10-22", "delivered_on": "2025-10-22", "defects": ["请写明文号"],
        }));
        office.act(&mut lapsed, "officer", "lapse_amendment", json!({"occurred_on": "2025-12-01"}));
        let supervisor = office.person("supervisor");
        let before = report(&supervisor, 2025, "");
        assert_eq!((&before["requests"]["r21"][6], &before["requests"]["r25"][6]), (&json!(1), &json!(0)));
        assert!(before.get("reopened_after_the_year").is_none());
        let going_on = office.act(&mut lapsed, "approver", "reopen", json!({"reason": "邮路中断，逾期有正当理由", "occurred_on": "2026-01-12"}));
        for (action, checks) in [
            ("review_formally", json!({"name": true, "contact": true, "content": true, "form": true, "identity": true})),
            ("review_substantively", json!({
                "relevant": true, "government_information": true, "held_by_us": true, "needs_processing": false, "already_public": false,
            })),
        ] {
            office.act(&mut lapsed, "officer", action, json!({"checks": checks, "occurred_on": "2026-01-13"}));
        }
        office.reply(&mut lapsed, "2026-02-02", json!([item("granted")]));

        let after = report(&supervisor, 2025, "");
        assert_eq!((&after["requests"], &after["data_hash"]), (&before["requests"], &before["data_hash"]));
        assert_eq!(after["reopened_after_the_year"], json!([{
            "id": lapsed.id, "number": going_on["number"], "agency_id": app.region().office, "outcome": "amendment_lapsed",
            "ended_on": "2025-12-01", "reopened_on": "2026-01-12",
        }]));
        let this = report(&supervisor, 2026, "");
        assert_eq!(rows(&this), []);
        assert!(this.get("reopened_after_the_year").is_none());
        assert_identities_hold(&this);
    }

    fn remedies_stand_where_they_were_decided_and_pend_before(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let file_remedy = |file: &mut crate::harness::files::File, kind: &str, filed_on: &str| -> Value {
            let case = office.act(file, "officer", "file_remedy", json!({"kind": kind, "filed_on": filed_on, "organ": "澄溪县人民政府"}));
            case["sub_processes"].as_array().unwrap().last().unwrap()["id"].clone()
        };
        let mut refused = office.replied("natural_person", "2025-09-01", "2025-09-26", "internal_affairs");
        let remedy = file_remedy(&mut refused, "reconsideration", "2025-11-10");
        office.act(&mut refused, "officer", "decide_remedy", json!({"remedy_id": remedy, "decided_on": "2026-01-09", "result": "corrected", "reply_again": true}));
        let mut silent = office.open("disclosure", "business", "2025-09-01");
        file_remedy(&mut silent, "direct_suit", "2026-02-02");
        let mut correction = office.open("correction", "natural_person", "2025-09-01");
        file_remedy(&mut correction, "reconsideration", "2026-02-02");

        let legal = office.person("legal");
        let last = report(&legal, 2025, "");
        assert_eq!(last["remedies"]["reconsideration"], json!([0, 0, 0, 1, 1]));
        assert_eq!(last["remedies"]["direct_suit"], json!([0, 0, 0, 0, 0]));
        let this = report(&legal, 2026, "");
        assert_eq!(this["remedies"]["reconsideration"], json!([0, 1, 0, 0, 1]));
        assert_eq!(this["remedies"]["direct_suit"], json!([0, 0, 0, 1, 1]));
        // The case is at work again, but table 三 keeps its first ending.
        assert_eq!(counted(&this), expected(&[("r02", [0, 1, 0, 1]), ("r25", [0, 1, 0, 1])]));
        assert_eq!(last["requests"]["r09"][0], 1);
        for year in [&last, &this] {
            assert_identities_hold(year);
        }
    }

    /// The decision counts in the year in which it was made; the time to reply anew counts from its receipt.
    fn a_decision_has_two_dates(db) {
        let app = TestApp::start(db);
        for (today, received_on, filed_on, decided_on, reached_on, due_on, counted) in [
            ("2026-03-10", "2025-09-01", "2025-11-10", "2025-12-29", "2026-01-06", "2026-02-03", [1, 0]),
            ("2026-07-03", "2026-03-02", "2026-05-06", "2026-06-25", "2026-07-02", "2026-07-30", [1, 1]),
        ] {
            app.clock.set(format!("{today}T01:00:00Z").parse().unwrap());
            let office = Office::new(&app);
            let mut file = office.replied("natural_person", received_on, received_on, "internal_affairs");
            let filed = json!({"kind": "reconsideration", "filed_on": filed_on, "organ": "江临市人民政府", "filed_by": "applicant"});
            let case = office.act(&mut file, "officer", "file_remedy", filed);
            let remedy = case["sub_processes"].as_array().unwrap().last().unwrap().clone();
            assert_eq!((&remedy["filed_by"], &remedy["reference"]), (&json!("applicant"), &Value::Null));
            let decided = json!({"remedy_id": remedy["id"], "decided_on": decided_on, "received_on": reached_on, "result": "corrected", "reply_again": true});
            let case = office.act(&mut file, "officer", "decide_remedy", decided);
            assert_eq!((&case["state"], &case["clock"]["day_zero"]), (&json!("in_progress"), &json!(reached_on)));
            assert_eq!(case["clock"]["due_on"], due_on);
            for (year, corrected) in [2025, 2026].into_iter().zip(counted) {
                let report = report(&office.person("legal"), year, "");
                assert_eq!(report["remedies"]["reconsideration"], json!([0, corrected, 0, 0, corrected]), "{year}");
                assert_identities_hold(&report);
            }
        }
    }

    fn a_remedy_is_entered_once_and_counts_nowhere_once_voided(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let mut file = office.replied("natural_person", "2026-01-05", "2026-01-23", "internal_affairs");
        let filed = |reference: Value| json!({"kind": "reconsideration", "filed_on": "2026-02-09", "organ": "江临市人民政府", "reference": reference});
        let legal = office.person("legal");
        let row = || report(&legal, 2026, "")["remedies"]["reconsideration"].clone();
        let case = office.act(&mut file, "officer", "file_remedy", filed(Value::Null));
        let first = case["sub_processes"].as_array().unwrap().last().unwrap()["id"].clone();
        let again = office.refused(&file, "officer", "file_remedy", filed(Value::Null));
        assert_eq!(again.code(), "remedy_already_filed");
        assert!(again.json["detail"].as_str().unwrap().contains(first.as_str().unwrap()), "{}", again.json);
        assert_eq!(row(), json!([0, 0, 0, 1, 1]));

        // Entered a second time with the reference that came later: voided by two people.
        let case = office.act(&mut file, "officer", "file_remedy", filed(json!("江复〔2026〕7号")));
        let second = case["sub_processes"].as_array().unwrap().last().unwrap()["id"].clone();
        assert_eq!(row(), json!([0, 0, 0, 2, 2]));
        office.act(&mut file, "officer", "void_remedy", json!({"remedy_id": second, "reason": "同一件复议登记了两次"}));
        let waiting = office.person("approver").get("/api/v1/cases?queue=to_approve").expect(200).json;
        assert_eq!(waiting["items"][0]["id"], file.id.as_str());
        assert_eq!(row(), json!([0, 0, 0, 2, 2]), "nothing moves before it is confirmed");
        let case = office.act(&mut file, "approver", "confirm_void_remedy", json!({"remedy_id": second}));
        assert_eq!(row(), json!([0, 0, 0, 1, 1]));
        let subs = case["sub_processes"].as_array().unwrap();
        let voided = subs.iter().find(|sub| sub["id"] == second).unwrap();
        assert_eq!((&voided["status"], &voided["kind"]), (&json!("voided"), &json!("remedy")));
        let void = subs.iter().find(|sub| sub["kind"] == "remedy_void").unwrap();
        assert_eq!((&void["remedy_id"], &void["status"], &void["reason"]), (&second, &json!("confirmed"), &json!("同一件复议登记了两次")));
        let waiting = office.person("approver").get("/api/v1/cases?queue=to_approve").expect(200).json;
        assert_eq!(waiting["items"], json!([]));
        // As the log tells it again.
        let site = app.app.site();
        assert_eq!(gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap().changed.len(), 0);

        // A new reply was ordered by the first: it stands.
        let ordered = json!({"remedy_id": first, "decided_on": "2026-03-09", "result": "corrected", "reply_again": true});
        office.act(&mut file, "officer", "decide_remedy", ordered);
        let refused = office.refused(&file, "officer", "void_remedy", json!({"remedy_id": first, "reason": "误登"}));
        assert_eq!(refused.code(), "remedy_ordered_reply");
        assert_eq!(row(), json!([0, 1, 0, 0, 1]));
    }

    fn a_tree_adds_the_agencies_below_and_a_cell_lists_what_the_person_sees(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let region = app.region();
        let own = office.replied("natural_person", "2026-02-02", "2026-02-27", "granted");
        let mut below = office.enter("clerk2", "disclosure", "natural_person", "2026-02-03");
        office.receive("officer2", &mut below, "2026-02-03");
        let draft = office.replied("natural_person", "2026-02-04", "2026-02-27", "internal_affairs");

        let supervisor = office.person("supervisor");
        assert_eq!(report(&supervisor, 2026, "")["requests"]["r01"][6], 2);
        assert_eq!(report(&supervisor, 2026, "?scope=tree")["requests"]["r01"][6], 3);
        let department = format!("?agency_id={}", region.department);
        assert_eq!(report(&supervisor, 2026, &department)["requests"]["r25"][6], 1);
        assert_eq!(report(&supervisor, 2026, &format!("{department}&scope=tree"))["agency"]["code"], "CXZR");
        let government = format!("?agency_id={}&scope=tree", region.government);
        assert_eq!(report(&supervisor, 2026, &government)["requests"]["r01"][6], 3);
        let all = [own.id.clone(), below.id.clone(), draft.id.clone()];
        assert_eq!(behind(&supervisor, 2026, "r01/total", "&scope=tree", 2), all);
        assert_eq!(behind(&office.person("officer2"), 2026, "r01/total", "", 2), [below.id]);
        // The legal adviser reads the figures of all cases, and sees those that came to legal review.
        let legal = office.person("legal");
        assert_eq!(report(&legal, 2026, "")["requests"]["r01"][6], 2);
        assert_eq!(behind(&legal, 2026, "r01/total", "", 2), [draft.id]);

        let first = supervisor.get("/api/v1/reports/annual/2026/cells/r03/total/cases").expect(200).json["items"][0].clone();
        assert_eq!(first["id"], own.id.as_str());
        assert_eq!((&first["outcome"], &first["ended_on"], &first["received_on"]), (&json!("granted"), &json!("2026-02-27"), &json!("2026-02-02")));
    }

    fn who_reads_which_report(db) {
        let app = TestApp::start(db);
        let office = Office::new(&app);
        let region = app.region();
        let department = format!("agency_id={}", region.department);
        let own = format!("agency_id={}", region.office);
        let below_government = format!("agency_id={}&scope=tree", region.government);
        for (username, query, status) in [
            ("supervisor", "", 200),
            ("supervisor", "scope=tree", 200),
            ("supervisor", department.as_str(), 200),
            ("supervisor", below_government.as_str(), 200),
            ("officer", "", 200),
            ("clerk", "", 200),
            ("approver", "", 200),
            ("legal", own.as_str(), 200),
            ("officer", "scope=tree", 403),
            ("officer", department.as_str(), 404),
            ("approver", department.as_str(), 404),
            ("officer2", "", 200),
            ("clerk2", own.as_str(), 404),
            ("clerk2", "agency_id=01997000-0000-7000-8000-000000000001", 404),
            ("handler", "", 403),
            ("handler", department.as_str(), 404),
            ("secrecy", "", 403),
            ("applicant", "", 403),
            ("applicant", own.as_str(), 403),
            ("admin", own.as_str(), 403),
            ("officer", "format=xlsx", 422),
            ("officer", "format=csv", 422),
            ("officer", "format=docx", 422),
            ("officer", "scope=region", 422),
            ("officer", "agency_id=office", 422),
            ("officer", "yaer=2025", 422),
        ] {
            for path in ["/api/v1/reports/annual/2026", "/api/v1/reports/annual/2026/cells/r01/total/cases"] {
                let answer = office.person(username).get(&format!("{path}?{query}"));
                assert_eq!(answer.status, status, "{username} {path}?{query}: {}", answer.text);
            }
        }
        let officer = office.person("officer");
        assert_eq!(officer.get("/api/v1/reports/annual/2026?format=xlsx").pointers(), ["?format"]);
        for path in ["2007", "2027", "twenty", "2026/cells/r26/total/cases", "2026/cells/r01/everyone/cases", "2007/cells/r01/total/cases"] {
            officer.get(&format!("/api/v1/reports/annual/{path}")).expect(404);
        }
        officer.get("/api/v1/reports/annual/2026/cells/r01/total/cases?limit=0").expect(422);
        officer.get("/api/v1/reports/annual/2026/cells/r01/total/cases?cursor=x").expect(422);
        app.anon().get("/api/v1/reports/annual/2026").expect(401);
        app.anon().get("/api/v1/reports/annual/2026/cells/r01/total/cases").expect(401);
    }
}
