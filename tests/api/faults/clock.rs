//! The clock of the machine set back a day: the order of what is recorded stays, and people are told what is wrong.

use chrono::{DateTime, Duration, Utc};
use gongkai::service::maintenance::{AuditVerdict, audit};
use serde_json::{Value, json};

use crate::harness::{Office, both};

fn instants(events: &[Value]) -> Vec<DateTime<Utc>> {
    events
        .iter()
        .map(|event| event["recorded_at"].as_str().unwrap().parse().unwrap())
        .collect()
}

/// Everybody of the office who has signed in before.
fn sign_in_again(office: &Office) {
    for username in ["applicant", "clerk", "officer", "secrecy", "approver"] {
        office.sign_in(username, office.app.user(username));
    }
}

both! {
    fn a_day_back_what_depends_on_facts_of_tomorrow_is_refused_with_the_reason(db) {
        let office = Office::open(db);
        let walk = office.apply().through("confirm_receipt");
        let before = office.app.clock.now();
        office.app.clock.set(before - Duration::days(1));
        // The token was issued "tomorrow": whoever signs in again goes on.
        office.user("officer").get("/api/v1/me").expect(401);
        sign_in_again(&office);

        walk.view("officer");
        let refused = walk.refused("officer", "review_formally", json!({
            "checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true},
        }), 409);
        assert_eq!(refused.code(), "date_before_antecedent");
        assert!(refused.json["detail"].as_str().unwrap().contains("2026-03-10"), "{}", refused.text);
        // New cases go on with the next numbers.
        let other = office.apply();
        assert!(other.last["intake_number"].as_str().unwrap().ends_with("-S00002"), "{}", other.last);
        let site = office.app.app.site();
        let verdict = audit(&site.store, &site.law, &site.documents).unwrap();
        assert_eq!(verdict, AuditVerdict::Sound { cases: 2, documents: 0 });

        office.app.clock.set(before + Duration::minutes(1));
        walk.through("archive");
    }

    fn nothing_is_recorded_as_older_than_the_entry_it_follows(db) {
        let office = Office::open(db);
        let walk = office.apply().through("confirm_receipt");
        let before = office.app.clock.now();
        // Still the same day in China.
        office.app.clock.set(before - Duration::hours(8));
        sign_in_again(&office);
        let walk = walk.through("review_substantively");
        let recorded = instants(&walk.events("officer"));
        assert!(recorded.is_sorted(), "{recorded:?}");
        assert_eq!(*recorded.last().unwrap(), before);
        office.app.clock.set(before + Duration::minutes(1));
        let recorded = instants(&walk.through("archive").events("officer"));
        assert!(recorded.is_sorted(), "{recorded:?}");
        assert_eq!(*recorded.last().unwrap(), before + Duration::minutes(1));
    }

    fn a_repeated_key_gets_its_first_answer_and_is_not_forgotten_early(db) {
        let office = Office::open(db);
        let body = office.request();
        let send = || office.user("applicant").with("Idempotency-Key", "k1").post("/api/v1/requests", &body).expect(201);
        let first = send();
        office.app.clock.set(office.app.clock.now() - Duration::days(1));
        office.sign_in("applicant", office.app.user("applicant"));
        assert_eq!(send().json, first.json);
        office.app.app.run_due_jobs().unwrap();
        assert_eq!(send().json, first.json);
    }

    fn failed_logins_of_tomorrow_lock_nobody_out_until_then(db) {
        let office = Office::open(db);
        for _ in 0..30 {
            office.app.login("clerk", "wrong password");
        }
        office.app.login("clerk", gongkai::auth::passwords::DEMO_PASSWORD).expect(429);
        office.app.clock.set(office.app.clock.now() - Duration::days(1));
        office.app.login("clerk", gongkai::auth::passwords::DEMO_PASSWORD).expect(200);
    }
}
