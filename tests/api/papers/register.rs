//! The register of numbers (发文登记簿): what was given, cancelled, and passed over after a restoration.

use gongkai::config::DatabaseUrl;
use serde_json::{Value, json};

use super::instruments::instrument;
use crate::contract::platform::gongkai;
use crate::harness::{Office, both};

fn register(office: &Office, query: &str) -> Vec<Value> {
    let listed = office
        .user("officer")
        .get(&format!("/api/v1/instruments{query}"))
        .expect(200);
    listed.json["items"].as_array().unwrap().clone()
}

fn replied(office: &Office, day: &str) -> Value {
    let mut case = office.enter("in_person").through("approve_reply");
    case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": day}));
    instrument(&case, "D20")
}

both! {
    fn after_a_restoration_numbers_go_on_behind_a_gap_that_the_register_explains(db) {
        let office = Office::open(db);
        let before = replied(&office, "2026-03-10");
        assert_eq!(before["number"], "澄政办公开〔2026〕1号");
        let url = match &office.app.database.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        };
        let arguments = ["numbers", "skip", "--count", "20", "--since", "2026-03-09T17:00:00Z"];
        let (ok, said, error) = gongkai(&arguments, &[("GONGKAI__DATABASE__URL", &url)]);
        assert!(ok && said.contains("澄溪县人民政府办公室 2026 main: 2–21 passed over"), "{said}{error}");
        let after = replied(&office, "2026-03-10");
        assert_eq!(after["number"], "澄政办公开〔2026〕22号");

        let lines = register(&office, "?year=2026");
        let ordinals: Vec<_> = lines.iter().map(|line| line["ordinal"].as_i64().unwrap()).collect();
        assert_eq!(ordinals, [1, 21, 22]);
        assert_eq!(lines[1]["first_ordinal"], 2);
        assert!(lines[1]["passed_over_because"].as_str().unwrap().contains("恢复"), "{}", lines[1]);
        assert_eq!(lines[1]["instrument"], Value::Null);
        assert_eq!(lines[2]["instrument"]["number"], after["number"]);
        // The same in pages, each once.
        let first = office.user("officer").get("/api/v1/instruments?year=2026&limit=2").expect(200);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        let rest = register(&office, &format!("?year=2026&limit=2&cursor={cursor}"));
        assert_eq!([first.json["items"].as_array().unwrap().as_slice(), &rest].concat(), lines);
        // Nothing was given in another year; a moment that is none is said.
        assert!(register(&office, "?year=2025").is_empty());
        for wrong in ["0", "-58800", "10000", "heute"] {
            let refused = office.user("officer").get(&format!("/api/v1/instruments?year={wrong}")).expect(422);
            assert_eq!(refused.pointers(), ["?year"], "{wrong}");
        }
        let (ok, _, error) = gongkai(&["numbers", "skip", "--since", "yesterday"], &[("GONGKAI__DATABASE__URL", &url)]);
        assert!(!ok && error.contains("--since"), "{error}");
    }

    fn a_cancelled_number_stays_in_the_register_with_its_reason(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_formally");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["写错了"]}));
        let id = instrument(&case, "D04")["id"].clone();
        case.act("approver", "cancel_instrument", json!({"instrument_id": id, "reason": "补正内容列错"}));
        let lines = register(&office, "");
        assert_eq!(lines[0]["instrument"]["status"], "cancelled");
        assert_eq!(lines[0]["instrument"]["cancelled"]["because"], "补正内容列错");
        // The register is the agency's: others are told nothing of it, applicants that it is not for them.
        let agency = office.app.region().office;
        let path = format!("/api/v1/instruments?agency_id={agency}");
        assert_eq!(office.user("supervisor").get(&path).expect(200).json["items"].as_array().unwrap().len(), 1);
        office.user("officer2").get(&path).expect(404);
        office.user("applicant").get(&path).expect(403);
    }
}
