//! What is written down days later: the agency's own steps say why, facts from outside need not, and the list of late
//! entries means something.

use serde_json::{Value, json};

use crate::harness::{Office, both};

fn listed(office: &Office, who: &str, query: &str) -> Vec<Value> {
    let list = office.user(who).get(&format!("/api/v1/cases?{query}")).expect(200);
    let items = list.json["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].clone()).collect()
}

const OWN: &str = "queue=late_entries";
const OUTSIDE: &str = "queue=late_entries&outside=true";

both! {
    /// Every next-day entry used to be called late, so that the list meant nothing.
    fn what_is_entered_the_next_days_is_not_late(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("confirm_receipt");
        let checks = json!({"name": true, "contact": true, "content": true, "form": true, "identity": true});
        let review = |on: &str| json!({"checks": checks, "occurred_on": on});
        // Tuesday's review is written down on Wednesday, and on Friday: the third working day after it.
        for today in ["2026-03-11", "2026-03-13"] {
            office.on(today);
            case.act("officer", "review_formally", review("2026-03-10"));
        }
        assert_eq!(listed(&office, "supervisor", OWN), [""; 0]);
        // On Monday it needs a reason.
        office.on("2026-03-16");
        let refused = case.refused("officer", "review_formally", review("2026-03-10"), 422);
        assert_eq!(refused.pointers(), ["/late_entry_reason"]);
        assert!(refused.text.contains("3 个工作日"), "{}", refused.text);
        let mut late = review("2026-03-10");
        late["late_entry_reason"] = json!("经办人病假");
        case.act("officer", "review_formally", late);
        assert_eq!(listed(&office, "supervisor", OWN), [json!(case.id)]);
        assert_eq!(listed(&office, "supervisor", OUTSIDE), [""; 0]);
    }

    fn the_agency_says_how_long_it_takes_to_write_things_down(db) {
        let office = Office::open(db);
        let admin = office.user("admin");
        let path = format!("/api/v1/admin/agencies/{}", office.app.region().office);
        let agency = admin.get(&path).expect(200);
        assert_eq!(agency.json["settings"]["late_entry_days"], 3);
        let mut body = agency.json.clone();
        let sent = ["name", "level", "address", "phone", "office_hours", "document_prefix", "reconsideration_organ", "court"];
        body.as_object_mut().unwrap().retain(|name, _| sent.contains(&name.as_str()));
        body["settings"] = json!({"late_entry_days": 31});
        let version: i64 = agency.header("etag").trim_matches('"').parse().unwrap();
        let refused = admin.if_match(version).put(&path, &body).expect(422);
        assert_eq!(refused.pointers(), ["/settings/late_entry_days"]);
        body["settings"] = json!({"late_entry_days": 0});
        admin.if_match(version).put(&path, &body).expect(200);
        let case = office.enter("in_person").through("confirm_receipt");
        office.on("2026-03-11");
        let take = json!({"occurred_on": "2026-03-10"});
        assert_eq!(case.refused("officer", "take", take, 422).pointers(), ["/late_entry_reason"]);
    }

    /// A slip, a decision, a letter: known when it is known.
    fn facts_from_outside_are_listed_apart(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("issue_reply");
        let other = office.enter("in_person").through("issue_reply");
        office.on("2026-05-20");
        let opened = json!({"result": "opened", "delivered_on": "2026-03-11"});
        case.act("clerk", "record_delivery", opened);
        let filed = json!({"kind": "reconsideration", "filed_on": "2026-04-10", "organ": "江临市人民政府"});
        case.act("officer", "file_remedy", filed);
        let logged = case.events("officer");
        let told = |event: &str| logged.iter().find(|logged| logged["event"] == event).expect("told")["late_entry"].clone();
        assert_eq!((told("delivery_recorded"), told("remedy_filed")), (json!("outside"), json!("outside")));
        assert_eq!(listed(&office, "supervisor", OWN), [""; 0]);
        for query in [OUTSIDE, "outside=true"] {
            assert_eq!(listed(&office, "supervisor", query), [json!(case.id)], "{query}");
            assert_eq!(listed(&office, "officer2", query), [""; 0], "{query}");
        }
        assert_eq!(listed(&office, "officer", "queue=late_entries&outside=false"), [""; 0]);
        assert_ne!(case.id, other.id);
        // A reason may be given all the same; it brands nobody.
        let mut again = json!({"result": "refused", "delivered_on": "2026-03-12", "witness": "社区工作人员"});
        again["late_entry_reason"] = json!("回执迟到");
        let mut other = other;
        other.act("clerk", "record_delivery", again);
        let last = other.events("officer").pop().unwrap();
        assert_eq!((&last["late_entry"], &last["late_entry_reason"]), (&json!("outside"), &json!("回执迟到")));
        assert_eq!(listed(&office, "supervisor", OWN), [""; 0]);
        // The chain of hashes covers whose delay it was.
        let site = office.app.app.site();
        let rebuilt = gongkai::service::maintenance::rebuild(&site.store, &site.law).unwrap();
        assert_eq!((rebuilt.cases, rebuilt.changed.len()), (2, 0));
    }
}
