//! Statements are kept prepared: an action that a connection has seen before lets the database plan nothing.

use serde_json::json;

use crate::harness::{Office, Walk, Watch, both};

both! {
    fn what_a_connection_did_before_it_plans_no_more(db) {
        let office = Office::open_with(db, |config| config.database.pool_size = 1);
        let clerk = office.user("clerk");
        let watch = Watch::of(&office);
        let applicant = office.user("applicant");
        let mut rounds = 0;
        let mut handle = || {
            rounds += 1;
            let keyed = applicant.with("idempotency-key", &format!("request-{rounds}"));
            let mut case = Walk::begin(&office, keyed.post("/api/v1/requests", &office.request()));
            let day = office.today().to_string();
            let receipt = json!({
                "action": "confirm_receipt", "received_on": day, "evidence": {"means": "phone", "by": "许文静"},
            });
            let path = format!("{}/actions", case.path("clerk"));
            let keyed = clerk.if_match(case.version).with("idempotency-key", &format!("receipt-{rounds}"));
            case.version = keyed.post(&path, &receipt).expect(200).json["version"].as_i64().unwrap();
            case.skip_to("review_formally");
            case.view("officer");
            case.through("archive");
        };
        handle();
        assert_eq!(watch.planned(handle), Vec::<String>::new());
    }
}
